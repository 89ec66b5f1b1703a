"""All builders in one place; each principal's document lives in a file of its own."""

from mwaa_wizard.policies.execution_role import environment_arn, execution_role_base, execution_role_trust
from mwaa_wizard.policies.facts import Facts, Policy
from mwaa_wizard.policies.migration_bucket import migration_bucket_policy
from mwaa_wizard.policies.migration_roles import bucket_arn, source_role, target_role

__all__ = [
    "Facts", "Policy", "bucket_arn", "environment_arn", "execution_role_base", "execution_role_trust",
    "migration_bucket_policy", "source_role", "target_role",
]  # fmt: skip
