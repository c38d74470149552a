"""An independent check of a plan: nothing here is shared with the solver but the statement."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.errors import Infeasible
from matching.plan import Plan
from matching.pool import TOLERANCE, Pool


class Uses(NamedTuple):
    """Loads on days [start, end), each used by one group; see `first_over`.

    Examples
    --------
    >>> Uses(np.array([0]), np.array([3]), np.array([8]), np.array([0.5])).load
    array([0.5])
    """

    group: Ints
    start: Ints
    end: Ints
    load: Floats


class Over(NamedTuple):
    """The first day on which a group exceeds what its commitments leave.

    Examples
    --------
    >>> Over(group=2, day=7, chosen=1.2, left=1.0).day
    7
    """

    group: int
    day: int
    chosen: float
    left: float


def check(pool: Pool, plan: Plan) -> None:
    """Raise unless `plan` obeys every rule of the statement for `pool`.

    It recomputes everything from the arrays: for agents and units whose uses exceed the limit if they were all at once,
    on every day where something starts or ends. With k chosen rows, B commitments and units D deep, it takes
    O((k + B) D log((k + B) D)) time and O((k + B) D) memory, and some for every agent.

    Parameters
    ----------
    pool : Pool
    plan : Plan

    Raises
    ------
    Infeasible
        Naming the broken rule and the first row that breaks it: ``pairs`` (not whole numbers, out of range,
        unsorted or repeated), ``seat``, ``need``, ``capacity``, ``cap``, ``filled``, ``kept``, ``fit``,
        ``bound`` or ``status``.

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
    matching.errors.Infeasible: capacity: agent 0 on day 0: 1.2 > 1, row 1
    """
    rows = _rows(pool, plan)
    _check_once(pool, rows)
    _check_capacities(pool, rows)
    _check_caps(pool, rows)
    _check_values(pool, plan, rows)


def _rows(pool: Pool, plan: Plan) -> Ints:
    given = np.asarray(plan.pairs)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise Infeasible("pairs", "rows must be a list of whole numbers")
    rows = given.astype(np.int64)
    for row in rows[(rows < 0) | (rows >= pool.pairs)][:1]:
        raise Infeasible("pairs", f"row {row} is outside the pool of {pool.pairs} pairs")
    for at in np.flatnonzero(np.diff(rows) <= 0)[:1]:
        raise Infeasible("pairs", f"row {rows[at + 1]} comes after row {rows[at]}")
    return rows


def _check_once(pool: Pool, rows: Ints) -> None:
    seat, agent = pool.pair_seat[rows], pool.pair_agent[rows]
    for at in _repeated(seat, np.zeros_like(seat))[:1]:
        count = int((seat == seat[at]).sum())
        raise Infeasible("seat", f"seat {seat[at]} has {count} agents, row {rows[at]}")
    need = pool.seat_need[seat]
    for at in _repeated(agent, need)[:1]:
        count = int(((agent == agent[at]) & (need == need[at])).sum())
        raise Infeasible("need", f"agent {agent[at]} has {count} seats of need {need[at]}, row {rows[at]}")


def _repeated(left: Ints, right: Ints) -> Ints:
    """Return the positions whose (left, right) an earlier position has, ascending."""
    alone = np.sort(left)
    if not (alone[1:] == alone[:-1]).any():
        return np.zeros(0, np.int64)
    order = np.lexsort((right, left))
    same = (np.diff(left[order]) == 0) & (np.diff(right[order]) == 0)
    return np.sort(order[1:][same])


def _check_capacities(pool: Pool, rows: Ints) -> None:
    chosen = _chosen(pool, rows)
    concerned = np.zeros(pool.agents, bool)
    concerned[chosen.group] = True
    over = first_over(chosen, _committed(pool, concerned), pool.agent_capacity)
    if over:
        at = _running(chosen.group == over.group, chosen, over.day)
        raise Infeasible("capacity", f"agent {_words(over)}, row {rows[at]}")


def _check_caps(pool: Pool, rows: Ints) -> None:
    capped = np.isfinite(pool.unit_cap)
    if not capped.any():
        return
    chosen, at = _by_unit(pool, _chosen(pool, rows), capped)
    concerned = np.zeros(pool.units, bool)
    concerned[chosen.group] = True
    busy, _ = _by_unit(pool, _committed(pool, np.ones(pool.agents, bool)), concerned)
    over = first_over(chosen, busy, pool.unit_cap)
    if over:
        last = at[_running(chosen.group == over.group, chosen, over.day)]
        raise Infeasible("cap", f"unit {_words(over)}, row {rows[last]}")


def _chosen(pool: Pool, rows: Ints) -> Uses:
    seat = pool.pair_seat[rows]
    return Uses(pool.pair_agent[rows], pool.seat_start[seat], pool.seat_end[seat], pool.pair_load[rows])


def _committed(pool: Pool, agents: Bools) -> Uses:
    rows = agents[pool.busy_agent]
    return Uses(pool.busy_agent[rows], pool.busy_start[rows], pool.busy_end[rows], pool.busy_load[rows])


def _by_unit(pool: Pool, uses: Uses, units: Bools) -> tuple[Uses, Ints]:
    """Return the uses of agents as uses of those of `units` above them, and the position each comes from."""
    groups, positions = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    at, unit = np.arange(uses.group.size), pool.agent_unit[uses.group]
    while unit.size:
        groups.append(unit[units[unit]])
        positions.append(at[units[unit]])
        unit = pool.unit_parent[unit]
        at, unit = at[unit >= 0], unit[unit >= 0]
    at = np.concatenate(positions)
    return Uses(np.concatenate(groups), uses.start[at], uses.end[at], uses.load[at]), at


def first_over(chosen: Uses, busy: Uses, limit: Floats) -> Over | None:
    """Return the first group and day on which the chosen loads exceed the limit less the commitments.

    A limit that commitments exceed leaves 0. Loads are summed as whole numbers of a power of two so small
    that no sum overflows: what ends takes away exactly what its start brought, whatever the order.

    Parameters
    ----------
    chosen, busy : Uses
    limit : (G,) float
        What the uses of each group may reach on one day; inf where there is no limit.

    Examples
    --------
    >>> half = Uses(np.array([0]), np.array([3]), np.array([8]), np.array([0.5]))
    >>> busy = Uses(np.array([0]), np.array([6]), np.array([9]), np.array([0.75]))
    >>> first_over(half, busy, np.array([1.0]))
    Over(group=0, day=6, chosen=0.5, left=0.25)
    >>> first_over(half, busy, np.array([1.25]))
    """
    chosen, busy = _in_doubt(chosen, busy, limit)
    if not chosen.group.size:
        return None
    scale = 2.0 ** (62 - (chosen.load.size + busy.load.size).bit_length())
    group = np.concatenate([chosen.group, chosen.group, busy.group, busy.group])
    day = np.concatenate([chosen.start, chosen.end, busy.start, busy.end])
    order = np.lexsort((day, group))
    group, day = group[order], day[order]
    mine, theirs = (np.rint(uses.load * scale).astype(np.int64) for uses in (chosen, busy))
    used = np.cumsum(np.concatenate([mine, -mine, np.zeros(2 * theirs.size, np.int64)])[order])
    taken = np.cumsum(np.concatenate([np.zeros(2 * mine.size, np.int64), theirs, -theirs])[order])
    last = np.append((np.diff(group) != 0) | (np.diff(day) != 0), True)[: group.size]
    group, day, used, taken = group[last], day[last], used[last], taken[last]
    left = np.maximum(0.0, limit[group] - taken / scale)
    for at in np.flatnonzero(used / scale > left + TOLERANCE)[:1]:
        return Over(int(group[at]), int(day[at]), float(used[at] / scale), float(left[at]))
    return None


def _in_doubt(chosen: Uses, busy: Uses, limit: Floats) -> tuple[Uses, Uses]:
    """Return the uses of the groups that would exceed their limit if all were on one day: no other can.

    These sums round: a billionth more is beyond what the rounding of ten million loads takes away.
    """
    mine, theirs = (np.bincount(uses.group, uses.load, minlength=limit.size) for uses in (chosen, busy))
    doubt = (mine + theirs) * (1.0 + 1e-9) > limit + TOLERANCE
    parts = [(uses, doubt[uses.group]) for uses in (chosen, busy)]
    one, other = (Uses(uses.group[rows], uses.start[rows], uses.end[rows], uses.load[rows]) for uses, rows in parts)
    return one, other


def _running(mine: Bools, uses: Uses, day: int) -> int:
    """Return the position of the last use that is `mine` and runs on `day`."""
    return int(np.flatnonzero(mine & (uses.start <= day) & (day < uses.end))[-1])


def _words(over: Over) -> str:
    return f"{over.group} on day {over.day}: {over.chosen:g} > {over.left:g}"


def _check_values(pool: Pool, plan: Plan, rows: Ints) -> None:
    counts = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes)
    if plan.filled != tuple(counts.tolist()):
        raise Infeasible("filled", f"{plan.filled} is not what the pairs fill, {tuple(counts.tolist())}")
    kept = None if plan.keep is None else int(np.isin(np.unique(plan.keep), rows).sum())
    if plan.kept != kept:
        raise Infeasible("kept", f"{plan.kept} is not how many of the rows to keep the plan has, {kept}")
    fit = float(pool.pair_fit[rows].sum())
    if not abs(fit - plan.fit) <= TOLERANCE:
        raise Infeasible("fit", f"{plan.fit:g} is not {fit:g}")
    if len(plan.bound) != len(plan.values):
        raise Infeasible("bound", f"{len(plan.bound)} bounds for {len(plan.values)} tiers")
    for tier, (value, bound) in enumerate(zip(plan.values, plan.bound, strict=True)):
        if not value <= bound + TOLERANCE:
            raise Infeasible("bound", f"tier {tier}: {value:g} is above its bound {bound:g}")
    met = all(value >= bound for value, bound in zip(plan.values[:-1], plan.bound, strict=False))
    met = met and plan.bound[-1] - plan.fit <= TOLERANCE
    if plan.status != ("optimal" if met else "feasible"):
        raise Infeasible("status", f"{plan.status} does not follow from the bounds")
