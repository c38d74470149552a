"""The columns of the model: pairs that can be chosen, with the like seats of a need made one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.limits import Limits
from matching.pool import Pool


@dataclass(frozen=True, eq=False)
class Columns:
    """Pairs in order of (agent, seat), without those that no plan can choose.

    Seats of one need with the same days, priority, agents, fits and loads are one *place* with a size:
    any of its agents may take any of its seats, so the model need not tell them apart. Rows to keep do not
    either, as long as no two of them are of one seat, or of one agent and need: each agent takes the seat to keep.

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
    keep_seat : (n,) int or None
        Seat that the agent keeps by this column, -1 for none; None where no rows to keep were given.

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
    keep_seat: Ints | None = None

    @classmethod
    def of(cls, pool: Pool, limits: Limits, keep: Ints | None = None) -> Columns:
        """Sort the pairs, leave out the impossible ones, join the like seats; `keep` are rows to keep."""
        order = np.lexsort((pool.pair_seat, pool.pair_agent))
        seat, agent = pool.pair_seat[order], pool.pair_agent[order]
        fits = limits.fits_alone(agent, pool.seat_start[seat], pool.seat_end[seat], pool.pair_load[order])
        order = order[fits]
        seats = _like_seats(pool, order, _told_apart(pool, keep))
        place_of = np.full(pool.seats, -1)
        for place, members in enumerate(seats):
            place_of[members[0]] = place
        row = order[place_of[pool.pair_seat[order]] >= 0]
        seat = pool.pair_seat[row]
        size = np.array([members.size for members in seats], np.int64)
        columns = cls(
            row, pool.pair_agent[row], place_of[seat], pool.seat_need[seat], pool.seat_priority[seat],
            pool.seat_start[seat], pool.seat_end[seat], pool.pair_fit[row], pool.pair_load[row], size, seats,
        )
        return columns if keep is None else columns._keeping(pool, keep)

    def __len__(self) -> int:
        """Return the number of columns."""
        return self.row.size

    def columns_of(self, pool: Pool, rows: Ints) -> Ints:
        """Return the (m,) column of each of `rows` of the pool, -1 for a row that no plan can choose."""
        place_of = np.full(pool.seats, -1)
        place_of[np.concatenate([np.zeros(0, np.int64), *self.seats])] = np.repeat(np.arange(self.size.size), self.size)
        place = place_of[pool.pair_seat[rows]]
        key = self.agent * self.size.size + self.place
        wanted = np.where(place < 0, -1, pool.pair_agent[rows] * self.size.size + place)
        at = np.minimum(np.searchsorted(key, wanted), max(len(self) - 1, 0))
        return np.where(key[at] == wanted, at, -1) if len(self) else np.full(rows.size, -1)

    def _keeping(self, pool: Pool, keep: Ints) -> Columns:
        """Return the same columns, which know the rows to keep."""
        column, seat = self.columns_of(pool, keep), np.full(len(self), -1)
        seat[column[column >= 0]] = pool.pair_seat[keep[column >= 0]]
        return replace(self, keep_seat=seat)

    def rows_of(self, pool: Pool, chosen: Ints) -> Ints:
        """Return the rows of the pool for the `chosen` columns: agents take the seat they keep, else the next."""
        chosen = chosen[np.lexsort((self.agent[chosen], self.place[chosen]))]
        place = self.place[chosen]
        seat = np.full(chosen.size, -1) if self.keep_seat is None else self.keep_seat[chosen]
        others, left = np.flatnonzero(seat < 0), self._seats_left(seat[seat >= 0])
        rank = np.arange(others.size) - np.searchsorted(place[others], place[others])
        first = np.searchsorted(left[0], place[others])
        seat[others] = left[1][first + rank]
        key = pool.pair_agent * pool.seats + pool.pair_seat
        order = np.argsort(key, kind="stable")
        wanted = self.agent[chosen] * pool.seats + seat
        return np.sort(order[np.searchsorted(key, wanted, sorter=order)])

    def _seats_left(self, taken: Ints) -> tuple[Ints, Ints]:
        """Return the place and the number of every seat that is not `taken`."""
        place, seat = np.repeat(np.arange(self.size.size), self.size), np.concatenate([np.zeros(0, np.int64), *self.seats])
        free = ~np.isin(seat, taken)
        return place[free], seat[free]


def _told_apart(pool: Pool, keep: Ints | None) -> Bools:
    """Say which seats cannot be like another: two rows to keep are of one such seat, or of one agent and its need."""
    apart = np.zeros(pool.seats, bool)
    if keep is not None and keep.size:
        seat = pool.pair_seat[keep]
        agent, need = pool.pair_agent[keep], pool.seat_need[seat]
        for pair in (np.stack([seat, seat]), np.stack([agent, need])):
            _, which, count = np.unique(pair, axis=1, return_inverse=True, return_counts=True)
            apart[seat[count[which.ravel()] > 1]] = True
    return apart


def _like_seats(pool: Pool, order: Ints, apart: Bools) -> tuple[Ints, ...]:
    """Return the seats that have pairs, those that are alike together except those `apart`, by first seat."""
    by_seat = order[np.argsort(pool.pair_seat[order], kind="stable")]
    seats, firsts = np.unique(pool.pair_seat[by_seat], return_index=True)
    groups: dict[tuple[object, ...], list[int]] = {}
    for seat, rows in zip(seats, np.split(by_seat, firsts[1:]), strict=True) if seats.size else ():
        facts = (pool.seat_need[seat], pool.seat_start[seat], pool.seat_end[seat], pool.seat_priority[seat])
        own = int(seat) if apart[seat] else -1
        lists = (pool.pair_agent[rows], pool.pair_fit[rows], pool.pair_load[rows])
        groups.setdefault((own, *map(int, facts), *(array.tobytes() for array in lists)), []).append(int(seat))
    return tuple(np.array(members) for members in groups.values())
