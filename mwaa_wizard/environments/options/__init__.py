"""Airflow options between two versions: what each becomes, why, and what nobody set but behaves differently."""

from __future__ import annotations

from mwaa_wizard.environments.options.model import KINDS, Change, Kind
from mwaa_wizard.environments.options.rewrite import pins, result, rewrite

__all__ = ["KINDS", "Change", "Kind", "pins", "result", "rewrite"]
