"""A plan's model with one seat replaced by seats that ask otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matching.arrays import Ints
from matching.columns import Columns
from matching.pool import Pool


def with_seats(columns: Columns, seat: int, other: Pool) -> tuple[Columns, Ints]:
    """Return the columns without `seat` and with the seats of `other`, and the place of each of these.

    Parameters
    ----------
    columns : Columns
    seat : int
        A seat of the columns' pool.
    other : Pool
        A pool of the same agents, whose pairs each fit alone beside the commitments.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> more, places = with_seats(Columns.of(pool, Limits.of(pool)), 1, pool)
    >>> more.agent, more.size, places
    (array([0, 0, 1, 0, 0, 1]), array([1, 0, 1, 1]), array([2, 3]))
    """
    size, theirs = columns.size.copy(), other.pair_seat
    for place, members in enumerate(columns.seats):
        size[place] -= int((members == seat).any())
    places = size.size + np.arange(other.seats)
    names = {
        "row": np.full(other.pairs, -1), "agent": other.pair_agent, "place": places[theirs], "need": other.seat_need[theirs],
        "priority": other.seat_priority[theirs], "start": other.seat_start[theirs], "end": other.seat_end[theirs],
        "fit": other.pair_fit, "load": other.pair_load, "size": np.ones(other.seats, np.int64),
    }
    mine = {name: getattr(columns, name) for name in names} | {"size": size}
    joined = {name: np.concatenate([mine[name], more]) for name, more in names.items()}
    none = np.zeros(0, np.int64)
    return replace(columns, **joined, seats=(*columns.seats, *[none] * other.seats)), places
