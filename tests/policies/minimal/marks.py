"""Parts of the documents that no run in the sandbox can show to be needed, each with the reason why it stays.

Patterns (`*`) stand in `piece`, `sid`, `element` and `value`. A mark that says too much fails: every part that it
names has to be one that is not shown.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from tests.policies.minimal.cuts import Part


@dataclass(frozen=True)
class Mark:
    """Parts, and why they cannot be tested here."""

    piece: str
    sid: str
    value: str
    reason: str
    element: str = "*"

    def names(self, part: Part) -> bool:
        """Whether it is about this part."""
        pairs = ((part.piece, self.piece), (part.sid, self.sid), (part.element, self.element), (part.value, self.value))
        return all(fnmatch.fnmatchcase(text, pattern) for text, pattern in pairs)


_MWAA = "Done by MWAA's own machinery around Airflow, of which the sandbox has none: AWS's sample of an execution role."
_BROKEN = "Only when an upload breaks off in the middle: what S3 holds of it is thrown away."
_GRANTS = "AWS does not say which of these MWAA asks of its caller; its sample of an operator has them all."

MARKS: tuple[Mark, ...] = (
    # The base policy of a new execution role: as in MWAA's guide (mwaa-create-role).
    Mark("execution-role", "AccountWideReads", "cloudwatch:PutMetricData", _MWAA),
    Mark("execution-role", "AccountWideReads", "s3:GetAccountPublicAccessBlock", _MWAA),
    Mark("execution-role", "CeleryQueue", "*", "The sandbox's tasks run without a queue; on AWS MWAA's own queue is "
         "between scheduler and workers."),
    Mark("execution-role", "DenyBucketList", "*", "As in MWAA's guide. It can refuse nothing: ListAllMyBuckets is "
         "asked on *, never on a bucket."),
    Mark("execution-role", "PublishMetrics", "*", _MWAA),
    Mark("execution-role", "ReadDagBucket", "s3:GetBucket*", _MWAA),
    Mark("execution-role", "UseAwsOwnedKey", "*", "The key is AWS's own and encrypts MWAA's queue, which the sandbox "
         "has not."),
    Mark("execution-role", "UseEnvironmentKey", "kms:DescribeKey", _MWAA),
    Mark("execution-role", "UseEnvironmentKey", "kms:Encrypt", _MWAA),
    Mark("execution-role", "UseEnvironmentKey", "kms:GenerateDataKey[*]", "MWAA's queue is encrypted with it; of the "
         "DAG bucket, which the sandbox has, the role only reads."),
    Mark("execution-role", "UseEnvironmentKey", "kms:ViaService=sqs.*", "The key encrypts MWAA's queue, too, which the "
         "sandbox has not.", element="Value"),
    Mark("execution-role", "WriteOwnLogs", "logs:CreateLogGroup", "MWAA makes the log groups before Airflow starts; "
         "the role makes one that somebody deleted."),
    Mark("execution-role", "WriteOwnLogs", "logs:GetLogGroupFields", _MWAA),
    Mark("execution-role", "WriteOwnLogs", "logs:GetLogRecord", _MWAA),
    Mark("execution-role", "WriteOwnLogs", "logs:GetQueryResults", _MWAA),
    Mark("execution-role", "WriteOwnLogs", "*-DAGProcessing:[*]", "The sandbox ships the logs of MWAA's other four "
         "modules only."),
    Mark("execution-role", "WriteOwnLogs", "logs:DescribeLogStreams", "In AWS's sample of an execution role; Airflow's "
         "own writing and reading of task logs does without it."),
    # A key of one's own.
    Mark("operator-target", "UseEnvironmentKey", "kms:ListGrants", _GRANTS),
    Mark("operator-target", "UseEnvironmentKey", "kms:RevokeGrant", _GRANTS),
    Mark("operator-target", "UseEnvironmentKey", "kms:Encrypt", _GRANTS),
    Mark("operator-target", "UseEnvironmentKey", "kms:ReEncrypt[*]", _GRANTS),
    # The same actions, let in by the policy of another account's key.
    Mark("kms-key", "TargetAccount", "kms:ListGrants", _GRANTS),
    Mark("kms-key", "TargetAccount", "kms:RevokeGrant", _GRANTS),
    Mark("kms-key", "TargetAccount", "kms:Encrypt", _GRANTS),
    Mark("kms-key", "TargetAccount", "kms:ReEncrypt[*]", _GRANTS),
    # What a run needs only when something goes wrong.
    Mark("source-role", "WriteBundle", "s3:AbortMultipartUpload", _BROKEN),
    Mark("target-role", "WriteResults", "s3:AbortMultipartUpload", _BROKEN),
    Mark("bucket", "ForeignRoleWrites", "s3:AbortMultipartUpload", _BROKEN),
)
