"""The solvers a user would pick instead, each from the same arrays to the chosen pairs."""

from __future__ import annotations

import importlib.util
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

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


def scipy_sparse(arrays: Arrays) -> Any:
    """Return scipy's ``min_weight_full_bipartite_matching``; each seat may take a stand-in of its own."""
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    seats, agents = arrays["seat_need"].size, arrays["agent_unit"].size
    own = np.arange(seats)
    weight = np.concatenate([arrays["pair_fit"] + weights(arrays), np.full(seats, 1e-9)])
    at = (np.concatenate([arrays["pair_seat"], own]), np.concatenate([arrays["pair_agent"], agents + own]))
    matrix = sparse.csr_array((weight, at), shape=(seats, agents + seats))
    seat, agent = min_weight_full_bipartite_matching(matrix, maximize=True)
    return seat[agent < agents], agent[agent < agents]


def ortools_flow(arrays: Arrays) -> Any:
    """OR-Tools' ``SimpleMinCostFlow``: seats send one unit to an agent, or straight to the sink."""
    from ortools.graph.python import min_cost_flow

    seats, agents = arrays["seat_need"].size, arrays["agent_unit"].size
    flow, sink = min_cost_flow.SimpleMinCostFlow(), seats + agents
    value = np.rint((arrays["pair_fit"] + weights(arrays)) * UNITS).astype(np.int64)
    one, none = np.ones(arrays["pair_seat"].size, np.int64), np.zeros(agents, np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(arrays["pair_seat"], seats + arrays["pair_agent"], one, -value)
    people = seats + np.arange(agents)
    flow.add_arcs_with_capacity_and_unit_cost(people, np.full(agents, sink), none + 1, none)
    own = np.arange(seats)
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


PEERS: dict[str, tuple[str, Callable[[Arrays], Any]]] = {
    "lapx lapjvs": ("lap", lapx_dense), "scipy dense": ("scipy", scipy_dense), "scipy sparse": ("scipy", scipy_sparse),
    "OR-Tools flow": ("ortools", ortools_flow), "networkx": ("networkx", networkx_full),
}


def is_there(who: str) -> bool:
    """Say whether the peer is installed."""
    return importlib.util.find_spec(PEERS[who][0]) is not None


def run(who: str, arrays: Arrays) -> dict[str, Any]:
    """Time a peer from arrays to chosen pairs; importing it and a first small call are not counted."""
    from benchmarks import families

    solve = PEERS[who][1]
    solve(families.dense(20, 30))
    begin = time.perf_counter()
    seat, agent = solve(arrays)
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, **values(arrays, np.asarray(seat), np.asarray(agent))}


def values(arrays: Arrays, seat: Any, agent: Any) -> dict[str, Any]:
    """Return the tiers of a peer's solution, after checking that nobody is taken twice and every pair exists."""
    agents = arrays["agent_unit"].size
    if np.unique(seat).size < seat.size or np.unique(agent).size < agent.size:
        raise RuntimeError("the peer took someone twice")
    key = arrays["pair_seat"] * agents + arrays["pair_agent"]
    order = np.argsort(key)
    wanted = seat * agents + agent
    at = order[np.minimum(np.searchsorted(key, wanted, sorter=order), key.size - 1)]
    if not (key[at] == wanted).all():
        raise RuntimeError("the peer took a pair that does not exist")
    priority = arrays["seat_priority"]
    filled = np.bincount(priority[seat], minlength=priority.max() + 1)
    return {"filled": filled.tolist(), "fit": math.fsum(arrays["pair_fit"][at].tolist())}
