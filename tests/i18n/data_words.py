"""Messages that stand in data, not in a call of `_`: the titles and reasons of tables, and rules of the mapping.

Those of the DAGs (why a row stays) come back from an Airflow in English and are translated where they are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources

from mwaa_wizard.metadata import catalogue, rules
from mwaa_wizard.report import mapping


def data_words() -> Iterator[tuple[str, str]]:
    """(file, message) pairs."""
    for table in catalogue.TABLES:
        yield "mwaa_wizard/metadata/catalogue.py", table.title
        yield "mwaa_wizard/metadata/catalogue.py", table.why
    for why in dict.fromkeys(catalogue.REFUSED.values()):
        yield "mwaa_wizard/metadata/catalogue.py", why
    yield "mwaa_wizard/report/mapping.py", mapping.OTHER_TABLE
    for file, rows, name in (("durations.json", "minutes", "source"), ("versions.json", "versions", "note")):
        table = json.loads(resources.files("mwaa_wizard.environments.data").joinpath(file).read_text(encoding="utf-8"))
        for words in dict.fromkeys(str(row[name]) for row in table[rows] if row.get(name)):
            yield f"mwaa_wizard/environments/data/{file}", words
    for _table, words, _revision in mapping._MIGRATED:
        yield "mwaa_wizard/report/mapping.py", words
    for rule in dict.fromkeys(rule.words for rule in rules.RULES):
        yield "mwaa_wizard/metadata/rules.py", rule
