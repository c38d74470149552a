"""What hard pools need, against every plan of small ones: rows of hulls, all rows at once, neighbourhoods."""

import dataclasses
import time

import numpy as np
import pytest

import matching
from matching import hard, relaxations, search
from matching.columns import Columns
from matching.differences import Differences, relax_all
from matching.hulls import Hulls
from matching.limits import Limits
from matching.neighbourhoods import Residue
from matching.polish import Polisher
from matching.rows import Rows
from matching.tiers import Tiers


def plans(pool, columns, rules):
    """Return every plan that obeys the rules, as 0 and 1 per column."""
    found, waiting = [], [[]]
    while waiting:
        chosen = waiting.pop()
        found.append(np.isin(np.arange(len(columns)), chosen))
        for column in range(chosen[-1] + 1 if chosen else 0, len(columns)):
            more = np.array([*chosen, column])
            seats = np.bincount(columns.place[more], minlength=columns.size.size) <= columns.size
            if seats.all() and rules(pool, columns.rows_of(pool, more).tolist()):
                waiting.append([*chosen, column])
    return np.array(found, float)


def parts(make, seed):
    pool = make(np.random.default_rng(seed), whole=seed % 2 == 0)
    limits = Limits.of(pool)
    return pool, Columns.of(pool, limits), limits


@pytest.mark.parametrize("first", range(0, 150, 50))
@pytest.mark.parametrize("kind", ["random_pool", "alike_pool"])
def test_no_row_of_a_hull_cuts_off_a_plan(request, rules, kind, first):
    make, found = request.getfixturevalue(kind), 0
    for seed in range(first, first + 50):
        pool, columns, limits = parts(make, seed)
        every = plans(pool, columns, rules) if len(columns) else np.zeros((1, 0))
        rng = np.random.default_rng(seed)
        for _ in range(3 if len(columns) else 0):
            x = rng.choice([0.0, 0.4, 0.5, 0.7, 1.0], len(columns))
            for index, value, limit in Hulls(columns, limits).broken(x, np.zeros(len(columns))):
                assert value @ x[index] > limit
                assert (every[:, index] @ value).max() <= limit, seed
                found += 1
    assert found


@pytest.mark.parametrize("first", range(0, 150, 50))
def test_all_rows_at_once_bound_every_plan_and_nothing_above_the_rows_found_one_by_one(random_pool, rules, first):
    for seed in range(first, first + 50):
        pool, columns, limits = parts(random_pool, seed)
        if not len(columns):
            continue
        rows, gain = Rows(columns, limits), np.random.default_rng(seed).random(len(columns))
        answer = relax_all(gain, *rows.model(), Differences.of(columns, limits), until=time.perf_counter() + 60)
        assert answer.bound >= (plans(pool, columns, rules) @ gain).max() - 1e-9, seed
        assert answer.bound == pytest.approx(gain @ answer.x, abs=1e-5), seed


@pytest.mark.parametrize("first", range(0, 150, 50))
@pytest.mark.parametrize("kind", ["random_pool", "alike_pool"])
def test_the_program_beside_a_plan_allows_just_what_the_rules_allow(request, rules, kind, first):
    make = request.getfixturevalue(kind)
    for seed in range(first, first + 50, 2):
        pool, columns, limits = parts(make, seed)
        if not len(columns):
            continue
        every = plans(pool, columns, rules)
        rng = np.random.default_rng(seed)
        plan = every[rng.integers(len(every))]
        free = np.flatnonzero(rng.random(len(columns)) < 0.6)
        residue = Residue(columns, limits)
        residue.hold(np.flatnonzero(plan))
        matrix, limit, fits = residue.program(free)
        kept = plan.copy()
        kept[free] = 0.0
        allowed = {tuple(row) for row in every[(np.delete(every, free, 1) == np.delete(kept, free)).all(axis=1)][:, free]}
        for number in range(1 << free.size):
            x = np.array([number >> at & 1 for at in range(free.size)], float)
            holds = bool((matrix @ x <= limit).all() and not x[~fits].any())
            assert holds == (tuple(x) in allowed), seed
        assert np.array_equal(residue.program(free)[2], fits)


@pytest.mark.parametrize("first", range(0, 100, 50))
def test_polishing_only_ever_improves_and_breaks_no_rule(random_pool, rules, first):
    better = 0
    for seed in range(first, first + 50):
        pool, columns, limits = parts(random_pool, seed)
        if not len(columns):
            continue
        tiers = Tiers(columns, pool.classes)
        polisher = Polisher(tiers, limits, tiers.gain(search.class_weights(tiers.number, tiers.present)))
        begin, until = np.zeros(0, int), time.perf_counter() + 60
        plan = polisher.polish(begin, np.ones(len(columns)), np.zeros(len(columns)), rounds=10, until=until)
        assert rules(pool, columns.rows_of(pool, plan).tolist())
        better += polisher.value(plan) > polisher.value(begin)
    assert better > 25


@pytest.fixture
def everything_is_hard(monkeypatch):
    monkeypatch.setattr(search, "HARD", -1)
    monkeypatch.setattr(hard, "ROUNDS", 10)
    monkeypatch.setattr(hard, "ROUNDS_AFTER", 10)


@pytest.fixture(params=[False, True], ids=["", "crowded"])
def treated_as_hard(everything_is_hard, monkeypatch, request):
    if request.param:
        monkeypatch.setattr(relaxations, "CROWDED", 0.0)
        monkeypatch.setattr(relaxations, "FEWEST", 0)


@pytest.mark.usefixtures("treated_as_hard")
@pytest.mark.parametrize("first", range(0, 100, 50))
def test_small_pools_treated_as_hard_are_solved_as_well(random_pool, as_well_as_every_plan, first):
    for seed in range(first, first + 50):
        as_well_as_every_plan(seed, random_pool(np.random.default_rng(seed), whole=seed % 2 == 0))


SHIFTED = {"pair_agent": "agents", "pair_seat": "seats", "agent_unit": "units", "unit_parent": "units", "busy_agent": "agents"}


def side_by_side(pools):
    """Return one pool of all, which share nothing: its best plans are those that are best in each."""
    arrays = {}
    for name in (field.name for field in dataclasses.fields(matching.Pool)):
        parts = [getattr(pool, name) for pool in pools]
        if name in SHIFTED:
            before = np.cumsum([0, *(getattr(pool, SHIFTED[name]) for pool in pools)])
            parts = [np.where(part < 0, part, part + less) for part, less in zip(parts, before, strict=False)]
        arrays[name] = np.concatenate(parts)
    # the needs of these pools are 0, 1 and 2
    arrays["seat_need"] = np.concatenate([pool.seat_need + 3 * at for at, pool in enumerate(pools)])
    return matching.Pool(**arrays)


def best_of_all(bests):
    bests = list(bests)
    filled = np.zeros(max(len(best[0]) for best in bests), int)
    for best in bests:
        filled[: len(best[0])] += best[0]
    return tuple(filled.tolist()), sum(best[1] for best in bests)


@pytest.mark.usefixtures("treated_as_hard")
@pytest.mark.parametrize("first", range(2_000, 4_000, 100))
def test_hard_pools_side_by_side_are_solved_as_well_as_each(
    random_pool, alike_pool, brute_force, as_well_as_every_plan, first
):
    """Twenty at once: as many neighbourhoods and fractions as no pool small enough to try every plan has."""
    for seeds in (range(begin, begin + 20) for begin in range(first, first + 100, 20)):
        pools = [(random_pool, alike_pool)[seed % 2](np.random.default_rng(seed), whole=seed % 3 > 0) for seed in seeds]
        plan = as_well_as_every_plan(seeds, side_by_side(pools), best=best_of_all(map(brute_force, pools)))
        assert any(step.stage.startswith("improved") for step in plan.trace)


@pytest.mark.usefixtures("everything_is_hard")
def test_polishing_gives_the_same_plan_twice(random_pool):
    pool = random_pool(np.random.default_rng(4), pairs=20)
    assert matching.solve(pool).pairs.tolist() == matching.solve(pool).pairs.tolist()


@pytest.fixture
def small_pools_are_too_large(monkeypatch):
    """What is left of every limit on every day would not fit in memory."""
    for module in (search, hard):
        monkeypatch.setattr(module, "MOST_COLUMNS", 0)
    monkeypatch.setattr(hard, "Residue", None)


@pytest.fixture
def solved_side_by_side(random_pool, brute_force, as_well_as_every_plan):
    def solved(seeds):
        pools = [random_pool(np.random.default_rng(seed)) for seed in seeds]
        return as_well_as_every_plan(seeds, side_by_side(pools), best=best_of_all(map(brute_force, pools)))

    return solved


@pytest.mark.usefixtures("everything_is_hard", "small_pools_are_too_large")
@pytest.mark.parametrize("first", range(0, 60, 20))
def test_a_pool_too_large_to_anneal_is_left_to_the_weighted_program(solved_side_by_side, first):
    stages = {step.stage for step in solved_side_by_side(range(first, first + 20)).trace}
    assert "weighted" in stages and not any(stage.startswith("improved") for stage in stages)


@pytest.mark.usefixtures("small_pools_are_too_large")
@pytest.mark.parametrize("treated_as_hard", [True], ids=["crowded"], indirect=True)
@pytest.mark.usefixtures("treated_as_hard")
def test_a_pool_too_large_to_anneal_is_solved_even_if_crowded(solved_side_by_side):
    assert any(step.stage.startswith("improved") for step in solved_side_by_side(range(20)).trace)
