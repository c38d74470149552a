"""Between two plans, nobody moves to another like seat of the same need without a reason."""

from __future__ import annotations

import numpy as np

from matching.arrays import Ints
from matching.pool import Pool


def settle(pool: Pool, rows: Ints, plan: Ints, fixed: int) -> Ints:
    """Swap agents between like seats in `rows` so that more of them stay where `plan` has them.

    Two rows are swapped only where need, days, class, fits and loads are the same, so that what the rows
    reach and use does not change.

    Parameters
    ----------
    rows : (k,) int
        Rows of a plan that obeys the rules.
    plan : (m,) int
        Rows of the plan to stay close to.
    fixed : int
        A row that is neither taken in nor let go.

    Returns
    -------
    (k,) int
        Ascending.

    Examples
    --------
    Two like seats, two agents, who would only change places:

    >>> from matching.examples import small_pool
    >>> import dataclasses
    >>> pool = dataclasses.replace(small_pool(), pair_agent=np.array([0, 0, 1, 1]),
    ...     pair_seat=np.array([0, 1, 0, 1]), pair_fit=np.full(4, 0.5), pair_load=np.full(4, 0.2),
    ...     seat_need=np.zeros(2), seat_priority=np.zeros(2))
    >>> settle(pool, np.array([1, 2]), np.array([0, 3]), fixed=-1)
    array([0, 3])
    """
    swap = _Swap(pool, rows)
    for row in np.setdiff1d(plan, np.append(rows, fixed)).tolist():
        swap.bring_back(row, fixed)
    return np.array(sorted(swap.at_seat.values()), np.int64)


class _Swap:
    """A plan whose agents may change places."""

    def __init__(self, pool: Pool, rows: Ints) -> None:
        self.pool = pool
        self.at_seat = {int(pool.pair_seat[row]): int(row) for row in rows}
        self.of_agent = {self._key(int(row)): int(row) for row in rows}

    def bring_back(self, row: int, fixed: int) -> None:
        """Take `row` in where its agent has a like seat, whoever has its seat going there."""
        have = self.of_agent.get(self._key(row), -1)
        if have in (-1, fixed) or not self._alike(row, have):
            return
        seat, other = int(self.pool.pair_seat[have]), self.at_seat.get(int(self.pool.pair_seat[row]), -1)
        if other < 0:
            del self.at_seat[seat]
            return self._put(row)
        moved = self._row(int(self.pool.pair_agent[other]), seat)
        if other != fixed and moved not in (-1, fixed) and self._alike(other, moved):
            self._put(row)
            self._put(moved)

    def _put(self, row: int) -> None:
        self.at_seat[int(self.pool.pair_seat[row])] = row
        self.of_agent[self._key(row)] = row

    def _key(self, row: int) -> tuple[int, int]:
        return int(self.pool.pair_agent[row]), int(self.pool.seat_need[self.pool.pair_seat[row]])

    def _row(self, agent: int, seat: int) -> int:
        found = np.flatnonzero((self.pool.pair_agent == agent) & (self.pool.pair_seat == seat))
        return int(found[0]) if found.size else -1

    def _alike(self, row: int, other: int) -> bool:
        return self._facts(row) == self._facts(other)

    def _facts(self, row: int) -> tuple[float, ...]:
        pool, seat = self.pool, self.pool.pair_seat[row]
        facts = (pool.seat_need, pool.seat_start, pool.seat_end, pool.seat_priority)
        return (*(float(fact[seat]) for fact in facts), float(pool.pair_fit[row]), float(pool.pair_load[row]))
