"""Boto3 clients for two sides: the source's account and region, and the target's.

boto3 is imported on first use, never at module level: the first screen paints before it is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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
    """Makes and keeps the clients of both sides; safe to share between threads."""

    def __init__(self, places: Mapping[Side, Place]) -> None:
        self._places = dict(places)
        self._sessions: dict[Place, Any] = {}
        self._clients: dict[tuple[Side, str], Any] = {}
        self._identities: dict[Side, Identity] = {}
        self._lock = threading.RLock()

    def place(self, side: Side) -> Place:
        """The profile and region of a side; KeyError if that side is not chosen yet."""
        return self._places[side]

    def client(self, side: Side, service: str) -> Any:
        """The boto3 client of `service` with that side's credentials and region.

        Raises ProfileNotFound, NoRegionError and the like from botocore; `aws.errors.translate` words them.
        """
        key = (side, service)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session(self._places[side]).client(service, config=_config())
            return self._clients[key]

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
            made.events.register("creating-client-class", _named_by(made.profile_name))
            self._sessions[place] = made
        return self._sessions[place]


def _named_by(profile: str) -> Callable[..., None]:
    """Lets every failure of a call say whose credentials it was made with (`aws_profile`): the error's remedy needs it.

    Source: boto3 guide "Extensibility" (`creating-client-class`).
    """

    class Named:
        def _make_api_call(self, operation_name: str, api_params: Any) -> Any:
            try:
                return super()._make_api_call(operation_name, api_params)  # type: ignore[misc]
            except Exception as problem:
                problem.aws_profile = profile  # type: ignore[attr-defined]
                raise

    def add(base_classes: list[type], **_event: Any) -> None:
        base_classes.insert(0, Named)

    return add


def _config() -> Any:
    from botocore.config import Config

    # Standard mode retries throttling and 5xx with jittered backoff; MWAA's InvokeRestApi allows 10 s an answer.
    return Config(
        retries={"mode": "standard", "total_max_attempts": 5},
        connect_timeout=10,
        read_timeout=60,
        user_agent_extra="mwaa-wizard",
    )
