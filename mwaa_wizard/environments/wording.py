"""What the model's patterns mean, in words with an example. Keys are botocore's shape names."""

from __future__ import annotations

from mwaa_wizard.i18n import _


def pattern_words(shape_name: str) -> str:
    """How a value of this shape must look; a general sentence for shapes that newer models add."""
    words = {
        "EnvironmentName": _("must begin with a letter; then letters, digits, “-” and “_” only."),
        "IamRoleArn": _("is not the ARN of an IAM role. Give one like arn:aws:iam::111122223333:role/my-mwaa-role."),
        "S3BucketArn": _("is not the ARN of a bucket. Give the bucket alone, like arn:aws:s3:::my-bucket."),
        "RelativePath": _("must be one line: a path inside the bucket, like dags or requirements.txt."),
        "SubnetId": _("is not a subnet's id. Give one like subnet-0123456789abcdef0."),
        "SecurityGroupId": _("is not a security group's id. Give one like sg-0123456789abcdef0."),
        "ConfigKey": _("must be section.option in lower case letters, digits, “_” and “.”, like core.parallelism."),
        "ConfigValue": _("must be one line of printable ASCII; write other characters as escapes."),
        "KmsKey": _("is not a KMS key. Give a key id or a key's ARN, like arn:aws:kms:eu-west-1:111122223333:key/…"),
        "AirflowVersion": _("is not a version. Give one like 2.11.2."),
        "WeeklyMaintenanceWindowStart": _("must be a day and a half hour in UTC, like TUE:03:30."),
        "TagKey": _("may hold letters, digits, spaces and _ . : / = + - @ only."),
        "TagValue": _("may hold letters, digits, spaces and _ . : / = + - @ only."),
        "IdentityCenterStartUrl": _("must begin with https://."),
        "IdentityCenterIdentityStoreId": _("is not an identity store's id. Give one like d-1234567890."),
        "TeamNameString": _("must begin with a letter or digit; then letters, digits, “-” and “_” only."),
    }
    return words.get(shape_name, _("has a form that AWS does not take; see CreateEnvironment in AWS's API reference."))
