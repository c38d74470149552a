"""A plan: the chosen pairs, what they reach, and what is proven about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matching.arrays import Ints
from matching.pool import TOLERANCE

Status = Literal["optimal", "feasible"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a solve, for the trace.

    Parameters
    ----------
    stage : str
        What was solved: ``greedy``, ``weighted``, ``relaxed 0``, ``exact 0``, ``fit``…
    seconds : float
        Since the start of the solve, at the step's end.
    value, bound : float
        What the step reached and what it proved, in the stage's own unit.
    rows : int
        Capacity rows in the model at the step's end.

    Examples
    --------
    >>> Step(stage="greedy", seconds=0.01, value=3.0, bound=4.0, rows=0).stage
    'greedy'
    """

    stage: str
    seconds: float
    value: float
    bound: float
    rows: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """Rows of a pool that are chosen together.

    Parameters
    ----------
    pairs : (k,) int
        Rows of the pool, ascending.
    filled : tuple of int
        Filled seats of each class, 0 … highest; empty without seats.
    fit : float
        Sum of the fits of the chosen pairs.
    bound : tuple
        One proven bound per class, then one on the rows kept where the solve was given some to keep, then one on
        the fit; each among the plans that reach this plan's values on all earlier tiers.
    status : {"optimal", "feasible"}
        ``optimal`` when every class, and the rows kept, meet their bound and the fit is within 1e-6 of its own.
    seconds : float
        Wall-clock time of the solve.
    trace : tuple of Step
        What was done, in order.
    keep : (m,) int or None
        Rows the solve was given to keep, ascending; None where that tier was not asked for, and `bound` and
        `values` are then a class each and the fit.
    kept : int or None
        How many of them the plan has.

    Examples
    --------
    >>> import numpy as np
    >>> plan = Plan(pairs=np.array([2]), filled=(1,), fit=0.5, bound=(1, 0.5), status="optimal",
    ...             seconds=0.0, trace=())
    >>> plan.values
    (1, 0.5)
    >>> Plan(pairs=np.array([2]), filled=(1,), fit=0.5, bound=(1, 1, 0.5), status="optimal", seconds=0.0, trace=(),
    ...      keep=np.array([2, 3]), kept=1).values
    (1, 1, 0.5)
    """

    pairs: Ints
    filled: tuple[int, ...]
    fit: float
    bound: tuple[float, ...]
    status: Status
    seconds: float
    trace: tuple[Step, ...]
    keep: Ints | None = None
    kept: int | None = None

    @property
    def values(self) -> tuple[float, ...]:
        """Filled seats per class, rows kept where asked for, then the fit: the tiers that `bound` bounds."""
        return (*self.filled, *(() if self.kept is None else (self.kept,)), self.fit)


def status_of(counts: tuple[int, ...], fit: float, bound: tuple[float, ...]) -> Status:
    """Return ``optimal`` where every bound is met; `counts` are the values of all tiers but the fit.

    Examples
    --------
    >>> status_of((2, 1), 1.5, (2, 1, 1.5)), status_of((2, 1), 1.5, (2, 2, 1.5))
    ('optimal', 'feasible')
    """
    met = all(value >= top for value, top in zip(counts, bound, strict=False))
    return "optimal" if met and bound[-1] - fit <= TOLERANCE else "feasible"
