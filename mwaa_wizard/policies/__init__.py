"""IAM documents the migration needs: one builder a principal, rendering, checks."""

from mwaa_wizard.policies.facts import Facts, Policy

__all__ = ["Facts", "Policy"]
