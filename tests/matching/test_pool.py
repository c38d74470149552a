"""What a pool refuses, with its rule and row, and what it takes."""

import numpy as np
import pytest

import matching
from matching import arrays, compiled, sound

needs_numba = pytest.mark.skipif(not compiled.numba_is_there(), reason="numba is an extra")
ways = pytest.mark.parametrize("compiling", [False, pytest.param(True, marks=needs_numba)], ids=["plain", "compiled"])
nan, inf = float("nan"), float("inf")

REFUSED = {
    "agent beyond the last": ("index", 1, {"pair_agent": [0, 1]}),
    "negative agent": ("index", 0, {"pair_agent": [-1, 0]}),
    "seat beyond the last": ("index", 1, {"pair_seat": [0, 2]}),
    "negative need": ("index", 1, {"seat_need": [0, -1]}),
    "unit beyond the last": ("index", 0, {"agent_unit": [1]}),
    "agent of no unit": ("index", 0, {"agent_unit": [-1]}),
    "parent beyond the last": ("index", 0, {"unit_parent": [3]}),
    "parent below -1": ("index", 0, {"unit_parent": [-2]}),
    "commitment of nobody": (
        "index", 0, {"busy_agent": [4], "busy_start": [0], "busy_end": [1], "busy_load": [0.5]},
    ),
    "one fit missing": ("length", None, {"pair_fit": [0.5]}),
    "one load missing": ("length", None, {"seat_load": [0.5]}),
    "one pair load missing": ("length", None, {"pair_load": [0.5]}),
    "one cap too many": ("length", None, {"unit_cap": [1.0, 1.0]}),
    "one commitment column missing": ("length", None, {"busy_agent": [0]}),
    "a table for a column": ("length", None, {"pair_fit": [[0.5, 0.5]]}),
    "fit that is not a number": ("nan", 1, {"pair_fit": [0.5, nan]}),
    "load that is not a number": ("nan", 0, {"seat_load": [nan, 0.5]}),
    "pair load that is not a number": ("nan", 1, {"pair_load": [0.5, nan]}),
    "capacity that is not a number": ("nan", 0, {"agent_capacity": [nan]}),
    "cap that is not a number": ("nan", 0, {"unit_cap": [nan]}),
    "day that is not a number": ("nan", 1, {"seat_start": [0.0, nan]}),
    "half a day": ("number", 0, {"seat_start": [0.5, 0.0]}),
    "negative fit": ("fit", 0, {"pair_fit": [-0.1, 0.5]}),
    "fit above 1": ("fit", 1, {"pair_fit": [0.5, 1.1]}),
    "no load": ("load", 1, {"seat_load": [0.5, 0.0]}),
    "more than full time": ("load", 0, {"seat_load": [1.5, 0.5]}),
    "negative pair load": ("load", 0, {"pair_load": [-0.5, 0.5]}),
    "commitment without load": (
        "load", 0, {"busy_agent": [0], "busy_start": [0], "busy_end": [1], "busy_load": [0.0]},
    ),
    "negative capacity": ("capacity", 0, {"agent_capacity": [-1.0]}),
    "negative cap": ("cap", 0, {"unit_cap": [-1.0]}),
    "seat that ends as it starts": ("period", 1, {"seat_end": [5, 0]}),
    "commitment that ends before it starts": (
        "period", 0, {"busy_agent": [0], "busy_start": [3], "busy_end": [2], "busy_load": [0.5]},
    ),
    "the same pair twice": ("duplicate", 1, {"pair_seat": [1, 1]}),
    "a unit above itself": ("cycle", 0, {"unit_parent": [0]}),
    "two units above each other": (
        "cycle", 1, {"unit_parent": [-1, 2, 1], "unit_cap": [1.0, 1.0, 1.0]},
    ),
    "negative priority": ("priority", 0, {"seat_priority": [-1, 0]}),
}


@pytest.fixture
def whichever(monkeypatch, compiling):
    monkeypatch.setattr(compiled, "SMALL", 0)
    monkeypatch.setattr(compiled, "numba_is_there", lambda: compiling)


@ways
@pytest.mark.parametrize(("rule", "row", "changes"), REFUSED.values(), ids=REFUSED)
def test_a_pool_refuses_with_the_rule_and_the_row(one_agent, rule, row, changes, whichever):
    with pytest.raises(matching.InvalidPool) as refused:
        one_agent(**changes)
    assert (refused.value.rule, refused.value.row) == (rule, row)
    assert refused.value.field in str(refused.value)


def test_the_first_of_several_equal_pairs_is_not_the_one_refused(one_agent):
    with pytest.raises(matching.InvalidPool) as refused:
        one_agent(pair_agent=[0, 0, 0], pair_seat=[1, 0, 1], pair_fit=[0, 0, 0])
    assert refused.value.row == 2


@ways
@pytest.mark.parametrize("seed", range(60))
def test_a_repeated_pair_is_found_in_any_order_of_rows(monkeypatch, one_agent, seed, whichever):
    monkeypatch.setattr(arrays, "BLOCK", 4)
    rng = np.random.default_rng(seed)
    seat, agent = np.nonzero(rng.random((12, 12)) < 0.5)
    seats = {"seat_need": np.arange(12), "seat_start": [0] * 12, "seat_end": [1] * 12, "seat_load": [1.0] * 12}
    people = {"seat_priority": [0] * 12, "agent_unit": [0] * 12, "agent_capacity": [1.0] * 12}
    again = int(rng.integers(seat.size))
    twice_seat, twice_agent = np.append(seat, seat[again]), np.append(agent, agent[again])
    shuffled = rng.permutation(twice_seat.size)
    for order in (shuffled, shuffled[np.argsort(twice_seat[shuffled])], shuffled[np.argsort(twice_agent[shuffled])]):
        once = order[order < seat.size]
        one_agent(pair_seat=seat[once], pair_agent=agent[once], pair_fit=once / 999, **seats, **people)
        with pytest.raises(matching.InvalidPool) as refused:
            one_agent(pair_seat=twice_seat[order], pair_agent=twice_agent[order], pair_fit=order / 999, **seats, **people)
        same = np.flatnonzero(np.isin(order, [again, seat.size]))
        assert (refused.value.rule, refused.value.row) == ("duplicate", same[-1])


@needs_numba
@pytest.mark.parametrize("compiling", [True], ids=["compiled"])
def test_pairs_in_order_of_seats_or_agents_are_known_to_be_sound_at_once(monkeypatch, one_agent, whichever):
    seat, agent = np.nonzero(np.random.default_rng(0).random((9, 12)) < 0.5)
    for order in (np.arange(seat.size), np.argsort(agent, kind="stable"), np.lexsort((-agent, seat))):
        parts = (agent[order], seat[order], np.ones(seat.size))
        assert sound.sound_pairs(*parts, 12, 9)
        assert not sound.sound_pairs(*parts, 11, 9) and not sound.sound_pairs(*parts, 12, 8)
        assert not sound.sound_pairs(*parts[:2], np.full(seat.size, nan), 12, 9)


def test_a_pair_has_its_seats_load_unless_it_has_its_own(one_agent):
    assert one_agent(seat_load=[0.2, 0.3]).pair_load.tolist() == [0.2, 0.3]
    assert one_agent(pair_load=[0.4, 0.6]).pair_load.tolist() == [0.4, 0.6]


def test_a_pool_keeps_its_own_copy_and_cannot_be_written(one_agent):
    fit = np.array([0.4, 0.9])
    pool = one_agent(pair_fit=fit)
    fit[0] = 0.0
    assert pool.pair_fit[0] == 0.4
    with pytest.raises(ValueError, match="read-only"):
        pool.pair_fit[0] = 1.0


def test_a_frozen_array_is_taken_as_it_is_but_not_a_frozen_view(one_agent):
    fit, other = np.array([0.4, 0.9]), np.array([0.1, 0.2, 0.3])
    view = other[:2]
    for array in (fit, view):
        array.setflags(write=False)
    assert one_agent(pair_fit=fit).pair_fit is fit
    pool = one_agent(pair_fit=view)
    other[0] = 1.0
    assert pool.pair_fit.tolist() == [0.1, 0.2]


def test_a_pool_takes_keywords_only():
    with pytest.raises(TypeError):
        matching.Pool([0], [0], [0.5])


def test_smaller_integers_are_taken(one_agent):
    pool = one_agent(pair_agent=np.array([0, 0], np.int32), pair_seat=np.array([0, 1], np.int32))
    assert matching.solve(pool).filled == (2,)
