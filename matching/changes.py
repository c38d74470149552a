"""The changes of a seat that might fill it: what a service may ask less of, least first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from matching.market import Market

Kind = Literal["load", "later", "earlier", "neighbours", "level", "remote", "skill", "split"]

LOAD_STEP = 0.05
"""Steps in which a load is lowered, in full-time equivalents."""

MOST_DAYS = 28
"""How far a period is moved, day by day."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one seat that fills it.

    Parameters
    ----------
    kind : str
        ``load`` (lower), ``later`` or ``earlier`` (same duration), ``neighbours`` (one required skill may be
        replaced by a neighbouring one), ``level`` (one required skill at a lower level), ``remote`` (may be done
        remotely), ``skill`` (one required skill becomes desired), ``split`` (two seats of the same need instead).
    amount : float
        How much: full-time equivalents less, days, levels less, one skill, two seats.
    verified : bool
        Whether a plan was found of the market so changed that fills the seat, or both halves, and besides as many
        seats of each class as the plan. Changes that are not verified are not told.
    demand : int or None
        Row of the market's demands that changes.
    to : float or None
        The new load, level, first day of the seat or of its second half.
    part : str
        What a split halves: ``days`` or ``load``; else empty.
    eligible : int
        Agents who then pass every filter; for a split, of the half that has fewer.
    smallest : bool
        Whether every smaller amount of the same change is proven not to do.

    Examples
    --------
    >>> Change(kind="later", amount=3.0, verified=True, to=13.0, eligible=1).smallest
    True
    """

    kind: Kind
    amount: float
    verified: bool
    demand: int | None = None
    to: float | None = None
    part: str = ""
    eligible: int = 0
    smallest: bool = True


@dataclass(frozen=True)
class Ask:
    """What a seat asks, where it differs from the market's seat.

    Examples
    --------
    >>> Ask(start=10, end=15, load=0.4, remote=False).demands
    ()
    """

    start: int
    end: int
    load: float
    remote: bool
    demands: tuple[tuple[int, int, bool, bool], ...] = ()
    """Rows of the market's demands that differ, with their level, whether required, whether neighbours may do."""


@dataclass(frozen=True)
class Variant:
    """A change, and the seats that ask what the seat then asks.

    Examples
    --------
    >>> ask = Ask(11, 16, 0.4, False)
    >>> Variant(Change(kind="later", amount=1.0, verified=False), (ask,)).asks[0].end
    16
    """

    change: Change
    asks: tuple[Ask, ...]


def lines(market: Market, seat: int, *, first_day: int | None = None) -> Iterator[tuple[Variant, ...]]:
    """Return the changes of a seat, those of one kind and demand together, each by growing amount.

    The order of the lines is from what costs a service least to what changes the seat most.

    Parameters
    ----------
    market : Market
    seat : int
    first_day : int, optional
        No seat starts before.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> [(line[0].change.kind, len(line)) for line in lines(small_market(), 0, first_day=8)]
    [('load', 7), ('later', 28), ('earlier', 2), ('level', 1), ('remote', 1), ('skill', 1), ('split', 1), ('split', 1)]
    """
    ask = asked(market, seat)
    for line in (_lower(ask), _moved(ask, "later", 1, None), _moved(ask, "earlier", -1, first_day),
                 *_by_demand(market, seat, ask), _halved_days(ask), _halved_load(ask)):
        if line:
            yield line


def asked(market: Market, seat: int) -> Ask:
    """Return what a seat of the market asks.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> asked(small_market(), 0)
    Ask(start=10, end=15, load=0.4, remote=False, demands=())
    """
    start, end = int(market.seat_start[seat]), int(market.seat_end[seat])
    return Ask(start, end, float(market.seat_load[seat]), bool(market.seat_remote[seat]))


def whatever_the_level(market: Market, seat: int) -> Ask:
    """Return what a seat asks, any level being enough.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> whatever_the_level(small_market(), 0).demands
    ((0, 1, True, False),)
    """
    rows = np.flatnonzero(market.demand_seat == seat).tolist()
    facts = tuple((row, 1, bool(market.demand_required[row]), bool(market.demand_neighbours[row])) for row in rows)
    return replace(asked(market, seat), demands=facts)


def _lower(ask: Ask) -> tuple[Variant, ...]:
    loads = (round(ask.load - LOAD_STEP * step, 6) for step in range(1, int(1 / LOAD_STEP) + 1))
    return tuple(
        Variant(Change(kind="load", amount=round(ask.load - load, 6), verified=False, to=load), (replace(ask, load=load),))
        for load in loads if load >= LOAD_STEP - 1e-9
    )


def _moved(ask: Ask, kind: Kind, sign: int, first_day: int | None) -> tuple[Variant, ...]:
    days = (sign * step for step in range(1, MOST_DAYS + 1))
    return tuple(
        Variant(Change(kind=kind, amount=float(abs(day)), verified=False, to=float(ask.start + day)),
                (replace(ask, start=ask.start + day, end=ask.end + day),))
        for day in days if first_day is None or ask.start + day >= first_day
    )


def _by_demand(market: Market, seat: int, ask: Ask) -> Iterator[tuple[Variant, ...]]:
    rows = np.flatnonzero((market.demand_seat == seat) & market.demand_required).tolist()
    facts = [(row, int(market.demand_level[row]), bool(market.demand_neighbours[row])) for row in rows]
    for row, level, near in facts:
        if not near and (market.neighbour_skill == market.demand_skill[row]).any():
            yield (_demand(ask, "neighbours", 1, row, (level, True, True)),)
    for row, level, near in facts:
        yield tuple(_demand(ask, "level", level - less, row, (less, True, near)) for less in range(level - 1, 0, -1))
    if not ask.remote and not np.isnan(market.seat_lat[seat]) and not np.isnan(market.seat_lon[seat]):
        yield (Variant(Change(kind="remote", amount=1.0, verified=False), (replace(ask, remote=True),)),)
    for row, level, near in facts:
        yield (_demand(ask, "skill", 1, row, (level, False, near)),)


def _demand(ask: Ask, kind: Kind, amount: int, row: int, now: tuple[int, bool, bool]) -> Variant:
    change = Change(kind=kind, amount=float(amount), verified=False, demand=row, to=float(now[0]) if kind == "level" else None)
    return Variant(change, (replace(ask, demands=((row, *now),)),))


def _halved_days(ask: Ask) -> tuple[Variant, ...]:
    if ask.end - ask.start < 2:
        return ()
    middle = (ask.start + ask.end + 1) // 2
    change = Change(kind="split", amount=2.0, verified=False, to=float(middle), part="days")
    return (Variant(change, (replace(ask, end=middle), replace(ask, start=middle))),)


def _halved_load(ask: Ask) -> tuple[Variant, ...]:
    half = replace(ask, load=ask.load / 2)
    if half.load < LOAD_STEP - 1e-9:
        return ()
    return (Variant(Change(kind="split", amount=2.0, verified=False, to=half.load, part="load"), (half, half)),)


def market_of(market: Market, seat: int, asks: list[Ask]) -> Market:
    """Return the market whose only seats are `asks`, in their order, each a seat of the same need as `seat`.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> market_of(small_market(), 0, [Ask(20, 25, 0.3, False), Ask(10, 15, 0.4, True)]).seat_load
    array([0.3, 0.4])
    """
    count, names = len(asks), list(vars(market))
    seats: dict[str, Any] = {name: np.repeat(getattr(market, name)[[seat]], count) for name in names if name[:5] == "seat_"}
    for name in ("start", "end", "load", "remote"):
        seats[f"seat_{name}"] = np.array([getattr(ask, name) for ask in asks], seats[f"seat_{name}"].dtype)
    rows = np.flatnonzero(market.demand_seat == seat)
    demands: dict[str, Any] = {name: np.tile(getattr(market, name)[rows], count) for name in names if name[:7] == "demand_"}
    demands["demand_seat"] = np.repeat(np.arange(count), rows.size)
    position = {int(row): at for at, row in enumerate(rows)}
    for number, ask in enumerate(asks):
        for row, level, required, near in ask.demands:
            at = number * rows.size + position[row]
            demands["demand_level"][at], demands["demand_required"][at] = level, required
            demands["demand_neighbours"][at] = near
    return replace(market, **seats, **demands)
