"""What `candidates` finds: the pool, every term of every fit, and where each seat's agents were lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.pool import Pool

TERMS = ("level", "desired", "neighbour", "margin", "distance", "freshness", "fairness")
FILTERS = ("offers", "skills", "dates", "load", "place", "commitments", "caps")


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Candidate pairs with their terms and funnel.

    Parameters
    ----------
    pool : Pool
        Agents and seats keep the market's positions; pairs are in order of (agent, seat).
    terms : (P, T) float
        Every term of every pair, in [0, 1]; ``pool.pair_fit`` is their mean weighted by `weights`.
    term_names : tuple of str
    weights : (T,) float
    funnel : (S, F) int
        Agents left for each seat after each filter, in order.
    filters : tuple of str
    complete : bool
        True when no eligible pair was cut by ``k``.

    Examples
    --------
    >>> from matching.candidates import candidates
    >>> from matching.examples import small_market
    >>> found = candidates(small_market(), {"level": 1.0, "margin": 1.0})
    >>> found.funnel
    array([[3, 2, 1, 1, 1, 1, 1]])
    """

    pool: Pool
    terms: Floats
    term_names: tuple[str, ...]
    weights: Floats
    funnel: Ints
    filters: tuple[str, ...]
    complete: bool


def fits(terms: Floats, weights: Floats) -> Floats:
    """Return the weighted mean of the terms of every pair; like rows give like fits to the last bit.

    Examples
    --------
    >>> fits(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([3.0, 1.0]))
    array([0.75, 0.5 ])
    """
    total = np.zeros(terms.shape[0])
    for term, weight in enumerate(weights.tolist()):
        total += weight * terms[:, term]
    return np.minimum(1.0, total / weights.sum())


def weights_of(weights: Mapping[str, float]) -> Floats:
    """Return the weights in the order of `TERMS`.

    Raises
    ------
    ValueError
        For an unknown term, a weight that is negative or not finite, or weights that are all 0.

    Examples
    --------
    >>> weights_of({"fairness": 2})
    array([0., 0., 0., 0., 0., 0., 2.])
    """
    unknown = sorted(set(weights) - set(TERMS))
    if unknown:
        raise ValueError(f"unknown terms: {', '.join(unknown)}")
    out = np.array([float(weights.get(name, 0.0)) for name in TERMS])
    if not np.all(np.isfinite(out)) or (out < 0.0).any() or not out.any():
        raise ValueError("weights must be finite, not negative, and not all 0")
    return out
