"""Without a compiler: scipy's matching of all rows where the auction leaves many, and prices that prove it."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.assignment_graph import Graph
from matching.assignment_state import State

ROUNDS = 2_000
"""Rounds after which prices that still rise are left to shortest paths."""


def match_all(graph: Graph, state: State) -> None:
    """Match all rows that have edges, with the largest sum of values or nearly, and price columns accordingly.

    Parameters
    ----------
    graph : Graph
        All rows that have edges can be matched together.
    state : State
        Prices to start from, which are raised; gains are to be set on return (see `drop`).

    Notes
    -----
    scipy's solver works in floats: sums of integers beyond 2^53 may be rounded, and the matching be best only
    nearly. Dropping rows that have not what is best for them, then shortest paths in integers, mend that.

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5, 3, 4]), 2, 2)
    >>> state = State.of(graph)
    >>> match_all(graph, state)
    >>> state.partner, state.price
    (array([1, 0]), array([2, 0]))
    """
    rows = np.flatnonzero(np.diff(graph.start) > 0)
    used = np.flatnonzero(np.bincount(graph.column, minlength=graph.columns))
    short = np.zeros(graph.columns, np.int64)
    short[used] = np.arange(used.size)
    weight = (graph.value - state.price[graph.column]).astype(float)
    weight += 1.0 - weight.min()
    matrix = sparse.csr_array((weight, short[graph.column], graph.start[np.append(rows, graph.rows)]),
                              shape=(rows.size, used.size))
    left, right = min_weight_full_bipartite_matching(matrix, maximize=True)
    state.partner[:] = -1
    state.partner[rows[left]] = used[right]
    state.owner[:] = -1
    state.owner[used[right]] = rows[left]
    _price(graph, state)


def _price(graph: Graph, state: State) -> None:
    """Raise prices until no row prefers another column to its own (Bellman and Ford's rounds)."""
    row = graph.row_of_edges()
    order = np.argsort(graph.column, kind="stable")
    column, row, value = graph.column[order], row[order], graph.value[order]
    first = np.flatnonzero(np.append(True, column[1:] != column[:-1]))
    which = column[first]
    mine = np.zeros(graph.rows, np.int64)
    own = state.partner[row] == column
    mine[row[own]] = value[own]
    excess = value - mine[row]
    others = np.flatnonzero(state.owner[which] < 0)
    at = np.maximum(state.partner, 0)[row]
    for _ in range(ROUNDS):
        asked = np.maximum.reduceat(excess + state.price[at], first)
        asked[others] = state.price[which[others]]
        if (asked <= state.price[which]).all():
            return
        state.price[which] = np.maximum(state.price[which], asked)
