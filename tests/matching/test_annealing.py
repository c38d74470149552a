"""Annealing: never worse, never against a rule, the same compiled or not, and as good as the best of small pools."""

import time

import numpy as np
import pytest

from matching import annealing
from matching.annealing import Annealer
from matching.columns import Columns
from matching.compiled import numba_is_there
from matching.hard import steep_weights
from matching.limits import Limits
from matching.neighbourhoods import Residue
from matching.tiers import Tiers


@pytest.fixture(autouse=True)
def few_moves(monkeypatch):
    monkeypatch.setattr(annealing, "MOVES", 150)
    monkeypatch.setattr(annealing, "LUMPS", 20)


def annealed(pool, begin, *, fast=None, heat=1.0, among=None):
    limits = Limits.of(pool)
    tiers = Tiers(Columns.of(pool, limits), pool.classes)
    gain = tiers.gain(steep_weights(tiers))
    among = np.ones(gain.size, bool) if among is None else among
    annealer = Annealer(Residue(tiers.columns, limits), fast=fast)
    plan = annealer.anneal(np.array(begin, int), gain, gain, among, heat=heat, until=time.perf_counter() + 60)
    return tiers, plan


@pytest.mark.parametrize("first", range(0, 60, 20))
@pytest.mark.parametrize("kind", ["random_pool", "alike_pool"])
def test_it_obeys_every_rule_and_mostly_finds_the_best_plan_of_a_small_pool(request, rules, brute_force, kind, first):
    make, tried, best = request.getfixturevalue(kind), 0, 0
    for seed in range(first, first + 20):
        pool = make(np.random.default_rng(seed), whole=seed % 2 == 0)
        if not len(Columns.of(pool, Limits.of(pool))):
            continue
        tiers, plan = annealed(pool, [])
        assert rules(pool, tiers.columns.rows_of(pool, plan).tolist()), seed
        filled, fit = brute_force(pool)
        *counts, reached = tiers.value(plan)
        assert (*counts, reached) <= (*filled, fit + 1e-9), seed
        tried += 1
        best += tuple(counts) == filled and reached == pytest.approx(fit)
    assert best > 0.7 * tried > 0


def test_columns_left_out_do_not_come_in_and_a_plan_given_is_not_made_worse(random_pool):
    for seed in range(20):
        pool = random_pool(np.random.default_rng(seed), pairs=16)
        tiers, plan = annealed(pool, [])
        none = np.zeros(len(tiers.columns), bool)
        assert annealed(pool, [], among=none)[1].size == 0
        again = annealed(pool, plan, among=none, heat=50.0)[1]
        assert again.tolist() == plan.tolist()
        assert tiers.value(annealed(pool, plan, heat=50.0)[1]) >= tiers.value(plan)


@pytest.mark.skipif(not numba_is_there(), reason="numba is not installed: nothing is compiled")
def test_compiled_and_plain_python_give_the_same_plan(random_pool):
    for seed in range(10):
        pool = random_pool(np.random.default_rng(seed), pairs=20)
        assert annealed(pool, [], fast=True)[1].tolist() == annealed(pool, [], fast=False)[1].tolist(), seed
