"""Names and ARNs as odd as AWS allows, in both partitions that have MWAA."""

from __future__ import annotations

import ast
import json
import re
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mwaa_wizard
from mwaa_wizard.environments import places
from mwaa_wizard.execution import names
from mwaa_wizard.policies import Facts, build, render
from mwaa_wizard.sandbox.aws.strict.s3 import valid_bucket_name
from mwaa_wizard.session.model import Connection, Session
from tests.policies.test_documents import every

ENGINE = Path(mwaa_wizard.__file__).parent
# Help for a person who types an ARN: an example, never sent anywhere.
EXAMPLES = {ENGINE / "environments" / "wording.py"}

ACCOUNTS = st.text(string.digits, min_size=12, max_size=12)
# botocore mwaa 2020-07-01, EnvironmentName; IAM API reference, CreateRole (RoleName, Path).
ENVIRONMENTS = st.from_regex(r"[a-zA-Z][0-9a-zA-Z_-]{0,79}", fullmatch=True)
ROLES = st.from_regex(r"[A-Za-z0-9+=,.@_-]{1,64}", fullmatch=True)
PATHS = st.lists(st.from_regex(r"[!-.0-~]{1,20}", fullmatch=True), max_size=3).map(
    lambda parts: "".join(f"{part}/" for part in parts)
)
PLACES = st.sampled_from(["aws", "aws-cn"]).flatmap(
    lambda partition: st.tuples(st.just(partition), *[st.sampled_from(places.regions(partition))] * 2)
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Session, Facts]:
    """A session and the facts of its two sides: one account or two, one region or two."""
    partition, source_region, target_region = draw(PLACES)
    source = draw(ACCOUNTS)
    target = draw(st.one_of(st.just(source), ACCOUNTS))
    made = Session()
    made.source.environment, made.target.environment = draw(ENVIRONMENTS), draw(ENVIRONMENTS)
    made.source.connection = Connection(account=source, region=source_region, partition=partition)
    made.target.connection = Connection(account=target, region=target_region, partition=partition)
    key = f"arn:{partition}:kms:{target_region}:{target}:key/1b2c3d4e-1111-2222-3333-444455556666"
    return made, Facts(
        partition=partition,
        source_account=source,
        source_region=source_region,
        target_account=target,
        target_region=target_region,
        source_role_arn=f"arn:{partition}:iam::{source}:role/{draw(PATHS)}{draw(ROLES)}",
        target_role_arn=f"arn:{partition}:iam::{target}:role/{draw(PATHS)}{draw(ROLES)}",
        source_env=made.source.environment,
        target_env=made.target.environment,
        environment_kms_key_arn=draw(st.sampled_from([None, key])),
    )


def arns(value: Any) -> list[str]:
    """Every ARN in a document, principals and conditions included."""
    return re.findall(r'"(arn:[^"]+)"', json.dumps(value))


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_every_document_is_taken_and_stays_in_its_partition(world: tuple[Session, Facts]) -> None:
    made, facts = world
    for policy in every(made, facts):
        assert render.check_policy(policy) == [], policy
        found = arns(policy.document)
        assert all(arn.split(":")[1] == facts.partition for arn in found), found
        assert policy.attach_to_arn.split(":")[1] == facts.partition


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_our_names_are_taken_whatever_the_environment_is_called(world: tuple[Session, Facts]) -> None:
    made, facts = world
    role, bucket = names.target_role(made), names.target_bucket(made)
    assert re.fullmatch(r"[\w+=,.@-]{1,64}", role, re.ASCII)
    assert role.endswith(made.id)
    assert valid_bucket_name(bucket), bucket
    assert bucket.endswith(made.id)
    assert names.role_name_of(facts.source_role_arn) == facts.source_role_arn.rsplit("/", 1)[1]


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_facts_of_a_session_have_the_partition_of_its_region(world: tuple[Session, Facts]) -> None:
    made, facts = world
    made.source.connection.partition = made.target.connection.partition = ""
    assert build.from_session(made).partition == facts.partition


@pytest.mark.parametrize(
    ("partition", "suffix"), [("aws", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")]
)
def test_hosts_in_conditions_end_as_those_of_the_partition(partition: str, suffix: str) -> None:
    """As botocore's endpoint tables have it."""
    from botocore.session import get_session

    region = places.regions(partition)[0]
    assert Facts(partition=partition).dns_suffix == suffix
    host = get_session().create_client("s3", region_name=region, aws_access_key_id="x", aws_secret_access_key="x")
    assert str(host.meta.endpoint_url).endswith(suffix)


def _strings(path: Path) -> list[tuple[int, str]]:
    """String constants of a module, those within f-strings too; docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_no_module_writes_the_partition_into_an_arn() -> None:
    modules = [path for path in ENGINE.rglob("*.py") if "sandbox" not in path.relative_to(ENGINE).parts]
    modules += list((ENGINE.parent / "screens").rglob("*.py"))
    assert len(modules) > 150
    found = [
        f"{path.relative_to(ENGINE.parent)}:{line}"
        for path in modules
        if path not in EXAMPLES
        for line, text in _strings(path)
        if re.search(r"arn:aws(-cn)?:", text)
    ]
    assert found == []


def test_the_look_for_partitions_would_find_one(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text('"""arn:aws: in words"""\nname = 1\narn = f"arn:aws:s3:::{name}"\n')
    assert [(line, text) for line, text in _strings(tmp_path / "module.py") if "arn:aws:" in text] == [
        (3, "arn:aws:s3:::")
    ]
