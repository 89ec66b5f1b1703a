"""s3:DeleteObjects is decided per object: AWS answers 200 and lists the refused keys as errors.

Source: S3 API reference, "DeleteObjects".
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.sax.saxutils import escape

from mwaa_wizard.sandbox.aws.authorise.authoriser import Authoriser
from mwaa_wizard.sandbox.aws.authorise.requests import s3
from mwaa_wizard.sandbox.aws.errors import AccessDenied
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.aws.strict.answer import Answer

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def refuse(request: AwsRequest, authoriser: Authoriser) -> list[tuple[str, str, str]]:
    """Take the objects the caller may not delete out of the request: (key, version id or empty, message)."""
    partition = s3.partition_of(request, authoriser.principal)
    refused = []
    for key, version in s3.keys_to_delete(request.body):
        try:
            authoriser.require(s3.delete_permissions(partition, request.bucket, key, version))
        except AccessDenied as denied:
            refused.append((key, version, denied.message))
    if refused:
        gone = {(key, version) for key, version, _ in refused}
        root = ElementTree.fromstring(request.body)
        for item in list(root):
            if _local(item.tag) == "Object":
                fields = {_local(child.tag): child.text or "" for child in item}
                if (fields.get("Key", ""), fields.get("VersionId", "")) in gone:
                    root.remove(item)
        for node in root.iter():
            # Written back without its namespace, the document keeps plain tag names: moto looks for "Delete".
            node.tag = _local(node.tag)
        request.replace_body(ElementTree.tostring(root))
    return refused


def all_refused(request: AwsRequest, refused: list[tuple[str, str, str]]) -> bool:
    """Whether nothing is left to delete; moto would call such a body malformed."""
    return bool(refused) and not s3.keys_to_delete(request.environ["wsgi.input"].getvalue())


def empty_answer() -> Answer:
    """The answer to a request of which nothing is left."""
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="{_NAMESPACE}"></DeleteResult>'.encode()
    answer = Answer("200 OK", [("Content-Type", "application/xml")])
    answer.replace(body)
    return answer


def add_errors(answer: Answer, refused: list[tuple[str, str, str]]) -> None:
    """List the refused objects in the answer."""
    if not refused or answer.code != 200:
        return
    errors = "".join(
        f"<Error><Key>{escape(key)}</Key>"
        + (f"<VersionId>{escape(version)}</VersionId>" if version else "")
        + f"<Code>AccessDenied</Code><Message>{escape(message)}</Message></Error>"
        for key, version, message in refused
    )
    answer.replace(answer.body.replace(b"</DeleteResult>", errors.encode() + b"</DeleteResult>"))
