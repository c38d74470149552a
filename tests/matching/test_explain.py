"""An explanation is the difference between two proven plans."""

import numpy as np
import pytest

import matching
from matching.examples import small_market, small_pool


def test_a_better_fit_left_out_says_which_class_it_would_cost():
    pool = small_pool()
    told = matching.explain(pool, matching.solve(pool), 1)
    assert (told.pair, told.chosen, told.loss) == ((0, 1), False, (1, -1, -0.4))
    assert (told.rows_in, told.rows_out) == ((1,), (0,))


def test_a_chosen_pair_says_what_the_plan_loses_without_it(one_agent):
    pool = one_agent(seat_load=[0.6, 0.6])
    told = matching.explain(pool, matching.solve(pool), 1)
    assert (told.chosen, told.loss, told.rows_in, told.rows_out) == (True, (0, 0.5), (0,), (1,))


def test_a_pair_that_can_never_be_chosen_has_no_loss(one_agent):
    pool = one_agent(seat_load=[0.6, 0.6], pair_load=[0.6, 1.0], agent_capacity=[0.8])
    told = matching.explain(pool, matching.solve(pool), 1)
    assert (told.loss, told.rows_in, told.rows_out, told.status) == (None, (), (), "optimal")


def test_terms_add_up_to_the_fit():
    found = matching.candidates(small_market(), {"level": 1.0, "margin": 3.0})
    told = matching.explain(found.pool, matching.solve(found.pool), 0, found=found)
    assert [term.name for term in told.terms] == list(matching.TERMS)
    assert sum(term.part for term in told.terms) == pytest.approx(found.pool.pair_fit[0])
    assert told.terms[3].weight == 3.0


def test_a_row_outside_the_pool_is_refused():
    pool = small_pool()
    with pytest.raises(IndexError):
        matching.explain(pool, matching.solve(pool), 3)


@pytest.mark.parametrize("seed", range(15))
def test_every_loss_is_what_trying_every_plan_says(random_pool, brute_force, seed):
    pool = random_pool(np.random.default_rng(seed), pairs=7)
    plan = matching.solve(pool)
    for row in range(pool.pairs):
        told = matching.explain(pool, plan, row)
        if told.chosen:
            filled, fit = brute_force(pool.part(np.flatnonzero(np.arange(pool.pairs) != row)))
            expected = np.subtract(plan.values, (*filled, fit))
            assert told.loss == pytest.approx(tuple(expected), abs=1e-6)
        if told.loss is not None:
            assert next((part for part in told.loss if abs(part) > 1e-6), 0) >= 0
            turned = (set(plan.pairs.tolist()) | set(told.rows_in)) - set(told.rows_out)
            assert (row in turned) != told.chosen


def test_nobody_moves_between_like_seats_without_a_reason(two_seats):
    market = two_seats(
        seat_need=[0, 0], skill_id=[7, 7, 7], window_start=[0, 0, 0], skill_level=[4, 3, 2],
    )
    found = matching.candidates(market, {"level": 1.0})
    plan = matching.solve(found.pool)
    chosen = [(int(found.pool.pair_agent[row]), int(found.pool.pair_seat[row])) for row in plan.pairs]
    assert chosen == [(0, 0), (1, 1)]
    left_out = int(np.flatnonzero((found.pool.pair_agent == 2) & (found.pool.pair_seat == 1))[0])
    told = matching.explain(found.pool, plan, left_out)
    assert (told.rows_in, told.rows_out) == ((left_out,), (int(plan.pairs[1]),))


@pytest.mark.parametrize("seed", range(10))
def test_settled_plans_obey_and_lose_the_same(alike_pool, seed):
    pool = alike_pool(np.random.default_rng(seed))
    plan = matching.solve(pool)
    for row in range(pool.pairs):
        told = matching.explain(pool, plan, row)
        turned = sorted((set(plan.pairs.tolist()) | set(told.rows_in)) - set(told.rows_out))
        if told.loss is not None:
            filled = np.bincount(pool.seat_priority[pool.pair_seat[turned]], minlength=pool.classes)
            values = np.subtract(plan.values, told.loss)
            matching.check(pool, matching.Plan(
                pairs=np.array(turned, int), filled=tuple(filled.tolist()), fit=float(values[-1]),
                bound=tuple(values), status="optimal", seconds=0.0, trace=(),
            ))
            assert (row in turned) != told.chosen
