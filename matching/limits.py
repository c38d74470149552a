"""What each agent and each capped unit may still give, day by day, after the commitments."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.pool import TOLERANCE, Pool
from matching.units import ancestors


@dataclass(frozen=True, eq=False)
class Limits:
    """Groups that limit loads: agents ``0 … A - 1``, then units ``A … A + U - 1``.

    Parameters
    ----------
    limit : (G,) float
        Capacity or cap of each group; inf where there is none.
    of_agent : (A, D) int
        Groups of each agent, itself first, padded with -1; units without a cap are left out.
    group, day, load : (E,)
        Changes of the committed load, sorted by group then day.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> limits = Limits.of(small_pool())
    >>> limits.limit
    array([1. , 1. , 0.5])
    >>> limits.left(2, np.array([0, 3])), limits.left(0, np.array([0]))
    (array([0.5, 0.5]), array([1.]))
    """

    limit: Floats
    of_agent: Ints
    group: Ints
    day: Ints
    load: Floats
    first: Ints = field(repr=False)

    @classmethod
    def of(cls, pool: Pool) -> Limits:
        """Build the groups of a pool."""
        limit = np.concatenate([pool.agent_capacity, pool.unit_cap])
        above = ancestors(pool.unit_parent)[pool.agent_unit]
        above = np.where(above >= 0, above + pool.agents, -1)
        of_agent = np.concatenate([np.arange(pool.agents)[:, None], above], axis=1)
        of_agent[(of_agent >= 0) & np.isinf(limit)[of_agent]] = -1
        group, day, load = _changes(pool, of_agent)
        first = np.searchsorted(group, np.arange(limit.size + 1))
        return cls(limit, of_agent, group, day, load, first)

    def left(self, group: int, days: Ints) -> Floats:
        """Return what `group` may still give on each of `days`, never below 0."""
        own = slice(self.first[group], self.first[group + 1])
        taken = np.concatenate([[0.0], np.cumsum(self.load[own])])
        busy = taken[np.searchsorted(self.day[own], days, side="right")]
        return np.maximum(0.0, self.limit[group] - busy)

    def least_left(self, group: int, start: Ints, end: Ints) -> Floats:
        """Return the least that `group` may give over each period [start, end)."""
        own = slice(self.first[group], self.first[group + 1])
        days = np.unique(self.day[own])
        steps = self.left(group, days)
        least = self.left(group, start)
        inside = np.searchsorted(days, start, side="right"), np.searchsorted(days, end, side="left")
        periods, of_row = np.unique(np.stack(inside, axis=1), axis=0, return_inverse=True)
        lowest = [steps[i:j].min(initial=np.inf) for i, j in periods.tolist()]
        return np.minimum(least, np.array(lowest)[of_row.ravel()]) if least.size else least

    def fits_alone(self, agent: Ints, start: Ints, end: Ints, load: Floats, *, units: bool = True) -> Bools:
        """Say which pairs fit every limit when chosen alone; with ``units=False``, the agent's only."""
        groups = self.of_agent[agent] if units else self.of_agent[agent][:, :1]
        bare = np.where(groups >= 0, np.maximum(0.0, self.limit)[groups], np.inf).min(axis=1, initial=np.inf)
        fits = load <= bare + TOLERANCE
        busy = (np.diff(self.first) > 0)[groups] & (groups >= 0)
        for level in range(groups.shape[1]):
            rows = np.flatnonzero(busy[:, level] & fits)
            rows = rows[np.argsort(groups[rows, level], kind="stable")]
            edges = np.flatnonzero(np.diff(groups[rows, level])) + 1
            for part in np.split(rows, edges) if rows.size else ():
                least = self.least_left(int(groups[part[0], level]), start[part], end[part])
                fits[part] = load[part] <= least + TOLERANCE
        return fits


def _changes(pool: Pool, of_agent: Ints) -> tuple[Ints, Ints, Floats]:
    """Return the starts and ends of the commitments of every group, sorted by group then day."""
    groups = of_agent[pool.busy_agent]
    row, level = np.nonzero(groups >= 0)
    group = np.tile(groups[row, level], 2)
    day = np.concatenate([pool.busy_start[row], pool.busy_end[row]])
    load = np.concatenate([pool.busy_load[row], -pool.busy_load[row]])
    order = np.lexsort((day, group))
    return group[order], day[order], load[order]
