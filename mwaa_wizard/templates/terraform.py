"""A blueprint as one Terraform file in HCL.

Source: hashicorp/aws provider, aws_mwaa_environment and the resources beside it (schema of 5.100). HCL rather than
JSON: it is what people commit, and it can say why.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.environments.secret import OPTIONS
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.templates.hcl import Block, Call, Expression, Template, block
from mwaa_wizard.templates.model import Blueprint, Parameter, Ref, Text
from mwaa_wizard.templates.words import snake, wrapped

LACKING = ("IdentityCenterConfiguration", "Teams")
_EXPRESSIONS = {
    "Partition": "data.aws_partition.current.partition", "UrlSuffix": "data.aws_partition.current.dns_suffix",
    "Region": "data.aws_region.current.id", "Account": "data.aws_caller_identity.current.account_id",
    "BucketArn": "aws_s3_bucket.dags.arn", "RoleArn": "aws_iam_role.execution.arn",
    "SecurityGroupId": "aws_security_group.environment.id",
}  # fmt: skip
_BUCKET = Expression("aws_s3_bucket.dags.id")


def to_terraform(plan: Blueprint) -> str:
    """The file's text; the same blueprint gives the same text."""
    words = [f"{plan.title}."]
    words += _said(_("How to deploy it (FilesUploaded is the variable files_uploaded, and so on):"), plan.steps)
    words += _said(_("To be given:"), [f"{snake(name)}:{rest}" for name, _colon, rest in
                                       (line.partition(":") for line in plan.open)])  # fmt: skip
    if lacking := [name for name in LACKING if name in plan.settings]:
        words += ["", _("Left out, since the provider has no argument for it: {names}").format(
            names=listed(lacking))]  # fmt: skip
    blocks = [_terraform(), *map(_variable, plan.parameters), *_data(plan)]
    if plan.makes_bucket:
        blocks += _bucket(plan)
    if plan.makes_role:
        blocks += _role(plan)
    if plan.makes_group:
        blocks += _group(plan)
    blocks += [_environment(plan), *_outputs(plan)]
    head = "".join(f"# {line}".rstrip() + "\n" for line in wrapped(words))
    return head + "\n" + "\n".join(block(item) for item in blocks)


def _said(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(line if line.startswith("- ") else f"- {line}" for line in lines)] if lines else []


def value(item: Any) -> Any:
    """A blueprint's value with Terraform's expressions in the place of references."""
    if isinstance(item, dict):
        return {key: value(inner) for key, inner in item.items()}
    if isinstance(item, list):
        return [value(inner) for inner in item]
    if isinstance(item, Ref):
        return _expression(item)
    if isinstance(item, Text):
        return Template(tuple(part if isinstance(part, str) else _expression(part) for part in item.parts))
    return item


def _expression(ref: Ref) -> Expression:
    return Expression(_EXPRESSIONS.get(ref.name, f"var.{snake(ref.name)}"))


def _terraform() -> Block:
    providers = Block("required_providers", (), {"aws": {"source": "hashicorp/aws", "version": ">= 5.60"}})
    return Block("terraform", (), {"required_version": ">= 1.3"}, [providers])


def _variable(item: Parameter) -> Block:
    kinds = {"subnets": "list(string)", "groups": "list(string)", "switch": "bool"}
    default: Any = item.default == "yes" if item.kind == "switch" else item.default
    attributes: dict[str, Any] = {
        "description": item.description, "type": Expression(kinds.get(item.kind, "string")), "default": default,
        "sensitive": True if item.kind == "secret" else None, "nullable": False,
    }  # fmt: skip
    return Block("variable", (snake(item.name),), attributes)


def _data(plan: Blueprint) -> list[Block]:
    """The place of deployment, as far as it is asked for: an unused data source would be a call for nothing."""
    used = _names(plan.settings) | _names(plan.documents)
    found = []
    for source, of in (("aws_partition", {"Partition", "UrlSuffix"}), ("aws_region", {"Region"}),
                       ("aws_caller_identity", {"Account"})):  # fmt: skip
        if used & of:
            found.append(Block("data", (source, "current")))
    return found


def _names(item: Any) -> set[str]:
    if isinstance(item, Ref):
        return {item.name}
    inner = item.values() if isinstance(item, dict) else item.parts if isinstance(item, Text) else item
    if isinstance(item, dict | list | Text):
        return {name for one in inner for name in _names(one)}
    return set()


def _bucket(plan: Blueprint) -> list[Block]:
    def resource(kind: str, attributes: dict[str, Any], blocks: list[Block] | None = None, *why: str) -> Block:
        return Block("resource", (kind, "dags"), attributes, blocks or [], list(wrapped(why)))

    by_default = Block("apply_server_side_encryption_by_default", (), {"sse_algorithm": "AES256"})
    blocks = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    keep = Block("lifecycle", (), {"prevent_destroy": True})
    return [
        resource("aws_s3_bucket", {"bucket": Expression("var.bucket_name"), "tags": plan.tags}, [keep],
                 _("MWAA demands versioning and blocked public access.")),
        resource("aws_s3_bucket_versioning", {"bucket": _BUCKET},
                 [Block("versioning_configuration", (), {"status": "Enabled"})]),
        resource("aws_s3_bucket_public_access_block", {"bucket": _BUCKET, **dict.fromkeys(blocks, True)}),
        resource("aws_s3_bucket_server_side_encryption_configuration", {"bucket": _BUCKET},
                 [Block("rule", (), {}, [by_default])]),
        resource("aws_s3_bucket_policy", {"bucket": _BUCKET, "policy": _json(plan, "bucket")}, None,
                 *_whys(plan, "bucket")),
    ]  # fmt: skip


def _json(plan: Blueprint, kind: str) -> Call:
    return Call("jsonencode", value(plan.documents[kind]))


def _whys(plan: Blueprint, kind: str) -> list[str]:
    statements = plan.documents[kind]["Statement"]
    return [f"- {item['Sid']}: {plan.why[item['Sid']]}" for item in statements if item["Sid"] in plan.why]


def _role(plan: Blueprint) -> list[Block]:
    description = Template(("Execution role of the MWAA environment ", Expression("var.environment_name")))
    role = {"name": Expression("var.role_name"), "description": description,
            "assume_role_policy": _json(plan, "trust"), "tags": plan.tags}  # fmt: skip
    policies = [
        Block("resource", ("aws_iam_role_policy", key),
              {"name": name, "role": Expression("aws_iam_role.execution.id"), "policy": _json(plan, key)}, [],
              list(wrapped(_whys(plan, key))))
        for name, key in plan.role_policies.items()
    ]  # fmt: skip
    return [
        Block("resource", ("aws_iam_role", "execution"), role, [],
              list(wrapped([_("What Airflow's tasks run as."), *_whys(plan, "trust")]))),
        *policies,
    ]  # fmt: skip


def _group(plan: Blueprint) -> list[Block]:
    name = Template(("MWAA environment ", Expression("var.environment_name")))
    group = Expression("aws_security_group.environment.id")
    return [
        Block("resource", ("aws_security_group", "environment"),
              {"description": name, "vpc_id": Expression("var.vpc_id"), "tags": plan.tags}),
        Block("resource", ("aws_vpc_security_group_ingress_rule", "itself"),
              {"security_group_id": group, "referenced_security_group_id": group, "ip_protocol": "-1",
               "description": "Members reach each other"}, [],
              list(wrapped([_("Scheduler, workers, database and web server reach each other.")]))),
        Block("resource", ("aws_vpc_security_group_egress_rule", "everywhere"),
              {"security_group_id": group, "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"}),
    ]  # fmt: skip


def _environment(plan: Blueprint) -> Block:
    attributes: dict[str, Any] = {"count": Expression("var.files_uploaded ? 1 : 0")} if plan.two_stages else {}
    blocks = []
    for name, item in plan.settings.items():
        if name in LACKING:
            continue
        if name == "NetworkConfiguration":
            inner = {snake(key): value(ids) for key, ids in item.items()}
            blocks.append(Block("network_configuration", (), inner))
        elif name == "LoggingConfiguration":
            modules = [
                Block(snake(module), (), {snake(key): value(inner) for key, inner in one.items()})
                for module, one in item.items()
            ]
            blocks.append(Block("logging_configuration", (), {}, modules))
        elif name in plan.may_be_empty:
            given = value(item).text
            attributes[snake(name)] = Expression(f'{given} != "" ? {given} : null')
        else:
            key = "airflow_configuration_options" if name == OPTIONS else snake(name)
            attributes[key] = value(item)
    checks = [
        Block("precondition", (), {
            "condition": Expression(f'var.{snake(name)} != ""'),
            "error_message": _("Give {name} with files_uploaded = true.").format(name=snake(name)),
        })
        for name in plan.needed_later
    ]  # fmt: skip
    if checks:
        blocks.append(Block("lifecycle", (), {}, checks))
    if needs := _needs(plan):
        attributes["depends_on"] = needs
    words = [_("name, kms_key, subnet_ids and endpoint_management cannot be changed later: Terraform would make a new "
               "environment, without the history.")]  # fmt: skip
    if any(item.kind == "secret" for item in plan.parameters):
        words.append(_("Terraform keeps the values of secret options in its state: encrypt that."))
    return Block("resource", ("aws_mwaa_environment", "this"), attributes, blocks, list(wrapped(words)))


def _needs(plan: Blueprint) -> list[Expression]:
    """What MWAA looks at when it makes the environment, beyond what the arguments name."""
    found = []
    if plan.makes_bucket:
        found += ["aws_s3_bucket_versioning.dags", "aws_s3_bucket_public_access_block.dags"]
    if plan.makes_role:
        found += [f"aws_iam_role_policy.{key}" for key in plan.role_policies.values()]
    if plan.makes_group:
        found += ["aws_vpc_security_group_ingress_rule.itself", "aws_vpc_security_group_egress_rule.everywhere"]
    return [Expression(name) for name in found]


def _outputs(plan: Blueprint) -> list[Block]:
    def of_environment(name: str) -> Expression:
        one = f"one(aws_mwaa_environment.this[*].{name})"
        return Expression(one if plan.two_stages else f"aws_mwaa_environment.this.{name}")

    found = {"environment_arn": of_environment("arn"), "webserver_url": of_environment("webserver_url")}
    if plan.settings.get("EndpointManagement") == "CUSTOMER":
        for name in ("database_vpc_endpoint_service", "webserver_vpc_endpoint_service"):
            found[name] = of_environment(name)
    if plan.makes_bucket:
        found["bucket_name"] = _BUCKET
    if plan.makes_role:
        found["role_arn"] = Expression("aws_iam_role.execution.arn")
    return [Block("output", (name,), {"value": item}) for name, item in found.items()]
