"""Which strict rules speak about which service."""

from __future__ import annotations

from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.aws.strict import iam, logs, s3
from mwaa_wizard.sandbox.aws.strict.answer import Answer

#: Operations whose answer a rule looks at; every other answer goes out untouched.
_LOOKED_AT = {
    "s3": {"CreateBucket", "DeleteBucketEncryption", "GetObject", "HeadObject", "DeleteObjects"},
    "logs": {"PutLogEvents", "GetLogEvents"},
}


def before(request: AwsRequest, principal: Principal) -> None:
    """Refuse what AWS would refuse. Raises AwsError."""
    if request.service == "s3":
        s3.before(request)
    elif request.service == "logs":
        logs.before(request, principal)
    elif request.service == "iam":
        iam.before(request, principal)
    elif request.service == "sts":
        iam.before_sts(request, principal)
    elif request.service == "ec2" and str(request.params.get("DryRun", "")).lower() == "true":
        # EC2 API reference: an allowed dry run is answered with this error; a refused one never gets here.
        raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


def looks_at(request: AwsRequest) -> bool:
    """Whether the answer must be captured."""
    return request.operation in _LOOKED_AT.get(request.service, ())


def after(request: AwsRequest, answer: Answer) -> None:
    """Correct an answer moto gave."""
    if request.service == "s3":
        s3.after(request, answer)
    elif request.service == "logs":
        logs.after(request, answer)
