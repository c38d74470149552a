"""The proof of an assignment, in floats and over all pairs: weak duality on every tier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import BLOCK, Floats, Ints
from matching.assignment_core import Assignment
from matching.assignment_fits import Scale
from matching.assignment_graph import frozen
from matching.compiled import pays, run


@dataclass(frozen=True, eq=False)
class Proof:
    """What the duals prove.

    Parameters
    ----------
    classes : bool
        Whether no plan fills more seats, class by class.
    bound : float
        Bound on the sum of fits among plans that fill as many seats of each class.
    seat_dual, agent_dual : (S,) float, (A,) float
        The duals in units of fit; those of seats are the least that the pairs allow.
    """

    classes: bool
    bound: float
    seat_dual: Floats
    agent_dual: Floats


def prove(
    seat: Ints, agent: Ints, fit: Floats, best: Assignment, weight: Ints, scale: Scale,
) -> Proof:
    """Check the duals of `best` against every pair.

    Parameters
    ----------
    seat, agent, fit : (P,)
        All pairs that a plan may choose.
    best : Assignment
    weight : (S,) int
        Weight of each seat's class: 1 for the last, K for the first.
    scale : Scale
        Of the duals.

    Notes
    -----
    Classes: ``weight - level`` of a seat and ``level`` of an agent must reach the weight for every pair, and
    their sum must be the weight of the filled seats. Fit: plans that fill as much use pairs of equal levels
    only, all seats whose weight is above their level and all agents of levels above 0; so the sum of all duals
    bounds their fit where each pair of equal levels has ``seat_dual + agent_dual >= fit`` and the duals of
    the others are not negative. Each seat's dual is set to the least that its pairs allow.

    Examples
    --------
    >>> best = Assignment(np.array([1, 0]), *(np.array(part) for part in ([0, 0], [0, 0], [3, 2], [2, 0])))
    >>> proof = prove(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.5, 0.3, 0.4]), best, np.ones(2),
    ...     Scale(10, 1))
    >>> proof.classes, round(proof.bound, 9)
    (True, 0.7)
    """
    flat = not (best.agent_level[:1] if best.agent_level.strides == (0,) else best.agent_level).any()
    if flat and pays(seat.size):
        return _prove_flat(seat, agent, fit, best, weight, scale)
    agent_dual = best.agent_dual / float(scale.one)
    agent_dual = np.where(best.agent_level == 0, np.maximum(agent_dual, 0.0), agent_dual)
    seat_dual = np.where(best.seat_level < weight, -np.inf, 0.0)
    if pays(seat.size):
        most = (seat, agent, fit, best.seat_level, best.agent_level, agent_dual)
        broken = run(_raise, *(frozen(part) for part in most), seat_dual, fast=True)
    else:
        broken = _raise_together(seat, agent, fit, best.seat_level, best.agent_level, agent_dual, seat_dual)
    counted = int((weight - best.seat_level).sum()) + int(best.agent_level.sum())
    filled = int(weight[best.partner >= 0].sum())
    return Proof(
        not broken and counted == filled, float(seat_dual.sum() + agent_dual.sum()), seat_dual, agent_dual
    )


def _prove_flat(seat: Ints, agent: Ints, fit: Floats, best: Assignment, weight: Ints, scale: Scale) -> Proof:
    """Do it in one compiled pass where all agents have the level 0."""
    agent_dual, seat_dual = np.empty(best.agent_dual.size), np.empty(weight.size)
    parts = (seat, agent, fit, best.seat_level, weight, best.partner, best.agent_dual)
    short, total = run(_raise_flat, *(frozen(part) for part in parts), float(scale.one), agent_dual, seat_dual, fast=True)
    return Proof(short == 0, total, seat_dual, agent_dual)


def _raise(seat, agent, fit, seat_level, agent_level, agent_dual, seat_dual):
    """Raise the dual of each seat to what its pairs ask for; count the pairs that break the classes' proof."""
    broken = 0
    for pair in range(len(seat)):
        mine, theirs = seat_level[seat[pair]], agent_level[agent[pair]]
        if mine == theirs:
            asked = fit[pair] - agent_dual[agent[pair]]
            if asked > seat_dual[seat[pair]]:
                seat_dual[seat[pair]] = asked
        elif theirs < mine:
            broken += 1
    return broken


def _raise_flat(seat, agent, fit, seat_level, weight, partner, price, one, agent_dual, seat_dual):
    """Set all duals; return by how much the classes' proof falls short, and the sum of the duals."""
    short, total, at, pairs = 0, 0.0, 0, len(seat)
    for mine in range(len(weight)):
        seat_dual[mine] = -np.inf if seat_level[mine] < weight[mine] else 0.0
        short += weight[mine] - seat_level[mine] - (weight[mine] if partner[mine] >= 0 else 0)
    short = abs(short)
    for mine in range(len(price)):
        agent_dual[mine] = max(price[mine] / one, 0.0)
        total += agent_dual[mine]
    while at < pairs:
        first, mine = at, seat[at]
        most = seat_dual[mine]
        while at < pairs and seat[at] == mine:
            asked = fit[at] - agent_dual[agent[at]]
            most = asked if asked > most else most
            at += 1
        seat_dual[mine] = most
        if seat_level[mine] > 0:
            short += at - first
    for mine in range(len(weight)):
        total += seat_dual[mine]
    return short, total


def _raise_together(
    seat: Ints, agent: Ints, fit: Floats, seat_level: Ints, agent_level: Ints, agent_dual: Floats, seat_dual: Floats
) -> int:
    """Do the same with vectors, by blocks that stay in the processor's cache."""
    broken, flat = 0, not agent_level.any()
    for begin in range(0, seat.size, BLOCK):
        part = slice(begin, begin + BLOCK)
        seats, agents = seat[part], agent[part]
        asked = fit[part] - agent_dual[agents]
        mine = seat_level[seats]
        if flat:
            broken += int(np.count_nonzero(mine))
        else:
            theirs = agent_level[agents]
            broken += int(np.count_nonzero(theirs < mine))
            asked[theirs != mine] = -np.inf
        first = np.flatnonzero(np.append(True, seats[1:] != seats[:-1]))
        np.maximum.at(seat_dual, seats[first], np.maximum.reduceat(asked, first))
    return broken
