"""A diagnosis counts what stops each eligible agent of a seat."""

import dataclasses

import numpy as np
import pytest

import matching
from matching.examples import small_market

WEIGHTS = {"level": 1.0}


def told(market, seat):
    found = matching.candidates(market, WEIGHTS)
    plan = matching.solve(found.pool)
    return matching.diagnose(market, found, plan, seat), plan


def test_another_mission_takes_the_only_agent(two_seats):
    diagnosis, plan = told(two_seats(seat_priority=[0, 1]), 1)
    assert plan.filled == (1, 0)
    assert not diagnosis.filled
    assert (diagnosis.eligible, diagnosis.taken_elsewhere, diagnosis.blocked_by_caps) == (1, 1, 0)


def test_a_cap_stops_a_free_agent_and_is_named(two_seats):
    market = two_seats(
        seat_priority=[0, 1], window_start=[0, 0, 0], unit_cap=[np.inf, 0.4], skill_id=[7, 7, 8],
    )
    diagnosis, plan = told(market, 1)
    assert plan.filled == (1, 0)
    assert (diagnosis.eligible, diagnosis.taken_elsewhere, diagnosis.blocked_by_caps) == (2, 1, 1)
    assert diagnosis.caps == (matching.CapBlock(unit=1, agents=1),)


def test_a_filled_seat_says_so_and_keeps_its_funnel():
    diagnosis, _ = told(small_market(), 0)
    assert diagnosis.filled
    assert diagnosis.funnel == dict(zip(matching.FILTERS, (3, 2, 1, 1, 1, 1, 1), strict=True))


def test_a_second_seat_of_the_need_counts_as_taken(two_seats):
    market = two_seats(seat_need=[0, 0], seat_load=[0.2, 0.2])
    diagnosis, plan = told(market, 1)
    assert plan.filled == (1,)
    assert (diagnosis.eligible, diagnosis.taken_elsewhere) == (1, 1)


def test_a_seat_outside_the_market_is_refused():
    market = small_market()
    found = matching.candidates(market, WEIGHTS)
    with pytest.raises(IndexError):
        matching.diagnose(market, found, matching.solve(found.pool), 1)


def test_a_filled_seat_needs_no_change():
    assert told(small_market(), 0)[0].changes == ()


def test_the_stages_tell_skills_from_levels_and_end_with_who_is_not_better_used_elsewhere(two_seats):
    market = two_seats(seat_priority=[0, 1], skill_id=[7, 7, 7], skill_level=[3, 2, 1], window_start=[0, 0, 0])
    diagnosis, _ = told(dataclasses.replace(market, window_end=[30, 12, 30]), 1)
    assert list(diagnosis.stages.items()) == [
        ("offers", 3), ("skills", 3), ("level", 2), ("dates", 1), ("load", 1), ("place", 1), ("commitments", 1), ("caps", 1),
        ("elsewhere", 0),
    ]
    assert (diagnosis.better_elsewhere, diagnosis.proven) == (1, True)


@pytest.mark.parametrize("seed", range(30))
def test_nobody_is_available_for_an_open_seat_of_a_proven_plan(seed):
    market = crowded(seed)
    found = matching.candidates(market, WEIGHTS)
    plan = matching.solve(found.pool)
    for seat in range(market.seats):
        diagnosis = matching.diagnose(market, found, plan, seat, time_limit=0.0)
        parts = diagnosis.taken_elsewhere + diagnosis.blocked_by_caps + diagnosis.available
        assert parts == diagnosis.eligible
        assert diagnosis.eligible + diagnosis.filled == diagnosis.funnel["caps"]
        assert diagnosis.filled or diagnosis.available == 0
        assert diagnosis.better_elsewhere == diagnosis.eligible - diagnosis.available
        assert diagnosis.stages["elsewhere"] == diagnosis.available + diagnosis.filled
        assert diagnosis.changes == ()


def crowded(seed):
    rng = np.random.default_rng(seed)
    agents, seats = 8, 6
    start = rng.integers(0, 10, seats)
    ones = np.ones(agents)
    return dataclasses.replace(
        small_market(), agent_unit=rng.integers(0, 3, agents), agent_max_load=ones, agent_working_time=ones,
        agent_lat=ones, agent_lon=ones, agent_max_km=ones, agent_remote=ones > 0, agent_offer_age=ones,
        agent_days_lent=ones, skill_agent=np.arange(agents), skill_id=rng.integers(1, 3, agents),
        skill_level=rng.integers(1, 5, agents), window_agent=np.arange(agents), window_start=ones * 0,
        window_end=ones * 40, seat_need=rng.integers(0, 4, seats), seat_unit=np.full(seats, -1),
        seat_requester=np.full(seats, -1), seat_start=start, seat_end=start + rng.integers(1, 9, seats),
        seat_load=rng.choice([0.3, 0.5, 1.0], seats), seat_priority=rng.integers(0, 2, seats),
        seat_lat=np.ones(seats), seat_lon=np.ones(seats), seat_remote=np.zeros(seats),
        seat_site=np.full(seats, -1),
        demand_seat=np.arange(seats), demand_skill=rng.integers(1, 3, seats), demand_level=np.ones(seats),
        demand_required=np.ones(seats), demand_neighbours=np.zeros(seats), unit_parent=[-1, 0, 0],
        unit_cap=[2.0, 1.0, 1.0],
    )
