"""The terms of a fit, each in [0, 1]; the higher the better."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.market import HIGHEST_LEVEL
from matching.postings import Postings
from matching.profiles import Profile

EARTH_KM = 6371.0
KM_PER_DEGREE = EARTH_KM * np.pi / 180.0
"""Of latitude: no place is nearer than its difference of latitude."""


def level_above(levels: Ints, asked: int) -> Floats:
    """Return how far each level goes above the one asked, out of what is possible.

    Examples
    --------
    >>> level_above(np.array([0, 2, 3, 4]), 2), level_above(np.array([4]), 4)
    (array([0. , 0. , 0.5, 1. ]), array([1.]))
    """
    if asked == HIGHEST_LEVEL:
        return (levels >= asked).astype(float)
    return np.maximum(0.0, (levels - asked) / (HIGHEST_LEVEL - asked))


def distance_km(lat: Floats, lon: Floats, to_lat: float, to_lon: float) -> Floats:
    """Return great-circle distances (haversine), nan where a position is unknown.

    Examples
    --------
    Bordeaux to Arcachon:

    >>> distance_km(np.array([44.8378]), np.array([-0.5792]), 44.6583, -1.1689).round(1)
    array([50.7])
    """
    phi, to_phi = np.radians(lat), np.radians(to_lat)
    half = np.sin((to_phi - phi) / 2) ** 2
    half = half + np.cos(phi) * np.cos(to_phi) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))


def skill_terms(profile: Profile, skills: Postings, agents: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the terms level, desired and neighbour of eligible `agents`.

    *level* is the mean over the required skills of `level_above` (0 through a neighbour); *neighbour* the
    mean over the required skills of 1 when offered itself, else the weight of the neighbour; *desired* the
    mean over the desired skills of the share of the level asked that is offered, or the neighbour's weight
    where it may stand in and is better. A term without any skill to look at is 1.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> from matching.profiles import Asked
    >>> market = small_market()
    >>> skill_terms(next(Asked(market).profiles(range(1))), Postings(market), np.array([0]))
    (array([0.5]), array([1.]), array([1.]))
    """
    above, desired, direct = [], [], []
    for skill, level, required, neighbours in profile.demands():
        levels = skills.levels(skill, agents)
        through = skills.through_neighbours(skill, level, agents) if neighbours else np.zeros(agents.size)
        if required:
            above.append(level_above(levels, level))
            direct.append(np.where(levels >= level, 1.0, through))
        else:
            desired.append(np.maximum(np.minimum(1.0, levels / level), through))
    return _mean(above, agents), _mean(desired, agents), _mean(direct, agents)


def _mean(parts: list[Floats], agents: Ints) -> Floats:
    return np.mean(parts, axis=0) if parts else np.ones(agents.size)
