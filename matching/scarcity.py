"""What a pool lacks: the skills, the caps and the weeks that are scarce, with their marginal values."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools
from matching.market import Market
from matching.plan import Plan
from matching.pool import Pool
from matching.shadow import Shadow, Shadows

WORTH = 1e-7
"""Values below are told as 0."""

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class ScarceCap:
    """A unit whose cap binds; ``value`` per full-time equivalent more of the cap on every day.

    Examples
    --------
    >>> ScarceCap(unit=3, value=(2.0, 0.0)).unit
    3
    """

    unit: int
    value: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ScarceWeek:
    """Seven days from `start` on which limits bind; ``value`` per full-time equivalent more of every cap and capacity.

    Limits that bind on a stretch of days alike are priced on one of them.

    Examples
    --------
    >>> ScarceWeek(start=7, value=(2.0, 0.0)).start
    7
    """

    start: int
    value: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ScarceSkill:
    """A skill that seats require; ``value`` of one more agent for one of these seats, outside every cap, at a fit of 1.

    Parameters
    ----------
    skill : int
    value : tuple of float
    seats, open_seats : int
        Seats that require it, and those of them that the plan leaves open.

    Examples
    --------
    >>> ScarceSkill(skill=7, value=(1.0, 1.0), seats=3, open_seats=1).open_seats
    1
    """

    skill: int
    value: tuple[float, ...]
    seats: int
    open_seats: int


@dataclass(frozen=True, kw_only=True)
class Scarcity:
    """What is scarce beside a plan, dearest first.

    A ``value`` has one number per class, in seats of that class, then one in units of fit. It is a price of a linear
    relaxation: with δ more of something, no plan that fills as many seats of each earlier class as this plan reaches
    more than ``bound + δ · value`` on that tier. Above `bound`, hence, a value is the most that can be gained; what the
    relaxation leaves between the plan and `bound` may come on top.

    Parameters
    ----------
    bound : tuple of float
        Of each class, then of the fit.
    caps : tuple of ScarceCap
    weeks : tuple of ScarceWeek
    skills : tuple of ScarceSkill
        Empty where no market was given.

    Examples
    --------
    >>> Scarcity(bound=(1.0, 0.5), caps=(), weeks=(), skills=()).caps
    ()
    """

    bound: tuple[float, ...]
    caps: tuple[ScarceCap, ...]
    weeks: tuple[ScarceWeek, ...]
    skills: tuple[ScarceSkill, ...]


def scarcity(
    pool: Pool, plan: Plan, *, market: Market | None = None, first_day: int | None = None, time_limit: float = 60.0
) -> Scarcity | None:
    """Return what is scarce in a pool, with marginal values, or None where time ran out.

    Parameters
    ----------
    pool : Pool
    plan : Plan
        A plan of that pool; its filled seats are what each tier asks of the classes before it.
    market : Market, optional
        The market of the pool, for the skills.
    first_day : int, optional
        First day of a week; the first day of a seat by default.
    time_limit : float
        Seconds.

    Notes
    -----
    Each tier is relaxed apart: the seats of a class, then the fit, with every limit as it is given and no row made
    sharper, so that a price is one of the limit itself. Prices need not be unique.

    Examples
    --------
    The cap of half a post lets one of two seats be filled; a full-time equivalent would be worth two seats of class 1:

    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> told = scarcity(pool, solve(pool))
    >>> [round(bound, 3) for bound in told.bound], told.caps[0].unit, told.caps[0].value[1]
    ([1.0, 0.0, 0.5], 0, 2.0)
    >>> [week.start for week in told.weeks]
    [0]
    """
    until, shadows = time.perf_counter() + time_limit, Shadows(pool, plan)
    tiers = [shadows.of(tier, until=until) for tier in range(pool.classes + 1)]
    known = [shadow for shadow in tiers if shadow is not None]
    if len(known) < len(tiers):
        return None
    first = int(min(pool.seat_start, default=0)) if first_day is None else first_day
    return Scarcity(
        bound=tuple(_told(shadow.bound) for shadow in known), caps=_caps(pool, known), weeks=_weeks(known, first),
        skills=() if market is None else _skills(market, pool, plan, known),
    )


def _caps(pool: Pool, tiers: list[Shadow]) -> tuple[ScarceCap, ...]:
    units = sorted({int(group) - pool.agents for shadow in tiers for group in shadow.group if group >= pool.agents})
    caps = (ScarceCap(unit=unit, value=_sums(tiers, [shadow.group == unit + pool.agents for shadow in tiers])) for unit in units)
    return tuple(sorted((cap for cap in caps if any(cap.value)), key=lambda cap: (_falling(cap.value), cap.unit)))


def _weeks(tiers: list[Shadow], first: int) -> tuple[ScarceWeek, ...]:
    numbers = sorted({(int(day) - first) // WEEK for shadow in tiers for day in shadow.day})
    weeks = (
        ScarceWeek(start=first + WEEK * at, value=_sums(tiers, [(shadow.day - first) // WEEK == at for shadow in tiers]))
        for at in numbers
    )
    return tuple(sorted((week for week in weeks if any(week.value)), key=lambda week: (_falling(week.value), week.start)))


def _skills(market: Market, pool: Pool, plan: Plan, tiers: list[Shadow]) -> tuple[ScarceSkill, ...]:
    is_open = np.ones(pool.seats, bool)
    is_open[pool.pair_seat[plan.pairs]] = False
    told = []
    for skill in np.unique(market.demand_skill[market.demand_required]).tolist():
        seats = np.unique(market.demand_seat[market.demand_required & (market.demand_skill == skill)])
        value = tuple(_told(float(shadow.seat[seats].max())) for shadow in tiers)
        told.append(ScarceSkill(skill=skill, value=value, seats=seats.size, open_seats=int(is_open[seats].sum())))
    return tuple(sorted(told, key=lambda one: (_falling(one.value), -one.open_seats, one.skill)))


def _sums(tiers: list[Shadow], which: list[Bools]) -> tuple[float, ...]:
    return tuple(_told(float(shadow.price[some].sum())) for shadow, some in zip(tiers, which, strict=True))


def _told(value: float) -> float:
    return 0.0 if abs(value) < WORTH else value


def _falling(value: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(-part for part in value)
