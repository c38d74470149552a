"""The filters of a seat, in order, each on the agents left by those before."""

from __future__ import annotations

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.market import Market
from matching.peaks import Peaks
from matching.pool import TOLERANCE
from matching.postings import Postings, meet
from matching.profiles import Profile
from matching.terms import KM_PER_DEGREE, distance_km
from matching.windows import Windows


class Eligibility:
    """Everything about the agents of a market that the filters look up, made once.

    Parameters
    ----------
    market : Market

    Examples
    --------
    >>> from matching.examples import small_market
    >>> from matching.profiles import Asked
    >>> market = small_market()
    >>> agents, margins, counts = Eligibility(market).of(next(Asked(market).profiles(range(1))))
    >>> agents, margins.round(3), counts
    (array([0]), array([0.833]), (3, 2, 1, 1, 1, 1, 1))
    """

    def __init__(self, market: Market) -> None:
        self.market, self.postings, self.windows = market, Postings(market), Windows(market)
        self._peaks = Peaks(market.pool())
        self._live = np.flatnonzero(market.agent_max_load > 0.0)
        self._live_of_unit = np.bincount(market.agent_unit[self._live], minlength=market.unit_parent.size)
        self._most = np.minimum(market.agent_max_load, market.agent_working_time) + TOLERANCE
        self._excluded = _Lists(market.excluded_need, market.excluded_agent)
        self._accepting = _Lists(market.site_id, market.site_agent)
        self._anywhere = np.isinf(market.agent_max_km)
        self._lat = np.nan_to_num(market.agent_lat)
        self._degrees = market.agent_max_km / KM_PER_DEGREE * (1.0 + 1e-9) + 1e-9

    def of(self, profile: Profile) -> tuple[Ints, Floats, tuple[int, ...]]:
        """Return the eligible agents of a profile, ascending, their margins, and how many each of `FILTERS` leaves.

        The first two filters start from the holders of the rarest skill required; how many the first leaves is
        counted from the index.
        """
        market, seat = self.market, profile.seats[0]
        start, end, asked = int(market.seat_start[seat]), int(market.seat_end[seat]), float(market.seat_load[seat])
        barred = self._barred(seat)
        skills = self._open(seat, self._skilled(profile), barred)
        agents, margin, counts = skills, np.zeros(0), [self._offers(seat, barred), skills.size]
        if agents.size:
            margin = self.windows.margins(agents, start, end)
            covered = (margin >= 0.0).nonzero()[0]
            agents, margin = agents[covered], margin[covered]
        counts.append(agents.size)
        for holds in (
            lambda some: asked <= self._most[some],
            lambda some: self._reaches(seat, some),
            lambda some: self._leaves(some, asked, start, end, above=False),
            lambda some: self._leaves(some, asked, start, end, above=True),
        ):
            if agents.size:
                kept = holds(agents).nonzero()[0]
                agents, margin = agents[kept], margin[kept]
            counts.append(agents.size)
        return agents, margin, tuple(counts)

    def away(self, seat: int, agents: Ints) -> Floats:
        """Return the distance of `agents` in km: 0 where it does not matter, nan where it is unknown."""
        market = self.market
        if np.isnan(market.seat_lat[seat]) or np.isnan(market.seat_lon[seat]):
            return np.zeros(agents.size)
        place = float(market.seat_lat[seat]), float(market.seat_lon[seat])
        away = distance_km(market.agent_lat[agents], market.agent_lon[agents], *place)
        return np.where(market.agent_remote[agents], 0.0, away) if market.seat_remote[seat] else away

    def _barred(self, seat: int) -> Ints:
        """Return who may not take a seat though they have an offer and are of another unit, ascending."""
        market = self.market
        some = self._excluded.of(int(market.seat_need[seat]))
        if market.seat_requester[seat] >= 0:
            some = np.array(sorted({*some.tolist(), int(market.seat_requester[seat])}))
        return some[(market.agent_max_load[some] > 0.0) & (market.agent_unit[some] != market.seat_unit[seat])]

    def _offers(self, seat: int, barred: Ints) -> int:
        unit = self.market.seat_unit[seat]
        return int(self._live.size - (self._live_of_unit[unit] if unit >= 0 else 0) - barred.size)

    def _open(self, seat: int, agents: Ints, barred: Ints) -> Ints:
        agents = agents[self.market.agent_unit[agents] != self.market.seat_unit[seat]]
        return np.delete(agents, meet(agents, barred)[0]) if barred.size else agents

    def _skilled(self, profile: Profile) -> Ints:
        """Return who offers every required skill, itself or through a neighbour allowed: rarest first."""
        asked = [(skill, level, near) for skill, level, required, near in profile.demands() if required]
        if not asked:
            return self._live
        rarest, *others = sorted(asked, key=lambda each: self.postings.most(*each))
        agents = self.postings.holders(*rarest)
        for skill, level, neighbours in others:
            able = self.postings.levels(skill, agents) >= level
            if neighbours:
                unable = np.flatnonzero(~able)
                able[unable] = self.postings.through_neighbours(skill, level, agents[unable]) > 0.0
            agents = agents[able]
        return agents

    def _reaches(self, seat: int, agents: Ints) -> Bools:
        """Say who accepts the seat's site or reaches its place; latitude alone rules most agents out."""
        market = self.market
        if np.isnan(market.seat_lat[seat]) or np.isnan(market.seat_lon[seat]):
            return np.ones(agents.size, bool)
        near = np.abs(self._lat[agents] - market.seat_lat[seat]) <= self._degrees[agents]
        out = near & self._anywhere[agents]
        if market.seat_remote[seat]:
            out |= market.agent_remote[agents]
        if market.seat_site[seat] >= 0:
            out[meet(agents, self._accepting.of(int(market.seat_site[seat])))[0]] = True
        unsure = np.flatnonzero(near & ~out)
        out[unsure] = self.away(seat, agents[unsure]) <= market.agent_max_km[agents[unsure]]
        return out

    def _leaves(self, agents: Ints, asked: float, start: int, end: int, *, above: bool) -> Bools:
        """Say whose own limit, or also those `above`, leave enough; the worst day ever settles most."""
        out = asked <= (self._peaks.always if above else self._peaks.own)[agents] + TOLERANCE
        unsure = np.flatnonzero(~out)
        least = self._peaks.room if above else self._peaks.least
        out[unsure] = asked <= least(agents[unsure], start, end) + TOLERANCE
        return out


class _Lists:
    """Agents by key, ascending, each once."""

    def __init__(self, key: Ints, agent: Ints) -> None:
        order = np.lexsort((agent, key))
        key, agent = key[order], agent[order]
        new = np.append(True, (key[1:] != key[:-1]) | (agent[1:] != agent[:-1]))[: key.size]
        self._key, self._agent = key[new], agent[new]

    def of(self, key: int) -> Ints:
        first, last = np.searchsorted(self._key, [key, key + 1])
        return self._agent[first:last]
