"""The operator's calls in the source's account, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.entries import survey
from mwaa_wizard.environments import versions
from mwaa_wizard.environments.fields import OBJECT_VERSIONS
from mwaa_wizard.i18n import _
from mwaa_wizard.policies.operator import Grant, Place

_BUCKET = ("s3:CreateBucket", "s3:DeleteBucket", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock",
           "s3:GetBucketTagging", "s3:GetEncryptionConfiguration", "s3:ListBucket", "s3:ListBucketVersions",
           "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
           "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration")  # fmt: skip
ROLE_READS = ("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
              "iam:SimulatePrincipalPolicy")  # fmt: skip
_DAG_OBJECTS = ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject")


def grants(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    """What the session's steps ask for, the reading first."""
    yield from _reading(place, steps)
    if "migration-bucket" in steps:
        bucket = place.bucket(place.session.migration_bucket)
        yield Grant("MigrationBucket", _("Makes the migration bucket, closes it, and deletes it at the end."),
                    _BUCKET, (bucket,))  # fmt: skip
        yield Grant("MigrationObjects", _("Orders, progress and results lie in it; clean-up deletes every version."),
                    ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject"),
                    (f"{bucket}/*",))  # fmt: skip
    if "source-policy" in steps:
        yield Grant("SourceRolePolicy", _("Puts the export's inline policy on the source's role, and takes it off."),
                    ("iam:DeleteRolePolicy", "iam:PutRolePolicy"), (place.facts.source_role_arn or place.role(""),))
    if "export" in steps:
        folder = f"{place.bucket(place.facts.source_dag_bucket)}/{place.facts.source_dag_path}"
        yield Grant("OurDagFiles", _("Uploads the wizard's own DAG files and deletes them with all versions."),
                    _DAG_OBJECTS, (f"{folder}/mwz_*.py",))  # fmt: skip
        yield Grant("FindDagFiles", _("Looks for versions of these files that are left."),
                    ("s3:ListBucketVersions",), (place.bucket(place.facts.source_dag_bucket),),
                    conditions={"StringLike": {"s3:prefix": f"{place.facts.source_dag_path}/mwz_*"}})  # fmt: skip
    yield from logs(place, steps)
    yield from _key(place, steps)


def _reading(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    session, facts = place.session, place.facts
    yield Grant("ListEnvironments", _("Page Source lists the environments; this action takes no narrower resource."),
                ("airflow:ListEnvironments",), ("*",), planning=True)  # fmt: skip
    yield Grant("ReadSource", _("Settings, version, bucket and role of the source."),
                ("airflow:GetEnvironment",), (place.environment,), planning=True)  # fmt: skip
    if "source-policy" in steps:
        yield Grant("ReadSourceRole", _("Whether the role is there, and what it may do already."),
                    ROLE_READS, (facts.source_role_arn or place.role(""),), planning=True)  # fmt: skip
    yield from asks_itself(place)
    yield validates()
    yield from airflow(place, steps, "Op")
    if "resources" in steps:
        bucket = place.bucket(facts.source_dag_bucket)
        keys = [f"{facts.source_dag_path}/*", *facts.source_files]
        yield Grant("LookAtSourceBucket", _("Whether the bucket and its versions are as MWAA demands."),
                    ("s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning"), (bucket,),
                    planning=True)  # fmt: skip
        yield Grant("ListSourceFiles", _("Which DAGs there are."), ("s3:ListBucket",), (bucket,))
        if place.same_account:  # DAGs are copied by S3 itself, as the target's operator
            keys = [*facts.source_files]
        # A file that the environment has no version of is read as it is, and one of a given version by that.
        actions = ["s3:GetObjectVersion"] if place.same_account and _pinned(place) else [
            "s3:GetObject", "s3:GetObjectVersion"]  # fmt: skip
        if keys:
            yield Grant("ReadSourceFiles", _("What the environment is fed from, in the version in use."),
                        tuple(actions), tuple(f"{bucket}/{key}" for key in keys))  # fmt: skip
    if "connections" in steps and session.entries.connections == "secrets-manager":
        yield from _secrets(place)


def _pinned(place: Place) -> bool:
    """Whether the source says of each of its files in which version it uses it."""
    known = place.source_environment
    return bool(known) and all(known.get(version) for path, version in OBJECT_VERSIONS.items() if known.get(path))


def _secrets(place: Place) -> Iterator[Grant]:
    """Connections and variables in a secrets backend of the source's own; which one is known once it was read."""
    known, facts = place.source_environment, place.facts
    near = place.same_account and facts.source_region == facts.target_region
    where = survey.Places(backends.of_source(known), backends.of_target(place.session, known), near)
    read = [what for what in backends.KINDS if where.readable(what) and not where.shared(what)]
    # Which connections it has is looked at in any case: those need no secret of the target's own.
    listed = [what for what in backends.KINDS if where.readable(what) and (what in read or what == "connections")]
    starts = {what: where.source.start(what) for what in listed}
    why = _("Reads the connections and variables of the source's secrets backend.")
    if where.source.kind == "ssm":
        paths = [start.strip("/") for start in starts.values()]  # names begin with a slash, the ARN has only one
        if listed:
            # Asked for on the path as it is written: AWS refuses /a on `parameter/a`, not on what lies below it.
            own = tuple(place.arn("ssm", f"parameter/{path}") for path in paths)
            yield Grant("ListSourceParameters", _("What the backend has: AWS asks on the path itself, which is listed "
                                                  "as a whole."), ("ssm:GetParametersByPath",), own)  # fmt: skip
        if read:
            below = [place.arn("ssm", f"parameter/{path}/*" if path else "parameter/*") for path in paths]
            found = tuple(arn for what, arn in zip(listed, below, strict=True) if what in read)
            yield Grant("ReadSourceSecrets", why, ("ssm:GetParameter",), found)
        return
    if listed:
        yield Grant("ListSecrets", _("What the backend has; this action takes no narrower resource."),
                    ("secretsmanager:ListSecrets",), ("*",))  # fmt: skip
    if read:
        yield Grant("ReadSourceSecrets", why, ("secretsmanager:GetSecretValue",),
                    tuple(place.arn("secretsmanager", f"secret:{starts[what]}*") for what in read))  # fmt: skip


def asks_itself(place: Place) -> Iterator[Grant]:
    """The preflight asks IAM's simulator what the caller may do."""
    if place.caller:
        role = ":role/" in place.caller[0]  # of a session IAM is asked under which path its role is
        yield Grant("AskAboutMyself", _("The check before the run asks IAM what you may do, so that nothing stops half "
                                        "way."),
                    ("iam:SimulatePrincipalPolicy", *(("iam:GetRole",) if role else ())), place.caller,
                    planning=True)  # fmt: skip


def validates() -> Grant:
    """Access Analyzer reads a document; it is asked of nobody's resources."""
    return Grant("ValidatePolicies", _("IAM Access Analyzer looks the documents over; this action takes no narrower "
                                       "resource."),
                 ("access-analyzer:ValidatePolicy",), ("*",), planning=True)  # fmt: skip


def airflow(place: Place, steps: frozenset[str], role: str) -> Iterator[Grant]:
    """Airflow itself: pause, trigger, read, delete. The REST API where the version has it, else its command line."""
    session = place.session
    version = session.source.airflow_version if place.source else session.target.airflow_version
    old = bool(version) and versions.parse(version) < (2, 4, 3)
    if not old and place.source:
        why = _("The check before the run asks the source's Airflow for version and DAGs, as its role Viewer, which "
                "changes nothing.")  # fmt: skip
        yield Grant("LookAtAirflow", why, ("airflow:InvokeRestApi",), (place.airflow_role("Viewer"),), planning=True,
                    replaced=True)  # fmt: skip
    if not old:
        yield Grant("AirflowApi", _("Airflow's REST API as its role {role}: lists, pauses, triggers and watches DAGs.")
                    .format(role=role), ("airflow:InvokeRestApi",), (place.airflow_role(role),))  # fmt: skip
    masks = not version or versions.parse(version) >= (3,)  # entries/read.py: REST of 2.x lists every value as it is
    if old or (masks and "entries" in steps):
        why = (
            _("MWAA has no REST API for this version of Airflow, so its command line is used.")
            if old
            else _("Values that the REST API hides are read through Airflow's command line.")
        )
        yield Grant("AirflowCommandLine", why, ("airflow:CreateCliToken",), (place.environment,))


def log_arns(place: Place, group: str) -> tuple[str]:
    """A log group and its streams, and no group whose name only begins alike. Without `:*` it would match nothing."""
    return (place.arn("logs", f"log-group:{group}:*"),)


def logs(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    """Reading the old task logs, where they are copied."""
    if "logs" not in steps:
        return
    group = place.facts.source_task_log_group or f"airflow-{place.name}-Task"
    yield Grant("FindLogGroup", _("Whether the task log group is there; this action takes no narrower resource."),
                ("logs:DescribeLogGroups",), ("*",), planning=True)  # fmt: skip
    yield Grant("ReadTaskLogs", _("Copies task logs: this one group, not those of names that begin alike."),
                ("logs:DescribeLogStreams", "logs:GetLogEvents"),
                log_arns(place, group))  # fmt: skip


def _key(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    if place.facts.source_kms_key_arn:
        yield Grant("LookAtSourceKey", _("Whether the key still works: without it the source cannot be read."),
                    ("kms:DescribeKey",), (place.facts.source_kms_key_arn,), planning=True)  # fmt: skip
    if place.facts.source_kms_key_arn and ({"export", "resources"} & steps):
        yield Grant("UseSourceKey", _("The DAG bucket may be encrypted with the environment's key; through S3 only."),
                    ("kms:Decrypt", "kms:GenerateDataKey"), (place.facts.source_kms_key_arn,),
                    conditions=place.via("s3"))  # fmt: skip
