"""Values that are written differently in another version.

Sources: Airflow's configuration.py (deprecated_values), its config_command.py (values that are no longer valid) and
the modules of its providers.
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.environments.versions import parse
from mwaa_wizard.i18n import _

CONFIGURATION = "airflow/configuration.py"
LINT = "airflow/cli/commands/config_command.py"
FAB = "apache-airflow-providers-fab, auth_manager/api/auth/backend"

_OLD_LOG_NAMES = (
    "{{ ti.dag_id }}/{{ ti.task_id }}/{{ ts }}/{{ try_number }}.log",
    "dag_id={{ ti.dag_id }}/run_id={{ ti.run_id }}/task_id={{ ti.task_id }}/"
    "{% if ti.map_index >= 0 %}map_index={{ ti.map_index }}/{% endif %}attempt={{ try_number }}.log",
)
_BACKENDS = ("basic_auth", "kerberos_auth", "session")


@dataclass(frozen=True)
class Rewritten:
    """The value for the target, None where the option must go; `reason` and `source` say why."""

    value: str | None
    reason: str
    source: str


def rewritten(key: str, new_key: str, value: str, target: str) -> Rewritten | None:
    """How `value` of the source's `key` reads in the target, where it is `new_key`; None where it stays."""
    version = parse(target)
    if key == "webserver.session_lifetime_days" and new_key.endswith(".session_lifetime_minutes"):
        return _minutes(value)
    if new_key == "core.hostname_callable" and version >= (2,) and ":" in value:
        return Rewritten(
            value.replace(":", "."), _("Airflow 2 writes the path to a function with dots only."), CONFIGURATION
        )
    if new_key == "email.email_backend" and version >= (2,) and value == "airflow.contrib.utils.sendgrid.send_email":
        return Rewritten(
            "airflow.providers.sendgrid.utils.emailer.send_email", _("The function lives in a provider now."),
            CONFIGURATION,
        )  # fmt: skip
    if new_key == "webserver.dag_default_view" and version >= (2, 3) and value == "tree":
        return Rewritten("grid", _("The tree view became the grid view with Airflow 2.3."), CONFIGURATION)
    if new_key == "core.parallelism" and version >= (3,) and value.strip() == "0":
        return Rewritten(None, _("0 (no limit) is not valid from Airflow 3 on; without it 32 is the limit."), LINT)
    if new_key == "logging.log_filename_template" and version >= (3,) and value.replace("%%", "%") in _OLD_LOG_NAMES:
        return Rewritten(None, _("This was an older default; Airflow 3 names its logs itself."), LINT)
    if new_key == "core.xcom_backend" and version >= (3,) and value == "airflow.models.xcom.BaseXCom":
        return Rewritten(
            "airflow.sdk.execution_time.xcom.BaseXCom", _("The class has moved to the task SDK."),
            "airflow/config_templates/config.yml",
        )  # fmt: skip
    if new_key == "core.xcom_backend" and version < (3,) and value == "airflow.sdk.execution_time.xcom.BaseXCom":
        return Rewritten(
            "airflow.models.xcom.BaseXCom", _("Before Airflow 3 there is no task SDK."),
            "airflow/config_templates/config.yml",
        )  # fmt: skip
    if new_key in ("fab.auth_backends", "api.auth_backends") and (found := _backends(value, in_fab=version >= (3,))):
        return found
    if new_key == "api.auth_backends" and (2, 3) <= version < (3,) and value == "airflow.api.auth.backend.deny_all":
        return Rewritten(
            "airflow.api.auth.backend.session", _("From Airflow 2.3 on the web server itself needs the API."),
            CONFIGURATION,
        )  # fmt: skip
    return None


def _minutes(value: str) -> Rewritten:
    try:
        return Rewritten(
            str(int(value.strip()) * 24 * 60), _("The lifetime is counted in minutes now, not in days."), CONFIGURATION
        )
    except ValueError:
        return Rewritten(
            None, _("The lifetime is counted in minutes now, and this is not a number of days."), CONFIGURATION
        )


def _backends(value: str, *, in_fab: bool) -> Rewritten | None:
    """The backends where the target has them: in the FAB provider from Airflow 3 on, in Airflow itself before.

    Those it does not have stay, and Airflow tells.
    """
    core, fab = "airflow.api.auth.backend.", "airflow.providers.fab.auth_manager.api.auth.backend."
    here, there = (core, fab) if in_fab else (fab, core)
    parts = [part.strip() for part in value.split(",")]
    moved = [there + part[len(here) :] if part.startswith(here) and part[len(here) :] in _BACKENDS else part
             for part in parts]  # fmt: skip
    if moved == parts:
        return None
    reason = (
        _("The authentication backends live in the FAB provider now.")
        if in_fab
        else _("The authentication backends live in Airflow itself there.")
    )
    return Rewritten(",".join(moved), reason, FAB)
