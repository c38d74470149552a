"""Why a seat is open: where its agents were lost, what other missions take and what caps stop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.found import Found
from matching.limits import Limits
from matching.market import Market
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool


@dataclass(frozen=True, kw_only=True)
class CapBlock:
    """A unit whose cap stops some of the agents who are otherwise free for a seat.

    Examples
    --------
    >>> CapBlock(unit=3, agents=2).agents
    2
    """

    unit: int
    agents: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change that would open candidates for a seat; `verified` when it was solved again to prove it.

    Examples
    --------
    >>> Change(kind="dates", amount=3.0, verified=False).kind
    'dates'
    """

    kind: str
    amount: float
    verified: bool


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """One seat explained.

    Parameters
    ----------
    seat : int
    filled : bool
        Whether the plan fills it.
    funnel : dict of str to int
        Agents left after each filter, in order.
    eligible : int
        Agents with a pair for this seat in the pool, other than the one chosen for it.
    taken_elsewhere : int
        Eligible agents whose other missions in the plan leave no room for it, or who have another seat of
        its need.
    blocked_by_caps : int
        Eligible agents who have room themselves, but not under the cap of a unit above them.
    available : int
        Eligible agents whom neither stops; for an open seat of an optimal plan there is none.
    caps : tuple of CapBlock
        The units that block most, an agent counted at each unit that stops them.
    changes : tuple of Change
        Empty in this version.

    Examples
    --------
    >>> Diagnosis(seat=0, filled=False, funnel={"offers": 3}, eligible=0, taken_elsewhere=0,
    ...           blocked_by_caps=0, available=0, caps=(), changes=()).funnel["offers"]
    3
    """

    seat: int
    filled: bool
    funnel: dict[str, int]
    eligible: int
    taken_elsewhere: int
    blocked_by_caps: int
    available: int
    caps: tuple[CapBlock, ...]
    changes: tuple[Change, ...]


def diagnose(market: Market, found: Found, plan: Plan, seat: int, *, limit: int = 5) -> Diagnosis:
    """Say where the candidates of a seat were lost, and what stops those who are eligible.

    The chosen missions of the plan are added to the commitments; what each eligible agent and the units
    above then have left on the seat's days is compared with its load.

    Parameters
    ----------
    market : Market
    found : Found
        What `candidates` found in it.
    plan : Plan
        A plan of ``found.pool``.
    seat : int
    limit : int
        Most units and changes to name.

    Returns
    -------
    Diagnosis

    Raises
    ------
    IndexError
        When the market has no such seat.

    Examples
    --------
    >>> import matching
    >>> from matching.examples import small_market
    >>> market = small_market()
    >>> found = matching.candidates(market, {"level": 1.0})
    >>> told = diagnose(market, found, matching.solve(found.pool), 0)
    >>> told.filled, told.funnel["skills"], told.eligible
    (True, 2, 0)
    """
    if not 0 <= seat < market.seats:
        raise IndexError(f"the market has no seat {seat}")
    pool = found.pool
    filled = bool((pool.pair_seat[plan.pairs] == seat).any())
    rows = np.setdiff1d(np.flatnonzero(pool.pair_seat == seat), plan.pairs)
    others = plan.pairs[pool.pair_seat[plan.pairs] != seat]
    limits = Limits.of(pool.committed(others))
    least = limits.least(int(pool.seat_start[seat]), int(pool.seat_end[seat])) + TOLERANCE
    free = _free(pool, least, rows, others)
    blocked, caps = _blocks(pool, limits.of_agent, least, rows[free], limit)
    return Diagnosis(
        seat=seat, filled=filled, funnel=dict(zip(found.filters, found.funnel[seat].tolist(), strict=True)),
        eligible=rows.size, taken_elsewhere=int((~free).sum()), blocked_by_caps=blocked,
        available=int(free.sum()) - blocked, caps=caps, changes=(),
    )


def _free(pool: Pool, least: Floats, rows: Ints, others: Ints) -> Bools:
    """Say which of `rows` have an agent with room left and no other seat of the need."""
    agents, need = pool.pair_agent[rows], pool.seat_need[pool.pair_seat[rows[:1]]]
    same_need = others[np.isin(pool.seat_need[pool.pair_seat[others]], need)]
    return (pool.pair_load[rows] <= least[agents]) & ~np.isin(agents, pool.pair_agent[same_need])


def _blocks(
    pool: Pool, of_agent: Ints, least: Floats, rows: Ints, limit: int
) -> tuple[int, tuple[CapBlock, ...]]:
    """Return how many of `rows` a cap stops, and the units that stop most, at most `limit`."""
    groups = of_agent[pool.pair_agent[rows], 1:]
    stops = (groups >= 0) & (pool.pair_load[rows, None] > least[groups])
    units, agents = np.unique(groups[stops] - pool.agents, return_counts=True)
    most = np.lexsort((units, -agents))[:limit]
    caps = tuple(CapBlock(unit=int(units[at]), agents=int(agents[at])) for at in most)
    return int(stops.any(axis=1).sum()), caps
