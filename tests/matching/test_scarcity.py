"""Shadow prices bound what more of a limit can gain, tier by tier, and are the gain itself where plans come whole."""

import dataclasses

import numpy as np
import pytest

import matching
from matching.examples import small_market


def best_beside(values, filled, tier):
    """Return the best of a tier among plans that fill as many seats of each class before it."""
    return values[(values[:, :tier] >= filled[:tier]).all(axis=1), tier].max()


def holds(values, plan, bound, value, more):
    return all(
        best_beside(values, plan.filled, tier) <= bound[tier] + more * value[tier] + 1e-5 for tier in range(len(bound))
    )


@pytest.mark.parametrize("seed", range(60))
def test_more_of_a_cap_gains_at_most_its_price(random_pool, all_plans, seed):
    pool = random_pool(np.random.default_rng(seed), pairs=7)
    plan = matching.solve(pool)
    told = matching.scarcity(pool, plan)
    none = (0.0,) * len(told.bound)
    assert holds(all_plans(pool)[1], plan, told.bound, none, 0.0)
    price = {cap.unit: cap.value for cap in told.caps}
    for unit in np.flatnonzero(np.isfinite(pool.unit_cap)).tolist():
        for more in (0.2, 0.5, 1.0):
            cap = pool.unit_cap.copy()
            cap[unit] += more
            values = all_plans(dataclasses.replace(pool, unit_cap=cap))[1]
            assert holds(values, plan, told.bound, price.get(unit, none), more)


@pytest.mark.parametrize("seed", range(60))
def test_more_of_every_limit_gains_at_most_what_the_weeks_say(random_pool, all_plans, seed):
    pool = random_pool(np.random.default_rng(seed), pairs=7)
    plan = matching.solve(pool)
    told = matching.scarcity(pool, plan)
    weeks = np.sum([week.value for week in told.weeks], axis=0) if told.weeks else np.zeros(len(told.bound))
    # more capacity may let in pairs that no plan could have: only those at hand are priced
    usable = np.flatnonzero(all_plans(pool)[0].any(axis=0))
    more = dataclasses.replace(
        pool.part(usable), unit_cap=pool.unit_cap + 0.3, agent_capacity=pool.agent_capacity + 0.3,
    )
    assert holds(all_plans(more)[1], plan, told.bound, weeks, 0.3)


@pytest.mark.parametrize("seed", range(40))
def test_one_more_agent_for_a_seat_gains_at_most_the_price_of_its_skill(random_pool, all_plans, seed):
    pool = random_pool(np.random.default_rng(seed), pairs=7)
    plan = matching.solve(pool)
    told = matching.scarcity(pool, plan, market=asking(pool))
    price = {one.skill: one.value for one in told.skills}
    for seat in range(pool.seats):
        more = dataclasses.replace(
            pool, pair_agent=[*pool.pair_agent, pool.agents], pair_seat=[*pool.pair_seat, seat], pair_fit=[*pool.pair_fit, 1.0],
            pair_load=[*pool.pair_load, pool.seat_load[seat]], agent_unit=[*pool.agent_unit, pool.units],
            agent_capacity=[*pool.agent_capacity, 1.0], unit_parent=[*pool.unit_parent, -1], unit_cap=[*pool.unit_cap, np.inf],
        )
        assert holds(all_plans(more)[1], plan, told.bound, price[seat % 2], 1.0)


def asking(pool):
    """Return a market of the pool's seats, where even ones require skill 0 and odd ones skill 1."""
    seats = np.arange(pool.seats)
    copied = {name: np.repeat(getattr(small_market(), name)[:1], pool.seats) for name in vars(small_market()) if "seat_" in name}
    return dataclasses.replace(
        small_market(), **copied | {"demand_seat": seats, "demand_skill": seats % 2, "demand_level": seats * 0 + 1,
                                    "demand_required": seats >= 0, "demand_neighbours": seats < 0},
    )


def test_a_cap_raised_by_a_whole_mission_gains_its_price(one_agent):
    pool = one_agent(
        pair_agent=[0, 1], pair_fit=[1.0, 1.0], agent_unit=[0, 0], agent_capacity=[1.0, 1.0], unit_cap=[0.5],
    )
    told = matching.scarcity(pool, matching.solve(pool))
    assert told.bound == pytest.approx((1.0, 1.0), abs=1e-5)
    assert [(cap.unit, cap.value) for cap in told.caps] == [(0, pytest.approx((2.0, 2.0)))]
    raised = matching.solve(dataclasses.replace(pool, unit_cap=[1.0]))
    assert raised.filled[0] - 1 == pytest.approx(0.5 * told.caps[0].value[0])


def test_a_cap_of_nothing_is_priced_by_what_it_shuts_out(one_agent):
    pool = one_agent(unit_cap=[0.0])
    told = matching.scarcity(pool, matching.solve(pool))
    assert told.caps[0].value[0] == pytest.approx(2.0) and told.bound[0] == pytest.approx(0.0, abs=1e-5)


def test_the_week_that_is_full_is_named_and_others_are_not(one_agent):
    seats = {"seat_start": [0, 0, 20], "seat_end": [5, 5, 25], "seat_load": [0.5] * 3, "seat_priority": [0] * 3}
    pool = one_agent(
        **seats, seat_need=[0, 1, 2], pair_agent=[0, 1, 0], pair_seat=[0, 1, 2], pair_fit=[1.0] * 3, agent_unit=[0, 0],
        agent_capacity=[1.0, 1.0], unit_cap=[0.5],
    )
    told = matching.scarcity(pool, matching.solve(pool))
    assert [week.start for week in told.weeks] == [0]
    assert [week.start for week in matching.scarcity(pool, matching.solve(pool), first_day=-3).weeks] == [-3]


def test_a_skill_that_nobody_has_is_the_scarcest(two_seats):
    market = two_seats(demand_skill=[7, 9])
    found = matching.candidates(market, {"level": 1.0})
    told = matching.scarcity(found.pool, matching.solve(found.pool), market=market)
    assert [(one.skill, one.seats, one.open_seats) for one in told.skills] == [(9, 1, 1), (7, 1, 0)]
    assert told.skills[0].value == (1.0, 1.0) and told.skills[1].value[0] == pytest.approx(0.0)


def test_pools_without_pairs_or_seats_lack_nothing(one_agent):
    nobody = one_agent(pair_agent=[], pair_seat=[], pair_fit=[])
    assert matching.scarcity(nobody, matching.solve(nobody)) == matching.Scarcity(bound=(0.0, 0.0), caps=(), weeks=(), skills=())
    empty = matching.Pool(
        pair_agent=[], pair_seat=[], pair_fit=[], seat_need=[], seat_start=[], seat_end=[], seat_load=[], seat_priority=[],
        agent_unit=[], agent_capacity=[], unit_parent=[], unit_cap=[],
    )
    assert matching.scarcity(empty, matching.solve(empty)).bound == (0.0,)


def test_out_of_time_nothing_is_told(one_agent):
    pool = one_agent()
    assert matching.scarcity(pool, matching.solve(pool), time_limit=0.0) is None
