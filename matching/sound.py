"""A compiled look at all pairs of a pool, then at the rest, which nearly always finds nothing to refuse."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.compiled import numba_is_there, pays, run


def sound_pairs(agent: Ints, seat: Ints, fit: Floats, agents: int, seats: int) -> bool:
    """Say whether indexes and fits are in range and no (agent, seat) comes twice.

    "No" may be wrong: where nothing is compiled, and where the pairs come neither seat by seat nor agent by agent. The
    rules are then gone through one by one, which finds the row at fault if there is one.

    Parameters
    ----------
    agent, seat, fit : (P,)
        Frozen, of one length.
    agents, seats : int

    Examples
    --------
    >>> pairs = np.zeros(9, np.int64)
    >>> sound_pairs(pairs, pairs, np.zeros(9), 1, 1)
    False
    """
    if not pays(agent.size) or max(agents, seats) >= 1 << 31:
        return False
    return any(
        run(_hold, major, minor, fit, majors, np.full(minors, -1, np.int32), fast=True)
        for major, minor, majors, minors in ((seat, agent, seats, agents), (agent, seat, agents, seats))
    )


def sound_rest(
    need: Ints, start: Ints, end: Ints, load: Floats, priority: Ints, unit: Ints, capacity: Floats, parent: Ints, cap: Floats
) -> bool:
    """Say whether seats, agents and units obey the rules but those of a forest; arrays as of a `Pool`, frozen.

    Examples
    --------
    >>> from matching.arrays import column
    >>> zero, one = column([0], np.int64, ""), column([1.0], np.float64, "")
    >>> sound_rest(zero, zero, column([1], np.int64, ""), one, zero, zero, one, column([-1], np.int64, ""), one)
    True
    """
    return bool(run(_obey, need, start, end, load, priority, unit, capacity, parent, cap, fast=numba_is_there()))


def _obey(need, start, end, load, priority, unit, capacity, parent, cap):
    """Say whether all do."""
    sound, units = True, len(parent)
    for seat in range(len(need)):
        sound &= need[seat] >= 0 and start[seat] < end[seat] and 0.0 < load[seat] <= 1.0 and priority[seat] >= 0
    for agent in range(len(unit)):
        sound &= 0 <= unit[agent] < units and capacity[agent] >= 0.0
    for at in range(units):
        sound &= -1 <= parent[at] < units and cap[at] >= 0.0
    return sound


def _hold(major, minor, fit, majors, seen):
    """Say whether rows, whose major must ascend, are in range and have each minor once with each major."""
    before = 0
    for row in range(len(major)):
        mine, other = major[row], minor[row]
        if mine < before or mine >= majors or other < 0 or other >= len(seen) or not 0.0 <= fit[row] <= 1.0:
            return False
        if seen[other] == mine:
            return False
        seen[other] = before = mine
    return True
