"""What is told of one pair: the terms of its fit, what turning it round costs, who is in the way and who would move."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matching.arrays import Ints
from matching.found import Found
from matching.moves import Move, Obstacle
from matching.plan import Plan, Status
from matching.pool import Pool


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term of a fit: ``part = weight · value / sum of weights``; the parts add up to the fit.

    Examples
    --------
    >>> Term(name="level", value=0.5, weight=2.0, part=0.25).part
    0.25
    """

    name: str
    value: float
    weight: float
    part: float


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One pair explained.

    Parameters
    ----------
    pair : tuple of int
        Agent and seat.
    terms : tuple of Term
        Empty where the explainer was not given what `candidates` found.
    chosen : bool
        Whether the plan has the pair.
    loss : tuple or None
        Per tier of the plan (each class, the rows kept where asked for, the fit), what the plan reaches minus what
        the best plan turned round reaches: without the pair when it is chosen, with it when it is not. The first
        tier that is not 0 decides. None when the pair can never be chosen.
    rows_in, rows_out : tuple of int
        Rows of the pool that enter and leave the plan when it is turned round, the pair itself included;
        nobody moves between like seats of a need without a reason.
    status : {"optimal", "feasible"}
        Whether the turned plan is proven; where either plan is only feasible, a loss is an estimate.
    moves : tuple of Move
        The same rows told by agent: which seat each leaves and takes.
    obstacles : tuple of Obstacle
        For a pair that is not chosen, the rules that keep it out as long as the plan has certain rows.

    Examples
    --------
    >>> Explanation(pair=(0, 1), terms=(), chosen=False, loss=None, rows_in=(), rows_out=(),
    ...             status="optimal").loss is None
    True
    """

    pair: tuple[int, int]
    terms: tuple[Term, ...]
    chosen: bool
    loss: tuple[float, ...] | None
    rows_in: tuple[int, ...]
    rows_out: tuple[int, ...]
    status: Status
    moves: tuple[Move, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LossBounds:
    """What is known at once of the loss when a pair is turned round.

    Parameters
    ----------
    pair : tuple of int
        Agent and seat.
    chosen : bool
    possible : bool
        False when the pair can never be chosen: there is no plan with it.
    tier : int
        Position, among the plan's tiers, of the first one proven to differ; the last, the fit, where none is.
    least : float
        Proven: a plan turned round loses something on a tier before `tier`, or at least this on `tier`. Never below 0
        where the plan is optimal.
    most : tuple or None
        Proven: tier by tier, the loss with a certain plan turned round, hence no less than the true loss in
        lexicographic order. None when there is no such plan at hand.

    Examples
    --------
    >>> LossBounds(pair=(0, 1), chosen=True, possible=True, tier=1, least=0.2, most=(0, 0.25)).tier
    1
    """

    pair: tuple[int, int]
    chosen: bool
    possible: bool
    tier: int
    least: float
    most: tuple[float, ...] | None


def terms_of(found: Found, row: int) -> tuple[Term, ...]:
    """Return the terms of a pair's fit.

    Examples
    --------
    >>> import matching
    >>> from matching.examples import small_market
    >>> terms_of(matching.candidates(small_market(), {"level": 2.0}), 0)[0]
    Term(name='level', value=0.5, weight=2.0, part=0.5)
    """
    total = float(found.weights.sum())
    columns = zip(found.term_names, found.terms[row].tolist(), found.weights.tolist(), strict=True)
    return tuple(
        Term(name=name, value=value, weight=weight, part=weight * value / total) for name, value, weight in columns
    )


def loss(pool: Pool, plan: Plan, rows: Ints) -> tuple[float, ...]:
    """Return what the plan reaches minus what `rows` reach, tier by tier; fits rounded at 1e-9.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> loss(pool, solve(pool), np.array([2]))
    (1, -1, 0.1)
    """
    counts = np.bincount(pool.seat_priority[pool.pair_seat[rows]], minlength=pool.classes).tolist()
    if plan.keep is not None:
        counts.append(int(np.isin(plan.keep, rows).sum()))
    lost = (int(have) - int(left) for have, left in zip(plan.values[:-1], counts, strict=True))
    return (*lost, round(plan.fit - math.fsum(pool.pair_fit[rows]), 9))
