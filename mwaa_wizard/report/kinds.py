"""What the journal calls the things that were made or changed, in the user's language."""

from __future__ import annotations

from mwaa_wizard.i18n import _


def kind_word(kind: str) -> str:
    """A kind of the journal as people are told it; one that is not known here stays as it is."""
    return {
        "bucket": _("bucket"),
        "role": _("role"),
        "environment": _("environment"),
        "secret": _("secret"),
        "variable": _("variable"),
        "object": _("object"),
        "inline-policy": _("inline-policy"),
        "secrets-policy": _("secrets-policy"),
        "pasted-policy": _("pasted-policy"),
        "others-policy": _("others-policy"),
        "dag-file": _("dag-file"),
        "dag-run": _("dag-run"),
        "dag-pause": _("dag-pause"),
        "dag-batch": _("dag-batch"),
        "log-stream": _("log-stream"),
        "airflow-version": _("airflow-version"),
    }.get(kind, kind)
