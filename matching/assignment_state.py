"""A matching under way, with its duals."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from matching.arrays import Bools, Ints
from matching.assignment_graph import Graph


class TimeOut(Exception):
    """The time allowed is used up."""


@dataclass(eq=False)
class State:
    """What the auction and the paths change in place.

    Parameters
    ----------
    gain : (R,) int
        Dual of each row: the best of value - price over its edges; meaningless before a row has bid.
    price : (C,) int
        Dual of each column.
    partner, owner : (R,) int, (C,) int
        Column of each row, row of each column, -1 for none.
    until : float
        When time is out, on ``time.perf_counter``.
    """

    gain: Ints
    price: Ints
    partner: Ints
    owner: Ints
    until: float = math.inf

    def go_on(self) -> None:
        """Raise `TimeOut` where no time is left; called before every step that may take some.

        Examples
        --------
        >>> State.of(Graph.of(np.array([0]), np.array([1]), np.array([5]), 1, 2), until=-math.inf).go_on()
        Traceback (most recent call last):
            ...
        matching.assignment_state.TimeOut
        """
        if time.perf_counter() >= self.until:
            raise TimeOut

    @classmethod
    def of(cls, graph: Graph, until: float = math.inf) -> State:
        """Start with nothing matched, at prices of 0.

        Examples
        --------
        >>> State.of(Graph.of(np.array([0]), np.array([1]), np.array([5]), 1, 2)).owner
        array([-1, -1])
        """
        rows, columns = graph.rows, graph.columns
        return cls(np.zeros(rows, np.int64), np.zeros(columns, np.int64), np.full(rows, -1), np.full(columns, -1), until)

    @classmethod
    def at(cls, partner: Ints, price: Ints, until: float = math.inf) -> State:
        """Start from the columns of rows and the prices of columns; gains are to be set.

        Examples
        --------
        >>> State.at(np.array([1, -1]), np.array([0, 5])).owner
        array([-1,  0])
        """
        owner, matched = np.full(price.size, -1), np.flatnonzero(partner >= 0)
        owner[partner[matched]] = matched
        return cls(np.zeros(partner.size, np.int64), price.copy(), partner.copy(), owner, until)

    def bid_again(self, graph: Graph, rows: Ints) -> None:
        """Set the gains of `rows`, none of them empty, to their best at the prices."""
        if rows.size:
            edges, first = graph.edges_of(rows)
            self.gain[rows] = np.maximum.reduceat(graph.value[edges] - self.price[graph.column[edges]], first)


def turn(graph: Graph, state: State, must: Bools) -> tuple[Graph, State]:
    """Change the roles: columns look for rows.

    Each column that may be left (not of `must`) owns a stand-in of value 0 behind the rows, and is left at price 0
    by taking it. Columns that nobody has and that must be taken, or have a price, are without partner.

    Examples
    --------
    >>> graph = Graph.of(np.array([0]), np.array([1]), np.array([5]), 1, 2)
    >>> turned, other = turn(graph, State.of(graph), np.array([False, True]))
    >>> turned.start, turned.column, other.partner
    (array([0, 1, 2]), array([1, 0]), array([ 1, -1]))
    """
    rows, columns, may = graph.rows, graph.columns, np.flatnonzero(~must)
    turned = Graph.of(
        np.concatenate([graph.column, may]), np.concatenate([graph.row_of_edges(), rows + may]),
        np.concatenate([graph.value, np.zeros(may.size, np.int64)]), columns, rows + columns,
    )
    partner, owner = state.owner.copy(), np.full(rows + columns, -1)
    left = np.flatnonzero((partner < 0) & ~must & (state.price == 0))
    partner[left] = rows + left
    owner[partner[partner >= 0]] = np.flatnonzero(partner >= 0)
    gain = np.append(state.gain, np.zeros(columns, np.int64))
    return turned, State(state.price, gain, partner, owner, state.until)


def turn_back(graph: Graph, state: State, other: State) -> None:
    """Write into `state` what became of its turned `other`.

    Examples
    --------
    >>> graph = Graph.of(np.array([0]), np.array([1]), np.array([5]), 1, 2)
    >>> state = State.of(graph)
    >>> _, other = turn(graph, state, np.array([False, True]))
    >>> other.partner[1] = other.owner[0] = 0
    >>> other.owner[0] = 1
    >>> turn_back(graph, state, other)
    >>> state.partner, state.owner
    (array([1]), array([-1,  0]))
    """
    rows = graph.rows
    state.owner[:] = np.where(other.partner < rows, other.partner, -1)
    state.partner[:], state.gain[:], state.price[:] = other.owner[:rows], other.price[:rows], other.gain
