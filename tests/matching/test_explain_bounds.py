"""What is said at once of a loss holds, and what is said exactly is exact: every plan of small pools is tried."""

import numpy as np
import pytest

import matching
from matching.packing import packed
from matching.solved import solved


def true_loss(plan, tiers, able):
    """Return what the best of the plans that are `able` lacks of each tier; None without any."""
    return tuple(np.subtract(plan.values, max(map(tuple, tiers[able].tolist())))) if able.any() else None


def is_at_least(loss, least):
    """Say whether `loss` is lexicographically at least `least`, each within 1e-6."""
    return next((a > b for a, b in zip(loss, least, strict=False) if abs(a - b) > 2e-6), True)


def hold(pool, rules, all_plans):
    plan, said = matching.solve(pool), 0
    explainer, (plans, tiers) = matching.Explainer(pool, plan), all_plans(pool)
    for row in range(pool.pairs):
        chosen = row in plan.pairs
        loss, bounds, exact = true_loss(plan, tiers, plans[:, row] != chosen), explainer.bound(row), explainer.exact(row)
        assert (loss is not None) == bounds.possible == (exact.loss is not None)
        if loss is None:
            continue
        assert exact.status == "optimal" and exact.loss == pytest.approx(loss, abs=1e-6)
        assert is_at_least(loss, (*(0,) * bounds.tier, bounds.least))
        assert is_at_least(bounds.most, loss)
        turned = (set(plan.pairs.tolist()) | set(exact.rows_in)) - set(exact.rows_out)
        assert (row in turned) != chosen and rules(pool, sorted(turned))
        said += bounds.tier < len(loss) - 1 or bounds.least > 1e-6
    return said


@pytest.mark.parametrize("seed", range(60))
def test_bounds_and_exact_losses_hold(random_pool, alike_pool, rules, all_plans, seed):
    rng = np.random.default_rng(seed)
    pool = random_pool(rng, whole=bool(seed % 2), pairs=8) if seed % 3 else alike_pool(rng, whole=bool(seed % 2))
    hold(pool, rules, all_plans)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_bounds_and_exact_losses_hold_on_hundreds_of_pools(random_pool, alike_pool, rules, all_plans, block):
    said = 0
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        rng = np.random.default_rng(seed)
        pool = random_pool(rng, whole=bool(seed % 2), pairs=7) if seed % 4 else alike_pool(rng, whole=bool(seed % 2))
        said += hold(pool, rules, all_plans)
    assert said > 50  # the bounds say something


@pytest.mark.parametrize("seed", range(40))
def test_the_pool_turned_round_and_solved_gives_the_same_loss(random_pool, seed):
    pool = random_pool(np.random.default_rng(seed), pairs=12)
    plan = matching.solve(pool, keep=[0, 2] if seed % 2 and pool.pairs > 2 else None)
    explainer = matching.Explainer(pool, plan)
    for row in range(pool.pairs):
        told = explainer.exact(row)
        if told.loss is not None:
            rows, _ = solved(pool, plan, row, 10.0)
            filled = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes)
            kept = () if plan.keep is None else (int(np.isin(plan.keep, rows).sum()),)
            assert told.loss == pytest.approx(tuple(np.subtract(plan.values, (*filled, *kept, pool.pair_fit[rows].sum()))))


@pytest.mark.parametrize("seed", range(60))
def test_an_agent_taken_out_of_a_whole_need_cannot_take_a_like_seat(alike_pool, rules, all_plans, seed):
    pool = alike_pool(np.random.default_rng(seed))
    plan = matching.solve(pool)
    explainer, (plans, tiers) = matching.Explainer(pool, plan), all_plans(pool)
    need = pool.seat_need[pool.pair_seat]
    for row in plan.pairs.tolist():
        same = set(np.flatnonzero((pool.pair_agent == pool.pair_agent[row]) & (need == need[row])).tolist())
        loss = true_loss(plan, tiers, ~plans[:, sorted(same)].any(axis=1))
        bounds, told = explainer.bound(row, whole_need=True), explainer.exact(row, whole_need=True)
        assert told.loss == pytest.approx(loss, abs=1e-6)
        assert is_at_least(loss, (*(0,) * bounds.tier, bounds.least)) and is_at_least(bounds.most, loss)
        turned = (set(plan.pairs.tolist()) | set(told.rows_in)) - set(told.rows_out)
        assert not turned & same and rules(pool, sorted(turned))


def test_answers_do_not_depend_on_what_was_asked_before(random_pool):
    pool = random_pool(np.random.default_rng(5), pairs=20)
    plan = matching.solve(pool)
    one, other = matching.Explainer(pool, plan), matching.Explainer(pool, plan)
    forward = [(one.bound(row), one.exact(row)) for row in range(pool.pairs)]
    backward = [(other.exact(row), other.bound(row)) for row in reversed(range(pool.pairs))]
    assert forward == [(bound, exact) for exact, bound in reversed(backward)]


def test_answers_are_kept(one_agent):
    pool = one_agent()
    explainer = matching.Explainer(pool, matching.solve(pool))
    assert explainer.exact(0) is explainer.exact(0)
    assert explainer.bound(0) is explainer.bound(0)


def test_a_pair_out_of_reach_is_not_possible(one_agent):
    pool = one_agent(seat_load=[0.6, 0.6], pair_load=[0.6, 1.0], agent_capacity=[0.8])
    bounds = matching.Explainer(pool, matching.solve(pool)).bound(1)
    assert (bounds.possible, bounds.most, bounds.least) == (False, None, 0.0)


@pytest.mark.parametrize("empty", [{"pair_agent": [], "pair_seat": [], "pair_fit": []}, {"agent_capacity": [0.0]}])
def test_pools_without_any_plan_refuse_or_say_so(one_agent, empty):
    pool = one_agent(**empty)
    explainer = matching.Explainer(pool, matching.solve(pool))
    if not pool.pairs:
        with pytest.raises(IndexError):
            explainer.bound(0)
    else:
        assert not explainer.bound(0).possible and explainer.exact(1).loss is None


def test_the_holder_of_the_seat_stands_in_the_way_and_goes_to_nothing(one_agent):
    pool = one_agent(
        pair_agent=[0, 1], pair_seat=[0, 0], pair_fit=[0.4, 0.9], agent_unit=[0, 0], agent_capacity=[1.0, 1.0],
    )
    told = matching.explain(pool, matching.solve(pool), 0)
    assert told.obstacles == (matching.Obstacle(rule="seat", unit=None, day=None, rows=(1,)),)
    assert told.moves == (matching.Move(agent=0, leaves=None, takes=0), matching.Move(agent=1, leaves=0, takes=None))


def test_own_missions_and_caps_stand_in_the_way(one_agent):
    pool = one_agent(seat_load=[0.6, 0.6], seat_start=[2, 0], unit_cap=[0.6])
    told = matching.explain(pool, matching.solve(pool), 0)
    assert told.obstacles == (
        matching.Obstacle(rule="capacity", unit=None, day=2, rows=(1,)), matching.Obstacle(rule="cap", unit=0, day=2, rows=(1,)),
    )


def test_a_chosen_pair_has_no_obstacle_and_says_who_replaces_it(one_agent):
    pool = one_agent(
        pair_agent=[0, 1], pair_seat=[0, 0], pair_fit=[0.4, 0.9], agent_unit=[0, 0], agent_capacity=[1.0, 1.0],
    )
    told = matching.explain(pool, matching.solve(pool), 1)
    assert (told.obstacles, told.loss) == ((), (0, 0.5))
    assert told.moves == (matching.Move(agent=0, leaves=None, takes=0), matching.Move(agent=1, leaves=0, takes=None))


@pytest.mark.parametrize("seed", range(200))
def test_a_packing_is_never_below_the_best_and_exact_when_small(seed):
    rng = np.random.default_rng(seed)
    columns, rows = rng.integers(1, 9), rng.integers(1, 5)
    use = rng.choice([0.0, 0.2, 0.5, 0.7], (rows, columns))
    gain, room = rng.random(columns), rng.random(rows) * 1.5
    price = {row: float(rng.random()) for row in range(rows)}
    best = max(
        float(gain @ take) for number in range(2**columns)
        for take in [np.array([number >> k & 1 for k in range(columns)])] if (use @ take <= room + 1e-9).all()
    )
    uses = [[(row, float(use[row, k])) for row in range(rows) if use[row, k]] for k in range(columns)]
    assert packed(gain.tolist(), uses, dict(enumerate(room.tolist())), price) == pytest.approx(best)
