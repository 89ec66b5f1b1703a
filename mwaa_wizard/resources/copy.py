"""Copies what an environment is fed from: its DAG folder, and the pinned requirements, plugins and startup script.

Object versions are per bucket, so the pinned ones get new ids in the target's bucket; CreateEnvironment must name
those (MWAA user guide: mwaa-s3-bucket; create fails with "Unable to access version" otherwise).
"""

from __future__ import annotations

import concurrent.futures
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mwaa_wizard.aws.errors import DENIED, code_of, is_missing
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import dagfile
from mwaa_wizard.resources import own_files
from mwaa_wizard.resources.constraints import Rewritten, image_of, rewrite
from mwaa_wizard.text import human_bytes

MOST = 1 << 20  # bytes; a larger file is no list of requirements
REQUIREMENTS = "RequirementsS3Path"
THREADS = 8  # boto3 keeps ten connections a client
# Path member -> its version member (botocore mwaa 2020-07-01 CreateEnvironmentInput).
PINNED = {
    "RequirementsS3Path": "RequirementsS3ObjectVersion",
    "PluginsS3Path": "PluginsS3ObjectVersion",
    "StartupScriptS3Path": "StartupScriptS3ObjectVersion",
}


@dataclass(frozen=True)
class Item:
    """One object to copy. `version_id` pins a source version; `member` is the request member its new id goes to.

    `there`: it lies in the target's bucket already, and nothing is copied. `rewritten`: the requirements, as they are
    with the target's Airflow version; where lines of it changed, `size` and `etag` are those of the new text.
    """

    key: str
    target_key: str
    size: int
    etag: str
    version_id: str = ""
    member: str = ""
    there: bool = False
    rewritten: Rewritten | None = None

    @property
    def body(self) -> bytes | None:
        """What is put instead of the source's bytes; None where those travel as they are."""
        return self.rewritten.text.encode() if self.rewritten is not None and self.rewritten.changed else None


@dataclass(frozen=True)
class Copied:
    """What a copy did; `versions` maps request members to the target's version ids."""

    copied: int
    present: int
    versions: dict[str, str]


def plan(ctx: Context, environment: dict[str, Any], target: dict[str, Any], target_bucket: str = "") -> list[Item]:
    """What has to be in the target's bucket: `environment` is the source's GetEnvironment, `target` the new one's path
    members. A file of the user's own that is there already is among it (`there`).

    Raises WizardError where a pinned object is gone from the source, or where a file that only the target names is in
    neither bucket.
    """
    client = ctx.client("source", "s3")
    bucket = names.bucket_of(environment["SourceBucketArn"])
    folder = str(environment["DagS3Path"]).strip("/")
    target_folder = str(target.get("DagS3Path") or folder).strip("/")
    items: list[Item] = []
    ours = dagfile.file_names()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{folder}/"):
        for entry in page.get("Contents", []):
            tail = entry["Key"][len(folder) + 1 :]
            if tail and tail not in ours:
                items.append(Item(entry["Key"], f"{target_folder}/{tail}", entry["Size"], entry["ETag"]))
    for path, member in PINNED.items():
        key, target_key = str(environment.get(path) or ""), str(target.get(path) or "")
        if target_key:
            pinned = str(environment.get(member) or "")
            item = _pinned(ctx, path, (bucket, key, pinned), (target_bucket, target_key))
            if path == REQUIREMENTS and not item.there:
                here = str(environment.get("AirflowVersion", ""))
                item = _for_version(ctx, bucket, item, here, str(target.get("AirflowVersion") or here))
            items.append(item)
    return items


def _for_version(ctx: Context, bucket: str, item: Item, here: str, there: str) -> Item:
    """The requirements with the constraint line and Airflow's own pins of the target's version.

    What is no text, or far too large for a list of requirements, travels as it is.
    """
    if here == there or item.size > MOST:
        return item
    pinned = {"VersionId": item.version_id} if item.version_id else {}
    try:
        text = ctx.client("source", "s3").get_object(Bucket=bucket, Key=item.key, **pinned)["Body"].read().decode()
    except UnicodeDecodeError:
        return item
    found = rewrite(text, image_of(here), image_of(there))
    if not found.changed:
        return replace(item, rewritten=found)
    body = found.text.encode()
    # S3's ETag of an object put at once (S3 API reference: common response headers); with a KMS key the journal knows.
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    return replace(item, rewritten=found, size=len(body), etag=etag)


def _pinned(ctx: Context, path: str, origin: tuple[str, str, str], place: tuple[str, str]) -> Item:
    """The item of a path member: `origin` is the source's bucket, key and version, `place` the target's bucket and key.

    Where the user named another path than the source's, the user's own file there is taken, if there is one.
    """
    (bucket, key, version), (target_bucket, target_key), member = origin, place, PINNED[path]
    if target_bucket and key != target_key and (own := own_files.prepared(ctx, target_bucket, target_key)):
        return Item(target_key, target_key, own["ContentLength"], own["ETag"], str(own.get("VersionId") or ""), member,
                    there=True)  # fmt: skip
    found = own_files.head(ctx.client("source", "s3"), bucket, key or target_key, version)
    if found is None and not key:
        raise own_files.demand(path, target_key, target_bucket, bucket)
    if found is None:
        raise WizardError(
            what=_("The source's {member} names an object that is not there.").format(member=path),
            where=f"s3://{bucket}/{key} {version}",
            remedy=_("Leave it out on page Settings, or put the object back; then resume."),
        )
    at = str(found.get("VersionId") or version)
    return Item(key or target_key, target_key, found["ContentLength"], found["ETag"], at, member)


def brought(ctx: Context, bucket: str) -> dict[tuple[str, str], str]:
    """(key, version id) in the target's bucket -> ETag of the source's object that this session made it from.

    Bytes that went through this computer may have another ETag than their source (several parts, a KMS key), so the
    journal is what tells that they are the same.
    """
    records = ctx.journal.live("object")
    return {(r["key"], r["version_id"]): str(r.get("etag", "")) for r in records if r["bucket"] == bucket}


def present(
    ctx: Context, bucket: str, item: Item, known: Mapping[tuple[str, str], str] | None = None
) -> str | None:
    """The target's version id of an item that is already there with the same content, else None.

    `known` is what `brought` answers, read anew where it is not given.
    """
    try:
        head = ctx.client("target", "s3").head_object(Bucket=bucket, Key=item.target_key)
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    version = str(head.get("VersionId") or "null")
    known = brought(ctx, bucket) if known is None else known
    same = item.etag in (head["ETag"], known.get((item.target_key, version))) and head["ContentLength"] == item.size
    return version if same else None


def copy(ctx: Context, source_bucket: str, target_bucket: str, items: list[Item]) -> Copied:
    """Copy the items that are not there yet, several at a time. Every new version is journaled.

    Raises WizardError for the first object that cannot be copied; those already copied stay and are not copied again.
    """
    copier = _Copier(ctx, source_bucket, target_bucket, len(items), sum(item.size for item in items))
    if copier.crossing:
        ctx.log(_("Source and target are different accounts: objects go through this computer."))
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(copier.one, item) for item in items]
        try:
            for future in concurrent.futures.as_completed(futures):
                future.result()
        except BaseException:
            copier.stop.set()
            for future in futures:
                future.cancel()
            raise
    ctx.safe_point()
    return Copied(copier.copied, copier.done - copier.copied, copier.versions)


class _Copier:
    def __init__(self, ctx: Context, source_bucket: str, target_bucket: str, total: int, size: int) -> None:
        self.ctx, self.source_bucket, self.target_bucket, self.total = ctx, source_bucket, target_bucket, total
        self.size, self.sized = size, 0
        self.stop = threading.Event()
        self.done = self.copied = 0
        self.versions: dict[str, str] = {}
        # Across accounts neither side's credentials read and write both buckets, and none should have to.
        self.crossing = ctx.clients.identity("source").account != ctx.clients.identity("target").account
        self._streamed = self.crossing
        self._known = brought(ctx, target_bucket)
        self._lock = threading.Lock()
        self._source, self._target = ctx.client("source", "s3"), ctx.client("target", "s3")

    def one(self, item: Item) -> None:
        if self.stop.is_set() or self.ctx.cancel.is_set():
            return
        version = item.version_id or "null" if item.there else present(self.ctx, self.target_bucket, item, self._known)
        new = version is None
        if version is None:
            version = self._copy(item)
            self.ctx.made(
                "object",
                f"{self.target_bucket}/{item.target_key}#{version}",
                bucket=self.target_bucket,
                key=item.target_key,
                version_id=version,
                member=item.member,
                etag=item.etag,
            )
        with self._lock:
            self.done += 1
            self.copied += new
            self.sized += item.size
            if item.member:
                self.versions[item.member] = version
            sizes = _("{done} of {all}").format(done=human_bytes(self.sized), all=human_bytes(self.size))
            self.ctx.progress(self.done, self.total, _("objects"), f"{sizes} · {item.target_key}")

    def _copy(self, item: Item) -> str:
        if item.body is not None:
            answer = self._target.put_object(
                Bucket=self.target_bucket, Key=item.target_key, Body=item.body, ContentType="text/plain"
            )
            return str(answer.get("VersionId") or "null")
        if not self._streamed:
            origin = {"Bucket": self.source_bucket, "Key": item.key}
            if item.version_id:
                origin["VersionId"] = item.version_id
            try:
                answer = self._target.copy_object(Bucket=self.target_bucket, Key=item.target_key, CopySource=origin)
                return str(answer.get("VersionId") or "null")
            except Exception as problem:
                # The target's credentials may not read the source's bucket: the bytes go through this host then.
                if code_of(problem) not in DENIED:
                    raise
                self._streamed = True
                self.ctx.log(
                    _("The target's credentials may not read {bucket}: copying through this computer.").format(
                        bucket=self.source_bucket
                    )
                )
        return self._stream(item)

    def _stream(self, item: Item) -> str:
        pinned = {"VersionId": item.version_id} if item.version_id else {}
        answer = self._source.get_object(Bucket=self.source_bucket, Key=item.key, **pinned)
        kind = answer.get("ContentType", "binary/octet-stream")
        extra = {"ContentType": kind, "Metadata": answer.get("Metadata", {})}
        self._target.upload_fileobj(answer["Body"], self.target_bucket, item.target_key, ExtraArgs=extra)
        head = self._target.head_object(Bucket=self.target_bucket, Key=item.target_key)
        if head["ContentLength"] != item.size:
            raise WizardError(
                what=_("{key} arrived incomplete.").format(key=item.target_key),
                where=f"{human_bytes(head['ContentLength'])} / {human_bytes(item.size)}",
                remedy=_("Resume copies it again."),
                exit_code=EXIT_RESUMABLE,
            )
        return str(head.get("VersionId") or "null")


def recorded_versions(ctx: Context) -> dict[str, str]:
    """Request member -> version id, of what the journal says is in the target's bucket."""
    return journaled_versions(ctx.journal)


def journaled_versions(journal: Journal, bucket: str = "") -> dict[str, str]:
    """Request member -> version id, as the journal says last; of that bucket only, where one is given."""
    found: dict[str, str] = {}
    for record in journal.records():
        measured = record["event"] == "measured" and record.get("kind") == "object-versions"
        if measured and bucket in ("", record.get("bucket")):
            found = dict(record["versions"])
        elif record["event"] == "removed" and record.get("kind") == "bucket" and record.get("name") == bucket:
            found = {}
    return found
