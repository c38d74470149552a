"""The solvers a user would pick instead, each from the same arrays to the chosen pairs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import families, protocol

Arrays = dict[str, Any]

UNITS = 1_000_000
"""Value of a fit of 1 in the integers of the flow solver: more would overflow it with classes."""


def weights(arrays: Arrays) -> Any:
    """Return per pair the linear class weight that makes one weighted sum lexicographic: (K - k)(S + 1)."""
    priority = arrays["seat_priority"]
    return ((priority.max() + 1 - priority) * (priority.size + 1.0))[arrays["pair_seat"]]


def lapx_dense(arrays: Arrays) -> Any:
    """Jonker and Volgenant's algorithm on the full matrix (lapx ``lapjvs``)."""
    import lap

    cost = np.ones((arrays["seat_need"].size, arrays["agent_unit"].size))
    cost[arrays["pair_seat"], arrays["pair_agent"]] -= arrays["pair_fit"]
    _, agent_of, _ = lap.lapjvs(cost, extend_cost=True, jvx_like=False)
    return np.arange(cost.shape[0]), agent_of


def scipy_dense(arrays: Arrays) -> Any:
    """Return scipy's ``linear_sum_assignment`` on the full matrix."""
    from scipy.optimize import linear_sum_assignment

    fit = np.zeros((arrays["seat_need"].size, arrays["agent_unit"].size))
    fit[arrays["pair_seat"], arrays["pair_agent"]] = arrays["pair_fit"]
    return linear_sum_assignment(fit, maximize=True)


def scipy_sparse(arrays: Arrays, *, all_fill: bool) -> Any:
    """Return scipy's ``min_weight_full_bipartite_matching``; unless all seats can be filled, each may take a stand-in."""
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    seats, agents = arrays["seat_need"].size, arrays["agent_unit"].size
    weight, at, own = arrays["pair_fit"], (arrays["pair_seat"], arrays["pair_agent"]), np.arange(seats)
    if all_fill:
        matrix = sparse.csr_array((weight + 1.0, at), shape=(seats, agents))
    else:
        weight = np.concatenate([weight + weights(arrays), np.full(seats, 1e-9)])
        at = (np.concatenate([at[0], own]), np.concatenate([at[1], agents + own]))
        matrix = sparse.csr_array((weight, at), shape=(seats, agents + seats))
    seat, agent = min_weight_full_bipartite_matching(matrix, maximize=True)
    return seat[agent < agents], agent[agent < agents]


def ortools_flow(arrays: Arrays, *, all_fill: bool) -> Any:
    """OR-Tools' ``SimpleMinCostFlow``: seats send one unit to an agent; unless all can be filled, or straight to the sink."""
    from ortools.graph.python import min_cost_flow

    seats, agents = arrays["seat_need"].size, arrays["agent_unit"].size
    flow, sink = min_cost_flow.SimpleMinCostFlow(), seats + agents
    value = np.rint((arrays["pair_fit"] + (0.0 if all_fill else weights(arrays))) * UNITS).astype(np.int64)
    one, none = np.ones(arrays["pair_seat"].size, np.int64), np.zeros(agents, np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(arrays["pair_seat"], seats + arrays["pair_agent"], one, -value)
    people, own = seats + np.arange(agents), np.arange(seats)
    flow.add_arcs_with_capacity_and_unit_cost(people, np.full(agents, sink), none + 1, none)
    if not all_fill:
        flow.add_arcs_with_capacity_and_unit_cost(own, np.full(seats, sink), np.ones(seats, np.int64), 0 * own)
    flow.set_nodes_supplies(np.append(own, sink), np.append(np.ones(seats, np.int64), -seats))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow solver found no optimum")
    chosen = np.flatnonzero(flow.flows(arcs))
    return arrays["pair_seat"][chosen], arrays["pair_agent"][chosen]


def networkx_full(arrays: Arrays) -> Any:
    """Return networkx's ``minimum_weight_full_matching``, for cases where all seats can be filled."""
    import networkx as nx

    seats = arrays["seat_need"].size
    graph = nx.Graph()
    ends = zip(arrays["pair_seat"].tolist(), (seats + arrays["pair_agent"]).tolist(), strict=True)
    graph.add_weighted_edges_from((seat, agent, -fit) for (seat, agent), fit in zip(ends, arrays["pair_fit"], strict=True))
    found = nx.bipartite.minimum_weight_full_matching(graph, top_nodes=range(seats))
    seat = np.arange(seats)
    return seat, np.array([found[one] - seats for one in seat.tolist()])


def told(solve: Callable[..., Any]) -> Callable[[Arrays], Callable[[], Any]]:
    """Prepare a solver that is quicker where it is told, at no cost to it, that all seats of one class can be filled."""

    def prepared(arrays: Arrays) -> Callable[[], Any]:
        all_fill = bool((arrays["seat_priority"] == 0).all()) and can_all_be_filled(arrays)
        return lambda: solve(arrays, all_fill=all_fill)

    return prepared


def can_all_be_filled(arrays: Arrays) -> bool:
    """Say whether every seat can have an agent of its own."""
    from scipy import sparse
    from scipy.sparse.csgraph import maximum_bipartite_matching

    seats, agents = arrays["seat_need"].size, arrays["agent_unit"].size
    if arrays["pair_seat"].size == seats * agents:
        return seats <= agents
    at = (arrays["pair_seat"], arrays["pair_agent"])
    graph = sparse.csr_array((np.ones(at[0].size, np.int8), at), shape=(seats, agents))
    return bool((maximum_bipartite_matching(graph, perm_type="column") >= 0).all())


def plainly(solve: Callable[[Arrays], Any]) -> Callable[[Arrays], Callable[[], Any]]:
    """Prepare a solver that has one form of the problem."""
    return lambda arrays: lambda: solve(arrays)


def fillers(arrays: Arrays) -> Callable[[], Any]:
    """Prepare the flow as if there was one class, which only helps where all seats can be filled."""
    if not can_all_be_filled(arrays):
        raise RuntimeError("not all seats can be filled")
    return lambda: ortools_flow(arrays, all_fill=True)


PEERS: dict[str, tuple[str, Callable[[Arrays], Callable[[], Any]]]] = {
    "lapx lapjvs": ("lap", plainly(lapx_dense)), "scipy dense": ("scipy", plainly(scipy_dense)),
    "scipy sparse": ("scipy", told(scipy_sparse)), "OR-Tools flow": ("ortools", told(ortools_flow)),
    "OR-Tools flow, told that all fill": ("ortools", fillers), "networkx": ("networkx", plainly(networkx_full)),
}


def is_there(who: str) -> bool:
    """Say whether the peer is installed."""
    return protocol.is_there(PEERS[who][0])


def run(who: str, arrays: Arrays) -> dict[str, Any]:
    """Time a peer from arrays to chosen pairs; importing it and a first small call are not counted."""
    prepare = PEERS[who][1]
    prepare(families.dense(20, 30))()
    solve = prepare(arrays)
    protocol.started()
    clock = protocol.Clock()
    seat, agent = solve()
    cost = {"seconds": clock.seconds(), "peak_mb": protocol.peak_mb()}
    return cost | values(arrays, np.asarray(seat), np.asarray(agent))


def values(arrays: Arrays, seat: Any, agent: Any) -> dict[str, Any]:
    """Return the tiers of a solution, ours or a peer's, after checking that nobody is taken twice and every pair exists."""
    if np.unique(seat).size < seat.size or np.unique(agent).size < agent.size:
        raise RuntimeError("someone is taken twice")
    agent_of = np.full(arrays["seat_need"].size, -1)
    agent_of[seat] = agent
    at = np.flatnonzero(agent_of[arrays["pair_seat"]] == arrays["pair_agent"])
    if at.size != seat.size:
        raise RuntimeError("a pair is taken that does not exist")
    priority = arrays["seat_priority"]
    filled = np.bincount(priority[seat], minlength=priority.max() + 1)
    return {"filled": filled.tolist(), "fit": math.fsum(arrays["pair_fit"][at].tolist())}
