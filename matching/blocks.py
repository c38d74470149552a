"""Candidates by blocks of seats: the seam at which several machines would share a market's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.eligible import Eligibility
from matching.found import FILTERS, TERMS, Found, fits, weights_of
from matching.market import Market
from matching.profiles import Asked, Profile
from matching.terms import skill_terms


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """What `Finder.block` finds for some seats.

    Parameters
    ----------
    agent, seat : (p,) int
        Pairs, positions in the market.
    terms : (p, T) float
    seats : (n,) int
        Seats of the block, each once.
    funnel : (n, F) int
    cut : bool
        Whether ``k`` cut an eligible pair.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> Finder(small_market(), {"level": 1.0}).block(range(1)).agent
    array([0])
    """

    agent: Ints
    seat: Ints
    terms: Floats
    seats: Ints
    funnel: Ints
    cut: bool


class Finder:
    """Finds the candidates of any seats of one market.

    A block depends on the market, the weights, `k` and its own seats only. Several machines that make a `Finder`
    of the same market, or are sent one (it pickles), may therefore each run `block` on their share of the seats,
    in any order; `merge` gives, from all blocks wherever they were made, the same result to the last bit, however
    the seats were shared. A block holds one seat's holders at a time besides the pairs that it keeps.

    Parameters
    ----------
    market : Market
    weights : mapping of str to float
        As in `matching.candidates`.
    k : int, optional
        As in `matching.candidates`.

    Raises
    ------
    ValueError
        For unknown or unusable weights, or a negative k.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> finder = Finder(small_market(), {"level": 1.0})
    >>> merge(finder, [finder.block(range(1))]).pool.pairs
    1
    """

    def __init__(self, market: Market, weights: Mapping[str, float], k: int | None = None) -> None:
        self.market, self.weights = market, weights_of(weights)
        if k is not None and k < 0:
            raise ValueError("k must not be negative")
        self._k, self._eligible, self._asked = k, Eligibility(market), Asked(market)
        self._seats_of_need = _repeats(market.seat_need)
        self._fresh = np.maximum(0.0, 1.0 - market.agent_offer_age / market.freshness_days)
        self._fair = np.maximum(0.0, 1.0 - market.agent_days_lent / market.lent_days)

    def block(self, seats: range) -> Block:
        """Return the candidates of some seats: independent of every other block, so that any machine may run it."""
        parts = [self._profile(profile) for profile in self._asked.profiles(seats)]
        none = np.zeros(0, np.int64)
        return Block(
            agent=np.concatenate([none, *(np.tile(agents, len(of)) for of, agents, _, _, _ in parts)]),
            seat=np.concatenate([none, *(np.repeat(np.array(of), agents.size) for of, agents, _, _, _ in parts)]),
            terms=np.concatenate([np.zeros((0, len(TERMS))), *(np.tile(terms, (len(of), 1)) for of, _, terms, _, _ in parts)]),
            seats=np.array([seat for of, *_ in parts for seat in of], np.int64),
            funnel=np.array([left for of, _, _, left, _ in parts for _ in of], np.int64).reshape(-1, len(FILTERS)),
            cut=any(cut for *_, cut in parts),
        )

    def _profile(self, profile: Profile) -> tuple[tuple[int, ...], Ints, Floats, tuple[int, ...], bool]:
        """Return the seats of a profile, its agents, their terms, its funnel and whether any was cut."""
        agents, margin, funnel = self._eligible.of(profile)
        terms = self._terms(profile, agents, margin) if agents.size else np.zeros((0, len(TERMS)))
        most = agents.size if self._k is None else self._k + 2 * int(self._seats_of_need[profile.seats[0]])
        if agents.size <= most:
            return profile.seats, agents, terms, funnel, False
        kept = best(fits(terms, self.weights), most)
        return profile.seats, agents[kept], terms[kept], funnel, True

    def _terms(self, profile: Profile, agents: Ints, margin: Floats) -> Floats:
        market, seat = self.market, profile.seats[0]
        level, desired, neighbour = skill_terms(profile, self._eligible.postings, agents)
        away = self._eligible.away(seat, agents)
        close = np.nan_to_num(np.maximum(0.0, 1.0 - away / market.distance_km), nan=0.0)
        return np.stack((level, desired, neighbour, margin, close, self._fresh[agents], self._fair[agents]), axis=1)


def _repeats(values: Ints) -> Ints:
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    return counts[where]


def best(fit: Floats, most: int) -> Ints:
    """Return the positions of the `most` highest fits, ascending; among equals the first.

    Examples
    --------
    >>> best(np.array([0.5, 0.9, 0.5, 0.5]), 3)
    array([0, 1, 2])
    """
    if most == 0:
        return np.zeros(0, np.int64)
    least = np.partition(fit, fit.size - most)[fit.size - most]
    above, equal = np.flatnonzero(fit > least), np.flatnonzero(fit == least)
    return np.sort(np.append(above, equal[: most - above.size]))


def ranges(seats: int, size: int) -> list[range]:
    """Return the seats 0 … `seats` - 1 in blocks of at most `size`.

    Raises
    ------
    ValueError
        When `size` is not positive.

    Examples
    --------
    >>> ranges(5, 2)
    [range(0, 2), range(2, 4), range(4, 5)]
    """
    if size < 1:
        raise ValueError("a block has at least one seat")
    return [range(first, min(first + size, seats)) for first in range(0, seats, size)]


def merge(finder: Finder, blocks: Iterable[Block]) -> Found:
    """Return what the blocks found together, in any order, each seat of the market being in one of them.

    Raises
    ------
    ValueError
        When a seat is in no block or in two.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> finder = Finder(small_market(), {"level": 1.0})
    >>> merge(finder, [])
    Traceback (most recent call last):
        ...
    ValueError: every seat must be in one block
    """
    market, parts = finder.market, list(blocks)
    seats = np.concatenate([np.zeros(0, np.int64), *(part.seats for part in parts)])
    if not np.array_equal(np.sort(seats), np.arange(market.seats)):
        raise ValueError("every seat must be in one block")
    none = np.zeros(0, np.int64)
    agent, seat = (np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in ("agent", "seat"))
    order = np.argsort(agent * market.seats + seat)
    terms = np.concatenate([np.zeros((0, len(TERMS))), *(part.terms for part in parts)])[order]
    funnel = np.zeros((market.seats, len(FILTERS)), np.int64)
    funnel[seats] = np.concatenate([funnel[:0], *(part.funnel for part in parts)])
    pairs = agent[order], seat[order], fits(terms, finder.weights)
    for part in pairs:
        part.setflags(write=False)  # a pool takes read-only arrays as they are
    return Found(
        pool=market.pool(*pairs), terms=terms, term_names=TERMS,
        weights=finder.weights, funnel=funnel, filters=FILTERS, complete=not any(part.cut for part in parts),
    )
