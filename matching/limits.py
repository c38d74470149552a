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
    group, day, taken : (E,)
        Days on which the committed load of a group changes, sorted by group then day, and that load.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> limits = Limits.of(small_pool().committed(np.array([0])))
    >>> limits.limit
    array([1. , 1. , 0.5])
    >>> limits.left(2, np.array([0, 9])), limits.least(2, 8)
    (array([0. , 0.5]), array([0.5, 1. , 0. ]))
    """

    limit: Floats
    of_agent: Ints
    group: Ints
    day: Ints
    taken: Floats
    first: Ints = field(repr=False)

    @classmethod
    def of(cls, pool: Pool) -> Limits:
        """Build the groups of a pool."""
        limit = np.concatenate([pool.agent_capacity, pool.unit_cap])
        above = ancestors(pool.unit_parent)[pool.agent_unit]
        above = np.where(above >= 0, above + pool.agents, -1)
        of_agent = np.concatenate([np.arange(pool.agents)[:, None], above], axis=1)
        of_agent[(of_agent >= 0) & np.isinf(limit)[of_agent]] = -1
        group, day, taken = _commitments(pool, of_agent)
        first = np.searchsorted(group, np.arange(limit.size + 1))
        return cls(limit, of_agent, group, day, taken, first)

    def left(self, group: int, days: Ints) -> Floats:
        """Return what `group` may still give on each of `days`, never below 0."""
        own = slice(self.first[group], self.first[group + 1])
        taken = np.append(0.0, self.taken[own])
        return np.maximum(0.0, self.limit[group] - taken[np.searchsorted(self.day[own], days, side="right")])

    def least(self, start: int, end: int) -> Floats:
        """Return the (G,) least that each group may give on a day of [start, end)."""
        taken = np.zeros(self.limit.size)
        before = np.flatnonzero(self.day <= start)
        taken[self.group[before]] = self.taken[before]
        inside = np.flatnonzero((start < self.day) & (self.day < end))
        np.maximum.at(taken, self.group[inside], self.taken[inside])
        return np.maximum(0.0, self.limit - taken)

    def fits_alone(self, agent: Ints, start: Ints, end: Ints, load: Floats) -> Bools:
        """Say which pairs fit every limit when chosen alone."""
        if not self.day.size:  # nothing is committed: all days are alike
            return load <= self.room(agent, self.limit) + TOLERANCE
        fits = np.ones(agent.size, bool)
        periods, of_row = np.unique(np.stack([start, end], axis=1), axis=0, return_inverse=True)
        order = np.argsort(of_row.ravel(), kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(of_row.ravel()))[:-1])
        for (first, last), rows in zip(periods.tolist(), parts, strict=True) if agent.size else ():
            fits[rows] = load[rows] <= self.room(agent[rows], self.least(first, last)) + TOLERANCE
        return fits

    def room(self, agent: Ints, least: Floats) -> Floats:
        """Return what each agent may give under their own limit and all those above, from `least`."""
        groups = self.of_agent[agent]
        return np.where(groups >= 0, least[groups], np.inf).min(axis=1, initial=np.inf)


def _commitments(pool: Pool, of_agent: Ints) -> tuple[Ints, Ints, Floats]:
    """Return, for every group and day on which its committed load changes, the load from that day on."""
    groups = of_agent[pool.busy_agent]
    row, level = np.nonzero(groups >= 0)
    group = np.tile(groups[row, level], 2)
    day = np.concatenate([pool.busy_start[row], pool.busy_end[row]])
    load = np.concatenate([pool.busy_load[row], -pool.busy_load[row]])
    order = np.lexsort((day, group))
    group, day, taken = group[order], day[order], np.cumsum(load[order])
    last = np.append((np.diff(group) != 0) | (np.diff(day) != 0), True)[: group.size]
    return group[last], day[last], taken[last]
