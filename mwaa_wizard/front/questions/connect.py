"""Connect: profile and region of both sides; the target has the source's until it is said to have its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine
from mwaa_wizard.front.question import Answer, Choice, Question
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.front.engine import Side, Who
    from mwaa_wizard.session.model import Session

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}", re.ASCII)


def questions() -> tuple[Question, ...]:
    """Source first: the target mostly follows it."""
    return (
        *_of_side("source", _("Source profile"), _("Source region"), lambda session: True),
        Question(
            name="connect.same_place", page="connect", kind="yes-no", option="--same-place",
            label=_("Same profile and region for the target"),
            help=_("The new environment lives where the old one does. No: the target has its own profile or region."),
            read=same_place, write=_write_same,
        ),
        *_of_side("target", _("Target profile"), _("Target region"), lambda session: not same_place(session)),
    )  # fmt: skip


def _of_side(
    side: Side, profile: str, region: str, asked: Callable[[Session], bool]
) -> tuple[Question, Question]:
    return (
        Question(
            name=f"connect.{side}.profile", page="connect", kind="choice", option=f"--{side}-profile", label=profile,
            help=_("An AWS profile of this computer; empty: whatever credentials the environment has. The wizard keeps "
                   "no AWS keys."),
            read=lambda session: session.connection(side).profile or "", write=partial(_write_profile, side),
            check=_check_profile, choices=_profiles, asked=asked, longest=200,
        ),
        Question(
            name=f"connect.{side}.region", page="connect", kind="choice", option=f"--{side}-region", label=region,
            help=_("The AWS region, like eu-west-1. Only regions with Amazon MWAA are offered."),
            read=lambda session: session.connection(side).region, write=partial(_write_region, side),
            check=_check_region, choices=partial(_regions, side), asked=asked, slow=True, free=True, needed=True,
            restrict=r"[a-z0-9-]*", longest=32, hint=_("such as eu-west-1"),
        ),
    )  # fmt: skip


# Profiles


def _profiles(_session: Session) -> list[Choice]:
    chain = Choice("", _("default credentials"))
    return [chain, *(Choice(one.name, "  ".join(part for part in (one.words, one.region) if part))
                     for one in engine.profiles())]  # fmt: skip


def _check_profile(_session: Session, answer: Answer) -> list[str]:
    if not answer or any(one.name == answer for one in engine.profiles()):
        return []
    return [_("There is no AWS profile {name} on this computer. Make it with: aws configure sso").format(
        name=clean(answer, limit=80))]  # fmt: skip


def _write_profile(side: Side, session: Session, answer: Answer) -> None:
    connection = session.connection(side)
    profile = str(answer or "") or None
    if profile != connection.profile:
        followed = same_place(session)
        connection.profile = profile
        connection.region = engine.profile_region(profile) or connection.region
        _moved(session, side, followed=followed)


# Regions


def _regions(side: Side, session: Session) -> list[Choice]:
    region = session.connection(side).region
    return [Choice(name) for name in (engine.regions_beside(region) if region else engine.regions())]


def _check_region(_session: Session, answer: Answer) -> list[str]:
    if answer and not _REGION.fullmatch(str(answer)):
        return [_("That is not an AWS region; they are written like eu-west-1.")]
    return []


def _write_region(side: Side, session: Session, answer: Answer) -> None:
    connection = session.connection(side)
    if answer != connection.region:
        followed = same_place(session)
        connection.region = str(answer or "")
        _moved(session, side, followed=followed)


# The target beside the source


def same_place(session: Session) -> bool:
    """Whether the target's profile and region are the source's."""
    source, target = session.source.connection, session.target.connection
    if session.target.same_place is not None:
        return session.target.same_place
    return (source.profile, source.region) == (target.profile, target.region)


def _write_same(session: Session, answer: Answer) -> None:
    session.target.same_place = bool(answer)
    if answer:
        _follow(session)


def _follow(session: Session) -> None:
    source, target = session.source.connection, session.target.connection
    if (source.profile, source.region) != (target.profile, target.region):
        target.profile, target.region = source.profile, source.region
        target.account = target.arn = target.partition = ""


def _moved(session: Session, side: Side, *, followed: bool) -> None:
    """Another place: who we are there is not known; a target that followed goes along, and one that is elsewhere now
    has its own.
    """
    connection = session.connection(side)
    connection.account = connection.arn = connection.partition = ""
    if side == "source" and followed:
        _follow(session)
    here, there = session.source.connection, session.target.connection
    if (here.profile, here.region) != (there.profile, there.region):
        session.target.same_place = False


def took_identity(session: Session, side: Side, who: Who) -> None:
    """Keep what STS answered for a side."""
    connection = session.connection(side)
    connection.account, connection.arn, connection.partition = who.account, who.arn, who.partition
