"""Answers files: everything a user would type in the wizard, as YAML, so that a run can be played again.

The keys of `answers` are the names of the questions (`front/questions`); `settings` and `airflow_options` are short
for `settings.NAME` and `options.KEY`; `after` is what follows a verified run. No secret is ever read from such a
file, and none is written to one.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

from .after_run import After

PARTS = ("answers", "settings", "airflow_options", "run", "after")
RUN = ("start", "confirm", "questions")
AFTER = ("batches", "cleanup", "bundle")
SETTING, OPTION, VALUE = "settings.", "options.", "values."
# What a file may say of a connection whose value no API gives; the value itself is never in it.
VALUE_WAYS = ("value", "empty", "leave", "all", "later")
_MAX_BYTES = 1_000_000  # a file of answers is a page long; anything else was named by mistake


@dataclass(frozen=True)
class Answers:
    """`texts` are the answers as they would be typed, by question name. `start`: the run is started without anyone
    there, so whatever cannot be answered ends the program; `confirm` is the name typed on page Review, `agree` the
    answer to what the run itself asks (None: nobody answers). `after`: what follows a verified run.
    """

    path: str
    texts: Mapping[str, str] = field(default_factory=dict)
    start: bool = False
    confirm: str = ""
    agree: bool | None = None
    after: After = field(default_factory=After)

    def names(self, start: str) -> list[str]:
        """The names that begin so, without that beginning, in the file's order."""
        return [name.removeprefix(start) for name in self.texts if name.startswith(start)]


def load(path: str | Path) -> Answers:
    """Read and check a file. Raises WizardError (usage) that names the line or key and what it should be."""
    name = clean(path, limit=500)
    found = _document(Path(path), name)
    _known(found, PARTS, name, "")
    texts: dict[str, str] = {}
    for part, start in (("answers", ""), ("settings", SETTING), ("airflow_options", OPTION)):
        for key, value in _mapping(found, part, name).items():
            texts[start + str(key)] = _text(f"{part}.{key}", value, name)
    _check_names(texts, name)
    run = _mapping(found, "run", name)
    _known(run, RUN, name, "run.")
    return Answers(
        path=name,
        texts=texts,
        start=_flag(run, "start", name) or False,
        confirm=_text("run.confirm", run.get("confirm", ""), name),
        agree=_flag(run, "questions", name),
        after=_after(found, name),
    )


def _document(path: Path, name: str) -> dict[str, Any]:
    import yaml

    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _refusal(name, _("It is larger than any answers file."))
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise _refusal(name, problem.strerror or str(problem)) from None
    except UnicodeDecodeError:
        raise _refusal(name, _("It is not UTF-8 text.")) from None
    except yaml.YAMLError as problem:
        # Only where it is: what stands there may be a password that somebody put in.
        mark = getattr(problem, "problem_mark", None)
        where = _("line {line}").format(line=mark.line + 1) if mark else ""
        raise _refusal(name, _("It is not YAML ({where}).").format(where=where)) from None
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise _refusal(name, _("It does not hold {keys}.").format(keys=listed(f"{part}:" for part in PARTS)))
    return document


def _mapping(found: Mapping[str, Any], part: str, name: str) -> dict[str, Any]:
    value = found.get(part) or {}
    if not isinstance(value, dict):
        raise _refusal(name, _("{key} takes names with their values.").format(key=part))
    return value


def _flag(run: Mapping[str, Any], key: str, name: str, part: str = "run") -> bool | None:
    value = run.get(key)
    if value is not None and not isinstance(value, bool):
        raise _refusal(name, _("{key} takes yes or no.").format(key=f"{part}.{key}"))
    return value


def _after(found: Mapping[str, Any], name: str) -> After:
    """Batches are lists of names and patterns; one name alone stands for a list of it."""
    after = _mapping(found, "after", name)
    _known(after, AFTER, name, "after.")
    batches = after.get("batches") or []
    if not isinstance(batches, list):
        raise _refusal(name, _("{key} takes a list of batches, each a list of DAGs.").format(key="after.batches"))
    made = tuple(tuple(_dags(one, name)) for one in batches)
    result = After(made, _flag(after, "cleanup", name, "after") or False, _flag(after, "bundle", name, "after"))
    if result and not _flag(_mapping(found, "run", name), "start", name):
        raise _refusal(name, _("What comes after the run needs run: start: yes."))
    return result


def _dags(batch: object, name: str) -> list[str]:
    """The names and patterns of one batch: a list, or a text with commas."""
    parts = batch if isinstance(batch, list) else str(batch or "").split(",")
    texts = [_text("after.batches", part, name).strip() for part in parts]
    if not texts or not all(texts):
        raise _refusal(name, _("{key}: a batch names no DAG.").format(key="after.batches"))
    return texts


def _text(key: str, value: object, name: str) -> str:
    """A value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # YAML reads 2.10 as 2.1: whoever wrote a version, or a text, must say so.
        raise _refusal(name, _('{key}: put it in quotes, "like this".').format(key=clean(key)))
    if isinstance(value, list):
        return ", ".join(_text(key, item, name) for item in value)
    if isinstance(value, dict):
        import json

        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)


def _check_names(texts: Mapping[str, str], name: str) -> None:
    """Every name is a question that is asked, and none of them is a secret."""
    from mwaa_wizard.environments.secret import is_secret
    from mwaa_wizard.front import questions

    known = [question.name for question in questions.all_questions()]
    for key in texts:
        question = questions.named(key)
        if key.startswith(OPTION):
            if is_secret(key.removeprefix(OPTION), texts[key]):
                raise _secret(name, key)
        elif key.startswith(SETTING):
            _known([key], [SETTING + member for member in _setting_names()], name, "", whole=False)
        elif key.startswith(VALUE):
            if texts[key] not in VALUE_WAYS:
                raise _secret(name, key)
        elif question is None:
            _known([key], known, name, "answers.")
        if question is not None and question.secret:
            raise _secret(name, key)


def _setting_names() -> list[str]:
    from mwaa_wizard.environments.fields import fields

    return [item.name for item in fields()]


def _known(keys: Iterable[object], allowed: Iterable[str], name: str, before: str, *, whole: bool = True) -> None:
    allowed = list(allowed)
    for key in keys:
        if key in allowed:
            continue
        near = difflib.get_close_matches(str(key), allowed, n=1, cutoff=0.5)
        if not whole and not near:
            continue  # a member of the API that has no row of its own
        words = _("There is no {key}.").format(key=clean(f"{before}{key}", limit=200))
        if near:
            words += " " + _("Did you mean {near}?").format(near=near[0])
        elif whole:
            words += " " + _("There are: {names}.").format(names=listed(allowed[:40]))
        raise _refusal(name, words)


def _secret(name: str, key: str) -> WizardError:
    return _refusal(
        name,
        _("{key} is a secret, and an answers file holds none.").format(key=clean(key, limit=200)),
        _("Take it out of the file. It is asked for when it is needed, without echo; a connection's can be given "
          "before by: mwaa-wizard secret SESSION connection:ID"),
    )  # fmt: skip


def _refusal(name: str, why: str, remedy: str = "") -> WizardError:
    return WizardError(
        what=_("The answers file {name} cannot be used: {why}").format(name=name, why=clean(why, limit=2000)),
        changed=_("Nothing was changed."),
        remedy=remedy or _("Mend that line. The file of a saved session is a pattern: mwaa-wizard answers SESSION"),
        exit_code=EXIT_USAGE,
    )
