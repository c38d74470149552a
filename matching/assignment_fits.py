"""The fits of an assignment as integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats, Ints
from matching.assignment_graph import frozen
from matching.auction import BIDS
from matching.compiled import pays, run

DECIMALS = (10, 100, 1000, 10_000)
"""Fits that are whole tenths … ten-thousandths are taken as such, so that ties stay ties."""


@dataclass(frozen=True)
class Scale:
    """What a fit of 1 is as an integer, and what all fits are multiples of.

    Notes
    -----
    Prices, which a bid raises by at most about the largest fit, stay below 2^61 after every bid an auction may
    make: 2^42 per fit of 1 for 100,000 bidders, so that rounding changes the sum of their fits by less than
    1e-7. The plan is compared with its bound in floats afterwards, so nothing rests on this.

    Examples
    --------
    >>> Scale.of(np.array([0.1, 0.7]), 10), Scale.of(np.array([1 / 3]), 10)
    (Scale(one=10737418240, unit=1073741824), Scale(one=17592186044416, unit=1))
    """

    one: int
    unit: int

    @classmethod
    def of(cls, fit: Floats, bidders: int) -> Scale:
        """Choose the scale for `fit` and so many bidders."""
        room = (1 << 61) // (BIDS * (bidders + 64))
        most = min(44, room.bit_length() - 1)
        for decimal in DECIMALS if _is_whole(fit[:64] * DECIMALS[-1], 1e-5) else ():
            if all(_is_whole(part * decimal) for part in (fit[:64], fit)):
                unit = 1 << min(30, most - decimal.bit_length())
                return cls(decimal * unit, unit)
        return cls(1 << most, 1)

    def whole(self, fit: Floats) -> Ints:
        """Return the fits as integers.

        Examples
        --------
        >>> Scale(100, 10).whole(np.array([0.1, 0.3]))
        array([10, 30])
        """
        if not pays(fit.size):
            return np.rint(fit * (self.one // self.unit)).astype(np.int64) * self.unit
        out = np.empty(fit.size, np.int64)
        run(_round, frozen(fit), self.one // self.unit, self.unit, out, fast=True)
        return out


def _is_whole(values: Floats, within: float = 1e-9) -> bool:
    return bool((np.abs(values - np.rint(values)) <= within).all())


def _round(fit, parts, unit, out):
    for at in range(len(fit)):
        out[at] = int(np.rint(fit[at] * parts)) * unit
