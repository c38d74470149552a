"""Why a pair is in the plan or not: the terms of its fit, and what the plan loses when it is turned round."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Ints
from matching.found import Found
from matching.limits import Limits
from matching.plan import Plan, Status
from matching.pool import Pool
from matching.settle import settle
from matching.solve import solve


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term of a fit: ``part = weight · value / sum of weights``; the parts add up to the fit.

    Examples
    --------
    >>> Term(name="level", value=0.5, weight=2.0, part=0.25).part
    0.25
    """

    name: str
    value: float
    weight: float
    part: float


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One pair explained.

    Parameters
    ----------
    pair : tuple of int
        Agent and seat.
    terms : tuple of Term
        Empty where `explain` was not given what `candidates` found.
    chosen : bool
        Whether the plan has the pair.
    loss : tuple or None
        Per tier (each class, then the fit), what the plan reaches minus what the best plan turned round
        reaches: without the pair when it is chosen, with it when it is not. The first tier that is not 0
        decides. None when the pair can never be chosen.
    rows_in, rows_out : tuple of int
        Rows of the pool that enter and leave the plan when it is turned round, the pair itself included;
        nobody moves between like seats of a need without a reason.
    status : {"optimal", "feasible"}
        Whether the turned plan is proven; where either plan is only feasible, a loss is an estimate.

    Examples
    --------
    >>> Explanation(pair=(0, 1), terms=(), chosen=False, loss=None, rows_in=(), rows_out=(),
    ...             status="optimal").loss is None
    True
    """

    pair: tuple[int, int]
    terms: tuple[Term, ...]
    chosen: bool
    loss: tuple[float, ...] | None
    rows_in: tuple[int, ...]
    rows_out: tuple[int, ...]
    status: Status


def explain(
    pool: Pool, plan: Plan, row: int, *, found: Found | None = None, time_limit: float = 60.0
) -> Explanation:
    """Explain why row `row` of the pool is in the plan or not, by solving the pool turned round.

    A chosen pair is taken out of the pool; another is forced in, as a commitment of its agent that closes
    its seat and its need for that agent. What the plan loses then, tier by tier, is the reason.

    Parameters
    ----------
    pool : Pool
    plan : Plan
        A plan of that pool.
    row : int
    found : Found, optional
        What `candidates` found, for the terms of the fit.
    time_limit : float
        Seconds for the new solve.

    Returns
    -------
    Explanation

    Raises
    ------
    IndexError
        When the pool has no such row.

    Examples
    --------
    Agent 0 takes the class 0 seat, though their fit for the other is better:

    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> plan = solve(pool)
    >>> told = explain(pool, plan, 1)
    >>> told.chosen, told.loss, told.rows_in, told.rows_out
    (False, (1, -1, -0.4), (1,), (0,))
    """
    if not 0 <= row < pool.pairs:
        raise IndexError(f"the pool has no row {row}")
    chosen = bool(np.isin(row, plan.pairs))
    turned = _without(pool, row, time_limit) if chosen else _with(pool, row, time_limit)
    if turned:
        turned = settle(pool, turned[0], plan.pairs, row), turned[1]
    return Explanation(
        pair=(int(pool.pair_agent[row]), int(pool.pair_seat[row])),
        terms=_terms(found, row) if found else (), chosen=chosen,
        loss=_loss(pool, plan, turned[0]) if turned else None,
        rows_in=_rows(turned[0], plan.pairs) if turned else (),
        rows_out=_rows(plan.pairs, turned[0]) if turned else (),
        status=turned[1] if turned else "optimal",
    )


def _without(pool: Pool, row: int, time_limit: float) -> tuple[Ints, Status]:
    """Return the rows of the best plan without `row`."""
    return _solve_part(pool, np.arange(pool.pairs) != row, time_limit)


def _with(pool: Pool, row: int, time_limit: float) -> tuple[Ints, Status] | None:
    """Return the rows of the best plan with `row`, None where it can never be chosen."""
    agent, seat = pool.pair_agent[[row]], pool.pair_seat[[row]]
    period = pool.seat_start[seat], pool.seat_end[seat]
    if not Limits.of(pool).fits_alone(agent, *period, pool.pair_load[[row]])[0]:
        return None
    same_need = (pool.pair_agent == agent) & (pool.seat_need[pool.pair_seat] == pool.seat_need[seat])
    keep = (pool.pair_seat != seat) & ~same_need
    rows, status = _solve_part(pool.committed(np.array([row])), keep, time_limit)
    return np.sort(np.append(rows, row)), status


def _solve_part(pool: Pool, keep: Bools, time_limit: float) -> tuple[Ints, Status]:
    """Solve with some of the pairs; return rows of the whole pool."""
    rows = np.flatnonzero(keep)
    plan = solve(pool.part(rows), time_limit=time_limit)
    return rows[plan.pairs], plan.status


def _terms(found: Found, row: int) -> tuple[Term, ...]:
    total = float(found.weights.sum())
    columns = zip(found.term_names, found.terms[row].tolist(), found.weights.tolist(), strict=True)
    return tuple(
        Term(name=name, value=value, weight=weight, part=weight * value / total)
        for name, value, weight in columns
    )


def _loss(pool: Pool, plan: Plan, rows: Ints) -> tuple[float, ...]:
    """Return what the plan reaches minus what `rows` reach; fits rounded at 1e-9."""
    counts = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes).tolist()
    lost = (have - left for have, left in zip(plan.filled, counts, strict=True))
    return (*lost, round(plan.fit - math.fsum(pool.pair_fit[rows]), 9))


def _rows(rows: Ints, others: Ints) -> tuple[int, ...]:
    return tuple(np.setdiff1d(rows, others).tolist())
