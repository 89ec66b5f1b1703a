"""A request signed at another time, and how the wizard words it: against the endpoint's own clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.aws import clock
from mwaa_wizard.aws.errors import translate
from mwaa_wizard.aws.factory import Clients, Place
from tests.sandbox.aws.conftest import World, allow, refusal


@pytest.fixture
def shifted(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets this computer's clock, as botocore and the wizard see it, that many minutes ahead."""

    def shift(minutes: float) -> None:
        ahead = dt.timedelta(minutes=minutes)

        def wrong(remove_tzinfo: bool = True) -> dt.datetime:
            found = dt.datetime.now(dt.UTC) + ahead
            return found.replace(tzinfo=None) if remove_tzinfo else found

        monkeypatch.setattr("botocore.auth.get_current_datetime", wrong)
        monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + ahead)

    return shift


@pytest.mark.parametrize(
    ("service", "call", "minutes", "code"),
    [
        ("s3", "list_buckets", 16, "RequestTimeTooSkewed"),
        ("s3", "list_buckets", -16, "RequestTimeTooSkewed"),
        ("logs", "describe_log_groups", 6, "InvalidSignatureException"),
        ("iam", "list_roles", -6, "SignatureDoesNotMatch"),
        ("ec2", "describe_vpcs", -6, "RequestExpired"),
    ],
)
def test_each_protocol_refuses_another_time_in_its_words(
    world: World, shifted: Callable[[float], None], service: str, call: str, minutes: float, code: str
) -> None:
    client = world.client(service)
    shifted(minutes)
    assert refusal(getattr(client, call))[0] == code


@pytest.mark.parametrize(("service", "call", "minutes"), [("s3", "list_buckets", 14), ("iam", "list_roles", 4)])
def test_a_clock_that_is_nearly_right_is_good_enough(
    world: World, shifted: Callable[[float], None], service: str, call: str, minutes: float
) -> None:
    client = world.client(service)
    shifted(minutes)
    assert getattr(client, call)()


@pytest.mark.parametrize(("service", "call"), [("s3", "list_buckets"), ("iam", "list_roles"), ("ec2", "describe_vpcs")])
def test_the_wizard_says_by_how_much_the_clock_is_off(
    world: World, shifted: Callable[[float], None], monkeypatch: pytest.MonkeyPatch, service: str, call: str
) -> None:
    key, secret, _token = world.user(allow("*"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_ENDPOINT_URL", world.url)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    told: list[str] = []
    place = Place(None, "us-east-1")
    clients = Clients({"source": place, "target": place})
    clients.on_retry = lambda retry: told.append(retry.text())
    client = clients.client("source", service)
    shifted(-20)
    with pytest.raises(ClientError) as caught:
        getattr(client, call)()
    assert translate(caught.value).what == "This computer's clock is 20 minutes slow."
    assert len(told) == 2
    assert "clock is 20 minutes slow, try 2 of 3" in told[0]
