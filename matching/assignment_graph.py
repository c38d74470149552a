"""A bipartite graph in rows, as the auction and the paths read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.arrays import Ints
from matching.compiled import pays, run


@dataclass(frozen=True, eq=False)
class Graph:
    """Edges grouped by row.

    Parameters
    ----------
    start : (R + 1,) int
        Edges of row r are ``start[r] … start[r + 1] - 1``.
    column : (E,) int
    value : (E,) int
        What an edge is worth.
    origin : (E,) int or None
        Position of each edge in the arrays it was made from; None where it is the same.
    columns : int
        Number of columns, C.

    Examples
    --------
    >>> graph = Graph.of(np.array([1, 0, 1]), np.array([2, 1, 0]), np.array([7, 8, 9]), 2, 3)
    >>> graph.start, graph.column, graph.value, graph.origin
    (array([0, 1, 3]), array([1, 2, 0]), array([8, 7, 9]), array([1, 0, 2]))
    >>> graph.ordered().column
    array([1, 0, 2])
    """

    start: Ints
    column: Ints
    value: Ints
    origin: Ints | None
    columns: int

    def __post_init__(self) -> None:
        """Freeze the arrays: compiled kernels are made for frozen ones."""
        for name in ("start", "column", "value"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @classmethod
    def of(cls, row: Ints, column: Ints, value: Ints, rows: int, columns: int) -> Graph:
        """Group edges, in any order, by row; those of a row stay in the order they have."""
        start, fast = np.zeros(rows + 1, np.int64), pays(row.size)
        if fast:
            grouped = run(_count, frozen(row), start, fast=True)
        else:
            np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
            grouped = bool((row[1:] >= row[:-1]).all())
        if grouped:
            return cls(start, column, value, None, columns)
        if not fast:
            order = np.argsort(row, kind="stable")
            return cls(start, column[order], value[order], order, columns)
        out = np.empty((3, row.size), np.int64)
        run(_place, frozen(row), frozen(column), frozen(value), start.copy(), out[0], out[1], out[2], fast=True)
        return cls(start, out[0], out[1], out[2], columns)

    @property
    def rows(self) -> int:
        """Number of rows, R."""
        return self.start.size - 1

    @property
    def edges(self) -> int:
        """Number of edges, E."""
        return self.column.size

    def row_of_edges(self) -> Ints:
        """Return the (E,) row of every edge."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))

    def ordered(self) -> Graph:
        """Return the graph with the edges of each row by column, so that only the set of edges matters."""
        key = self.row_of_edges() * self.columns + self.column
        if (key[1:] > key[:-1]).all():
            return self
        order = np.argsort(key)
        origin = order if self.origin is None else self.origin[order]
        return Graph(self.start, self.column[order], self.value[order], origin, self.columns)

    def edges_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the edges of `rows`, none of them empty, and where each row's begin among them."""
        first, size = self.start[rows], np.diff(self.start)[rows]
        at = np.cumsum(size) - size
        return np.repeat(first - at, size) + np.arange(int(size.sum())), at

    def chosen(self, partner: Ints) -> Ints:
        """Return the positions, in the original arrays, of the edges between rows and their partners."""
        edges = np.zeros(int((partner >= 0).sum()), np.int64)
        if pays(self.edges):
            run(_find, self.start, self.column, frozen(partner), edges, fast=True)
        elif edges.size:
            rows = np.flatnonzero(partner >= 0)
            among, _ = self.edges_of(rows)
            size = np.diff(self.start)[rows]
            edges = among[self.column[among] == np.repeat(partner[rows], size)]
        return edges if self.origin is None else self.origin[edges]


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view.

    Examples
    --------
    >>> frozen(np.zeros(1)).flags.writeable
    False
    """
    view = np.ascontiguousarray(array).view()
    view.setflags(write=False)
    return view


def _count(row, start):
    """Count the edges of rows, those that follow each other as one; say whether they are grouped already."""
    grouped, before, edge = True, 0, 0
    while edge < len(row):
        first, mine = edge, row[edge]
        while edge < len(row) and row[edge] == mine:
            edge += 1
        start[mine + 1] += edge - first
        grouped = grouped and mine >= before
        before = mine
    for at in range(len(start) - 1):
        start[at + 1] += start[at]
    return grouped


def _place(row, column, value, position, to_column, to_value, to_origin):
    """Copy each edge to its row's next free position."""
    for edge in range(len(row)):
        at = position[row[edge]]
        position[row[edge]] += 1
        to_column[at] = column[edge]
        to_value[at] = value[edge]
        to_origin[at] = edge


def _find(start, column, partner, edges):
    """Write the edge of each row that has a partner."""
    known = 0
    for row in range(len(partner)):
        if partner[row] >= 0:
            for edge in range(start[row], start[row + 1]):
                if column[edge] == partner[row]:
                    edges[known] = edge
                    known += 1
                    break
