"""Who offers which skill: an inverted index, so that a seat only meets agents who may have what it asks."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from matching.arrays import Floats, Ints
from matching.market import HIGHEST_LEVEL, Market

DENSE = 64
"""A skill that at least one agent in `DENSE` offers also gets one byte per agent, when it is first looked up:
at most `DENSE` bytes per skill offered in all."""
REMEMBERED = 4_000_000
"""Holders kept from one demand to the next, in agents."""
_NONE = slice(0, 0)


class Postings:
    """For each skill, the agents with a live offer who have it, ascending, and their levels.

    Parameters
    ----------
    market : Market

    Notes
    -----
    The rows of the skills are sorted by (skill, agent) once, as the rows of a sparse matrix of levels. A demand
    then costs what its holders cost, never the number of agents.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> postings = Postings(small_market())
    >>> postings.holders(7, 2, False), postings.holders(7, 3, False), postings.most(7, 3, False)
    (array([0, 1]), array([0]), 1)
    >>> postings.levels(7, np.array([1, 2]))
    array([2, 0], dtype=int8)
    """

    def __init__(self, market: Market) -> None:
        live = market.agent_max_load[market.skill_agent] > 0.0
        skill, agent, level = market.skill_id[live], market.skill_agent[live], market.skill_level[live]
        order = np.lexsort((agent, skill))
        self._agent, self._level = agent[order], level[order].astype(np.int8)
        ids, first = np.unique(skill[order], return_index=True)
        edges = np.append(first, order.size).tolist()
        self._rows = {key: slice(*edge) for key, *edge in zip(ids.tolist(), edges[:-1], edges[1:], strict=True)}
        self._counts = _at_least(skill[order], self._level, ids)
        self._agents = market.agents
        self._dense: dict[int, np.ndarray] = {}
        self._known: dict[tuple[int, int, bool], Ints] = {}
        self._kept = 0
        self._stands_in: dict[int, list[tuple[int, float]]] = defaultdict(list)
        columns = (market.neighbour_skill, market.neighbour_other, market.neighbour_weight)
        for asked, other, weight in zip(*(column.tolist() for column in columns), strict=True):
            self._stands_in[asked].append((other, weight))

    def most(self, skill: int, level: int, neighbours: bool) -> int:
        """Return the most agents that `holders` can return."""
        return sum(int(self._counts[other][level]) for other in self._able(skill, neighbours) if other in self._counts)

    def holders(self, skill: int, level: int, neighbours: bool) -> Ints:
        """Return the agents who offer `skill` at `level` or above, ascending, or a neighbour where allowed."""
        key = (skill, level, neighbours)
        if key not in self._known:
            if self._kept > REMEMBERED:
                self._known, self._kept = {}, 0
            self._known[key] = _union([self._own(other, level) for other in self._able(skill, neighbours)])
            self._kept += self._known[key].size
        return self._known[key]

    def levels(self, skill: int, agents: Ints) -> np.ndarray:
        """Return the levels of `agents`, ascending, in one skill, 0 where they do not offer it."""
        rows = self._rows.get(skill, _NONE)
        holders, level = self._agent[rows], self._level[rows]
        if holders.size * DENSE > self._agents:
            if skill not in self._dense:
                self._dense[skill] = np.zeros(self._agents, np.int8)
                self._dense[skill][holders] = level
            return self._dense[skill][agents]
        out = np.zeros(agents.size, np.int8)
        mine, theirs = meet(agents, holders)
        out[mine] = level[theirs]
        return out

    def through_neighbours(self, skill: int, level: int, agents: Ints) -> Floats:
        """Return the weight of the best neighbour that `agents`, ascending, offer at `level` or above, else 0."""
        out = np.zeros(agents.size)
        for other, weight in self._stands_in.get(skill, ()):
            np.maximum(out, weight * (self.levels(other, agents) >= level), out=out)
        return out

    def _able(self, skill: int, neighbours: bool) -> list[int]:
        """Return the skills that satisfy a demand of `skill`."""
        others = self._stands_in.get(skill, ()) if neighbours else ()
        return [skill, *(other for other, weight in others if weight > 0.0)]

    def _own(self, skill: int, level: int) -> Ints:
        rows = self._rows.get(skill, _NONE)
        return self._agent[rows][self._level[rows] >= level]


def _union(parts: list[Ints]) -> Ints:
    """Return what is in any of `parts`, which are ascending; runs that are sorted merge in linear time."""
    if len(parts) == 1:
        return parts[0]
    merged = np.concatenate(parts)
    merged.sort(kind="stable")
    return merged[np.append(True, np.diff(merged) != 0)[: merged.size]]


def meet(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return where the values common to two ascending arrays without repeats are in each.

    The shorter is looked up in the longer.

    Examples
    --------
    >>> meet(np.array([1, 4, 9]), np.array([4, 9]))
    (array([1, 2]), array([0, 1]))
    """
    if left.size < right.size:
        theirs, mine = meet(right, left)
        return mine, theirs
    at = np.searchsorted(left, right)
    found = np.flatnonzero(left[np.minimum(at, left.size - 1)] == right)
    return at[found], found


def _at_least(skill: Ints, level: np.ndarray, ids: Ints) -> dict[int, Ints]:
    """Return for each skill how many agents offer it at each level 0 … 4 or above."""
    width = HIGHEST_LEVEL + 1
    counts = np.bincount(np.searchsorted(ids, skill) * width + level, minlength=ids.size * width)
    above = counts.reshape(ids.size, width)[:, ::-1].cumsum(axis=1)[:, ::-1]
    return dict(zip(ids.tolist(), above, strict=True))
