"""Candidates against a second, plain-Python reading of the rules of eligibility and of fit."""

import dataclasses
import math

import numpy as np
import pytest

import matching
from matching.examples import small_market
from matching.terms import distance_km

WEIGHTS = {
    "level": 1.0, "desired": 3.0, "neighbour": 2.0, "margin": 1.0, "distance": 2.0, "freshness": 0.5,
    "fairness": 1.5,
}
nan, inf = float("nan"), float("inf")


def random_market(seed):
    rng = np.random.default_rng(seed)
    agents, seats, skills, windows, demands, busy = 25, 9, 60, 40, 16, 6
    need = np.sort(rng.integers(0, 6, seats))
    owner, skill = np.divmod(rng.choice(agents * 6, skills, replace=False), 6)
    opens, away = rng.integers(0, 30, windows), rng.integers(0, 40, busy)
    begins = rng.integers(5, 40, 6)[need]
    place = np.where(rng.random(6) < 0.2, nan, 44.5 + rng.random(6))[need]
    lost = np.where(rng.random(agents) < 0.1, nan, 44.5 + rng.random(agents))
    return matching.Market(
        agent_unit=rng.integers(0, 6, agents), agent_max_load=rng.choice([0, 0.4, 0.5, 1], agents),
        agent_working_time=rng.choice([0.5, 0.8, 1], agents), agent_lat=lost, agent_lon=rng.random(agents),
        agent_max_km=rng.choice([0, 20, 60, inf], agents), agent_remote=rng.random(agents) < 0.4,
        agent_offer_age=rng.integers(0, 250, agents), agent_days_lent=rng.integers(0, 120, agents),
        skill_agent=owner, skill_id=skill, skill_level=rng.integers(1, 5, skills),
        window_agent=rng.integers(0, agents, windows), window_start=opens,
        window_end=opens + rng.integers(10, 90, windows),
        seat_need=need, seat_unit=rng.integers(-1, 6, 6)[need],
        seat_requester=rng.integers(-1, agents, 6)[need], seat_start=begins,
        seat_end=begins + rng.integers(1, 20, seats), seat_load=rng.choice([0.3, 0.4, 0.6], seats),
        seat_priority=rng.integers(0, 3, seats), seat_lat=place, seat_lon=rng.random(seats),
        seat_remote=rng.random(seats) < 0.4, seat_site=rng.integers(-1, 3, seats),
        demand_seat=rng.integers(0, seats, demands), demand_skill=rng.integers(0, 6, demands),
        demand_level=rng.integers(1, 5, demands), demand_required=rng.random(demands) < 0.5,
        demand_neighbours=rng.random(demands) < 0.5,
        unit_parent=[-1, 0, 0, 1, 1, 2], unit_cap=rng.choice([0.5, 1.0, 2.0, inf], 6),
        site_agent=rng.integers(0, agents, 10), site_id=rng.integers(0, 3, 10),
        neighbour_skill=[0, 1, 2, 3, 0], neighbour_other=[1, 0, 3, 2, 5],
        neighbour_weight=[0.5, 0.6, 0.4, 0.4, 0.9],
        excluded_agent=rng.integers(0, agents, 8), excluded_need=rng.integers(0, 6, 8),
        busy_agent=rng.integers(0, agents, busy), busy_start=away, busy_end=away + rng.integers(1, 20, busy),
        busy_load=rng.choice([0.2, 0.5, 1.0], busy),
    )


class Naive:
    """The rules, one agent and one seat at a time."""

    def __init__(self, market):
        self.m = market
        rows = zip(market.skill_agent, market.skill_id, market.skill_level)
        self.level = {(int(a), int(k)): int(level) for a, k, level in rows}

    def demands(self, seat):
        m = self.m
        for row in np.flatnonzero(m.demand_seat == seat):
            asked = int(m.demand_skill[row]), int(m.demand_level[row])
            yield *asked, m.demand_required[row], m.demand_neighbours[row]

    def through(self, agent, skill, level):
        m = self.m
        weights = [0.0]
        for row in np.flatnonzero(m.neighbour_skill == skill):
            if self.level.get((agent, int(m.neighbour_other[row])), 0) >= level:
                weights.append(float(m.neighbour_weight[row]))
        return max(weights)

    def steps(self, agent, seat):
        m = self.m
        declined = (m.excluded_agent == agent) & (m.excluded_need == m.seat_need[seat])
        yield (
            m.agent_max_load[agent] > 0 and m.agent_unit[agent] != m.seat_unit[seat]
            and m.seat_requester[seat] != agent and not declined.any()
        )
        yield all(
            self.level.get((agent, skill), 0) >= level or (near and self.through(agent, skill, level) > 0)
            for skill, level, required, near in self.demands(seat) if required
        )
        yield bool(self.windows(agent, seat))
        yield m.seat_load[seat] <= min(m.agent_max_load[agent], m.agent_working_time[agent]) + 1e-6
        yield self.reaches(agent, seat)
        capacity = min(m.agent_max_load[agent], m.agent_working_time[agent])
        yield self.leaves(seat, capacity, {agent})
        units = self.above(m.agent_unit[agent])
        yield all(self.leaves(seat, m.unit_cap[unit], self.under(unit)) for unit in units)

    def windows(self, agent, seat):
        m = self.m
        return [
            (m.seat_start[seat] - start, end - m.seat_end[seat])
            for who, start, end in zip(m.window_agent, m.window_start, m.window_end)
            if who == agent and start <= m.seat_start[seat] and m.seat_end[seat] <= end
        ]

    def away(self, agent, seat):
        m = self.m
        if math.isnan(m.seat_lat[seat]) or (m.agent_remote[agent] and m.seat_remote[seat]):
            return 0.0
        a, b = math.radians(m.agent_lat[agent]), math.radians(m.seat_lat[seat])
        turn = math.radians(m.seat_lon[seat] - m.agent_lon[agent])
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
        return nan if math.isnan(cosine) else 6371.0 * math.acos(min(1.0, cosine))

    def reaches(self, agent, seat):
        m = self.m
        accepts = (m.site_agent == agent) & (m.site_id == m.seat_site[seat]) & (m.seat_site[seat] >= 0)
        reach = m.agent_max_km[agent]
        return accepts.any() or math.isinf(reach) or self.away(agent, seat) <= reach

    def above(self, unit):
        while unit >= 0:
            yield int(unit)
            unit = self.m.unit_parent[unit]

    def under(self, unit):
        return {a for a in range(self.m.agents) if unit in self.above(self.m.agent_unit[a])}

    def leaves(self, seat, limit, people):
        m = self.m
        rows = list(zip(m.busy_agent, m.busy_start, m.busy_end, m.busy_load))
        for day in range(m.seat_start[seat], m.seat_end[seat]):
            taken = sum(load for agent, i, j, load in rows if agent in people and i <= day < j)
            if m.seat_load[seat] > max(0, limit - taken) + 1e-6:
                return False
        return True

    def terms(self, agent, seat):
        m = self.m
        level, desired, neighbour = [], [], []
        for skill, asked, required, near in self.demands(seat):
            have = self.level.get((agent, skill), 0)
            through = self.through(agent, skill, asked) if near else 0.0
            if required:
                level.append(float(have >= 4) if asked == 4 else max(0, have - asked) / (4 - asked))
                neighbour.append(1.0 if have >= asked else through)
            else:
                desired.append(max(min(1.0, have / asked), through))
        margin = max((min(15, i) + min(15, j)) / 30 for i, j in self.windows(agent, seat))
        away = self.away(agent, seat)
        mean = [sum(part) / len(part) if part else 1.0 for part in (level, desired, neighbour)]
        return [
            *mean, margin, 0.0 if math.isnan(away) else max(0.0, 1 - away / 50),
            max(0.0, 1 - m.agent_offer_age[agent] / 180), max(0.0, 1 - m.agent_days_lent[agent] / 90),
        ]

    def found(self):
        funnel, pairs = np.zeros((self.m.seats, 7), int), {}
        for seat in range(self.m.seats):
            for agent in range(self.m.agents):
                passed = 0
                for holds in self.steps(agent, seat):
                    if not holds:
                        break
                    funnel[seat, passed] += 1
                    passed += 1
                if passed == 7:
                    pairs[agent, seat] = self.terms(agent, seat)
        return funnel, pairs


@pytest.mark.parametrize("seed", range(40))
def test_candidates_are_those_of_the_plain_reading(seed):
    market = random_market(seed)
    found = matching.candidates(market, WEIGHTS)
    funnel, pairs = Naive(market).found()
    assert np.array_equal(found.funnel, funnel)
    assert list(zip(found.pool.pair_agent.tolist(), found.pool.pair_seat.tolist())) == sorted(pairs)
    expected = np.array([pairs[pair] for pair in sorted(pairs)]).reshape(len(pairs), 7)
    assert np.allclose(found.terms, expected, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_terms_and_weights_add_up_to_the_fit(seed):
    found = matching.candidates(random_market(seed), WEIGHTS)
    assert ((found.terms >= 0) & (found.terms <= 1)).all()
    parts = found.terms @ found.weights / found.weights.sum()
    assert np.allclose(found.pool.pair_fit, parts, atol=1e-12)


def test_the_last_column_of_the_funnel_counts_the_pairs():
    found = matching.candidates(random_market(1), WEIGHTS)
    assert np.array_equal(found.funnel[:, -1], np.bincount(found.pool.pair_seat, minlength=found.pool.seats))
    assert found.filters == matching.FILTERS and found.term_names == matching.TERMS


def test_k_keeps_the_best_and_says_so():
    market = crowd(agents=12)
    everyone, few = matching.candidates(market, WEIGHTS), matching.candidates(market, WEIGHTS, k=1)
    assert everyone.complete and not few.complete
    assert few.pool.pairs == 3
    assert few.pool.pair_fit.min() >= np.sort(everyone.pool.pair_fit)[-3]
    assert matching.candidates(market, WEIGHTS, k=10).complete


def crowd(agents):
    small, some = small_market(), np.arange(agents)
    return dataclasses.replace(
        small, agent_unit=some * 0 + 1, agent_max_load=some * 0 + 0.5, agent_working_time=some * 0 + 1.0,
        agent_lat=some * 0 + 44.84, agent_lon=some * 0 - 0.58, agent_max_km=some * 0 + 20.0,
        agent_remote=some < 0, agent_offer_age=some * 5.0, agent_days_lent=some * 0.0, skill_agent=some,
        skill_id=some * 0 + 7, skill_level=some * 0 + 3, window_agent=some, window_start=some * 0,
        window_end=some * 0 + 60,
    )


@pytest.mark.parametrize(
    "weights", [{}, {"level": 0.0}, {"level": -1.0}, {"charm": 1.0}, {"level": nan}, {"level": inf}],
)
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError):
        matching.candidates(small_market(), weights)


def test_a_negative_k_is_refused():
    with pytest.raises(ValueError):
        matching.candidates(small_market(), WEIGHTS, k=-1)


def test_a_market_without_seats_or_offers_has_no_candidates():
    offers = ("agent_", "skill_", "window_")
    nobody = {name: [] for name in small_market().__dataclass_fields__ if name.startswith(offers)}
    found = matching.candidates(dataclasses.replace(small_market(), **nobody), WEIGHTS)
    assert (found.pool.pairs, found.funnel.tolist(), found.complete) == (0, [[0] * 7], True)
    assert matching.solve(found.pool).status == "optimal"


def test_seats_that_are_alike_have_the_same_candidates(two_seats):
    market = two_seats(seat_need=[0, 0])
    assert matching.candidates(market, WEIGHTS).pool.pair_seat.tolist() == [0, 1]


EXACT = 0.25 - 1e-6
"""A limit to which adding 1e-6 gives 0.25 to the last bit: the very edge of the tolerance."""


def left_after(name, **changes):
    found = matching.candidates(dataclasses.replace(small_market(), **changes), WEIGHTS)
    return int(found.funnel[0][found.filters.index(name)])


def test_someone_told_twice_that_a_need_is_not_for_them_is_counted_once():
    need = {"seat_need": [5], "excluded_need": [0, 5, 5, 5, 5]}
    assert left_after("offers", **need, excluded_agent=[2, 0, 0, 1, 1]) == 1
    assert left_after("offers", **need, excluded_agent=[2, 0, 0, 1, 1], seat_requester=[1]) == 1


def test_a_neighbour_of_no_weight_stands_in_for_nobody():
    near = {"demand_neighbours": [True], "neighbour_skill": [7], "neighbour_other": [8]}
    assert left_after("skills", **near, neighbour_weight=[0.1]) == 3
    assert left_after("skills", **near, neighbour_weight=[0.0]) == 2


def test_someone_who_will_not_travel_reaches_the_place_where_they_are():
    assert left_after("place", agent_max_km=[0.0] * 3) == 1
    assert left_after("place", agent_max_km=[0.0] * 3, seat_lat=[44.8401]) == 0


@pytest.mark.parametrize("reach", [1.0, 30.0, 300.0])
def test_due_north_the_reach_is_exact_to_a_metre(reach):
    degrees = reach / (6371.0 * math.pi / 180.0)
    assert left_after("place", agent_max_km=[reach + 0.001] * 3, seat_lat=[44.84 + degrees]) == 1
    assert left_after("place", agent_max_km=[reach - 0.001] * 3, seat_lat=[44.84 + degrees]) == 0


@pytest.mark.parametrize("degrees", [0.01, 1.0, 5.0, 30.0, 120.0])
def test_a_reach_that_is_the_distance_itself_is_enough(degrees):
    place = {"seat_lat": [44.84 - degrees], "seat_lon": [-0.58]}
    away = float(distance_km(np.array([44.84]), np.array([-0.58]), *place["seat_lat"], *place["seat_lon"])[0])
    assert left_after("place", agent_max_km=[away] * 3, **place) == 1
    assert left_after("place", agent_max_km=[np.nextafter(away, 0)] * 3, **place) == 0


def test_the_other_side_of_the_earth_is_half_a_turn_away():
    for lat in np.linspace(-90.0, 90.0, 1_001):
        assert distance_km(np.array([lat]), np.array([-180.0]), -lat, 0.0) == pytest.approx(6371.0 * math.pi, abs=1e-3)


@pytest.mark.parametrize(("limit", "left"), [(EXACT, 1), (np.nextafter(EXACT, 0), 0)])
def test_loads_fit_up_to_the_tolerance_and_no_further(limit, left):
    load = {"seat_load": [0.25]}
    assert left_after("load", agent_max_load=[limit] * 3, **load) == left
    assert left_after("load", agent_working_time=[limit] * 3, **load) == left
    for busy in ({}, {"busy_start": [50], "busy_end": [60], "busy_load": [0.2], "busy_agent": [0]}):
        assert left_after("commitments", agent_max_load=[0.5] * 3, agent_working_time=[limit] * 3, **load, **busy) == left
        assert left_after("caps", unit_cap=[inf, limit], **load, **busy) == left


def test_a_commitment_counts_on_the_days_that_it_shares():
    for start, end, left in ((5, 10, 1), (5, 11, 0), (14, 20, 0), (15, 20, 1), (0, 30, 0)):
        busy = {"busy_agent": [0], "busy_start": [start], "busy_end": [end], "busy_load": [0.2]}
        assert left_after("commitments", **busy) == left
        other = busy | {"busy_agent": [1]}
        assert left_after("caps", unit_cap=[inf, 0.5], **other) == left


def test_a_window_that_is_the_period_covers_it_without_margin():
    exact = dataclasses.replace(small_market(), window_start=[10, 11, 10], window_end=[15, 15, 14])
    found = matching.candidates(exact, WEIGHTS)
    assert found.pool.pair_agent.tolist() == [0] and found.terms[0][3] == 0.0
