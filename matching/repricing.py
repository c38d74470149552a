"""Prices for a matching that was the best one yesterday: no bidder prefers what another has."""

from __future__ import annotations

import numpy as np

from matching.assignment_graph import Graph
from matching.assignment_state import State
from matching.compiled import pays, run

EFFORT = 100
"""Edges to look at, in multiples of all edges, before the matching is taken for a bad one; good ones took 10 to 70."""


def reprice(graph: Graph, state: State) -> bool:
    """Raise prices until no matched row prefers another column to its own; say whether that came about.

    Parameters
    ----------
    graph, state
        Rows bid for columns; the matching stays as it is, only prices are raised.

    Notes
    -----
    Bellman and Ford's algorithm with a queue. Such prices are there where no exchange of columns among the matched
    rows is worth anything, as in what remains of a best matching; elsewhere they would rise for ever. Columns that
    lost their row keep a price: whoever wants one pays it, or `turn` brings it down.

    Examples
    --------
    Row 1 would rather have column 0 by 3:

    >>> graph = Graph.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([9, 2, 5, 2]), 2, 2)
    >>> state = State.at(np.array([0, 1]), np.zeros(2, np.int64))
    >>> reprice(graph, state), state.price
    (True, array([3, 0]))
    """
    rows = np.flatnonzero(state.partner >= 0)
    queue, waits = np.zeros(graph.rows + 1, np.int64), np.zeros(graph.rows, np.int64)
    queue[: rows.size], waits[rows] = rows, 1
    left = run(
        _reprice, graph.start, graph.column, graph.value, state.price, state.partner, state.owner, queue, waits,
        rows.size, EFFORT * graph.edges, fast=pays(graph.edges),
    )
    return bool(left == 0)


def _reprice(start, column, value, price, partner, owner, queue, waits, waiting, effort):
    """Let the first row of the queue raise the prices of what it prefers; return how many wait at the end."""
    head, size = 0, len(queue)
    while waiting > 0 and effort > 0:
        row = queue[head]
        head = (head + 1) % size
        waiting -= 1
        waits[row] = 0
        effort -= start[row + 1] - start[row]
        mine = 0
        for edge in range(start[row], start[row + 1]):
            if column[edge] == partner[row]:
                mine = value[edge] - price[column[edge]]
        for edge in range(start[row], start[row + 1]):
            to = column[edge]
            other = owner[to]
            if value[edge] - mine > price[to]:
                price[to] = value[edge] - mine
                if other >= 0 and waits[other] == 0:
                    waits[other] = 1
                    queue[(head + waiting) % size] = other
                    waiting += 1
    return waiting
