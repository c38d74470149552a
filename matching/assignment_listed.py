"""Many pairs as they come, of which the best few of each seat and agent are found in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import BLOCK, Floats, Ints
from matching.assignment_graph import frozen
from matching.assignment_grid import UNIT
from matching.compiled import pays, run


@dataclass(frozen=True, eq=False)
class Listed:
    """Pairs in any order; asked the same as a `Grid`.

    Parameters
    ----------
    seat, agent, fit : (P,)
    seats, agents : int

    Examples
    --------
    >>> pairs = Listed(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.5, 0.3, 0.4]), 2, 2)
    >>> pairs.top_of_seats(np.zeros(2), None, 1), pairs.total_of_agents()
    (array([0, 2]), (array([2, 1]), array([0.9, 0.3])))
    """

    seat: Ints
    agent: Ints
    fit: Floats
    seats: int
    agents: int

    def total_of_agents(self) -> tuple[Ints, Floats]:
        """Return how many pairs each agent has and the sum of their fits."""
        return _total(self.agent, self.fit, self.agents)

    def total_of_seats(self) -> tuple[Ints, Floats]:
        """Return how many pairs each seat has and the sum of their fits."""
        return _total(self.seat, self.fit, self.seats)

    def top_of_seats(self, add: Floats, floor: Floats | None, count: int) -> Ints:
        """Return the positions of the pairs of each seat, `count` at most, with the largest ``fit + add[agent]``.

        They are above ``floor[seat]`` where there is a floor. Ties go to the agents that follow the seat's own number.
        """
        return _best(self.seat, self.agent, self.fit, add, floor, self.seats, count)

    def above(self, add: Floats, floor: Floats) -> Ints:
        """Return the positions of all pairs with ``fit + add[agent] > floor[seat]``, ascending."""
        return _above(self.seat, self.agent, self.fit, add, floor)

    def top_of_agents(self, add: Floats, floor: Floats | None, count: int) -> Ints:
        """Return the same for each agent, with the largest ``fit + add[seat]``."""
        return _best(self.agent, self.seat, self.fit, add, floor, self.agents, count)


def _total(column: Ints, fit: Floats, columns: int) -> tuple[Ints, Floats]:
    count, total = np.zeros(columns, np.int64), np.zeros(columns)
    if pays(fit.size):
        run(_add, frozen(column), frozen(fit), UNIT, count, total, fast=True)
    else:
        count += np.bincount(column, minlength=columns)
        total += np.bincount(column, np.rint(fit * UNIT), minlength=columns)
    return count, total / UNIT


def _best(row: Ints, column: Ints, fit: Floats, add: Floats, floor: Floats | None, rows: int, count: int) -> Ints:
    least = np.full(rows, -np.inf) if floor is None else floor
    if pays(row.size):
        pairs, keys, after = np.full((rows, count), -1), np.full((rows, count), -np.inf), np.zeros((rows, count), np.int64)
        run(_keep, frozen(row), frozen(column), frozen(fit), frozen(add), least.copy(), keys, after, pairs, fast=True)
        return np.sort(pairs[pairs >= 0])
    among = np.arange(row.size) if floor is None else _above(row, column, fit, add, least)
    shift = (column[among] - row[among]) % add.size
    among = among[np.lexsort((shift, -(fit[among] + add[column[among]]), row[among]))]
    rank = np.arange(among.size) - np.searchsorted(row[among], row[among])
    return np.sort(among[rank < count])


def _above(row: Ints, column: Ints, fit: Floats, add: Floats, floor: Floats) -> Ints:
    """Return the pairs above the floor, looked at by blocks that stay in the processor's cache."""
    found = []
    for first in range(0, row.size, BLOCK):
        part = slice(first, first + BLOCK)
        found.append(first + np.flatnonzero(fit[part] + add[column[part]] > floor[row[part]]))
    return np.concatenate([np.zeros(0, np.int64), *found])


def _keep(row, column, fit, add, floor, keys, after, pairs):
    """Keep, for each row, the best pairs seen so far in order; the last raises the floor."""
    count, columns = keys.shape[1], len(add)
    for pair in range(len(row)):
        mine = row[pair]
        key = fit[pair] + add[column[pair]]
        if key < floor[mine]:
            continue
        shift = (column[pair] - mine) % columns
        last = count - 1
        if pairs[mine, last] < 0:
            if key == floor[mine]:
                continue
        elif key == keys[mine, last] and shift > after[mine, last]:
            continue
        at = last
        while at > 0 and (
            pairs[mine, at - 1] < 0 or keys[mine, at - 1] < key
            or (keys[mine, at - 1] == key and after[mine, at - 1] > shift)
        ):
            keys[mine, at], after[mine, at], pairs[mine, at] = keys[mine, at - 1], after[mine, at - 1], pairs[mine, at - 1]
            at -= 1
        keys[mine, at], after[mine, at], pairs[mine, at] = key, shift, pair
        if pairs[mine, last] >= 0:
            floor[mine] = keys[mine, last]


def _add(column, fit, unit, count, total):
    """Count and add up the fits of each column."""
    for pair in range(len(column)):
        count[column[pair]] += 1
        total[column[pair]] += np.rint(fit[pair] * unit)
