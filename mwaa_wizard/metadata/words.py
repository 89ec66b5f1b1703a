"""Sentences that come in English from elsewhere, in the user's language: from our DAGs, and from the mapping's rules.

Both run inside other people's Airflow, where there is no catalogue. What is not known here stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from mwaa_wizard.i18n import N_, _, strung

# Whole sentences are looked up first (those of `rules.RULES` are in the catalogue, too), then these. A part in braces
# is anything; {why} and {words} are such sentences themselves.
SAID = (
    # Why a row stays in the source, or out of the target
    N_("of this tool"),
    N_("outside the chosen DAGs"),
    N_("older than the chosen date"),
    N_("newer than the chosen date"),
    N_("its run is not moved"),
    N_("its task instance is not moved"),
    N_("it has no DAG id"),
    N_("it has no run id"),
    N_("it has no logical date"),
    N_("it has no run"),
    N_("it has no task instance"),
    N_("it has no key"),
    N_("a newer row has the same key"),
    N_("an earlier row has the same name"),
    N_("its run is not in the target, or is active there"),
    N_("its task instance is not in the target"),
    N_("another run of the target has its logical date"),
    N_("it is not in the target"),
    N_("cannot be decrypted with this environment's Fernet key"),
    N_("Airflow 3's own upgrade cannot convert this value, and would fail"),
    N_("it has no time, and Airflow 3 answers for no page with such a row"),
    N_("this Airflow could not store it: {kind}"),
    N_("{column} does not fit ({type}, not empty)"),
    N_("{column} does not fit ({type})"),
    N_("{column} cannot be read by the target's Airflow, so it is empty there"),
    N_("{column} holds what Airflow 3's own upgrade cannot convert, so it is empty"),
    # What the verification noted
    N_("The bundle's parts hold {found} rows, the manifest says {told}."),
    N_("{rows} rows of the source are not in the target."),
    N_("{rows} rows were rejected by the import: {why}."),
    N_("{rows} rows stayed in the source: {why}."),
    N_("{values} values: {words}."),
    N_("{values} values are pickles: this Airflow reads them with core.enable_xcom_pickling only, which is off, and"
       " Airflow 3 keeps them aside."),
    N_("Rows with the same key have other values in the target."),
    N_("Kept with other values, as ordered: {names}."),
    N_("Other values in the target: {names}."),
    N_("Not in the target: {names}."),
    N_("{n} could not be decrypted in the source, so they are not in the target."),
    N_("runs: {source} in the source, {target} in the target"),
    N_("task instances: {source} in the source, {target} in the target"),
    # What a DAG does, and what it counts meanwhile
    N_("inventory"),
    N_("count"),
    N_("pause"),
    N_("drain"),
    N_("snapshot"),
    N_("export"),
    N_("import"),
    N_("verify"),
    N_("key"),
    N_("rows"),
    N_("tables"),
    N_("keys"),
    N_("tasks"),
    # What becomes of a column
    N_("the same in both"),
    N_("the same JSON"),
    N_("{wanted} holds every {kind}"),
    N_("texts of up to {room} letters"),
    N_("numbers {target} holds"),
    N_("in {version} the row is known by its run id; the run itself has the date"),
    N_("the target ({version}) has no such column"),
    N_("new in the target: {default}"),
    N_("the source ({version}) does not know it"),
    N_("must not be empty, and the source ({version}) does not know it"),
    N_("{old} is called {new} in {version}"),
    N_("{kind} cannot become {wanted}"),
)  # fmt: skip
_NESTED = ("why", "words")


def in_words(text: str) -> str:
    """A sentence of our DAGs or rules in the user's language."""
    if _(SAID[0]) == SAID[0]:
        return text  # there is no catalogue: the words are those that we have
    whole = _(text)
    if whole != text or not text:
        return whole
    for template, pattern in _patterns():
        if found := pattern.fullmatch(text):
            parts = {name: in_words(part) if name in _NESTED else part for name, part in found.groupdict().items()}
            return _(template).format(**parts)
    if "; " in text:
        return strung(map(in_words, text.split("; ")))
    return text


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    out = []
    for template in SAID:
        if "{" in template:
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(template))
            out.append((template, re.compile(pattern, re.DOTALL)))
    return out
