"""The solver on examples worked by hand, and on pools where there is little to do."""

import numpy as np
import pytest

import matching

inf = float("inf")


def solved(pool, **options):
    plan = matching.solve(pool, **options)
    matching.check(pool, plan)
    return plan


def test_a_full_agent_takes_the_better_fit(one_agent):
    plan = solved(one_agent(seat_load=[0.6, 0.6]))
    assert (plan.pairs.tolist(), plan.fit, plan.status) == ([1], 0.9, "optimal")


def test_an_urgent_seat_wins_over_any_fit(one_agent):
    plan = solved(one_agent(seat_load=[0.6, 0.6], seat_priority=[0, 1]))
    assert (plan.pairs.tolist(), plan.filled, plan.status) == ([0], (1, 0), "optimal")
    assert plan.bound == pytest.approx((1, 0, 0.4))


def test_one_urgent_seat_wins_over_many_others():
    pool = matching.Pool(
        pair_agent=[0] * 6, pair_seat=range(6), pair_fit=[0.0] + [1.0] * 5, seat_need=range(6),
        seat_start=[0] * 6, seat_end=[5] * 6, seat_load=[1.0] + [0.2] * 5, seat_priority=[0] + [1] * 5,
        agent_unit=[0], agent_capacity=[1.0], unit_parent=[-1], unit_cap=[inf],
    )
    plan = solved(pool)
    assert (plan.pairs.tolist(), plan.filled, plan.status) == ([0], (1, 0), "optimal")


def test_days_that_only_touch_do_not_clash(one_agent):
    assert solved(one_agent(seat_load=[1.0, 1.0], seat_start=[0, 5], seat_end=[5, 9])).filled == (2,)


def test_one_common_day_clashes(one_agent):
    assert solved(one_agent(seat_load=[1.0, 1.0], seat_start=[0, 4], seat_end=[5, 9])).filled == (1,)


def test_an_agent_takes_one_seat_of_a_need(one_agent):
    assert solved(one_agent(seat_need=[3, 3], seat_start=[0, 50], seat_end=[5, 60])).filled == (1,)


def test_tenths_add_up_as_people_expect(one_agent):
    assert solved(one_agent(seat_load=[0.1, 0.2], agent_capacity=[0.3])).filled == (2,)


def test_thirds_add_up_as_people_expect():
    pool = matching.Pool(
        pair_agent=[0] * 3, pair_seat=range(3), pair_fit=[0.5] * 3, seat_need=range(3), seat_start=[0] * 3,
        seat_end=[1] * 3, seat_load=[0.3333336] * 3, seat_priority=[0] * 3, agent_unit=[0],
        agent_capacity=[1.0], unit_parent=[-1], unit_cap=[inf],
    )
    assert solved(pool).filled == (3,)


def test_a_sum_over_the_limit_by_more_than_the_tolerance_is_refused(one_agent):
    assert solved(one_agent(seat_load=[0.5, 0.500002])).filled == (1,)


def test_a_pair_may_have_a_load_of_its_own(one_agent):
    assert solved(one_agent(seat_load=[0.6, 0.6], pair_load=[0.4, 0.6])).filled == (2,)


def test_a_pair_above_its_agents_capacity_is_never_chosen(one_agent):
    plan = solved(one_agent(agent_capacity=[0.4]))
    assert (plan.filled, plan.bound, plan.status) == ((0,), (0, 0.0), "optimal")


def test_a_commitment_uses_the_capacity_on_its_days_only(one_agent):
    busy = {"busy_agent": [0], "busy_start": [4], "busy_end": [9], "busy_load": [1.0]}
    pool = one_agent(seat_start=[0, 4], seat_end=[4, 8], **busy)
    assert solved(pool).pairs.tolist() == [0]


def test_a_limit_already_exceeded_closes_the_day_and_is_no_error(one_agent):
    busy = {"busy_agent": [0, 0], "busy_start": [0, 0], "busy_end": [9, 9], "busy_load": [1.0, 1.0]}
    plan = solved(one_agent(**busy))
    assert (plan.filled, plan.status) == ((0,), "optimal")


@pytest.mark.parametrize(
    ("caps", "filled"), [((0.5, inf), 1), ((inf, 0.5), 1), ((0.0, inf), 0), ((1.0, 1.0), 2)],
)
def test_a_cap_holds_for_the_whole_subtree(caps, filled):
    pool = matching.Pool(
        pair_agent=[0, 1], pair_seat=[0, 1], pair_fit=[0.5, 0.5], seat_need=[0, 1], seat_start=[0, 0],
        seat_end=[5, 5], seat_load=[0.5, 0.5], seat_priority=[0, 0], agent_unit=[1, 1],
        agent_capacity=[1.0, 1.0], unit_parent=[-1, 0], unit_cap=caps,
    )
    assert solved(pool).filled == (filled,)


def test_a_colleagues_commitment_uses_the_cap():
    pool = matching.Pool(
        pair_agent=[0], pair_seat=[0], pair_fit=[0.5], seat_need=[0], seat_start=[0], seat_end=[5],
        seat_load=[0.5], seat_priority=[0], agent_unit=[1, 2], agent_capacity=[1.0, 1.0],
        unit_parent=[-1, 0, 0], unit_cap=[1.0, inf, inf],
        busy_agent=[1], busy_start=[2], busy_end=[3], busy_load=[0.6],
    )
    assert solved(pool).filled == (0,)


def test_missing_priority_numbers_count_nothing(one_agent):
    plan = solved(one_agent(seat_priority=[4, 1]))
    assert plan.filled == plan.bound[:-1] == (0, 1, 0, 0, 1)


EMPTY = {"pair_agent": [], "pair_seat": [], "pair_fit": []}
NO_SEATS = {name: [] for name in ("seat_need", "seat_start", "seat_end", "seat_load", "seat_priority")}
NO_AGENTS = {"agent_unit": [], "agent_capacity": []}


@pytest.mark.parametrize(
    ("changes", "filled"),
    [(EMPTY, (0,)), (EMPTY | NO_SEATS, ()), (EMPTY | NO_AGENTS, (0,)), (EMPTY | NO_SEATS | NO_AGENTS, ())],
    ids=["no pairs", "no seats", "no agents", "nothing"],
)
def test_with_nothing_to_choose_the_empty_plan_is_optimal(one_agent, changes, filled):
    plan = solved(one_agent(**changes))
    assert (plan.pairs.size, plan.filled, plan.fit, plan.status) == (0, filled, 0.0, "optimal")
    assert plan.bound == (*filled, 0.0)


def test_a_pool_without_units_is_empty_but_legal():
    nothing = {name: [] for name in (*EMPTY, *NO_SEATS, *NO_AGENTS, "unit_parent", "unit_cap")}
    assert solved(matching.Pool(**nothing)).status == "optimal"


def test_an_agent_with_no_limit_takes_everything(one_agent):
    assert solved(one_agent(seat_load=[1.0, 1.0], agent_capacity=[inf])).filled == (2,)


def test_without_time_the_plan_is_feasible_with_bounds_that_hold(random_pool):
    pool = random_pool(np.random.default_rng(3))
    hurried, best = solved(pool, time_limit=0.0), solved(pool)
    assert hurried.status in ("feasible", "optimal")
    assert best.filled[0] <= hurried.bound[0]
    assert hurried.values <= best.values


def test_many_classes_are_told_apart():
    size = 12
    pool = matching.Pool(
        pair_agent=[0] * size, pair_seat=range(size), pair_fit=np.linspace(0, 1, size), seat_need=range(size),
        seat_start=[0] * size, seat_end=[1] * size, seat_load=[1.0] + [0.1] * (size - 1),
        seat_priority=range(size), agent_unit=[0], agent_capacity=[1.0], unit_parent=[-1], unit_cap=[inf],
    )
    assert solved(pool).filled == (1,) + (0,) * (size - 1)


def test_a_trace_says_what_was_done(one_agent):
    plan = solved(one_agent(seat_load=[0.3, 0.6], unit_cap=[0.8]))
    assert plan.trace[0].stage == "greedy"
    assert plan.seconds >= plan.trace[-1].seconds


def test_solving_prints_nothing(one_agent, capfd):
    matching.solve(one_agent(seat_load=[0.6, 0.6]))
    assert capfd.readouterr().out == ""
