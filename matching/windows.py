"""Availability windows by agent, and the margin they leave around a period."""

from __future__ import annotations

import numpy as np

from matching.arrays import Floats, Ints
from matching.market import Market


class Windows:
    """The windows of a market, sorted by agent.

    Parameters
    ----------
    market : Market

    Examples
    --------
    >>> from matching.examples import small_market
    >>> Windows(small_market()).margins(np.array([0, 1, 2]), 10, 15).round(3)
    array([ 0.833, -1.   ,  0.833])
    """

    def __init__(self, market: Market) -> None:
        order = np.argsort(market.window_agent, kind="stable")
        self._period = np.stack([market.window_start, market.window_end], axis=1)[order]
        self._first = np.searchsorted(market.window_agent[order], np.arange(market.agents + 1))
        self._days = market.margin_days

    def margins(self, agents: Ints, start: int, end: int) -> Floats:
        """Return the best margin of one window around [start, end) for each agent, -1 where none covers it.

        Each side counts up to the market's ``margin_days``; 1 is a full margin on both sides.
        """
        best = np.full(agents.size, -1.0)
        row, last = self._first[agents], self._first[agents + 1]
        left = np.flatnonzero(row < last)
        while left.size:
            opens, closes = self._period[row[left]].T
            before, after = start - opens, closes - end
            covers = (before >= 0) & (after >= 0)
            hit, before, after = left[covers], before[covers], after[covers]
            margin = (np.minimum(before, self._days) + np.minimum(after, self._days)) / (2 * self._days)
            best[hit] = np.maximum(best[hit], margin)
            row[left] += 1
            left = left[row[left] < last[left]]
        return best
