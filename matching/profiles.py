"""Seats that ask the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Ints
from matching.market import Market


@dataclass(frozen=True, eq=False)
class Profile:
    """Seats that are alike in everything, described by the first.

    Parameters
    ----------
    seats : tuple of int
        Ascending.
    skill, level : (D,) int
    required, neighbours : (D,) bool
        The demands.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> next(Asked(small_market()).profiles(range(1))).seats
    (0,)
    """

    seats: tuple[int, ...]
    skill: Ints
    level: Ints
    required: Bools
    neighbours: Bools


    def demands(self) -> Iterator[tuple[int, int, bool, bool]]:
        """Return skill, level, required and neighbours of each demand."""
        columns = (self.skill, self.level, self.required, self.neighbours)
        return zip(*(column.tolist() for column in columns), strict=True)


class Asked:
    """What the seats of a market ask, by seat.

    Parameters
    ----------
    market : Market

    Examples
    --------
    >>> from matching.examples import small_market
    >>> [profile.skill.tolist() for profile in Asked(small_market()).profiles(range(1))]
    [[7]]
    """

    def __init__(self, market: Market) -> None:
        order = np.lexsort((market.demand_skill, market.demand_seat))
        self._first = np.searchsorted(market.demand_seat[order], np.arange(market.seats + 1))
        columns = (market.demand_skill, market.demand_level, market.demand_required, market.demand_neighbours)
        self._demands = np.stack([column[order].astype(np.int64) for column in columns], axis=1)
        self._facts = np.stack([
            market.seat_need, market.seat_unit, market.seat_requester, market.seat_start, market.seat_end,
            market.seat_load, market.seat_lat, market.seat_lon, market.seat_remote, market.seat_site,
        ], axis=1).astype(np.float64)

    def profiles(self, seats: range) -> Iterator[Profile]:
        """Return the profiles of some seats, by first seat."""
        alike: dict[tuple[bytes, bytes], list[int]] = defaultdict(list)
        for seat in seats:
            alike[self._facts[seat].tobytes(), self._of(seat).tobytes()].append(seat)
        for members in alike.values():
            skill, level, required, neighbours = self._of(members[0]).T
            yield Profile(tuple(members), skill, level, required.astype(bool), neighbours.astype(bool))

    def _of(self, seat: int) -> Ints:
        return self._demands[self._first[seat] : self._first[seat + 1]]
