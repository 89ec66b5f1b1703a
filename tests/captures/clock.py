"""A clock that stands still, so that ages and elapsed times are the same in every capture."""

from __future__ import annotations

import datetime as _real
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

NOW = _real.datetime(2026, 11, 22, 12, 53, 0, tzinfo=_real.UTC)
_Datetime, _Date = _real.datetime, _real.date


class _LikeReal(type):
    """`isinstance` answers for the class that is stood in for: everything else makes real ones."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _Datetime if issubclass(cls, _Datetime) else _Date)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return _Datetime in subclass.__mro__ if cls.__name__ == "datetime" else _Date in subclass.__mro__


class datetime(_Datetime, metaclass=_LikeReal):  # type: ignore[valid-type,misc]
    """`now` is always NOW."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return NOW.astimezone(tz) if tz is not None else NOW.replace(tzinfo=None)

    @classmethod
    def utcnow(cls) -> Any:
        return NOW.replace(tzinfo=None)


class date(_Date, metaclass=_LikeReal):  # type: ignore[valid-type,misc]
    """`today` is the day of NOW."""

    @classmethod
    def today(cls) -> Any:
        return NOW.date()


@contextmanager
def standing_still() -> Iterator[None]:
    """For modules that say `dt.datetime.now`; what measures time (asyncio, Textual) goes on."""
    with mock.patch.object(_real, "datetime", datetime), mock.patch.object(_real, "date", date):
        yield
