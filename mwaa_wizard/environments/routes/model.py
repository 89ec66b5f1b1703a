"""What is asked of the planner, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mwaa_wizard.environments.cost import Beside, Overlap

Kind = Literal["in-place", "new-environment", "bridge", "settings-only"]
Asset = Literal["history", "logs", "name", "url", "variables", "connections", "pools"]
Degree = Literal["yes", "partly", "no"]
Work = Literal["create", "history", "upgrade", "downgrade", "settings"]

KINDS: tuple[Kind, ...] = ("in-place", "new-environment", "bridge", "settings-only")
ASSETS: tuple[Asset, ...] = ("history", "logs", "name", "url", "variables", "connections", "pools")
# What a user may insist on; the settings come along on every route as far as they can.
KEEPABLE: tuple[Asset, ...] = ("history", "logs", "name", "url")


@dataclass(frozen=True)
class Request:
    """From where to where. `elsewhere`: the target's account, region, VPC or KMS key is not the source's.

    `source_class` and `target_class` are environment classes, for the cost; the target's defaults to the source's.
    `hours`: how long both run, None for the default. `listed_only`: versions must be in the tables.
    """

    source: str
    target: str
    self_managed: bool = False
    elsewhere: bool = False
    keep: frozenset[Asset] = frozenset()
    region: str = "us-east-1"
    source_class: str = "mw1.small"
    target_class: str = ""
    hours: float | None = None
    listed_only: bool = True


@dataclass(frozen=True)
class Reason:
    """One rule in words, and where it is from."""

    text: str
    source: str


@dataclass(frozen=True)
class Step:
    """One piece of work. `before` is empty where an environment is made. `python`: `3.11 → 3.12` where the line
    changes, so that requirements and wheels must be rebuilt.
    """

    work: Work
    before: str
    after: str
    text: str
    python: str = ""


@dataclass(frozen=True)
class Survival:
    """What becomes of one asset, and why."""

    asset: Asset
    degree: Degree
    why: str
    source: str


@dataclass(frozen=True)
class Time:
    """Minutes from the least to the most likely; `basis` says what they stand on."""

    low: int
    high: int
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """One way. `blocked` holds every reason against it; where there is one, there are no steps.

    `lost` and `cut` are the wishes it meets not at all, or in part. `notes` are rules and doubts to know beforehand.
    """

    kind: Kind
    blocked: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
    survives: tuple[Survival, ...] = ()
    notes: tuple[Reason, ...] = ()
    time: Time | None = None
    overlap: Overlap | None = None
    lost: tuple[Asset, ...] = ()
    cut: tuple[Asset, ...] = ()
    recommended: bool = False

    @property
    def possible(self) -> bool:
        """Whether nothing is against it."""
        return not self.blocked


@dataclass(frozen=True)
class Routes:
    """All routes, the recommended first, blocked ones last. `warnings`: what is known too little of.

    `month`: what the target costs beside the source; None where the target's class has no price.
    """

    request: Request
    routes: tuple[Route, ...]
    warnings: tuple[str, ...] = ()
    month: Beside | None = None

    @property
    def recommended(self) -> Route | None:
        """The first choice; None where every way is blocked."""
        return next((route for route in self.routes if route.recommended), None)

    def of(self, kind: Kind) -> Route:
        """The route of that kind."""
        return next(route for route in self.routes if route.kind == kind)
