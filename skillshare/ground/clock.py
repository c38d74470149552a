"""The only clock: instants in UTC, dates in the employer's zone, French working days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Paris")
_travelled: ContextVar[datetime | None] = ContextVar("travelled", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _travelled.get() or datetime.now(UTC)


def today() -> date:
    """The present date where the employer is."""
    return local_date(now())


def local_date(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def at_local(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The instant of a local wall-clock time, in UTC."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


@contextmanager
def travel(at: datetime) -> Iterator[None]:
    """Hold the clock at `at`: for the demo's history and for tests."""
    token = _travelled.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The eleven French public holidays of `year` (Code du travail, art. L3133-1)."""
    easter = _easter(year)
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    return frozenset([date(year, month, day) for month, day in fixed]
                     + [easter + timedelta(days=days) for days in (1, 39, 50)])


def _easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The date `count` working days after `day` (or the next working day from `day` when 0)."""
    while count > 0 or not is_working_day(day):
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def nearest_working_day(day: date) -> date:
    """`day` itself, else the working day closest to it; the earlier of two at the same distance."""
    for distance in range(8):
        for near in (day - timedelta(days=distance), day + timedelta(days=distance)):
            if is_working_day(near):
                return near
    raise AssertionError("no week is without a working day")


def working_days(starts_on: date, ends_on: date) -> int:
    """Working days from `starts_on` to `ends_on`, both counted."""
    return sum(is_working_day(starts_on + timedelta(days=n)) for n in range((ends_on - starts_on).days + 1))
