"""Whatever GetEnvironment's model allows becomes a request nobody refuses, or questions with names, and never a crash.

Values are generated from botocore's shape itself: every member may be absent, None or empty, texts are any that their
pattern takes, in any script, and as long as they may be.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import Any

import pytest
from botocore.session import get_session
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mwaa_wizard.environments import clone, effective, fields, shapes, versions
from mwaa_wizard.environments import settings as page
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.names import tags as own_tags
from mwaa_wizard.session.model import Session
from mwaa_wizard.templates.blueprint import blueprint
from mwaa_wizard.templates.cli_input import to_cli
from mwaa_wizard.templates.cloudformation import to_cloudformation
from mwaa_wizard.templates.model import Blueprint
from mwaa_wizard.templates.terraform import to_terraform
from tests.environments.samples import BUCKET, KEY, OTHER, ROLE, environment, session
from tests.environments.test_clone_many import refusals

ENVIRONMENT = get_session().get_service_model("mwaa").shape_for("Environment")
VERSIONS = [row.version for row in versions.known()]
CLASSES = [row.name for row in versions.classes()]
OBJECTS = dict.fromkeys(fields.OBJECT_VERSIONS.values(), "version-in-the-target")
QUOTA = 25  # of workers; more are possible where it was raised, which the sandbox has not
_WORDS = st.text(st.characters(categories=("L", "N", "Zs"), include_characters="_.:/=+-@"), min_size=1)
_ANY = st.text(st.characters(exclude_categories=["Cs"]))
_OPTIONS = st.sampled_from(
    ["core.parallelism", "core.executor", "core.dag_concurrency", "core.sql_alchemy_conn", "smtp.smtp_password",
     "secrets.backend", "secrets.backend_kwargs", "webserver.base_url", "scheduler.catchup_by_default",
     "api.auth_backends", "celery.worker_autoscale", "logging.log_filename_template", "webserver.session_lifetime_days"]
)  # fmt: skip
# Texts that people really have in such places, beside those made up from the pattern.
_USUAL = {
    "AirflowVersion": st.sampled_from(VERSIONS), "EnvironmentClass": st.sampled_from(CLASSES),
    "KmsKey": st.sampled_from([KEY, KEY.rsplit("/", 1)[1], "alias/mwaa"]), "IamRoleArn": st.just(ROLE),
    "S3BucketArn": st.just(BUCKET), "RelativePath": st.sampled_from(["dags", "a/b c/ダグ", "/x", "s3://b/x", "${x}"]),
    "ConfigKey": _OPTIONS, "TagKey": _WORDS | st.sampled_from(["aws:cloudformation:stack-id", "AWS:x", "Team"]),
    "TagValue": _WORDS, "String": _ANY,
}  # fmt: skip


def texts(shape: Any) -> st.SearchStrategy[str]:
    """Any text of that shape, the longest ones among them."""
    meta = shape.metadata
    if shape.enum:
        return st.sampled_from(shape.enum)
    low, high = meta.get("min", 0), meta.get("max", 300)
    pattern = meta.get("pattern")
    if pattern is None:
        made = st.text(st.characters(exclude_categories=["Cs"]), min_size=low, max_size=min(high, 40))
    elif r"\p{" in pattern:
        made = _WORDS
    else:
        made = st.from_regex(shapes._regex(pattern), fullmatch=True)
    made = st.one_of(made, _USUAL.get(shape.name, made))
    if shape.name in ("ConfigValue", "TagValue", "S3ObjectVersion", "EnvironmentClass"):
        made = st.one_of(made, st.just("x" * high))
    return made.filter(lambda text: low <= len(text) <= high)


def values(shape: Any) -> st.SearchStrategy[Any]:
    """Any value of that shape; members of structures may be absent, None or empty."""
    meta = shape.metadata
    if shape.type_name == "string":
        return texts(shape)
    if shape.type_name == "integer":
        return st.integers(meta.get("min", 0), meta.get("max", 60))
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name == "timestamp":
        return st.datetimes(timezones=st.just(dt.UTC))
    if shape.type_name == "list":
        return st.lists(values(shape.member), min_size=meta.get("min", 0), max_size=min(meta.get("max", 3), 5))
    if shape.type_name == "map":
        few = st.dictionaries(texts(shape.key), values(shape.value), max_size=4)
        if shape.name != "TagMap":
            return few
        full = st.integers(49, 50).map(lambda count: {f"key {number}": "v" for number in range(count)})
        return few | full
    empty: Any = {"structure": {}, "map": {}, "list": [], "string": ""}
    return st.fixed_dictionaries(
        {}, optional={
            name: values(member) | st.none() | st.just(empty.get(member.type_name))
            for name, member in shape.members.items()
        },
    )  # fmt: skip


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any route that makes an environment, anywhere, with or without what has to be chosen there."""
    account = draw(st.sampled_from(["111122223333", OTHER, ""]))
    made = session(account=account, region=draw(st.sampled_from(["us-east-1", "eu-west-1"])))
    made.route = draw(st.sampled_from(["new-environment", "bridge", "settings-only"]))
    made.target.airflow_version = draw(st.sampled_from(["", "9.9", "2.11.2", "2.10.3", "2.7.2", "3.0.6", "3.3.1"]))
    made.target.upgrade_to = draw(st.sampled_from(["", "3.3.1"])) if made.route == "bridge" else ""
    made.target.create_role, made.target.create_bucket = draw(st.booleans()), draw(st.booleans())
    if draw(st.integers(0, 4)):
        made.target.settings |= {
            fields.SUBNETS: ["subnet-c", "subnet-d"], fields.SECURITY_GROUPS: ["sg-c"], "KmsKey": None,
            "DagS3Path": "dags", "WebserverAccessMode": "PRIVATE_ONLY",
        }  # fmt: skip
    if draw(st.integers(0, 2)):
        made.target.settings |= dict.fromkeys(fields.OBJECT_VERSIONS)
        made.target.settings |= dict.fromkeys(fields.COUNTS) | {"EnvironmentClass": draw(st.sampled_from(CLASSES))}
    return made


def _only_the_sandbox_knows(request: dict[str, Any], said: list[str]) -> bool:
    """The sandbox refuses what is in none of its tables; AWS may have it by now, so it is sent."""
    version, kind = request.get("AirflowVersion", VERSIONS[0]), request.get("EnvironmentClass", CLASSES[0])
    text = " ".join(said)
    workers = max(request.get("MinWorkers", 0), request.get("MaxWorkers", 0)) > QUOTA
    return (
        (version not in VERSIONS and "is not supported" in text)
        or (kind not in CLASSES and "Unsupported environment class" in text)
        or (workers and "MaxWorkers must be between" in text)
    )


ANSWERS = values(ENVIRONMENT)


def test_any_answer_becomes_a_request_or_questions() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=400, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(answer=ANSWERS, made=sessions())
    def judge(answer: dict[str, Any], made: Session) -> None:
        role = ROLE.replace("111122223333", made.target.connection.account or "111122223333")
        open_ones = clone.questions(made, answer, role_arn=role, bucket_arn=BUCKET, strict=True)
        if open_ones:
            assert all(question.name and question.text for question in open_ones)
            with pytest.raises(WizardError) as refused:
                clone.create_request(made, answer, role_arn=role, bucket_arn=BUCKET, object_versions=OBJECTS)
            assert open_ones[0].name in refused.value.where
            seen["asked"] += 1
        else:
            request = clone.create_request(made, answer, role_arn=role, bucket_arn=BUCKET, object_versions=OBJECTS)
            assert shapes.request_problems(request) == []
            said = refusals({**request, "Tags": {**request.get("Tags", {}), **own_tags(made)}})
            assert said == [] or _only_the_sandbox_knows(request, said)
            seen["sent"] += 1
        json.dumps(clone.sanitise(answer))  # can be kept
        assert page.rows(made, clone.sanitise(answer))
        effective.flipped_defaults(made, answer)

    judge()
    assert seen["asked"] >= 50, seen
    assert seen["sent"] >= 30, seen


def planned(made: Session, answer: dict[str, Any], new_group: bool) -> Blueprint | WizardError:
    try:
        return blueprint(made, answer, new_group=new_group)
    except WizardError as refused:
        return refused


def test_any_answer_becomes_a_template_or_an_error_with_names() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=120, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(answer=ANSWERS, made=sessions(), new_group=st.booleans())
    def write(answer: dict[str, Any], made: Session, new_group: bool) -> None:
        plan = planned(made, answer, new_group)
        if isinstance(plan, WizardError):
            assert plan.where
            seen["refused"] += 1
            return
        assert "Environment:" in to_cloudformation(plan)
        assert "aws_mwaa_environment" in to_terraform(plan)
        assert json.loads(to_cli(plan, made).text)
        seen["written"] += 1

    write()
    assert seen["refused"] >= 10, seen
    assert seen["written"] >= 10, seen


@pytest.mark.parametrize(
    "gap", [{"StartUrl": None}, {"StartUrl": ""}, {"StartUrl": None, "IdentityStoreId": "d-1234567890"}, {}]
)
def test_members_that_hold_nothing_are_not_sent(gap: dict[str, Any]) -> None:
    source = environment(IdentityCenterConfiguration=gap, KmsKey="", RequirementsS3Path="", PluginsS3Path=None)
    request = clone.create_request(session(), source, role_arn=ROLE, bucket_arn=BUCKET, object_versions=OBJECTS)
    assert refusals(request) == []
    kept = {name: text for name, text in gap.items() if text}
    assert request.get("IdentityCenterConfiguration", {}) == kept
    assert not {"KmsKey", "RequirementsS3Path", "PluginsS3Path"} & set(request)
