"""The columns of the model: pairs that can be chosen, with the like seats of a need made one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.limits import Limits
from matching.pool import Pool


@dataclass(frozen=True, eq=False)
class Columns:
    """Pairs in order of (agent, seat), without those that no plan can choose.

    Seats of one need with the same days, priority, agents, fits and loads are one *place* with a size:
    any of its agents may take any of its seats, so the model need not tell them apart.

    Parameters
    ----------
    row : (n,) int
        Row of the pool of each column (its first seat's).
    agent, place, need, priority, start, end : (n,) int
    fit, load : (n,) float
    size : (L,) int
        Seats of each place.
    seats : (L,) tuple of arrays
        The seats of each place, ascending.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> pool = small_pool()
    >>> columns = Columns.of(pool, Limits.of(pool))
    >>> columns.row, columns.place, columns.size
    (array([0, 1, 2]), array([0, 1, 1]), array([1, 1]))
    """

    row: Ints
    agent: Ints
    place: Ints
    need: Ints
    priority: Ints
    start: Ints
    end: Ints
    fit: Floats
    load: Floats
    size: Ints
    seats: tuple[Ints, ...]

    @classmethod
    def of(cls, pool: Pool, limits: Limits) -> Columns:
        """Sort the pairs, leave out the impossible ones, join the like seats."""
        order = np.lexsort((pool.pair_seat, pool.pair_agent))
        seat, agent = pool.pair_seat[order], pool.pair_agent[order]
        fits = limits.fits_alone(agent, pool.seat_start[seat], pool.seat_end[seat], pool.pair_load[order])
        order = order[fits]
        seats = _like_seats(pool, order)
        place_of = np.full(pool.seats, -1)
        for place, members in enumerate(seats):
            place_of[members[0]] = place
        row = order[place_of[pool.pair_seat[order]] >= 0]
        seat = pool.pair_seat[row]
        size = np.array([members.size for members in seats], np.int64)
        return cls(
            row, pool.pair_agent[row], place_of[seat], pool.seat_need[seat], pool.seat_priority[seat],
            pool.seat_start[seat], pool.seat_end[seat], pool.pair_fit[row], pool.pair_load[row], size, seats,
        )

    def __len__(self) -> int:
        """Return the number of columns."""
        return self.row.size

    def rows_of(self, pool: Pool, chosen: Ints) -> Ints:
        """Return the rows of the pool for the `chosen` columns: agents take a place's seats in order."""
        chosen = chosen[np.lexsort((self.agent[chosen], self.place[chosen]))]
        place = self.place[chosen]
        rank = np.arange(place.size) - np.searchsorted(place, place)
        first = np.concatenate([[0], np.cumsum(self.size)])
        seat = np.concatenate([np.zeros(0, np.int64), *self.seats])[first[place] + rank]
        key = pool.pair_agent * pool.seats + pool.pair_seat
        order = np.argsort(key, kind="stable")
        wanted = self.agent[chosen] * pool.seats + seat
        return np.sort(order[np.searchsorted(key, wanted, sorter=order)])


def _like_seats(pool: Pool, order: Ints) -> tuple[Ints, ...]:
    """Return the seats that have pairs, those that are alike together, by first seat."""
    by_seat = order[np.argsort(pool.pair_seat[order], kind="stable")]
    seats, firsts = np.unique(pool.pair_seat[by_seat], return_index=True)
    groups: dict[tuple[object, ...], list[int]] = {}
    for seat, rows in zip(seats, np.split(by_seat, firsts[1:]), strict=True) if seats.size else ():
        facts = (pool.seat_need[seat], pool.seat_start[seat], pool.seat_end[seat], pool.seat_priority[seat])
        lists = (pool.pair_agent[rows], pool.pair_fit[rows], pool.pair_load[rows])
        groups.setdefault((*map(int, facts), *(array.tobytes() for array in lists)), []).append(int(seat))
    return tuple(np.array(members) for members in groups.values())
