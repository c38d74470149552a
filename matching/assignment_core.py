"""The best assignment of a graph of seats and agents: levels first, then the fit within them, with duals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Ints, one_for_all
from matching.assignment_fits import Scale
from matching.assignment_graph import Graph
from matching.assignment_levels import Levels, fill
from matching.assignment_plain import match_all
from matching.assignment_state import State, turn, turn_back
from matching.auction import VECTORS, auction
from matching.auction_steps import bid_in_steps, drop
from matching.compiled import pays
from matching.paths import augment
from matching.repricing import reprice

EFFORT, RESTART_EFFORT = 2, 40
"""Edges that shortest paths may look at, in multiples of all edges, before bidders bid in steps; the second after
a start that is nearly right."""

SLOWER = 40
"""How many times less of that is worth trying where nothing is compiled."""

MANY = 1 / 16
"""Share of the bidders without an object after an auction from which shortest paths are too long and too many."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """A matching of seats to agents and its duals, on both scales.

    Parameters
    ----------
    partner : (S,) int
        Agent of each seat, -1 for none.
    seat_level, agent_level : (S,) int, (A,) int
        As in `Levels`: the proof of the classes.
    seat_dual, agent_dual : (S,) int, (A,) int
        Proof of the fit: among pairs of equal levels, the sum of both is at least the value, and equal for
        chosen ones; not negative where a seat or an agent need not be chosen.
    """

    partner: Ints
    seat_level: Ints
    agent_level: Ints
    seat_dual: Ints
    agent_dual: Ints


def best_assignment(
    graph: Graph, weight: Ints, scale: Scale, start: Assignment | None = None, until: float = math.inf,
    wish: Callable[[], Ints] | None = None,
) -> Assignment:
    """Fill most seats class by class, then reach the largest sum of values.

    Parameters
    ----------
    graph : Graph
        Seats to agents.
    weight : (S,) int
        Weight of each seat's class: 1 for the last, K for the first.
    scale : Scale
        Of the values.
    start : Assignment, optional
        The best on most of these edges, from which to go on where it filled all seats.
    until : float
        When time is out, on ``time.perf_counter``; looked at between steps.
    wish : function, optional
        Returns the (S,) agent that each seat had in a plan that was the best of a pool much like this one, -1 for
        none; asked where agents are not enough, or an auction leaves many seats.

    Raises
    ------
    TimeOut

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5, 3, 4]), 2, 2)
    >>> best = best_assignment(graph, np.ones(2, np.int64), Scale(10, 1))
    >>> best.partner, best.seat_dual, best.agent_dual
    (array([1, 0]), array([-7, -8]), array([12, 10]))
    """
    asking = np.diff(graph.start) > 0
    nothing = one_for_all(np.zeros(1, np.int64), graph.columns)
    if start is not None and not (asking & (start.partner < 0)).any():
        state = State.at(start.partner, start.agent_dual, until)
        drop(graph, state)
        _finish(graph, state, nothing > 0, scale, RESTART_EFFORT)
        return Assignment(state.partner, start.seat_level, nothing, state.gain, state.price)
    state, hard = State.of(graph, until), True
    if int(asking.sum()) <= graph.columns:
        auction(graph, state, scale.one)
        missing = int(np.count_nonzero(asking & (state.partner < 0)))
        hard = missing > MANY * graph.rows
        if missing and not hard:
            _augment_some(graph, state, EFFORT)
    if (asking & (state.partner < 0)).any():
        graph, had = graph.ordered(), wish() if wish is not None and hard else None
        levels = fill(graph, weight, state.partner if had is None else had)
        if (asking & (levels.partner < 0)).any():
            must = np.zeros(graph.rows + graph.columns, bool)
            must[: graph.rows] = (levels.seat > 0) & (weight > levels.seat)
            return best_within(graph, levels, must, scale, until, had)
        before = None
        if had is not None and scale.unit > 1:  # prices of fits with many decimals take as long to find as to bid
            before = _as_before(graph, had, nothing > 0, scale, until)
        state = before or state
        _finish(graph, state, nothing > 0, scale, 0, near=before is not None)
    return Assignment(state.partner, np.where(asking, 0, weight), nothing, state.gain, state.price)


def best_within(
    graph: Graph, levels: Levels, must: Bools, scale: Scale, until: float = math.inf, wish: Ints | None = None
) -> Assignment:
    """Solve for the fit where agents, or else seats, are scarce: each level is a problem of its own.

    At level 0 all seats bid for agents; at the others all agents bid for seats. One graph holds them all: nodes are
    seats, then agents.

    Parameters
    ----------
    graph : Graph
        Seats to agents; edges between different levels are left out.
    levels : Levels
    must : (S + A,) bool
        Seats of levels 1 and more that must be taken, as those of a better class (``weight > level``), and agents
        of level 0 that must be.
    scale, until
        As for `best_assignment`.
    wish : (S,) int, optional
        What the function given to `best_assignment` returns.

    Examples
    --------
    Both seats ask for agent 1, and agent 0 must be taken:

    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([1, 9, 2]), 2, 2)
    >>> nobody, flat = np.full(2, -1), np.zeros(2, np.int64)
    >>> best_within(graph, Levels(nobody, nobody, flat, flat), np.array([0, 0, 1, 0]) > 0, Scale(10, 1)).partner
    array([0, 1])
    """
    seats, agents = graph.rows, graph.columns
    seat, agent, value = graph.row_of_edges(), graph.column, graph.value
    tight = levels.seat[seat] == levels.agent[agent]
    seat, agent, value = seat[tight], agent[tight], value[tight]
    plenty, nodes = levels.seat[seat] == 0, seats + agents
    bidder, thing = np.where(plenty, seat, seats + agent), np.where(plenty, seats + agent, seat)
    both = Graph.of(bidder, thing, value, nodes, nodes)
    state = State.of(both, until)
    state.price[must] = -scale.one
    auction(both, state, scale.one)
    before = None
    if wish is not None and _missing(both, state).size:
        before = _as_before(both, _wish_of_nodes(wish, levels), must, scale, until)
    state = before or state
    _finish(both, state, must, scale, RESTART_EFFORT if before else EFFORT)
    partner = np.where(levels.seat == 0, state.partner[:seats], state.owner[:seats])
    return Assignment(
        np.maximum(partner - seats, -1), levels.seat, levels.agent,
        np.where(levels.seat == 0, state.gain[:seats], state.price[:seats]),
        np.where(levels.agent == 0, state.price[seats:], state.gain[seats:]),
    )


def _wish_of_nodes(wish: Ints, levels: Levels) -> Ints:
    """Return what seats and agents would bid for, where `wish` is between equal levels."""
    seats, seat = wish.size, np.flatnonzero(wish >= 0)
    seat = seat[levels.seat[seat] == levels.agent[wish[seat]]]
    plenty, agent = levels.seat[seat] == 0, seats + wish[seat]
    nodes = np.full(seats + levels.agent.size, -1)
    nodes[np.where(plenty, seat, agent)] = np.where(plenty, agent, seat)
    return nodes


def _as_before(graph: Graph, wish: Ints, must: Bools, scale: Scale, until: float) -> State | None:
    """Start from `wish`, at prices at which each has what is best for it; None where there are none."""
    state = State.at(wish, np.where(must, -scale.one, 0), until)
    if not reprice(graph, state):
        return None
    drop(graph, state)
    auction(graph, state, scale.one)
    return state


def _finish(
    graph: Graph, state: State, must: Bools, scale: Scale, effort: int = EFFORT, *, near: bool = False
) -> None:
    """Match all rows that have edges, and all columns of `must`, exactly; prices may be `near` the best ones."""
    if not _augment_some(graph, state, effort):
        if pays(graph.edges) or graph.edges < VECTORS:
            bid_in_steps(graph, state, must, scale.one, scale.unit, near=near)
        else:
            match_all(graph, state)
        drop(graph, state)
        augment(graph, state, _missing(graph, state))
    if ((state.owner < 0) & (must | (state.price != 0))).any():
        turned, other = turn(graph, state, must)
        augment(turned, other, np.flatnonzero(other.partner < 0))
        turn_back(graph, state, other)


def _augment_some(graph: Graph, state: State, effort: int) -> bool:
    """Match what takes little; say whether that was all."""
    missing = _missing(graph, state)
    if not missing.size or not effort:
        return not missing.size
    state.bid_again(graph, missing)
    return augment(graph, state, missing, effort=effort * graph.edges // (1 if pays(graph.edges) else SLOWER))


def _missing(graph: Graph, state: State) -> Ints:
    return np.flatnonzero((state.partner < 0) & (np.diff(graph.start) > 0))
