"""Shortest augmenting paths: the bidders an auction leaves over find their objects, exactly."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from matching.arrays import Ints
from matching.assignment_graph import Graph, frozen
from matching.assignment_state import State
from matching.compiled import pays, run

MUCH = 1 << 62
"""Edges that nobody will ever look at: no bound on the effort."""


LOCAL = 2_000
"""Edges that a search looks at, about, where nothing is compiled and arrays are not made lists for so few."""


def augment(graph: Graph, state: State, rows: Ints, *, effort: int = MUCH) -> bool:
    """Match each of `rows` to a column, others moving where needed; say whether all are matched now.

    Parameters
    ----------
    graph : Graph
        Rows look for columns; the order of a row's edges does not matter.
    state : State
        For every edge ``gain[row] + price[column] >= value``, with equality where matched. Kept so; prices of
        columns that nobody has do not change.
    rows : (n,) int
        Rows without a partner.
    effort : int
        Edges to look at, after which no other row is tried.

    Raises
    ------
    TimeOut
        Before the search, where no time is left.

    Notes
    -----
    Each augmentation is along a shortest path by the slack of the edges, found by Dijkstra's algorithm from one
    row, so the matching stays best among those of the same rows that leave free the columns of price 0.

    References
    ----------
    R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
    assignment problems", Computing 38 (1987).

    Examples
    --------
    >>> graph = Graph.of(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5, 3, 4]), 2, 2)
    >>> state = State(np.array([5, 4]), np.zeros(2, np.int64), np.array([0, -1]), np.array([0, -1]))
    >>> augment(graph, state, np.array([1]))
    True
    >>> state.partner, state.gain, state.price
    (array([1, 0]), array([3, 2]), array([2, 0]))
    """
    if not rows.size:
        return True
    state.go_on()
    work = tuple(np.zeros(graph.columns, np.int64) for _ in range(4))
    run(
        _augment, graph.start, graph.column, graph.value, state.gain, state.price, state.partner, state.owner,
        frozen(rows), *work, effort, fast=pays(graph.edges), lists=LOCAL * rows.size > graph.edges,
    )
    return bool((state.partner[rows] >= 0).all())


def _augment(
    start, column, value, gain, price, partner, owner, rows, seen, distance, came, settled, effort
):
    """Dijkstra from each row in turn to its nearest free column, until `effort` edges are looked at.

    `seen` holds 2 x the search's number for a column reached, one more for a column settled.
    """
    stamp = 0
    heap = [(0, 0)]
    for source in rows:
        if effort < 0:
            break
        stamp += 2
        heap.clear()
        nearest, end, known = -1, -1, 0
        row, base = source, 0
        while True:
            effort -= start[row + 1] - start[row]
            for edge in range(start[row], start[row + 1]):
                to = column[edge]
                if seen[to] > stamp:
                    continue
                length = base + gain[row] + price[to] - value[edge]
                if owner[to] < 0:
                    if end < 0 or length < nearest or (length == nearest and to < end):
                        came[to], nearest, end = row, length, to
                elif (end < 0 or length < nearest) and (seen[to] < stamp or length < distance[to]):
                    seen[to], distance[to], came[to] = stamp, length, row
                    heappush(heap, (length, to))
            while heap and seen[heap[0][1]] > stamp:
                heappop(heap)
            if not heap or (end >= 0 and heap[0][0] >= nearest):
                break
            base, to = heappop(heap)
            seen[to] = stamp + 1
            settled[known] = to
            known += 1
            row = owner[to]
        if end < 0:
            continue
        gain[source] -= nearest
        for at in range(known):
            to = settled[at]
            price[to] += nearest - distance[to]
            gain[owner[to]] -= nearest - distance[to]
        to = end
        while True:
            row = came[to]
            following = partner[row]
            partner[row], owner[to] = to, row
            if row == source:
                break
            to = following
