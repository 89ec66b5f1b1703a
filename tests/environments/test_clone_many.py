"""Five hundred generated environments cloned: what goes out is refused by nobody, what stays is a named question.

Three judges: botocore's own validator, the constraints of its model (which it does not check), and the sandbox's MWAA,
which looks at every rule of the service before it makes anything.
"""

from __future__ import annotations

import string
from collections import Counter
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from mwaa_wizard.environments import clone, fields, versions
from mwaa_wizard.execution.names import tags as own_tags
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.mwaa import artefacts, changes, shapes
from mwaa_wizard.sandbox.mwaa import settings as strict
from mwaa_wizard.sandbox.mwaa.service import Service
from mwaa_wizard.session.model import Session
from tests.environments.samples import BUCKET, KEY, OTHER, ROLE, session
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION, Aws, Permissions, Plan, mwaa_client

LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
OBJECTS = dict.fromkeys(fields.OBJECT_VERSIONS.values(), "version-in-the-target")
_PATH = st.text(string.ascii_lowercase + "-_./", min_size=1, max_size=12)
_OPTION = st.sampled_from(
    ["core.parallelism", "core.executor", "celery.worker_autoscale", "smtp.smtp_password", "secrets.backend_kwargs",
     "webserver.default_ui_timezone", "scheduler.dag_dir_list_interval", "core.fernet_key", "custom_section.flag"]
)  # fmt: skip
_TAG = st.text("abcXYZ 0-9_.:/=+@データ", min_size=1, max_size=10)


@st.composite
def environments(draw: st.DrawFn) -> dict[str, Any]:
    """An environment as GetEnvironment answers it for any class and version that MWAA has or had."""
    micro = (kind := draw(st.sampled_from([row.name for row in versions.classes()]))) == "mw1.micro"
    least = 1 if micro else draw(st.integers(1, 25))
    web = 1 if micro else draw(st.integers(2, 5))
    made: dict[str, Any] = {
        "Name": "old", "Status": draw(st.sampled_from(["AVAILABLE", "UPDATE_FAILED", "UPDATING"])),
        "Arn": "arn:aws:airflow:us-east-1:111122223333:environment/old",
        "AirflowVersion": draw(st.sampled_from([row.version for row in versions.known()])),
        "EnvironmentClass": kind, "ExecutionRoleArn": ROLE, "SourceBucketArn": BUCKET,
        "DagS3Path": draw(_PATH), "MinWorkers": least, "MaxWorkers": 1 if micro else draw(st.integers(least, 25)),
        "Schedulers": 1 if micro else draw(st.integers(2, 5)), "MinWebservers": web,
        "MaxWebservers": 1 if micro else draw(st.integers(web, 5)),
        "WebserverAccessMode": draw(st.sampled_from(["PUBLIC_ONLY", "PRIVATE_ONLY", "PUBLIC_AND_PRIVATE"])),
        "NetworkConfiguration": {"SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-a"]},
        "CeleryExecutorQueue": "arn:aws:sqs:us-east-1:999900001111:airflow-celery-x", "WebserverUrl": "x.example",
        "ServiceRoleArn": "arn:aws:iam::111122223333:role/aws-service-role/airflow.amazonaws.com/x",
        "WeeklyMaintenanceWindowStart": draw(st.sampled_from(["SUN:03:30", "MON:00:00", "SAT:23:30"])),
        "EndpointManagement": draw(st.sampled_from(["SERVICE", "CUSTOMER"])),
    }  # fmt: skip
    for path, version in fields.OBJECT_VERSIONS.items():
        if draw(st.booleans()):
            made[path], made[version] = draw(_PATH), "version-in-the-source"
    if draw(st.booleans()):
        made["KmsKey"] = KEY
    module = st.fixed_dictionaries(
        {"Enabled": st.booleans()},
        optional={"LogLevel": st.sampled_from(LEVELS), "CloudWatchLogGroupArn": st.just("arn:aws:logs:x")},
    )
    made["LoggingConfiguration"] = draw(
        st.fixed_dictionaries({}, optional=dict.fromkeys(fields.LOG_MODULES, module))
    )
    made["AirflowConfigurationOptions"] = draw(
        st.dictionaries(_OPTION, st.text(string.printable[:95] + "é", max_size=6), max_size=4)
    )
    made["Tags"] = draw(st.dictionaries(_TAG | st.just("aws:cloudformation:stack-id"), _TAG | st.just(""), max_size=4))
    if draw(st.booleans()):
        made["IdentityCenterConfiguration"] = {"StartUrl": "https://x.awsapps.com/start"}
    for name in draw(st.lists(st.sampled_from(sorted(made)), max_size=2, unique=True)):
        made.pop(name)
    return made


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Where to: here, another region, another account; with or without what has to be chosen there."""
    made = session(
        account=draw(st.sampled_from(["111122223333", OTHER])), region=draw(st.sampled_from(["us-east-1", "eu-west-1"]))
    )
    made.route = draw(st.sampled_from(["new-environment", "new-environment", "bridge", "settings-only"]))
    made.target.airflow_version = draw(st.sampled_from(["", *versions.creatable()]))
    if draw(st.integers(0, 3)):  # what cannot move is chosen anew
        made.target.settings |= {
            fields.SUBNETS: ["subnet-c", "subnet-d"], fields.SECURITY_GROUPS: ["sg-c"], "KmsKey": None,
        }  # fmt: skip
    if draw(st.integers(0, 3)):
        made.target.settings |= {"WebserverAccessMode": "PUBLIC_ONLY"}
        made.target.airflow_version = draw(st.sampled_from(["2.11.2", "2.10.3", "2.7.2"]))
    if kind := draw(st.sampled_from(["", "", "mw1.micro", "mw1.small"])):
        made.target.settings["EnvironmentClass"] = kind
    return made


def refusals(request: dict[str, Any]) -> list[str]:
    """What botocore's validator and the sandbox's MWAA say against a request."""
    shape = get_session().get_service_model("mwaa").operation_model("CreateEnvironment").input_shape
    said = [text for text in [str(ParamValidator().validate(request, shape).generate_report())] if text]
    try:
        wanted = strict.with_defaults(shapes.check_request("CreateEnvironment", request))
        changes.check_tags(wanted.get("Tags", {}))
        artefacts.check_paths(wanted)
        strict.check_counts(wanted)
        strict.check_access_mode(wanted)
        strict.check_creatable(wanted["AirflowVersion"])
    except Exception as problem:  # whatever it is, it is a refusal
        said.append(repr(problem))
    return said


def cloned(made: Session, source: dict[str, Any]) -> dict[str, Any] | list[clone.Question]:
    """The request as the step sends it, or what has to be asked."""
    role = ROLE.replace("111122223333", made.target.connection.account)
    found = clone.questions(made, source, role_arn=role, bucket_arn=BUCKET, strict=True)
    if found:
        return found
    request = clone.create_request(made, source, role_arn=role, bucket_arn=BUCKET, object_versions=OBJECTS)
    return {**request, "Tags": {**request.get("Tags", {}), **own_tags(made)}}


def test_five_hundred_clones_are_refused_by_nobody() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=500, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(source=environments(), made=sessions())
    def judge(source: dict[str, Any], made: Session) -> None:
        outcome = cloned(made, source)
        if isinstance(outcome, list):
            assert all(question.name and question.text for question in outcome)
            seen["asked"] += 1
        else:
            assert refusals(outcome) == []
            seen["sent"] += 1

    judge()
    assert seen["sent"] + seen["asked"] >= 500
    assert seen["sent"] >= 100, seen  # and not only because everything is asked for
    assert seen["asked"] >= 50, seen


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"Schedulers": 1}, "Schedulers"), ({"MaxWorkers": 26}, "Workers"), ({"DagS3Path": "/x"}, "DagS3Path"),
        ({"Tags": {"aws:x": "y"}}, "aws:"), ({"AirflowVersion": "2.6.3"}, "not supported"), ({"Status": "x"}, "Status"),
        ({"StartupScriptS3Path": "s.sh"}, "StartupScriptS3ObjectVersion"), ({"Name": "9"}, "pattern"),
    ],
)  # fmt: skip
def test_the_judges_refuse_what_is_wrong(change: dict[str, Any], word: str) -> None:
    right = {"Name": "a", "ExecutionRoleArn": ROLE, "SourceBucketArn": BUCKET, "DagS3Path": "dags",
             "NetworkConfiguration": {"SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-a"]}}  # fmt: skip
    assert refusals(right) == []
    assert word in " ".join(refusals({**right, **change}))


def test_clones_are_taken_by_the_create_call_itself(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a real network, role, bucket, files and key in moto, through all that the service looks at."""
    with mock_aws():
        aws = Aws()
        around = provision.surround(aws, "prod", ACCOUNT, REGION)
        s3, key = aws.client("s3", REGION), aws.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
        service = Service(aws=aws, runtime_factory=Plan().factory, homes=tmp_path, poll_seconds=0.01)
        monkeypatch.setattr(service.lifecycle, "run", lambda environment, work: None)  # nothing is really made
        client = mwaa_client(service, Permissions())
        sent = 0

        @settings(max_examples=40, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(source=environments(), made=sessions())
        def create(source: dict[str, Any], made: Session) -> None:
            nonlocal sent
            made.target.connection.account, made.target.connection.region = "111122223333", REGION
            made.target.settings |= {
                fields.SUBNETS: list(around.subnet_ids), fields.SECURITY_GROUPS: [around.security_group_id],
            }  # fmt: skip
            if source.get("KmsKey"):
                made.target.settings["KmsKey"] = key
            outcome = cloned(made, source)
            if isinstance(outcome, list):
                return
            outcome |= {
                "ExecutionRoleArn": around.role_arn, "SourceBucketArn": f"arn:aws:s3:::{around.bucket}",
            }  # fmt: skip
            for path, version in fields.OBJECT_VERSIONS.items():
                if path in outcome:
                    put = s3.put_object(Bucket=around.bucket, Key=outcome[path], Body=b"x")
                    outcome[version] = put["VersionId"]
            assert client.create_environment(**outcome)["Arn"].endswith("/analytics-v2")
            service._held.clear()
            sent += 1

        create()
        assert sent >= 8
