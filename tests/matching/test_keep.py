"""A tier of rows to keep: as many as possible after the classes, before the fit, proven on both paths."""

import dataclasses
import sys

import numpy as np
import pytest

import matching
from matching.columns import Columns
from matching.limits import Limits


def assignment_pool(seed, most=5):
    """Return a pool where nobody can have two seats, with ties, three classes, and seats without pairs."""
    rng = np.random.default_rng(seed)
    seats, agents = rng.integers(1, most, 2)
    seat, agent = np.nonzero(rng.random((seats, agents)) < rng.choice([0.3, 0.6, 1.0]))
    order = rng.permutation(seat.size)
    return matching.Pool(
        pair_agent=agent[order], pair_seat=seat[order], pair_fit=rng.choice([0, 0.1, 0.25, 0.5, 1], seat.size),
        seat_need=np.arange(seats), seat_start=[0] * seats, seat_end=[9] * seats, seat_load=[1.0] * seats,
        seat_priority=rng.integers(0, 3, seats), agent_unit=[0] * agents, agent_capacity=[1.0] * agents,
        unit_parent=[-1], unit_cap=[np.inf],
    )


def some_rows(pool, seed):
    rng = np.random.default_rng(seed)
    return rng.permutation(pool.pairs)[: rng.integers(0, pool.pairs + 1)]


def solved(pool, keep, **more):
    plan = matching.solve(pool, keep=keep, **more)
    matching.check(pool, plan)
    assert plan.status == "optimal"
    assert plan.bound[:-1] == plan.values[:-1]
    return plan


@pytest.mark.parametrize("first", range(0, 600, 50))
def test_under_shared_limits_it_is_as_good_as_trying_every_plan(random_pool, alike_pool, as_well_as_every_plan, first):
    for seed in range(first, first + 50):
        make = random_pool if seed % 2 else alike_pool
        pool = make(np.random.default_rng(seed), whole=seed % 3 > 0)
        as_well_as_every_plan(seed, pool, some_rows(pool, seed))


@pytest.mark.parametrize("first", range(0, 600, 150))
def test_in_assignments_it_is_as_good_as_trying_every_plan(as_well_as_every_plan, first):
    for seed in range(first, first + 150):
        pool = assignment_pool(seed)
        plan = as_well_as_every_plan(seed, pool, some_rows(pool, seed))
        assert [step.stage for step in plan.trace] == ["assignment"]


@pytest.mark.parametrize("seed", range(40))
def test_both_paths_agree(seed, monkeypatch):
    pool = assignment_pool(seed, most=16)
    keep = some_rows(pool, seed)
    plan = solved(pool, keep)
    monkeypatch.setattr(sys.modules["matching.solve"], "solve_assignment", lambda pool, **more: None)
    general = solved(pool, keep)
    assert (plan.filled, plan.kept) == (general.filled, general.kept)
    assert plan.fit == pytest.approx(general.fit, abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_rows_is_irrelevant(random_pool, seed):
    pool = assignment_pool(seed, most=20) if seed % 2 else random_pool(np.random.default_rng(seed))
    keep, order = some_rows(pool, seed), np.random.default_rng(seed).permutation(pool.pairs)
    plan = solved(pool, keep)
    shuffled = solved(pool.part(order), np.argsort(order)[keep])
    assert np.array_equal(np.sort(order[shuffled.pairs]), plan.pairs)
    assert plan.values == shuffled.values


@pytest.mark.parametrize("seed", range(20))
def test_the_plan_itself_is_kept_whole(random_pool, seed):
    pool = random_pool(np.random.default_rng(seed))
    rows = matching.solve(pool).pairs
    plan = solved(pool, rows)
    assert np.array_equal(plan.pairs, rows)
    assert plan.kept == rows.size


def test_without_rows_to_keep_a_plan_has_no_such_tier(one_agent):
    plan = matching.solve(one_agent())
    assert (plan.keep, plan.kept, len(plan.bound)) == (None, None, 2)


@pytest.mark.parametrize("load", [0.5, 0.6], ids=["shared limits", "assignment"])
def test_no_rows_to_keep_is_a_tier_of_nothing(one_agent, load):
    plan = solved(one_agent(seat_load=[load, load]), [])
    assert (plan.kept, plan.bound[1], plan.keep.tolist()) == (0, 0, [])


@pytest.mark.parametrize("load", [0.5, 0.6], ids=["shared limits", "assignment"])
def test_a_row_is_kept_at_the_cost_of_fit_but_not_of_a_seat(one_agent, load):
    pool = one_agent(seat_load=[load, load], unit_cap=[0.6])
    assert solved(pool, [0]).pairs.tolist() == [0]
    assert solved(dataclasses.replace(pool, seat_priority=np.array([1, 0])), [0]).pairs.tolist() == [1]


def test_agents_keep_their_own_seat_among_like_ones():
    pool = matching.Pool(
        pair_agent=[0, 0, 1, 1, 2, 2], pair_seat=[0, 1, 0, 1, 0, 1], pair_fit=[0.5, 0.5, 0.6, 0.6, 0.7, 0.7],
        seat_need=[0, 0], seat_start=[0, 0], seat_end=[5, 5], seat_load=[0.3, 0.3], seat_priority=[0, 0],
        agent_unit=[0, 0, 0], agent_capacity=[1.0] * 3, unit_parent=[-1], unit_cap=[0.9],
    )
    keep = np.array([1, 2])
    assert len(Columns.of(pool, Limits.of(pool), keep)) == 3
    assert solved(pool, keep).pairs.tolist() == [1, 2]
    assert solved(pool, [0, 2]).pairs.tolist() == [2, 5]


@pytest.mark.parametrize("changes", [
    {"kept": 2}, {"kept": None}, {"keep": None}, {"bound": (2, 1.3)}, {"keep": np.array([0, 1])},
])
def test_a_false_count_of_rows_kept_is_found_out(one_agent, changes):
    pool = one_agent()
    plan = solved(pool, [1])
    with pytest.raises(matching.Infeasible):
        matching.check(pool, dataclasses.replace(plan, **changes))


BAD = {
    "too high": ([0, 2], "index", 1), "negative": ([-1], "index", 0), "twice": ([1, 0, 1], "duplicate", 2),
    "half": ([0.5], "number", 0), "nan": ([0, float("nan")], "nan", 1), "words": (["0"], "number", None),
    "mask": ([True, False], "number", None), "table": ([[0]], "length", None),
}


@pytest.mark.parametrize("rows, rule, at", BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", ["keep", "start"])
def test_rows_that_are_none_of_the_pool_are_refused(one_agent, name, rows, rule, at):
    with pytest.raises(matching.InvalidPool) as refused:
        matching.solve(one_agent(), **{name: rows})
    assert (refused.value.rule, refused.value.row, refused.value.field) == (rule, at, name)


@pytest.mark.parametrize("seed", range(30))
def test_without_time_its_bounds_hold(random_pool, seed):
    pool = assignment_pool(seed, most=12) if seed % 2 else random_pool(np.random.default_rng(seed))
    keep = some_rows(pool, seed)
    hurried, best = matching.solve(pool, keep=keep, time_limit=0.0), solved(pool, keep)
    matching.check(pool, hurried)
    assert hurried.values <= (*best.values[:-1], best.fit + 1e-6)
    for tier, bound in enumerate(hurried.bound):
        if best.values[:tier] != hurried.values[:tier]:
            break
        assert best.values[tier] <= bound + 1e-6
