"""Which seats can be filled, class by class, and the duals that prove it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Ints
from matching.assignment_graph import Graph
from matching.compiled import pays, run


@dataclass(frozen=True, eq=False)
class Levels:
    """A matching that fills most seats of the first class, then of the second…, and its proof.

    Parameters
    ----------
    partner, owner : (S,) int, (A,) int
        Agent of each seat and seat of each agent, -1 for none.
    seat, agent : (S,) int, (A,) int
        Level of each, 0 where agents are enough.

    Notes
    -----
    Sets of seats that can be filled together are the independent sets of a transversal matroid, so the greedy
    set, by class, is best for any falling weights, and all best sets count the same in every class. With the
    weight ``w`` of a class (1 for the last), ``w - level`` for seats and ``level`` for agents are duals: a pair
    is in no best plan unless both have the same level; agents of levels 1 and more are always taken; seats
    with ``w > level`` always filled. An agent has the level w where an open seat of weight w, and of no larger
    one, would lead to a free agent if that agent were free.

    References
    ----------
    J. Edmonds and D. R. Fulkerson, "Transversals and matroid partition" (1965); J. E. Hopcroft and
    R. M. Karp, "An n^(5/2) algorithm for maximum matchings in bipartite graphs" (1973).
    """

    partner: Ints
    owner: Ints
    seat: Ints
    agent: Ints


def fill(graph: Graph, weight: Ints, wish: Ints) -> Levels:
    """Fill seats class by class, as `wish` has it where that costs no seat.

    Parameters
    ----------
    graph : Graph
        Seats to agents.
    weight : (S,) int
        Weight of each seat's class: 1 for the last, K for the first.
    wish : (S,) int
        Agent wanted for each seat, -1 for none; no agent twice.

    Examples
    --------
    One agent for two seats, the second of the better class:

    >>> graph = Graph.of(np.array([0, 1]), np.array([0, 0]), np.array([9, 1]), 2, 1)
    >>> levels = fill(graph, np.array([1, 2]), np.array([0, -1]))
    >>> levels.partner, levels.seat, levels.agent
    (array([-1,  0]), array([1, 1]), array([1]))
    """
    seats = graph.rows
    by_class = np.argsort(-weight, kind="stable")
    partner, owner = np.full(seats, -1), np.full(graph.columns, -1)
    seat_level, agent_level = np.zeros(seats, np.int64), np.zeros(graph.columns, np.int64)
    work = (np.full(seats, -1), *(np.zeros(seats, np.int64) for _ in range(3)))
    run(
        _fill, graph.start, graph.column, by_class, weight, wish, partner, owner, seat_level, agent_level, *work,
        fast=pays(graph.edges),
    )
    return Levels(partner, owner, seat_level, agent_level)


def _fill(
    start, column, by_class, weight, wish, partner, owner, seat_level, agent_level, depth, edge_at, queue, stack
):
    """Hopcroft and Karp's phases for the seats of each class; where a phase fails, what it reached is closed."""
    begin, seats = 0, len(by_class)
    while begin < seats:
        end = begin
        while end < seats and weight[by_class[end]] == weight[by_class[begin]]:
            end += 1
        for at in range(begin, end):
            seat = by_class[at]
            if wish[seat] >= 0 and owner[wish[seat]] < 0 and agent_level[wish[seat]] == 0:
                partner[seat] = wish[seat]
                owner[wish[seat]] = seat
        for at in range(begin, end):
            seat = by_class[at]
            edge = start[seat]
            while partner[seat] < 0 and edge < start[seat + 1]:
                if owner[column[edge]] < 0:
                    partner[seat] = column[edge]
                    owner[column[edge]] = seat
                edge += 1
        while True:
            known = 0
            for at in range(begin, end):
                if partner[by_class[at]] < 0:
                    queue[known] = by_class[at]
                    depth[by_class[at]] = 0
                    edge_at[by_class[at]] = start[by_class[at]]
                    known += 1
            sources, reached, at = known, -1, 0
            while at < known:
                seat = queue[at]
                at += 1
                if reached >= 0 and depth[seat] >= reached:
                    break
                for edge in range(start[seat], start[seat + 1]):
                    agent = column[edge]
                    if agent_level[agent] > 0:
                        continue
                    other = owner[agent]
                    if other < 0:
                        reached = depth[seat] + 1
                    elif depth[other] < 0:
                        depth[other] = depth[seat] + 1
                        edge_at[other] = start[other]
                        queue[known] = other
                        known += 1
            if reached < 0:
                break
            for source in range(sources):
                top = 0
                stack[0] = queue[source]
                while top >= 0:
                    seat = stack[top]
                    deeper = False
                    while edge_at[seat] < start[seat + 1] and not deeper:
                        agent = column[edge_at[seat]]
                        edge_at[seat] += 1
                        if agent_level[agent] > 0:
                            continue
                        other = owner[agent]
                        if other < 0:
                            while top >= 0:
                                seat = stack[top]
                                before = partner[seat]
                                partner[seat] = agent
                                owner[agent] = seat
                                agent = before
                                top -= 1
                            break
                        if depth[other] == depth[seat] + 1:
                            top += 1
                            stack[top] = other
                            deeper = True
                    if top >= 0 and not deeper:
                        depth[seat] = -1
                        top -= 1
            for at in range(known):
                depth[queue[at]] = -1
        level = weight[by_class[begin]]
        for at in range(known):
            seat = queue[at]
            depth[seat] = -1
            seat_level[seat] = level
            for edge in range(start[seat], start[seat + 1]):
                if agent_level[column[edge]] == 0:
                    agent_level[column[edge]] = level
        begin = end
