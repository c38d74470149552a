"""Bids that rise by falling steps: prices come near the best ones where bidders compete hard."""

from __future__ import annotations

import numpy as np

from matching.arrays import Bools
from matching.assignment_graph import Graph
from matching.assignment_state import State, turn, turn_back
from matching.auction import BIDS, VECTORS
from matching.compiled import pays, run

STEPS = (8, 64, 512, 4096)
"""Divisors of the scale that give the steps of `bid_in_steps`; on 10,000 x 10,000 as good as finer ones."""

WIDE = 1.5
"""Objects per bidder from which large steps do harm: they price objects that nobody will have."""

FINE = 32
"""Steps in a unit below which prices round to the right one."""


def bid_in_steps(
    graph: Graph, state: State, must: Bools, scale: int, unit: int, *, near: bool = False
) -> None:
    """Bring prices near the best ones where bidders compete hard, each bid raising them by a falling step.

    All bidders must be able to have an object. On return all have one that is best for them or nearly (see `drop`);
    few objects that nobody has have a price.

    Parameters
    ----------
    graph, state
        As for `auction`; gains are to be set on return.
    must : (C,) bool
        Objects that must be taken.
    scale, unit : int
        Value of a fit of 1; what all values are multiples of.
    near : bool
        Whether prices are near the best ones already, so that only small steps are of use.

    Raises
    ------
    TimeOut
        Before a step, where no time is left.

    Notes
    -----
    Auction with epsilon scaling, forward then in reverse (objects that nobody has bid for bidders), stopped
    early and rounded: shortest paths do the rest exactly.

    References
    ----------
    D. P. Bertsekas and D. A. Castañon, "A forward/reverse auction algorithm for asymmetric assignment
    problems", Computational Optimization and Applications 1 (1992).

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([512, 0, 512]), 2, 2)
    >>> state = State.of(graph)
    >>> bid_in_steps(graph, state, np.zeros(2, bool), 512, 512)
    >>> state.partner
    array([1, 0])
    """
    queue, fast, price = np.zeros(graph.rows + 1, np.int64), pays(graph.edges), state.price
    parts = (graph.start, graph.column, graph.value, state.gain, price, state.partner, state.owner, queue)
    step, wide = scale, int((np.bincount(graph.column) > 0).sum()) > WIDE * int((np.diff(graph.start) > 0).sum())
    for divisor in STEPS[2:] if wide or near else STEPS:
        if FINE * step < unit:
            break
        state.go_on()
        step = max(1, scale // divisor)
        waiting = run(_drop, *parts, step, fast=fast)
        run(_bid_and_raise, *parts, waiting, step, scale, 4 * divisor * BIDS * graph.rows, fast=fast)
    if ((state.owner < 0) & (must | (price != 0))).any():
        _bid_in_reverse(graph, state, must, step, scale)
    if unit > 1:
        price[:] = (price + unit // 2) // unit * unit


def drop(graph: Graph, state: State) -> None:
    """Bring all gains to the prices and free the bidders whose object is no longer best for them.

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0]), np.array([0, 1]), np.array([5, 3]), 1, 2)
    >>> state = State(np.array([0]), np.array([4, 0]), np.array([0]), np.array([0, -1]))
    >>> drop(graph, state)
    >>> state.partner, state.gain
    (array([-1]), array([3]))
    """
    if pays(graph.edges) or graph.edges < VECTORS:
        queue = np.zeros(graph.rows + 1, np.int64)
        parts = (graph.start, graph.column, graph.value, state.gain, state.price, state.partner, state.owner, queue)
        run(_drop, *parts, 0, fast=pays(graph.edges))
        return
    some = np.flatnonzero(np.diff(graph.start))
    state.bid_again(graph, some)
    row = graph.row_of_edges()
    own = np.flatnonzero(state.partner[row] == graph.column)
    worse = own[graph.value[own] - state.price[graph.column[own]] < state.gain[row[own]]]
    state.owner[graph.column[worse]] = -1
    state.partner[row[worse]] = -1


def _bid_in_reverse(graph: Graph, state: State, must: Bools, step: int, scale: int) -> None:
    """Let the objects that nobody has, and that must be taken or have a price, bid for bidders."""
    turned, other = turn(graph, state, must)
    waiting = np.flatnonzero(other.partner < 0)
    queue = np.zeros(turned.rows + 1, np.int64)
    queue[: waiting.size] = waiting
    run(
        _bid_and_raise, turned.start, turned.column, turned.value, other.gain, other.price, other.partner, other.owner,
        queue, waiting.size, step, scale, 4 * STEPS[-1] * BIDS * turned.rows, fast=pays(graph.edges),
    )
    turn_back(graph, state, other)
    state.price[:] = np.where(must, state.price, np.where(state.owner < 0, 0, np.maximum(state.price, 0)))


def _drop(start, column, value, gain, price, partner, owner, queue, step):
    """Free the bidders whose object is worse than their best by more than `step`; queue all who have none."""
    waiting = 0
    for bidder in range(len(start) - 1):
        if start[bidder] == start[bidder + 1]:
            continue
        mine = best = value[start[bidder]] - price[column[start[bidder]]]
        for edge in range(start[bidder], start[bidder + 1]):
            offer = value[edge] - price[column[edge]]
            best = max(best, offer)
            if column[edge] == partner[bidder]:
                mine = offer
        gain[bidder] = best
        if partner[bidder] >= 0:
            if mine >= best - step:
                continue
            owner[partner[bidder]] = -1
            partner[bidder] = -1
        queue[waiting] = bidder
        waiting += 1
    return waiting


def _bid_and_raise(
    start, column, value, gain, price, partner, owner, queue, waiting, step, scale, bids
):
    """Let the first bidder of the queue bid until nobody waits or the bids are used up."""
    head, size, nothing = 0, len(queue), -(1 << 62)
    while waiting > 0 and bids > 0:
        bids -= 1
        waiting -= 1
        bidder = queue[head]
        head = (head + 1) % size
        best, second, choice = nothing, nothing, 0
        for edge in range(start[bidder], start[bidder + 1]):
            offer = value[edge] - price[column[edge]]
            second = max(second, min(best, offer))
            choice = column[edge] if offer > best else choice
            best = max(best, offer)
        if second == best:
            for edge in range(start[bidder], start[bidder + 1]):
                if column[edge] < choice and value[edge] - price[column[edge]] == best:
                    choice = column[edge]
        if second == nothing:
            second = best - scale
        loser = owner[choice]
        if loser >= 0:
            partner[loser] = -1
            queue[(head + waiting) % size] = loser
            waiting += 1
        owner[choice] = bidder
        partner[bidder] = choice
        price[choice] += best - second + step
        gain[bidder] = second - step
