"""Why a seat is open: where its agents were lost, what stops the others, and the smallest changes that fill it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.candidates import candidates
from matching.changes import Change, Variant, lines, market_of, whatever_the_level
from matching.columns import Columns
from matching.found import Found
from matching.limits import Limits
from matching.market import Market
from matching.model import Model
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool
from matching.smallest import Line
from matching.verify import Verifier


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
class Diagnosis:
    """One seat explained.

    Parameters
    ----------
    seat : int
    filled : bool
        Whether the plan fills it.
    funnel : dict of str to int
        Agents left after each filter of `matching.FILTERS`, in order.
    stages : dict of str to int
        The same told in full, in order: ``offers``, ``skills`` (whatever the level), ``level``, ``dates``, ``load``,
        ``place``, ``commitments`` (the agent's other missions already given), ``caps``, then ``elsewhere``: those
        left who are not better used elsewhere; for an open seat of an optimal plan there is none.
    eligible : int
        Agents with a pair for this seat in the pool, other than the one chosen for it.
    taken_elsewhere : int
        Eligible agents whose other missions in the plan leave no room for it, or who have another seat of
        its need.
    blocked_by_caps : int
        Eligible agents who have room themselves, but not under the cap of a unit above them.
    better_elsewhere : int
        Eligible agents whom either stops. Where `proven`, and the seat is open, all of them are better used
        elsewhere: no plan, whoever else moves, fills this seat with one of them and besides as many seats of each
        class.
    available : int
        Eligible agents whom neither stops; for an open seat of an optimal plan there is none.
    proven : bool
        Whether the plan is optimal.
    caps : tuple of CapBlock
        The units that block most, an agent counted at each unit that stops them.
    changes : tuple of Change
        For an open seat, single changes that fill it, each verified, see `Change`; from what costs a service least
        to what changes the seat most.

    Examples
    --------
    >>> Diagnosis(seat=0, filled=False, funnel={"offers": 3}, stages={"offers": 3}, eligible=0, taken_elsewhere=0,
    ...           blocked_by_caps=0, better_elsewhere=0, available=0, proven=True, caps=(), changes=()).funnel["offers"]
    3
    """

    seat: int
    filled: bool
    funnel: dict[str, int]
    stages: dict[str, int]
    eligible: int
    taken_elsewhere: int
    blocked_by_caps: int
    better_elsewhere: int
    available: int
    proven: bool
    caps: tuple[CapBlock, ...]
    changes: tuple[Change, ...]


class Diagnoser:
    """Diagnoses the seats of one market beside one plan; what they share is made once.

    Parameters
    ----------
    market : Market
    found : Found
        What `candidates` found in it.
    plan : Plan
        A plan of ``found.pool``.
    first_day : int, optional
        No change starts a seat before.

    Examples
    --------
    >>> import matching
    >>> from matching.examples import small_market
    >>> market = small_market()
    >>> found = matching.candidates(market, {"level": 1.0})
    >>> told = Diagnoser(market, found, matching.solve(found.pool)).of(0)
    >>> told.filled, told.stages["skills"], told.stages["dates"], told.eligible
    (True, 2, 1, 0)
    """

    def __init__(self, market: Market, found: Found, plan: Plan, *, first_day: int | None = None) -> None:
        self.market, self.found, self.plan, self.first_day = market, found, plan, first_day
        self._weights = dict(zip(found.term_names, found.weights.tolist(), strict=True))

    @cached_property
    def _model(self) -> Model:
        pool = self.found.pool
        limits = Limits.of(pool)
        columns = Columns.of(pool, limits)
        return Model.beside(limits, columns, pool.classes, columns.columns_of(pool, self.plan.pairs))

    def of(self, seat: int, *, limit: int = 5, time_limit: float = 5.0) -> Diagnosis:
        """Diagnose one seat, see `diagnose`."""
        if not 0 <= seat < self.market.seats:
            raise IndexError(f"the market has no seat {seat}")
        until, pool, plan = time.perf_counter() + time_limit, self.found.pool, self.plan
        filled = bool((pool.pair_seat[plan.pairs] == seat).any())
        rows = np.setdiff1d(np.flatnonzero(pool.pair_seat == seat), plan.pairs)
        others = plan.pairs[pool.pair_seat[plan.pairs] != seat]
        limits = Limits.of(pool.committed(others))
        least = limits.least(int(pool.seat_start[seat]), int(pool.seat_end[seat])) + TOLERANCE
        free = _free(pool, least, rows, others)
        blocked, caps = _blocks(pool, limits.of_agent, least, rows[free], limit)
        series = [] if filled else list(lines(self.market, seat, first_day=self.first_day))
        parts = self._asking(seat, series)
        available = int(free.sum()) - blocked
        return Diagnosis(
            seat=seat, filled=filled, funnel=dict(zip(self.found.filters, self.found.funnel[seat].tolist(), strict=True)),
            stages=self._stages(seat, parts, rows.size - available), eligible=rows.size, taken_elsewhere=int((~free).sum()),
            blocked_by_caps=blocked, better_elsewhere=rows.size - available, available=available,
            proven=plan.status == "optimal", caps=caps, changes=self._changes(seat, series, parts, limit, until),
        )

    def _asking(self, seat: int, series: list[tuple[Variant, ...]]) -> Found:
        """Return the candidates of the seat whatever the level, then of every seat of every change."""
        asks = [ask for line in series for variant in line for ask in variant.asks]
        return candidates(market_of(self.market, seat, [whatever_the_level(self.market, seat), *asks]), self._weights)

    def _stages(self, seat: int, parts: Found, elsewhere: int) -> dict[str, int]:
        left = dict(zip(self.found.filters, self.found.funnel[seat].tolist(), strict=True))
        skilled = int(parts.funnel[0, parts.filters.index("skills")])
        stages = {"offers": left["offers"], "skills": skilled, "level": left["skills"]}
        stages |= {name: left[name] for name in ("dates", "load", "place", "commitments", "caps")}
        return stages | {"elsewhere": left["caps"] - elsewhere}

    def _changes(
        self, seat: int, series: list[tuple[Variant, ...]], parts: Found, limit: int, until: float
    ) -> tuple[Change, ...]:
        if not series or limit < 1:
            return ()
        verifier, numbers = Verifier(self._model, seat, parts.pool, until), count(1)
        every, left = [], parts.funnel[:, -1]
        for line in series:
            seats = [[next(numbers) for _ in variant.asks] for variant in line]
            every.append(Line(line, seats, [int(left[some].min()) for some in seats]))
        told: list[Change] = []
        for known, first in [(line, line.at_once(verifier)) for line in every]:
            change = known.refined(first, verifier) if len(told) < limit else None
            told += [] if change is None else [change]
        return tuple(told)


def diagnose(
    market: Market, found: Found, plan: Plan, seat: int, *, limit: int = 5, time_limit: float = 5.0,
    first_day: int | None = None,
) -> Diagnosis:
    """Say where the candidates of a seat were lost, what stops those who are eligible, and what would fill it.

    The chosen missions of the plan are added to the commitments; what each eligible agent and the units
    above then have left on the seat's days is compared with its load. Changes are verified as `Change` says.

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
    time_limit : float
        Seconds after which no more changes are looked for; at most `matching.verify.PROGRAMS` programs are solved
        before. Where neither is used up, the answer depends on the arguments alone.
    first_day : int, optional
        No change starts the seat before.

    Returns
    -------
    Diagnosis

    Raises
    ------
    IndexError
        When the market has no such seat.

    Examples
    --------
    Nobody has the skill at level 4; one level less would do:

    >>> import dataclasses, matching
    >>> from matching.examples import small_market
    >>> market = dataclasses.replace(small_market(), demand_level=[4])
    >>> found = matching.candidates(market, {"level": 1.0})
    >>> told = diagnose(market, found, matching.solve(found.pool), 0)
    >>> told.filled, told.funnel["skills"], told.eligible
    (False, 0, 0)
    >>> [(change.kind, change.amount, change.to, change.eligible) for change in told.changes]
    [('level', 1.0, 3.0, 1), ('skill', 1.0, None, 2)]
    """
    return Diagnoser(market, found, plan, first_day=first_day).of(seat, limit=limit, time_limit=time_limit)


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
