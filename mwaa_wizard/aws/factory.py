"""Boto3 clients for two sides: the source's account and region, and the target's.

boto3 is imported on first use, never at module level: the first screen paints before it is loaded.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mwaa_wizard import readonly
from mwaa_wizard.aws import clock, retries, waits

Side = Literal["source", "target"]
SIDES: tuple[Side, Side] = ("source", "target")


@dataclass(frozen=True)
class Place:
    """Whose credentials and which region: a profile name (None: the default chain) and a region."""

    profile: str | None
    region: str


@dataclass(frozen=True)
class Identity:
    """Who a side's credentials are, as STS says."""

    account: str
    arn: str
    partition: str
    region: str


class Clients:
    """Makes and keeps the clients of both sides; safe to share between threads.

    `on_retry` hears of every try that failed and is made again (`retries.Retry.text` words it), `on_wait` of calls that
    are long without an answer, in words; both from any thread.
    """

    def __init__(self, places: Mapping[Side, Place]) -> None:
        self.on_retry: retries.Tell | None = None
        self.on_wait: waits.Tell | None = None
        self._places = dict(places)
        self._sessions: dict[Place, Any] = {}
        self._clients: dict[tuple[Side, str], Any] = {}
        self._identities: dict[Side, Identity] = {}
        self._expired: set[Place] = set()
        self._lock = threading.RLock()

    def place(self, side: Side) -> Place:
        """The profile and region of a side; KeyError if that side is not chosen yet."""
        return self._places[side]

    def client(self, side: Side, service: str) -> Any:
        """The boto3 client of `service` with that side's credentials and region.

        After a call was refused because the credentials have expired, the next one has them read anew.

        Raises ProfileNotFound, NoRegionError and the like from botocore; `aws.errors.translate` words them.
        """
        key = (side, service)
        with self._lock:
            if self._places[side] in self._expired:
                self.renew(side)
            if key not in self._clients:
                made = self._session(self._places[side]).client(service, config=_config())
                retries.hook(made, side, self._told)
                waits.hook(made, side, self._waited)
                self._clients[key] = made
            return self._clients[key]

    def renew(self, side: Side) -> None:
        """Forget a side's credentials and clients, so that the profile and its login are read anew.

        The other side's go, too, where it has the same profile and region. To be called when somebody has logged in
        again: before a run is resumed, and before a look-up is tried again.
        """
        with self._lock:
            place = self._places[side]
            self._expired.discard(place)
            self._sessions.pop(place, None)
            for other in [name for name, where in self._places.items() if where == place]:
                self._identities.pop(other, None)
                for key in [key for key in self._clients if key[0] == other]:
                    del self._clients[key]

    @contextlib.contextmanager
    def telling(self, tell: retries.Tell, waiting: waits.Tell | None = None) -> Iterator[None]:
        """Let `tell` hear of retries, and `waiting` of long waits, meanwhile; in place of who does so otherwise."""
        before = self.on_retry, self.on_wait
        self.on_retry, self.on_wait = tell, waiting
        try:
            yield
        finally:
            self.on_retry, self.on_wait = before

    def _told(self, retry: retries.Retry) -> None:
        if self.on_retry is not None:
            self.on_retry(retry)

    def _waited(self, text: str) -> None:
        if self.on_wait is not None:
            self.on_wait(text)

    def _failed(self, place: Place, problem: BaseException) -> None:
        """Note credentials that have expired; said by AWS, or by botocore, which then made no call at all."""
        from mwaa_wizard.aws.errors import LOGIN_NEEDED, code_of

        if code_of(problem) in LOGIN_NEEDED or type(problem).__name__ in LOGIN_NEEDED:
            self._expired.add(place)

    def identity(self, side: Side) -> Identity:
        """Account, caller ARN and partition of a side, asked once (sts:GetCallerIdentity)."""
        with self._lock:
            if side not in self._identities:
                answer = self.client(side, "sts").get_caller_identity()
                region = self._places[side].region
                self._identities[side] = Identity(
                    account=answer["Account"],
                    arn=answer["Arn"],
                    partition=answer["Arn"].split(":")[1],
                    region=region,
                )
            return self._identities[side]

    def _session(self, place: Place) -> Any:
        import boto3

        if place not in self._sessions:
            made = boto3.Session(profile_name=place.profile, region_name=place.region or None)
            made.events.register("creating-client-class", _named_by(made.profile_name, place, self._failed))
            self._sessions[place] = made
        return self._sessions[place]


def _named_by(profile: str, place: Place, failed: Callable[[Place, BaseException], None]) -> Callable[..., None]:
    """Lets every failure of a call say whose credentials it was made with (`aws_profile`), for which region
    (`aws_region`), and by how many seconds this computer's clock was ahead then (`aws_clock_skew`): the error's remedy
    needs them.

    Source: boto3 guide "Extensibility" (`creating-client-class`).
    """

    class Named:
        def _make_api_call(self, operation_name: str, api_params: Any) -> Any:
            readonly.refuse_call(operation_name, api_params)
            try:
                return super()._make_api_call(operation_name, api_params)  # type: ignore[misc]
            except Exception as problem:
                problem.aws_profile = profile  # type: ignore[attr-defined]
                problem.aws_region = place.region  # type: ignore[attr-defined]
                problem.aws_clock_skew = _skew(problem)  # type: ignore[attr-defined]
                failed(place, problem)
                raise

    def add(base_classes: list[type], **_event: Any) -> None:
        base_classes.insert(0, Named)

    return add


def _skew(problem: BaseException) -> float | None:
    response = getattr(problem, "response", None)
    meta = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    return clock.skew(meta.get("HTTPHeaders", {}))


def _config() -> Any:
    from botocore.config import Config

    # botocore itself tries once: `retries` decides what is tried again, and tells it.
    # MWAA's InvokeRestApi allows 10 s an answer.
    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=10,
        read_timeout=60,
        user_agent_extra="mwaa-wizard",
    )
