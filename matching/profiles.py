"""Seats that ask the same thing, and the skills of the offers indexed by skill."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Floats, Ints
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
    >>> profiles(small_market())[0].seats
    (0,)
    """

    seats: tuple[int, ...]
    skill: Ints
    level: Ints
    required: Bools
    neighbours: Bools


def profiles(market: Market) -> list[Profile]:
    """Return the profiles of a market, by first seat.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> [profile.skill.tolist() for profile in profiles(small_market())]
    [[7]]
    """
    demands = _demands(market)
    facts = np.stack([
        market.seat_need, market.seat_unit, market.seat_requester, market.seat_start, market.seat_end,
        market.seat_load, market.seat_lat, market.seat_lon, market.seat_remote, market.seat_site,
    ], axis=1).astype(np.float64)
    alike: dict[tuple[bytes, bytes], list[int]] = defaultdict(list)
    for seat, rows in enumerate(demands):
        alike[facts[seat].tobytes(), _asked(market, rows).tobytes()].append(seat)
    return [_profile(market, seats, demands[seats[0]]) for seats in alike.values()]


def _demands(market: Market) -> list[Ints]:
    """Return the rows of the demands of each seat, by skill."""
    order = np.lexsort((market.demand_skill, market.demand_seat))
    edges = np.searchsorted(market.demand_seat[order], np.arange(1, market.seats))
    return np.split(order, edges) if market.seats else []


def _asked(market: Market, rows: Ints) -> Ints:
    columns = (market.demand_skill, market.demand_level, market.demand_required, market.demand_neighbours)
    return np.stack([column[rows].astype(np.int64) for column in columns])


def _profile(market: Market, seats: list[int], rows: Ints) -> Profile:
    skill, level, required, neighbours = _asked(market, rows)
    return Profile(tuple(seats), skill, level, required.astype(bool), neighbours.astype(bool))


class SkillIndex:
    """Levels of every agent in a skill, direct or through its neighbours.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> SkillIndex(small_market()).levels(7)
    array([3, 2, 0])
    """

    def __init__(self, market: Market) -> None:
        order = np.lexsort((market.skill_agent, market.skill_id))
        self._agent, self._level = market.skill_agent[order], market.skill_level[order]
        self._skill, self._agents = market.skill_id[order], market.agents
        self._stands_in: dict[int, list[tuple[int, float]]] = defaultdict(list)
        columns = (market.neighbour_skill, market.neighbour_other, market.neighbour_weight)
        for skill, other, weight in zip(*(column.tolist() for column in columns), strict=True):
            self._stands_in[skill].append((other, weight))

    def levels(self, skill: int) -> Ints:
        """Return the (A,) levels in one skill, 0 where it is not offered."""
        first, last = np.searchsorted(self._skill, [skill, skill + 1])
        out = np.zeros(self._agents, np.int64)
        out[self._agent[first:last]] = self._level[first:last]
        return out

    def through_neighbours(self, skill: int, level: int) -> Floats:
        """Return the (A,) weights of the best neighbour offered at `level` or above, 0 without one."""
        out = np.zeros(self._agents)
        for other, weight in self._stands_in.get(skill, ()):
            np.maximum(out, weight * (self.levels(other) >= level), out=out)
        return out
