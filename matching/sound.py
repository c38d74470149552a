"""One compiled look at all pairs of a pool, which nearly always finds nothing to refuse."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.compiled import pays, run


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
