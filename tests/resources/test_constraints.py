"""requirements.txt follows the version: the constraint line, Airflow's own pin, and nothing that is not known."""

from __future__ import annotations

import pytest

from mwaa_wizard.resources.constraints import Image, rewrite

OLD, NEW = Image("2.10.3", "3.11", "9.0.0"), Image("2.11.2", "3.12", "9.22.0")
URL = "https://raw.githubusercontent.com/apache/airflow/constraints-{}/constraints-{}.txt"


def test_the_constraint_line_names_the_new_airflow_and_python() -> None:
    text = f'--constraint "{URL.format("2.10.3", "3.11")}"\nparse==1.20.2\n'
    found = rewrite(text, OLD, NEW)
    assert found.text == f'--constraint "{URL.format("2.11.2", "3.12")}"\nparse==1.20.2\n'
    assert len(found.changed) == 1
    assert found.doubts == []
    assert rewrite(found.text, OLD, NEW).changed == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (f"-c {URL.format('2.8.1', '3.11')}", f"-c {URL.format('2.11.2', '3.12')}"),
        (
            "-c https://host/constraints-2.10.3/constraints-no-providers-3.11.txt",
            "-c https://host/constraints-2.11.2/constraints-no-providers-3.12.txt",
        ),
        ("apache-airflow==2.10.3", "apache-airflow==2.11.2"),
        ("apache-airflow[celery,amazon] == 2.10.3  # ours", "apache-airflow[celery,amazon] == 2.11.2  # ours"),
        ("apache-airflow-providers-amazon==9.0.0", "apache-airflow-providers-amazon==9.22.0"),
        ("# apache-airflow==2.10.3", "# apache-airflow==2.10.3"),
        ("pandas==2.1.4", "pandas==2.1.4"),
    ],
)
def test_lines(line: str, wanted: str) -> None:
    assert rewrite(line, OLD, NEW).text == wanted


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('--constraint "/usr/local/airflow/dags/constraints.txt"', "constraint file of your own"),
        ("apache-airflow>=2.10,<2.11", "2.11.2 is among these"),
        ("apache-airflow-providers-snowflake==5.3.0", "apache-airflow-providers-snowflake of this version"),
        ("apache-airflow-providers-amazon==8.1.0", "apache-airflow-providers-amazon of this version"),
        ("/usr/local/airflow/plugins/ours-1.0-cp311-cp311-linux_x86_64.whl", "built for Python 3.12"),
        ("--find-links /usr/local/airflow/plugins", "built for Python 3.12"),
    ],
)
def test_what_cannot_be_known_stays_and_is_told(line: str, words: str) -> None:
    found = rewrite(line + "\n", OLD, NEW)
    assert found.text == line + "\n"
    assert found.changed == []
    assert len(found.doubts) == 1
    assert words in found.doubts[0]


def test_line_ends_stay_and_an_unknown_python_changes_nothing() -> None:
    text = f"-c {URL.format('2.10.3', '3.11')}\r\nparse\r\n"
    assert rewrite(text, OLD, NEW).text.endswith("\r\nparse\r\n")
    found = rewrite(text, OLD, Image("2.99.0", ""))
    assert found.text == text
    assert "not known" in found.doubts[0]
