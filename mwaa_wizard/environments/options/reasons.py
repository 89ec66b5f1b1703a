"""Why an option goes or a default matters, in words."""

from __future__ import annotations

from mwaa_wizard.i18n import _


def removed(key: str, version: str) -> str:
    """Why the target has no such option."""
    words = {
        "core.check_slas": _("SLAs are gone in Airflow 3."),
        "core.enable_xcom_pickling": _("Airflow 3 does not pickle XComs."),
        "core.task_runner": _("Airflow 3 runs tasks through its task SDK only."),
        "core.strict_dataset_uri_validation": _("Airflow 3 always checks the URIs of assets."),
        "metrics.timer_unit_consistency": _("Timers are always in milliseconds now."),
        "smtp.smtp_user": _("User and password of the mail server belong in the connection smtp_default."),
        "smtp.smtp_password": _("User and password of the mail server belong in the connection smtp_default."),
        "scheduler.allow_trigger_in_future": _("Airflow 3 starts no runs that lie in the future."),
        "scheduler.dependency_detector": _("Dependencies between DAGs are found without it."),
        "webserver.rbac": _("Airflow 2 has this web server only."),
        "webserver.authenticate": _("Airflow 2 has this web server only."),
        "core.store_serialized_dags": _("DAGs are always stored in the database from Airflow 2 on."),
        "core.secure_mode": _("Airflow 2 never runs what this switched off."),
    }
    section = key.partition(".")[0]
    if key in words:
        return words[key]
    if section == "webserver" and version.startswith("3"):
        return _("Airflow 3 has another web server, without this option.")
    if section in ("smart_sensor", "mesos", "ldap"):
        return _("This part of Airflow is gone.")
    return _("Airflow {version} has no such option.").format(version=version)


def flipped(key: str, old: str, new: str) -> str:
    """What another default does, for an option nobody set."""
    words = {
        "scheduler.catchup_by_default": _("It decides whether DAGs that do not set catchup make up for missed runs."),
        "scheduler.create_cron_data_intervals": _(
            "A cron schedule's run stands for the interval before it, or for its moment only: dates in tasks shift."
        ),
        "scheduler.create_delta_data_intervals": _(
            "A timedelta schedule's run stands for the interval before it, or for its moment only: dates shift."
        ),
        "core.dag_ignore_file_syntax": _("Lines of .airflowignore are read as a different kind of pattern."),
        "core.dag_run_conf_overrides_params": _("It decides whether the conf of a run overrides the DAG's params."),
        "core.enable_xcom_pickling": _("It decides whether XComs must be JSON or may be any Python object."),
        "scheduler.min_file_process_interval": _("DAG files are read again after a different number of seconds."),
        "scheduler.max_tis_per_query": _("The scheduler looks at a different number of tasks at a time."),
        "webserver.expose_hostname": _("It decides whether error pages show host names."),
        "webserver.expose_stacktrace": _("It decides whether error pages show stack traces."),
        "webserver.page_size": _("Lists have a different length."),
        "api.fallback_page_limit": _("The REST API returns a different number of rows where none is asked for."),
        "api.workers": _("The API server has a different number of workers."),
    }
    changed = _("The default changed from {old} to {new}.").format(old=old, new=new)
    return f"{changed} {words[key]}" if key in words else changed
