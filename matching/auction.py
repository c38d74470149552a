"""An auction from zero prices: most bidders find their object at once, the rest is left to paths."""

from __future__ import annotations

import numpy as np

from matching.arrays import Ints
from matching.assignment_graph import Graph
from matching.assignment_state import State
from matching.compiled import pays, run

BIDS = 8
"""Bids per bidder after which the auction stops: a price war is better settled otherwise."""

ROUNDS = 100
"""Rounds in which all may bid at once; nearly all bidders are served in the first dozens."""

VECTORS = 500
"""Edges from which vectors are quicker than one bidder at a time, where nothing is compiled."""


def auction(graph: Graph, state: State, alone: int) -> None:
    """Match bidders to objects so that each matched bidder has an object that is best for it at the prices.

    Parameters
    ----------
    graph : Graph
        Rows bid for columns; the order of a row's edges does not matter.
    state : State
        Prices to start from, which are raised; those of objects that nobody takes stay.
    alone : int
        How far a bidder with a single object raises its price.

    Raises
    ------
    TimeOut
        Before the first bid, where no time is left.

    Notes
    -----
    Bertsekas' auction with Gauss-Seidel bids (one bidder at a time) where compiled, Jacobi bids (all at
    once, vectorised) elsewhere, without an epsilon: a bidder that could only take an owned object at the
    same price is left out, so that nothing circles, and complementary slackness stays exact.

    References
    ----------
    D. P. Bertsekas, "The auction algorithm", Annals of Operations Research 14 (1988).

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5, 3, 4]), 2, 2)
    >>> state = State.of(graph)
    >>> auction(graph, state, 10)
    >>> state.partner, state.gain, state.price
    (array([1, 0]), array([-7, -8]), array([12, 10]))
    """
    state.go_on()
    fast = pays(graph.edges)
    waiting = np.flatnonzero((state.partner < 0) & (np.diff(graph.start) > 0))
    if not fast and graph.edges >= VECTORS:
        _bid_together(graph, state, alone, waiting)
        return
    stack = np.zeros(graph.rows, np.int64)
    stack[: waiting.size] = waiting[::-1]
    run(
        _bid, graph.start, graph.column, graph.value, state.gain, state.price, state.partner, state.owner, stack,
        waiting.size, alone, BIDS * waiting.size, fast=fast,
    )


def _bid(
    start, column, value, gain, price, partner, owner, stack, waiting, alone, bids
):
    """Let the last bidder of the stack bid until the stack or the bids are used up."""
    nothing = -(1 << 62)
    while waiting > 0 and bids > 0:
        bids -= 1
        waiting -= 1
        bidder = stack[waiting]
        best, second, choice = nothing, nothing, 0
        for edge in range(start[bidder], start[bidder + 1]):
            offer = value[edge] - price[column[edge]]
            second = max(second, min(best, offer))
            choice = column[edge] if offer > best else choice
            best = max(best, offer)
        if second == best:
            for edge in range(start[bidder], start[bidder + 1]):
                to = column[edge]
                if value[edge] - price[to] == best:
                    free, taken = owner[to] < 0, owner[choice] < 0
                    if (free and not taken) or (free == taken and to < choice):
                        choice = to
        if second == nothing:
            second = best - alone
        loser = owner[choice]
        if loser >= 0:
            if second == best:
                continue
            partner[loser] = -1
            stack[waiting] = loser
            waiting += 1
        owner[choice] = bidder
        partner[bidder] = choice
        price[choice] += best - second
        gain[bidder] = second


def _bid_together(graph: Graph, state: State, alone: int, waiting: Ints) -> None:
    """Let all bidders without an object bid at once, in rounds."""
    won = rounds = 1
    while waiting.size and won and rounds <= ROUNDS:
        waiting, won = bid_once(graph, state, alone, waiting)
        rounds += 1


def bid_once(graph: Graph, state: State, alone: int, waiting: Ints, step: int = 0) -> tuple[Ints, int]:
    """Let each bidder of `waiting` bid; the highest bid for an object wins it.

    With a `step`, bids are higher by it, and bidders content with what is worse than their best by as much.

    Returns
    -------
    (n,) int, int
        Who waits now, and how many won.

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5, 3, 4]), 2, 2)
    >>> bid_once(graph, State.of(graph), 10, np.array([0, 1]))
    (array([0]), 1)
    """
    edges, first = graph.edges_of(waiting)
    column = graph.column[edges]
    offer = graph.value[edges] - state.price[column]
    best = np.maximum.reduceat(offer, first)
    size = np.diff(np.append(first, edges.size))
    ties = np.flatnonzero(offer == np.repeat(best, size))
    rank = np.where(state.owner[column[ties]] < 0, 0, graph.columns) + column[ties]
    bidder_at = np.repeat(np.arange(waiting.size), size)[ties]
    at = np.minimum.reduceat(rank, np.searchsorted(bidder_at, np.arange(waiting.size))) % graph.columns
    offer[ties[column[ties] == at[bidder_at]]] = np.iinfo(np.int64).min
    second = np.where(size == 1, best - alone, np.maximum.reduceat(offer, first))
    rise, second = best - second + step, second - step
    serious = (state.owner[at] < 0) | (rise > 0)
    at, rise, second, bidder = at[serious], rise[serious], second[serious], waiting[serious]
    order = np.lexsort((bidder, -rise, at))
    winner = order[np.append(True, np.diff(at[order]) != 0)[: order.size]]
    won, by = at[winner], bidder[winner]
    losers = state.owner[won]
    state.partner[losers[losers >= 0]] = -1
    state.partner[by], state.owner[won] = won, by
    state.price[won] += rise[winner]
    state.gain[by] = second[winner]
    return np.concatenate([waiting[state.partner[waiting] < 0], losers[losers >= 0]]), winner.size
