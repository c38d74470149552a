"""From a market to its candidate pairs: filters in order, then the terms of every fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matching.arrays import Bools, Floats, Ints
from matching.found import FILTERS, TERMS, Found, fits, weights_of
from matching.limits import Limits
from matching.market import Market
from matching.pool import TOLERANCE
from matching.profiles import Profile, SkillIndex, profiles
from matching.terms import distance_km, has_required, margins, skill_terms


def candidates(market: Market, weights: Mapping[str, float], k: int | None = None) -> Found:
    """Make every eligible pair of a market, with the terms of its fit and the funnel of every seat.

    Filters, in order, each on the agents left by those before:

    ``offers``
        a live offer, not of the requesting unit, not the requester, this need not declined;
    ``skills``
        every required skill at its level or above, a neighbour only where the demand says so;
    ``dates``
        one window covers the whole period;
    ``load``
        the seat's load is at most the highest load offered and the working time;
    ``place``
        a site accepted, or within reach, or remote for both, or a seat without a place;
    ``commitments``
        the agent's own other missions leave enough on every day;
    ``caps``
        so do the caps of the agent's unit and of those above.

    Terms, each in [0, 1]: *level*, *desired*, *neighbour* (see `matching.terms.skill_terms`); *margin*, days
    of the window around the period, up to ``margin_days`` on each side; *distance*, 1 at 0 km or remote, 0
    from ``distance_km`` on or unknown; *freshness*, 1 for an offer of today, 0 from ``freshness_days`` on;
    *fairness*, 1 for nothing lent in 12 months, 0 from ``lent_days`` on.

    Parameters
    ----------
    market : Market
    weights : mapping of str to float
        Weight of each term of `TERMS`; a missing one is 0. ``fit = sum(w * x) / sum(w)``.
    k : int, optional
        Keep for each seat the best ``k + 2 × seats of its need`` agents only; all by default.

    Returns
    -------
    Found

    Raises
    ------
    ValueError
        For unknown or unusable weights, or a negative k.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> found = candidates(small_market(), {"level": 1.0, "margin": 1.0})
    >>> found.pool.pair_agent, found.pool.pair_fit.round(3), found.complete
    (array([0]), array([0.667]), True)
    >>> dict(zip(found.filters, found.funnel[0].tolist()))["dates"]
    1
    """
    share = weights_of(weights)
    if k is not None and k < 0:
        raise ValueError("k must not be negative")
    finder = _Finder(market, share)
    parts = [_NOTHING, *(finder.pairs(profile, k) for profile in profiles(market))]
    agent, seat = (np.concatenate([part[column] for part in parts]) for column in (0, 1))
    order = np.lexsort((seat, agent))
    agent, seat, terms = agent[order], seat[order], np.concatenate([part[2] for part in parts])[order]
    return Found(
        pool=market.pool(agent, seat, fits(terms, share)), terms=terms,
        term_names=TERMS, weights=share, funnel=finder.funnel, filters=FILTERS, complete=not finder.cut,
    )


_NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(TERMS))))


class _Finder:
    """Goes through the profiles of one market."""

    def __init__(self, market: Market, share: Floats) -> None:
        self.market, self.share = market, share
        self.skills = SkillIndex(market)
        self.limits = Limits.of(market.pool())
        self.funnel = np.zeros((market.seats, len(FILTERS)), np.int64)
        self.cut = False
        self.seats_of_need = dict(zip(*np.unique(market.seat_need, return_counts=True), strict=True))
        self.fresh = np.maximum(0.0, 1.0 - market.agent_offer_age / market.freshness_days)
        self.fair = np.maximum(0.0, 1.0 - market.agent_days_lent / market.lent_days)

    def pairs(self, profile: Profile, k: int | None) -> tuple[Ints, Ints, Floats]:
        """Return agents, seats and terms of a profile's pairs, and write its rows of the funnel."""
        seat = profile.seats[0]
        near = self._distance(seat)
        margin = margins(self.market, int(self.market.seat_start[seat]), int(self.market.seat_end[seat]))
        agents = self._eligible(profile, near, margin)
        terms = self._terms(profile, agents, near, margin)
        if k is not None:
            kept = self._best(agents, terms, k + 2 * int(self.seats_of_need[self.market.seat_need[seat]]))
            agents, terms = agents[kept], terms[kept]
        seats = np.repeat(np.array(profile.seats), agents.size)
        return np.tile(agents, len(profile.seats)), seats, np.tile(terms, (len(profile.seats), 1))

    def _eligible(self, profile: Profile, near: Floats, margin: Floats) -> Ints:
        market, seat = self.market, profile.seats[0]
        least = self.limits.least(int(market.seat_start[seat]), int(market.seat_end[seat])) + TOLERANCE
        asked = market.seat_load[seat]
        offers = self._offers(seat)
        skills = has_required(profile, self.skills, offers)
        dates = skills[margin[skills] >= 0.0]
        most = np.minimum(market.agent_max_load[dates], market.agent_working_time[dates])
        load = dates[asked <= most + TOLERANCE]
        place = load[self._reaches(seat, load, near)]
        free = place[asked <= least[place]]
        caps = free[asked <= self.limits.room(free, least)]
        steps = (offers, skills, dates, load, place, free, caps)
        self.funnel[list(profile.seats)] = [agents.size for agents in steps]
        return caps

    def _offers(self, seat: int) -> Ints:
        market = self.market
        open_to = (market.agent_max_load > 0.0) & (market.agent_unit != market.seat_unit[seat])
        open_to[market.excluded_agent[market.excluded_need == market.seat_need[seat]]] = False
        if market.seat_requester[seat] >= 0:
            open_to[market.seat_requester[seat]] = False
        return np.flatnonzero(open_to)

    def _distance(self, seat: int) -> Floats:
        """Return the distance to each agent in km; 0 where it does not matter, nan where it is unknown."""
        market = self.market
        if np.isnan(market.seat_lat[seat]) or np.isnan(market.seat_lon[seat]):
            return np.zeros(market.agents)
        place = float(market.seat_lat[seat]), float(market.seat_lon[seat])
        away = distance_km(market.agent_lat, market.agent_lon, *place)
        return np.where(market.agent_remote & market.seat_remote[seat], 0.0, away)

    def _reaches(self, seat: int, agents: Ints, near: Floats) -> Bools:
        market, reach = self.market, self.market.agent_max_km[agents]
        accepted = np.zeros(market.agents, bool)
        if market.seat_site[seat] >= 0:
            accepted[market.site_agent[market.site_id == market.seat_site[seat]]] = True
        return accepted[agents] | np.isinf(reach) | (near[agents] <= reach)

    def _terms(self, profile: Profile, agents: Ints, near: Floats, margin: Floats) -> Floats:
        level, desired, neighbour = skill_terms(profile, self.skills, agents)
        close = np.nan_to_num(np.maximum(0.0, 1.0 - near[agents] / self.market.distance_km), nan=0.0)
        terms = (level, desired, neighbour, margin[agents], close, self.fresh[agents], self.fair[agents])
        return np.stack(terms, axis=1)

    def _best(self, agents: Ints, terms: Floats, most: int) -> Ints:
        """Return the positions of the `most` best fits, ties by agent, in order."""
        self.cut |= agents.size > most
        return np.sort(np.lexsort((agents, -fits(terms, self.share)))[:most])
