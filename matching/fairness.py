"""What the fairness term changes in a plan, and what it costs in the other terms."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from matching.arrays import Floats, Ints
from matching.found import Found, fits
from matching.plan import Plan, Status
from matching.solve import solve

TERM = "fairness"


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """A plan beside the best plan that does not look at fairness.

    Parameters
    ----------
    rows_in, rows_out : tuple of int
        Rows of the pool that only the plan has, and only the plan without fairness has.
    seats : int
        Seats that do not have the same agent in both, or an agent in one only.
    gain : float
        Sum of the term *fairness* over the plan less that of the plan without, each in [0, 1] a pair.
    cost : float
        What the other terms lose: sum over the plan without of ``fit`` less the part of fairness, minus the same over
        the plan. In points of fit.
    terms : dict of str to float
        Sum of each other term over the plan less that over the plan without.
    same_filled : bool
        Whether both fill as many seats of each class: always where both are optimal.
    status : {"optimal", "feasible"}
        "optimal" where both plans are; then ``gain >= 0`` and ``cost >= 0``, up to rounding.

    Examples
    --------
    >>> Fairness(rows_in=(1,), rows_out=(0,), seats=1, gain=0.5, cost=0.1, terms={"level": -0.2}, same_filled=True,
    ...          status="optimal").seats
    1
    """

    rows_in: tuple[int, ...]
    rows_out: tuple[int, ...]
    seats: int
    gain: float
    cost: float
    terms: dict[str, float]
    same_filled: bool
    status: Status


def fairness(found: Found, plan: Plan, *, time_limit: float = 60.0) -> Fairness:
    """Solve the same pool with the weight of fairness at 0 and compare; the classes come first in both.

    Parameters
    ----------
    found : Found
        What `candidates` found.
    plan : Plan
        A plan of ``found.pool``; the plan without fairness starts from it.
    time_limit : float
        Seconds for the new solve.

    Returns
    -------
    Fairness

    Examples
    --------
    Two agents for one seat: one a little better, the other never lent.

    >>> from dataclasses import replace
    >>> from matching.candidates import candidates
    >>> from matching.examples import small_market
    >>> market = replace(small_market(), skill_id=np.array([7, 7, 7]), agent_days_lent=np.array([90.0, 0.0, 0.0]),
    ...                  skill_level=np.array([4, 2, 3]))
    >>> found = candidates(market, {"level": 1.0, "fairness": 1.0})
    >>> told = fairness(found, solve(found.pool))
    >>> told.seats, told.gain, told.cost, told.terms["level"]
    (1, 1.0, 0.25, -0.5)
    """
    at = found.term_names.index(TERM)
    others = _others(found, at)
    pool = found.pool
    without = solve(replace(pool, pair_fit=others), time_limit=time_limit, start=plan.pairs)
    before, after = without.pairs, plan.pairs
    change = found.terms[after].sum(axis=0) - found.terms[before].sum(axis=0)
    rows_in, rows_out = np.setdiff1d(after, before), np.setdiff1d(before, after)
    return Fairness(
        rows_in=_plain(rows_in), rows_out=_plain(rows_out),
        seats=np.union1d(pool.pair_seat[rows_in], pool.pair_seat[rows_out]).size,
        gain=round(float(change[at]), 9), cost=round(math.fsum(others[before]) - math.fsum(others[after]), 9),
        terms={name: round(float(change[n]), 9) for n, name in enumerate(found.term_names) if n != at},
        same_filled=without.filled == plan.filled,
        status="optimal" if plan.status == without.status == "optimal" else "feasible",
    )


def _others(found: Found, at: int) -> Floats:
    """Return the fit of every pair less the part of fairness; 0 where nothing else weighs."""
    weights = found.weights.copy()
    weights[at] = 0.0
    if not weights.any():
        return np.zeros(found.pool.pairs)
    return fits(found.terms, weights) * (weights.sum() / found.weights.sum())


def _plain(rows: Ints) -> tuple[int, ...]:
    return tuple(rows.tolist())
