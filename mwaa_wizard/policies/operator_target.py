"""The operator's calls in the target's account, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator

from mwaa_wizard.environments.fields import OBJECT_VERSIONS
from mwaa_wizard.execution import names
from mwaa_wizard.execution.upgrades.pinned_requirements import PATH as REQUIREMENTS
from mwaa_wizard.i18n import _, sentences
from mwaa_wizard.policies.kms_key import foreign_account
from mwaa_wizard.policies.operator import PASSED, Grant, Place
from mwaa_wizard.policies.operator_source import ROLE_READS, airflow, asks_itself, log_arns, validates
from mwaa_wizard.policies.secrets_backend import starts_of

_NETWORK = ("ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
            "ec2:DescribeVpcEndpoints")  # fmt: skip
_MAKE_BUCKET = ("s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
                "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration")  # fmt: skip
_LOOK_AT_BUCKET = ("s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning",
                   "s3:GetEncryptionConfiguration", "s3:ListBucket")  # fmt: skip
# Of a role that is not there yet: whether it is, and what compare and check on page Policies ask.
_ROLE_LOOKS = ("iam:GetRole", "iam:ListRolePolicies", "iam:SimulatePrincipalPolicy")
_OBJECTS = ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject")
_SECRETS = ("secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:TagResource")  # fmt: skip
_KEY = ("kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ListGrants",
        "kms:ReEncrypt*", "kms:RevokeGrant")  # fmt: skip


def grants(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    """What the session's steps ask for, the reading first."""
    yield from _reading(place, steps)
    yield from _environment(place, steps)
    yield from _role(place, steps)
    yield from _files(place, steps)
    yield from _key(place)
    yield from _find_logs(place, steps)
    yield from logs(place, steps)
    yield from _secrets(place, steps)


def target_role(place: Place) -> str:
    """The execution role: the one that will be made, or the chosen one."""
    if place.session.target.create_role:
        return place.role(names.target_role(place.session))
    return place.facts.target_role_arn or place.role("")


def target_bucket(place: Place) -> str:
    """The bucket of the target's DAGs."""
    made = place.session.target.create_bucket
    return place.bucket(names.target_bucket(place.session) if made else place.facts.target_dag_bucket)


def _reading(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    everywhere = ["airflow:ListEnvironments", "iam:ListRoles", "kms:ListAliases", "kms:ListKeys",
                  "s3:ListAllMyBuckets", "servicequotas:ListServiceQuotas", *_NETWORK]  # fmt: skip
    yield Grant("LookAround", _("Page Settings offers what there is, and the check before the run looks at network and "
                                "quotas; these actions take no narrower resource (their answers are lists)."),
                tuple(everywhere), ("*",), planning=True)  # fmt: skip
    yield Grant("ReadVpc", _("Whether the VPC resolves names."),
                ("ec2:DescribeVpcAttribute",), (place.arn("ec2", "vpc/*"),), planning=True)  # fmt: skip
    yield Grant("ReadTarget", _("Whether the name is free, and how the environment stands."),
                ("airflow:GetEnvironment",), (place.environment,), planning=True)  # fmt: skip
    yield from _chosen(place, steps)
    yield from asks_itself(place)
    yield validates()


def _chosen(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    """The role and the bucket: of what the run makes there is nothing to look at before but whether it is there."""
    if "execution-role" in steps:
        yield Grant("ReadTargetRole", _("Whether a role of that name is there already."),
                    _ROLE_LOOKS, (target_role(place),), planning=True)  # fmt: skip
    else:
        yield Grant("ReadTargetRole", _("Whether the role is there, whom it trusts and what it may do."),
                    ROLE_READS, (target_role(place),), planning=True)  # fmt: skip
    if place.session.target.create_bucket:
        yield Grant("ReadTargetBucket", _("Whether a bucket of that name is there already, and by its tag whether it "
                                          "is ours."),
                    ("s3:GetBucketTagging", "s3:ListBucket"), (target_bucket(place),), planning=True)  # fmt: skip
    else:
        yield Grant("ReadTargetBucket", _("Whether the bucket is as MWAA demands; MWAA asks for its encryption as "
                                          "you."),
                    _LOOK_AT_BUCKET, (target_bucket(place),), planning=True)  # fmt: skip


def _environment(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    actions, whys = [], []
    if "create-target" in steps:
        actions += ["airflow:CreateEnvironment", "airflow:DeleteEnvironment", "airflow:TagResource"]
        whys.append(_("Makes the environment, tagged; undo deletes it."))
    if "upgrade" in steps:
        actions.append("airflow:UpdateEnvironment")
        whys.append(_("Upgrades it in place."))
    yield Grant("TargetEnvironment", sentences(whys), tuple(actions), (place.environment,))
    yield Grant("PassRole", _("Hands the execution role to MWAA, and to no other service."),
                ("iam:PassRole",), (target_role(place),), conditions=PASSED)  # fmt: skip
    yield from airflow(place, steps, "Admin" if "entries" in steps else "Op")
    if "create-target" not in steps:
        return
    linked = "aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
    yield Grant("ServiceLinkedRole", _("Made by AWS with an account's first environment; MWAA's role and no other."),
                ("iam:CreateServiceLinkedRole",), (place.role(linked),),
                conditions={"StringEquals": {"iam:AWSServiceName": "airflow.amazonaws.com"}})  # fmt: skip
    kinds = ("security-group", "subnet", "vpc", "vpc-endpoint")
    yield Grant("EndpointsThroughMwaa", _("MWAA makes its VPC endpoints as you; only calls that come through MWAA."),
                ("ec2:CreateVpcEndpoint",), tuple(place.arn("ec2", f"{kind}/*") for kind in kinds),
                conditions={"ForAnyValue:StringEquals": {"aws:CalledVia": "airflow.amazonaws.com"}})  # fmt: skip


def _role(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    policies = ("iam:DeleteRolePolicy", "iam:PutRolePolicy")
    if "execution-role" in steps:
        yield Grant("MakeRole", _("Makes the execution role with MWAA's base policy, tagged, and looks whether it "
                                  "counts; undo deletes it."),
                    ("iam:CreateRole", "iam:DeleteRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
                     "iam:TagRole", *policies),
                    (target_role(place),))  # fmt: skip
    elif {"target-policy", "secrets-policy"} & steps:
        yield Grant("TargetRolePolicy", _("Puts the wizard's own inline policy on the role, and takes it off."),
                    policies, (target_role(place),))  # fmt: skip


def _files(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    bucket = target_bucket(place)
    if place.session.target.create_bucket and "resources" in steps:
        yield Grant("MakeDagBucket", _("Makes the DAG bucket as MWAA demands it, which asks for its encryption as you; "
                                       "undo deletes it."),
                    (*_MAKE_BUCKET, "s3:GetEncryptionConfiguration", "s3:ListBucketVersions"), (bucket,))  # fmt: skip
        # The upgrade reads the requirements in the version that the environment has.
        objects = (*_OBJECTS, "s3:GetObjectVersion") if "upgrade" in steps else _OBJECTS
        yield Grant("DagBucketObjects", _("Fills it, and deletes every version of what the wizard put there."),
                    objects, (f"{bucket}/*",))  # fmt: skip
    elif "resources" in steps:
        keys = [f"{place.facts.target_dag_path}/*", *place.facts.target_files]
        yield Grant("DagBucketObjects", _("Copies files there; undo deletes the versions that the wizard put."),
                    (*_OBJECTS, "s3:GetObjectVersion"), tuple(f"{bucket}/{key}" for key in keys))  # fmt: skip
        if "import" in steps:
            yield Grant("FindDagFiles", _("Looks for versions of the wizard's own DAG files that are left."),
                        ("s3:ListBucketVersions",), (bucket,),
                        conditions={"StringLike": {"s3:prefix": f"{place.facts.target_dag_path}/mwz_*"}})  # fmt: skip
    else:
        yield from _own_files(place, bucket)
    if "resources" in steps and place.same_account:
        origin = place.bucket(place.facts.source_dag_bucket)
        keys = [f"{place.facts.source_dag_path}/*", *place.facts.source_files]
        yield Grant("CopyFromSource", _("Within one account S3 copies the files itself, as you."),
                    ("s3:GetObject", "s3:GetObjectVersion"),
                    tuple(f"{origin}/{key}" for key in keys))  # fmt: skip
        key = place.facts.source_kms_key_arn
        if key and key != place.facts.environment_kms_key_arn:
            through = f"s3.{place.facts.source_region}.{place.facts.dns_suffix}"
            why = _("The source's DAG bucket may be encrypted with a key that the target does not have; through S3 "
                    "only.")  # fmt: skip
            yield Grant("DecryptSourceFiles", why, ("kms:Decrypt",), (key,),
                        conditions={"StringEquals": {"kms:ViaService": through}})  # fmt: skip


def _own_files(place: Place, bucket: str) -> Iterator[Grant]:
    """In place the requirements get new pins, and other files are looked at where the user names new ones."""
    edits, known = place.session.target.settings, place.source_environment
    if key := edits.get(REQUIREMENTS) or known.get(REQUIREMENTS):
        yield Grant("ReadRequirements", _("The check before the run reads which pins the requirements have."),
                    ("s3:GetObject", "s3:GetObjectVersion"), (f"{bucket}/{key}",), planning=True)  # fmt: skip
        if place.facts.environment_kms_key_arn:
            yield Grant("DecryptRequirements", _("They may be encrypted with the environment's key; through S3 only."),
                        ("kms:Decrypt",), (place.facts.environment_kms_key_arn,), planning=True, replaced=True,
                        conditions=place.via("s3"))  # fmt: skip
        yield Grant("DagBucketObjects", _("The requirements with the new version's pins; undo deletes the versions "
                                          "that the wizard put."),
                    ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"), (f"{bucket}/{key}",))  # fmt: skip
    others = [edits[path] for path in OBJECT_VERSIONS if path != REQUIREMENTS and edits.get(path)]
    if others:
        yield Grant("LookAtFiles", _("In which version the files are that the environment is to use from now on."),
                    ("s3:GetObject",), tuple(f"{bucket}/{key}" for key in others), planning=True)  # fmt: skip


def _key(place: Place) -> Iterator[Grant]:
    key = place.facts.environment_kms_key_arn
    if key:
        # KMS shows a key's policy within the key's own account only (KMS API reference, GetKeyPolicy).
        own = () if foreign_account(place.facts) else ("kms:GetKeyPolicy",)
        yield Grant("LookAtKey", _("Whether MWAA and CloudWatch Logs can use the key."),
                    ("kms:DescribeKey", *own), (key,), planning=True)  # fmt: skip
        yield Grant("UseEnvironmentKey", _("MWAA grants itself the use of the environment's key, as you."),
                    _KEY, (key,))  # fmt: skip


def _find_logs(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    if "create-target" in steps:
        yield Grant("FindLogGroups", _("Whether log groups of that name are there; this action takes no narrower "
                                       "resource."),
                    ("logs:DescribeLogGroups",), ("*",), planning=True)  # fmt: skip


def logs(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    """Writing the copied task logs."""
    if "logs" not in steps:
        return
    group = f"airflow-{place.name}-Task"
    yield Grant("WriteTaskLogs", _("Writes the copied task logs; undo deletes the streams that the wizard made."),
                ("logs:CreateLogStream", "logs:DeleteLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents",
                 "logs:PutLogEvents"),
                log_arns(place, group))  # fmt: skip


def _secrets(place: Place, steps: frozenset[str]) -> Iterator[Grant]:
    if "secrets-policy" not in steps:
        return
    starts = starts_of(place.session, place.source_environment)
    if not starts:
        return
    yield Grant("WriteSecrets", _("Makes the target's connections in Secrets Manager, below its own prefixes only."),
                _SECRETS, tuple(place.arn("secretsmanager", f"secret:{start}*") for start in starts))  # fmt: skip
