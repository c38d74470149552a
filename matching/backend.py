"""What the search asks of a solver of linear and integer programs, and which one is there to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from matching.arrays import Bools, Floats, Ints
from matching.rows import Rows

SCALE = 64.0
"""Gains are multiplied by this, so that the solver's absolute gap of 1e-6 is far below one of fits."""

SOLVERS = ("highspy", "scipy")
"""In order of preference; the first that is installed is used."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A linear program's answer.

    Parameters
    ----------
    x : (n,) float
    bound : float
        Upper bound on the objective, recomputed from the duals; -inf where there is no x.
    reduced : (n,) float
        What one more of each column could add to the bound (negative or 0 for those left at 0).
    """

    x: Floats
    bound: float
    reduced: Floats


@dataclass(frozen=True, eq=False)
class Whole:
    """An integer program's answer: ``x`` is None without a solution; `bound` is -inf when there is none."""

    x: Floats | None
    bound: float
    proven: bool


class Solver(Protocol):
    """Maximises over the rows known so far, ``0 ≤ x ≤ 1``, each class between `least` and `most`.

    A solver is made for the rows and priorities of one solve and may keep what it learned between calls:
    rows are only ever added.

    Attributes
    ----------
    warm : bool
        Whether a relaxation starts from the last one's basis.
    """

    warm: bool

    def relax(self, gain: Floats, least: Ints, most: Floats, *, until: float) -> Relaxed | None:
        """Solve the linear program; None means that time is out."""

    def choose(self, gain: Floats, least: Ints, most: Floats, among: Bools, *, until: float) -> Whole:
        """Solve the integer program with the columns outside `among` left at 0."""


def open_solver(rows: Rows) -> Solver:
    """Return the first solver of `SOLVERS` that is installed, for these rows."""
    return _make(next(name for name in SOLVERS if find_spec(name)))(rows)


def _make(name: str) -> Callable[[Rows], Solver]:
    if name == "highspy":
        from matching.highs import Highs

        return Highs
    from matching.programs import Scipy

    return Scipy
