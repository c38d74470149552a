"""An independent check of a plan: nothing here is shared with the solver but the statement."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from matching.errors import Infeasible
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool

Use = tuple[int, int, float]
"""Start day, end day (exclusive), load."""


def check(pool: Pool, plan: Plan) -> None:
    """Raise unless `plan` obeys every rule of the statement for `pool`.

    It recomputes everything in plain Python, day by day where something starts or ends.

    Raises
    ------
    Infeasible
        Naming the broken rule: ``pairs`` (out of range, unsorted or repeated), ``seat``, ``need``,
        ``capacity``, ``cap``, ``filled``, ``fit``, ``bound`` or ``status``.

    Examples
    --------
    >>> import dataclasses, numpy as np, matching
    >>> pool = matching.Pool(pair_agent=[0, 0], pair_seat=[0, 1], pair_fit=[0.4, 0.9],
    ...     seat_need=[0, 1], seat_start=[0, 0], seat_end=[5, 5], seat_load=[0.6, 0.6],
    ...     seat_priority=[0, 0], agent_unit=[0], agent_capacity=[1.0], unit_parent=[-1], unit_cap=[9.0])
    >>> plan = matching.solve(pool)
    >>> matching.check(pool, plan)
    >>> matching.check(pool, dataclasses.replace(plan, pairs=np.array([0, 1])))
    Traceback (most recent call last):
        ...
    matching.errors.Infeasible: capacity: agent 0 on day 0: 1.2 > 1
    """
    rows = [int(row) for row in plan.pairs]
    _check_rows(pool, rows)
    _check_once(pool, rows)
    _check_limits(pool, rows)
    _check_values(pool, plan, rows)


def _check_rows(pool: Pool, rows: list[int]) -> None:
    if any(row < 0 or row >= pool.pairs for row in rows):
        raise Infeasible("pairs", "a row outside the pool")
    if any(left >= right for left, right in pairwise(rows)):
        raise Infeasible("pairs", "rows not strictly ascending")


def _check_once(pool: Pool, rows: list[int]) -> None:
    seats = Counter(int(pool.pair_seat[row]) for row in rows)
    for seat, count in seats.items():
        if count > 1:
            raise Infeasible("seat", f"seat {seat} has {count} agents")
    needs = Counter((int(pool.pair_agent[row]), int(pool.seat_need[pool.pair_seat[row]])) for row in rows)
    for (agent, need), count in needs.items():
        if count > 1:
            raise Infeasible("need", f"agent {agent} has {count} seats of need {need}")


def _check_limits(pool: Pool, rows: list[int]) -> None:
    agent_use: dict[int, list[Use]] = defaultdict(list)
    unit_use: dict[int, list[Use]] = defaultdict(list)
    for agent, use in _chosen(pool, rows):
        agent_use[agent].append(use)
        for unit in _above(pool, agent):
            unit_use[unit].append(use)
    agent_busy: dict[int, list[Use]] = defaultdict(list)
    unit_busy: dict[int, list[Use]] = defaultdict(list)
    for agent, use in _commitments(pool):
        agent_busy[agent].append(use)
        for unit in _above(pool, agent):
            unit_busy[unit].append(use)
    for agent, uses in agent_use.items():
        _check_days("capacity", f"agent {agent}", float(pool.agent_capacity[agent]), uses, agent_busy[agent])
    for unit, uses in unit_use.items():
        _check_days("cap", f"unit {unit}", float(pool.unit_cap[unit]), uses, unit_busy[unit])


def _chosen(pool: Pool, rows: Iterable[int]) -> Iterator[tuple[int, Use]]:
    for row in rows:
        seat = int(pool.pair_seat[row])
        use = (int(pool.seat_start[seat]), int(pool.seat_end[seat]), float(pool.pair_load[row]))
        yield int(pool.pair_agent[row]), use


def _commitments(pool: Pool) -> Iterator[tuple[int, Use]]:
    columns = (pool.busy_agent, pool.busy_start, pool.busy_end, pool.busy_load)
    for agent, start, end, load in zip(*(column.tolist() for column in columns), strict=True):
        yield agent, (start, end, load)


def _above(pool: Pool, agent: int) -> Iterator[int]:
    unit = int(pool.agent_unit[agent])
    while unit >= 0:
        yield unit
        unit = int(pool.unit_parent[unit])


def _check_days(rule: str, who: str, limit: float, uses: list[Use], busy: list[Use]) -> None:
    """Compare on every day where a chosen mission runs and something starts or ends."""
    if math.isinf(limit):
        return
    changes: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for kind, rows in enumerate((uses, busy)):
        for start, end, load in rows:
            changes[start][kind] += load
            changes[end][kind] -= load
    chosen = taken = 0.0
    for day in sorted(changes):
        chosen, taken = chosen + changes[day][0], taken + changes[day][1]
        left = max(0.0, limit - taken)
        if chosen > left + TOLERANCE:
            raise Infeasible(rule, f"{who} on day {day}: {chosen:g} > {left:g}")


def _check_values(pool: Pool, plan: Plan, rows: list[int]) -> None:
    counts = Counter(int(pool.seat_priority[pool.pair_seat[row]]) for row in rows)
    if plan.filled != tuple(counts[priority] for priority in range(pool.classes)):
        raise Infeasible("filled", f"{plan.filled} is not what the pairs fill")
    fit = math.fsum(float(pool.pair_fit[row]) for row in rows)
    if not abs(fit - plan.fit) <= TOLERANCE:
        raise Infeasible("fit", f"{plan.fit:g} is not {fit:g}")
    if len(plan.bound) != pool.classes + 1:
        raise Infeasible("bound", f"{len(plan.bound)} bounds for {pool.classes + 1} tiers")
    for tier, (value, bound) in enumerate(zip(plan.values, plan.bound, strict=True)):
        if not value <= bound + TOLERANCE:
            raise Infeasible("bound", f"tier {tier}: {value:g} is above its bound {bound:g}")
    met = plan.filled == plan.bound[:-1] and plan.bound[-1] - plan.fit <= TOLERANCE
    if plan.status != ("optimal" if met else "feasible"):
        raise Infeasible("status", f"{plan.status} does not follow from the bounds")
