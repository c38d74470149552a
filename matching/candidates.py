"""From a market to its candidate pairs: filters in order, then the terms of every fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matching.blocks import Finder, merge, ranges
from matching.found import Found
from matching.market import Market


def candidates(
    market: Market, weights: Mapping[str, float], k: int | None = None, *, block: int = 4096,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Make every eligible pair of a market, with the terms of its fit and the funnel of every seat.

    Filters, in order, each on the agents left by those before:

    ``offers``
        a live offer, not of the requesting unit, not the requester, this need not declined;
    ``skills``
        every required skill at its level or above, a neighbour only where the demand says so;
    ``dates``
        one window covers the whole period;
    ``load``
        the seat's load is at most the highest load offered and the working time;
    ``place``
        a site accepted, or within reach, or remote for both, or a seat without a place;
    ``commitments``
        the agent's own other missions leave enough on every day;
    ``caps``
        so do the caps of the agent's unit and of those above.

    Terms, each in [0, 1]: *level*, *desired*, *neighbour* (see `matching.terms.skill_terms`); *margin*, days
    of the window around the period, up to ``margin_days`` on each side; *distance*, 1 at 0 km or remote, 0
    from ``distance_km`` on or unknown; *freshness*, 1 for an offer of today, 0 from ``freshness_days`` on;
    *fairness*, 1 for nothing lent in 12 months, 0 from ``lent_days`` on.

    Parameters
    ----------
    market : Market
    weights : mapping of str to float
        Weight of each term of `TERMS`; a missing one is 0. ``fit = sum(w * x) / sum(w)``.
    k : int, optional
        Keep for each seat the best ``k + 2 × seats of its need`` agents only; all by default. It is exact:
        what remains of all eligible pairs when each seat keeps its highest fits, the lowest agents among equals.
    block : int
        Seats worked on between two calls of `progress`; the result does not depend on it.
    progress : callable, optional
        Called after each block with the seats done and all seats.

    Returns
    -------
    Found

    Raises
    ------
    ValueError
        For unknown or unusable weights, a negative k, or a block that is not positive.

    Notes
    -----
    A seat only meets the agents who hold the rarest skill it requires, or a neighbour where allowed
    (`matching.postings`), so that time grows with the sum of those holders over the seats, and memory with the
    market and the pairs kept. Funnels are exact for every seat. `matching.blocks` is the seam for several
    machines.

    Examples
    --------
    >>> from matching.examples import small_market
    >>> found = candidates(small_market(), {"level": 1.0, "margin": 1.0})
    >>> found.pool.pair_agent, found.pool.pair_fit.round(3), found.complete
    (array([0]), array([0.667]), True)
    >>> dict(zip(found.filters, found.funnel[0].tolist()))["dates"]
    1
    """
    finder, parts = Finder(market, weights, k), []
    for seats in ranges(market.seats, block):
        parts.append(finder.block(seats))
        if progress is not None:
            progress(seats.stop, market.seats)
    return merge(finder, parts)
