"""What a market refuses beyond what its pool does."""

import dataclasses

import numpy as np
import pytest

import matching
from matching.examples import small_market

nan = float("nan")

REFUSED = {
    "skill of nobody": ("index", 2, {"skill_agent": [0, 1, 3]}),
    "window of nobody": ("index", 0, {"window_agent": [-1, 1, 2]}),
    "demand of no seat": ("index", 0, {"demand_seat": [1]}),
    "requester beyond the last": ("index", 0, {"seat_requester": [3]}),
    "requesting unit beyond the last": ("index", 0, {"seat_unit": [2]}),
    "home unit beyond the last": ("index", 1, {"agent_unit": [1, 2, 1]}),
    "negative skill": ("index", 0, {"skill_id": [-7, 7, 8]}),
    "excluded nobody": ("index", 0, {"excluded_agent": [9], "excluded_need": [0]}),
    "one level missing": ("length", None, {"skill_level": [1, 2]}),
    "half a neighbour": ("length", None, {"neighbour_skill": [1]}),
    "one site too few": ("length", None, {"seat_site": []}),
    "age that is not a number": ("nan", 1, {"agent_offer_age": [0.0, nan, 0.0]}),
    "reach that is not a number": ("nan", 0, {"agent_max_km": [nan, 1.0, 1.0]}),
    "level 0": ("skill", 0, {"skill_level": [0, 1, 1]}),
    "level 5 asked": ("skill", 0, {"demand_level": [5]}),
    "neighbour closer than itself": (
        "skill", 0, {"neighbour_skill": [7], "neighbour_other": [8], "neighbour_weight": [1.5]},
    ),
    "more than full time offered": ("load", 1, {"agent_max_load": [0.5, 1.2, 0.5]}),
    "negative reach": ("number", 0, {"agent_max_km": [-1.0, 1.0, 1.0]}),
    "negative age": ("number", 2, {"agent_offer_age": [0.0, 0.0, -1.0]}),
    "window that ends before it starts": ("period", 1, {"window_end": [30, 10, 30]}),
    "a skill offered twice": ("duplicate", 1, {"skill_agent": [0, 0, 2]}),
    "a cycle of units": ("cycle", 0, {"unit_parent": [1, 0]}),
    "a scale of 0": ("number", 0, {"margin_days": 0.0}),
}


@pytest.mark.parametrize(("rule", "row", "changes"), REFUSED.values(), ids=REFUSED)
def test_a_market_refuses_with_the_rule_and_the_row(rule, row, changes):
    with pytest.raises(matching.InvalidPool) as refused:
        dataclasses.replace(small_market(), **changes)
    assert (refused.value.rule, refused.value.row) == (rule, row)


def test_positions_may_be_unknown():
    nobody, nowhere = np.full(3, nan), [nan]
    places = {"agent_lat": nobody, "agent_lon": nobody, "seat_lat": nowhere, "seat_lon": nowhere}
    market = dataclasses.replace(small_market(), **places)
    assert matching.candidates(market, {"distance": 1.0}).pool.pair_fit.tolist() == [1.0]
