"""sts:GetCallerIdentity, from the principal that signed: moto answers a made-up user for keys it did not make."""

from __future__ import annotations

from xml.sax.saxutils import escape

from mwaa_wizard.sandbox.aws.errors import new_request_id
from mwaa_wizard.sandbox.aws.principal import Principal


def answer(principal: Principal) -> bytes:
    """The XML answer. Source: STS API reference, "GetCallerIdentity"."""
    return (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>{escape(principal.arn)}</Arn><UserId>{escape(principal.user_id)}</UserId>"
        f"<Account>{principal.account}</Account></GetCallerIdentityResult>"
        f"<ResponseMetadata><RequestId>{new_request_id()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    ).encode()
