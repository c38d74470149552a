"""Where the bars of a calendar strip start and end, in percent of the months shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask

from skillshare.ground import clock
from skillshare.ground.typography import month_fr


@dataclass(frozen=True)
class Month:
    at: float
    label: str


@dataclass(frozen=True)
class Bar:
    at: float
    width: float
    label: str
    kind: str
    note: str


@dataclass(frozen=True)
class Axis:
    months: list[Month]
    bars: list[Bar]
    today: float | None


def calendar_axis(spans: Iterable[Mapping[str, Any]], months: int = 6, first: date | None = None) -> Axis:
    """Place spans {label, starts_on, ends_on, kind, note} on `months` months; what lies outside is cut.

    The first month shown is that of the earliest span, no earlier than two months before today's.
    """
    spans = list(spans)
    first = first or _first_shown([span["starts_on"] for span in spans])
    starts = [_month(first, index) for index in range(months + 1)]
    start, end = starts[0], starts[-1]
    shown = [span for span in spans if span["starts_on"] < end and span["ends_on"] >= start]
    return Axis(
        months=[Month(_percent(month, start, end), month_fr(month, year=False, short=True))
                for month in starts[:-1]],
        bars=[_bar(span, start, end) for span in shown],
        today=_percent(clock.today(), start, end) if start <= clock.today() < end else None,
    )


def _first_shown(starts: list[date]) -> date:
    earliest = _month(clock.today(), -2)
    return max(earliest, min([clock.today(), *starts]))


def _month(day: date, later: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + later, 12)
    return date(year, month + 1, 1)


def _percent(day: date, start: date, end: date) -> float:
    return round(100 * (day - start).days / (end - start).days, 2)


def _bar(span: Mapping[str, Any], start: date, end: date) -> Bar:
    at = _percent(max(span["starts_on"], start), start, end)
    until = _percent(min(span["ends_on"] + timedelta(days=1), end), start, end)
    return Bar(at, round(until - at, 2), span["label"], span.get("kind", "lent"), span.get("note", ""))


def register(app: Flask) -> None:
    """Let the calendar strip place its bars."""
    app.jinja_env.globals["calendar_axis"] = calendar_axis
