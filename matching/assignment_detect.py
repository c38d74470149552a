"""Is this pool an assignment problem: one seat per agent in effect, and no cap that can bind?"""

from __future__ import annotations

import numpy as np

from matching.arrays import Bools, Floats, Ints, one_for_all
from matching.limits import Limits
from matching.pool import TOLERANCE, Pool
from matching.units import ancestors

PAIRWISE = 8
"""Two missions of one agent are compared one by one only where that is at most this many times the pairs."""


def assignment_pairs(pool: Pool) -> Bools | None:
    """Return which pairs can be chosen, where any matching of them is a plan and any plan a matching.

    Returns
    -------
    (P,) bool or None
        None where some agent might take two seats at once or one after the other, or where a cap might bind;
        the answer None may be too careful only where commitments leave an agent less than the capacity on
        some days, or where no day is short for sure.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> import dataclasses
    >>> assignment_pairs(small_pool()) is None
    True
    >>> pool = dataclasses.replace(small_pool(), unit_cap=[np.inf], seat_load=[1.0, 1.0], pair_load=None)
    >>> assignment_pairs(pool)
    array([ True,  True,  True])
    """
    if not pool.pairs:
        return np.ones(0, bool)
    usable = _usable(pool)
    if not _caps_are_far(pool, usable):
        return None
    return usable if _one_seat_each(pool, usable) else None


def _usable(pool: Pool) -> Bools:
    """Say which pairs fit every limit when chosen alone."""
    if pool.busy_agent.size == 0 and np.isinf(pool.unit_cap).all():
        if _most(pool.pair_load) <= pool.agent_capacity.min() + TOLERANCE:
            return one_for_all(np.ones(1, bool), pool.pairs)
        return pool.pair_load <= pool.agent_capacity[pool.pair_agent] + TOLERANCE
    seat = pool.pair_seat
    return Limits.of(pool).fits_alone(pool.pair_agent, pool.seat_start[seat], pool.seat_end[seat], pool.pair_load)


def _caps_are_far(pool: Pool, usable: Bools) -> bool:
    """Say whether no cap could bind if every agent took their heaviest mission at once."""
    if np.isinf(pool.unit_cap).all():
        return True
    heaviest = np.zeros(pool.agents)
    np.maximum.at(heaviest, pool.pair_agent[usable], pool.pair_load[usable])
    np.add.at(heaviest, pool.busy_agent, pool.busy_load)
    above = ancestors(pool.unit_parent)[pool.agent_unit]
    total = np.zeros(pool.units + 1)
    np.add.at(total, above, np.broadcast_to(heaviest[:, None], above.shape))
    return bool((total[:-1] <= pool.unit_cap).all())


def _one_seat_each(pool: Pool, usable: Bools) -> bool:
    """Say whether any two missions of an agent exclude each other."""
    common_day = int(pool.seat_start.max()) < int(pool.seat_end.min())
    if common_day and 2.0 * _least(pool.pair_load) > pool.agent_capacity.max() + TOLERANCE:
        return True
    doubtful = _doubtful_agents(pool, usable)
    return not doubtful.any() or _pairwise(pool, np.flatnonzero(usable & doubtful[pool.pair_agent]))


def _doubtful_agents(pool: Pool, usable: Bools) -> Bools:
    """Say for which agents it is not enough to look at extremes: latest start, earliest end, lightest loads."""
    if not usable.any():
        return np.zeros(pool.agents, bool)
    rows = np.flatnonzero(usable)
    rows = rows[np.lexsort((pool.pair_load[rows], pool.pair_agent[rows]))]
    agent, seat, load = pool.pair_agent[rows], pool.pair_seat[rows], pool.pair_load[rows]
    first = np.flatnonzero(np.append(True, np.diff(agent) != 0))
    size, who = np.diff(np.append(first, rows.size)), agent[first]
    second = np.minimum(first + 1, rows.size - 1)
    meet = np.maximum.reduceat(pool.seat_start[seat], first) < np.minimum.reduceat(pool.seat_end[seat], first)
    heavy = load[first] + load[second] > pool.agent_capacity[who] + TOLERANCE
    need = pool.seat_need[seat]
    same = np.maximum.reduceat(need, first) == np.minimum.reduceat(need, first)
    doubtful = np.zeros(pool.agents, bool)
    doubtful[who] = (size > 1) & ~same & ~(meet & heavy)
    return doubtful


def _pairwise(pool: Pool, rows: Ints) -> bool:
    """Compare every two missions of each agent: same need, or a common day on which both are too much."""
    rows = rows[np.argsort(pool.pair_agent[rows], kind="stable")]
    agent = pool.pair_agent[rows]
    last = np.searchsorted(agent, agent, side="right")
    after = last - np.arange(rows.size) - 1
    if int(after.sum()) > PAIRWISE * pool.pairs + 1000:
        return False
    left = np.repeat(np.arange(rows.size), after)
    right = left + 1 + np.arange(left.size) - np.repeat(np.cumsum(after) - after, after)
    one, two = pool.pair_seat[rows[left]], pool.pair_seat[rows[right]]
    meet = np.maximum(pool.seat_start[one], pool.seat_start[two]) < np.minimum(pool.seat_end[one], pool.seat_end[two])
    load = pool.pair_load[rows[left]] + pool.pair_load[rows[right]]
    heavy = load > pool.agent_capacity[agent[left]] + TOLERANCE
    return bool(((pool.seat_need[one] == pool.seat_need[two]) | (meet & heavy)).all())


def _most(load: Floats) -> float:
    return float(load[0] if load.strides == (0,) else load.max())


def _least(load: Floats) -> float:
    return float(load[0] if load.strides == (0,) else load.min())
