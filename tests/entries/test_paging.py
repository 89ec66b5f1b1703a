"""Lists through InvokeRestApi: pages, MWAA's rate, throttling, answers that are too big or too slow."""

from __future__ import annotations

import pytest

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.entries.paging import PER_SECOND, Rest, Turns
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from tests.entries.fakes import FakeRest, variable
from tests.execution.fakes import client_error


def _rest(client: FakeRest) -> tuple[Rest, list[float]]:
    slept: list[float] = []
    return Rest(lambda: client, "old", turns=Turns(1e9), sleep=slept.append), slept


def _keys(client: FakeRest, page: int = 100) -> list[str | None]:
    rest, _slept = _rest(client)
    return [None if row is None else row["key"] for row in rest.rows("/variables", "variables", page=page)]


def _filled(count: int, size: int = 10) -> FakeRest:
    client = FakeRest()
    client.rows["variables"] = [variable(f"k{number}", "v" * size) for number in range(count)]
    return client


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_all_rows_once_and_in_order(count: int) -> None:
    assert _keys(_filled(count)) == [f"k{number}" for number in range(count)]


def test_airflow_may_give_smaller_pages_than_asked() -> None:
    client = _filled(30)
    client.most = 7
    assert _keys(client) == [f"k{number}" for number in range(30)]


def test_an_answer_over_6_mb_is_asked_for_in_smaller_pages() -> None:
    client = _filled(40, size=300_000)  # 12 MB together
    assert _keys(client) == [f"k{number}" for number in range(40)]
    limits = [query["limit"] for _method, _path, query in client.calls]
    assert limits[0] == 100
    assert min(limits) < 21


def test_a_row_that_alone_is_too_big_is_counted_and_passed_over() -> None:
    client = _filled(5)
    client.rows["variables"][2]["value"] = "x" * (7 * 1024 * 1024)
    assert _keys(client) == ["k0", "k1", None, "k3", "k4"]


def test_the_first_row_may_be_the_one_that_is_too_big() -> None:
    client = _filled(2)
    client.rows["variables"][0]["value"] = "x" * (7 * 1024 * 1024)
    assert _keys(client) == [None, "k1"]


def test_a_list_that_takes_too_long_is_asked_for_in_smaller_pages() -> None:
    client = _filled(3)
    slow = client_error("RestApiServerException", RestApiStatusCode=504, RestApiResponse={"detail": "10 seconds"})
    client.moods = [slow, slow]
    assert _keys(client) == ["k0", "k1", "k2"]
    assert [query["limit"] for _m, _p, query in client.calls] == [100, 100, 25]


def test_throttling_and_errors_of_airflow_are_waited_for() -> None:
    client = _filled(2)
    client.moods = [
        client_error("RestApiClientException", RestApiStatusCode=429, RestApiResponse={"detail": "slow down"}),
        client_error("RestApiServerException", RestApiStatusCode=503, RestApiResponse={"detail": "starting"}),
    ]
    rest, slept = _rest(client)
    assert len(list(rest.rows("/variables", "variables"))) == 2
    assert len(slept) == 2
    assert slept[0] >= 1


def test_an_error_that_stays_ends_as_one_that_can_be_resumed() -> None:
    client = _filled(1)
    client.moods = [client_error("RestApiServerException", RestApiStatusCode=500, RestApiResponse={})] * 9
    rest, _slept = _rest(client)
    with pytest.raises(WizardError) as caught:
        list(rest.rows("/variables", "variables"))
    assert caught.value.exit_code == EXIT_RESUMABLE


def test_a_list_that_may_not_be_read_says_so() -> None:
    client = _filled(1)
    client.refuse = lambda method, path, body: (403, {"detail": "Forbidden"})
    rest, _slept = _rest(client)
    with pytest.raises(RestUnavailable, match="403"):
        list(rest.rows("/variables", "variables"))
    client.moods = [client_error("AccessDeniedException", "not authorized to perform: airflow:InvokeRestApi")]
    with pytest.raises(RestUnavailable, match="InvokeRestApi"):
        list(rest.rows("/variables", "variables"))


def test_turns_keep_the_rate() -> None:
    slept: list[float] = []
    turns = Turns(sleep=slept.append)
    for _call in range(40):
        turns.wait()
    # The calls themselves take no time here, so the last one waits for all turns before it.
    assert max(slept) == pytest.approx(39 / PER_SECOND, rel=0.1)
    assert PER_SECOND < 10


def test_a_write_is_repeated_and_its_refusal_repeats_no_value() -> None:
    client = FakeRest()
    rest, _slept = _rest(client)
    canary = "canary-" + "in-a-body"
    client.moods = [client_error("RestApiServerException", RestApiStatusCode=500, RestApiResponse={"detail": canary})]
    body = {"key": "k", "value": canary}
    assert rest.call("POST", "/variables", body=body, repeat=True).status == 201
    client.refuse = lambda method, path, sent: (
        422, {"detail": [{"loc": ["body", "value"], "type": "too_long", "input": sent["value"], "msg": "no"}]}
    )  # fmt: skip
    answer = rest.call("POST", "/variables", body=body, repeat=True)
    assert "too_long" in answer.said_of_fields
    assert canary not in answer.said_of_fields
    client.moods = [
        client_error("RestApiServerException", RestApiStatusCode=500, RestApiResponse={"detail": canary})
    ] * 4
    with pytest.raises(WizardError) as caught:
        rest.call("POST", "/variables", body=body, repeat=True)
    assert canary not in "".join(caught.value.lines())
    client.moods = [client_error("ValidationException", f"Value '{canary}' failed to satisfy constraint")]
    with pytest.raises(RestUnavailable) as refused:
        rest.call("POST", "/variables", body=body)
    assert canary not in str(refused.value)
