"""Anneals a plan: a column comes in, what stands in its way goes elsewhere or out, as long as it is worth it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from matching.annealing_moves import MOST, Facts, State, anneal, enter
from matching.arrays import Bools, Floats, Ints
from matching.compiled import numba_is_there, run
from matching.neighbourhoods import Residue

MOVES = 2_000
"""Moves tried per place, some microseconds each; three times as many filled 547 seats instead of 540 of a crowded class."""

LUMPS = 200
"""Parts in which the moves are made: between two of them it cools, and time may end it."""

COLD = 1.0 / 30.0
"""Last temperature beside the first."""

SEED = 20_261_122


class Annealer:
    """Simulated annealing [1]_ with ejections, on the columns that a relaxation's prices leave in question.

    Parameters
    ----------
    residue : Residue
        The model's columns, and what limits leave, in whole thousandths; when it holds no plan.
    fast : bool, optional
        Compiled; plain Python, a hundred times slower, gives the same plan.

    Notes
    -----
    A move draws a place and one of its columns. Where its place is taken, its agent has another seat of the need,
    or a limit lacks room on a day, the missions in the way (drawn, at most `matching.annealing_moves.MOST`) are
    let go, and each of them is settled on the first other column that has room. The move is kept if it gains, or
    with probability exp(gain / temperature). Numbers are drawn by a congruential generator with a fixed seed and
    moves are counted, not timed: the same pool gives the same plan.

    References
    ----------
    .. [1] S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Optimization by simulated annealing, Science 220 (1983),
       671-680.

    Examples
    --------
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> columns = Columns.of(pool, limits)
    >>> annealer, until = Annealer(Residue(columns, limits), fast=False), time.perf_counter() + 5
    >>> annealer.anneal(np.array([0]), columns.fit, columns.fit, np.ones(3, bool), heat=1.0, until=until)
    array([1])
    """

    def __init__(self, residue: Residue, *, fast: bool | None = None) -> None:
        self.residue, self.columns = residue, residue.columns
        self.fast = numba_is_there() if fast is None else fast
        self._left = residue.left.ravel().copy()
        self._holders = np.unique(residue.need, return_inverse=True)[1].astype(np.int64)
        column, level = np.nonzero(residue.groups_of >= 0)
        users = np.bincount(residue.groups_of[column, level], minlength=residue.groups.size)
        self._first_user = np.concatenate([[0], np.cumsum(users)]).astype(np.int64)

    def anneal(
        self, plan: Ints, gain: Floats, worth: Floats, among: Bools, *, heat: float, until: float,
        enough: Callable[[Ints], bool] = lambda _: False,
    ) -> Ints:
        """Return the best plan met, at least as good as `plan`.

        Parameters
        ----------
        plan : (k,) int
            Columns of a plan that obeys the rules.
        gain : (n,) float
            What each column is worth while annealing.
        worth : (n,) float
            What plans are compared by in the end.
        among : (n,) bool
            Columns that may come in.
        heat : float
            First temperature, on the scale of `gain`.
        until : float
            End of the time allowed, on ``time.perf_counter``.
        enough : function, optional
            Says of the best columns so far, now and then, whether they will do.
        """
        allowed = among.copy()
        allowed[plan] = True
        if not allowed.any():
            return plan
        facts, state = self._facts(allowed, gain, worth), self._state(plan)
        self._run(enter, state, facts)
        sums, drawn = np.full(2, worth[plan].sum()), np.array([SEED])
        gone, come = np.zeros((2, MOST + 2), np.int64)
        moves, cooling = max(1, MOVES * self.columns.size.size // LUMPS), COLD ** (1.0 / (LUMPS - 1))
        for lump in range(LUMPS):
            if time.perf_counter() >= until or enough(np.flatnonzero(state.best)):
                break
            self._run(anneal, state, facts, sums, drawn, gone, come, heat * cooling**lump, moves)
        return np.flatnonzero(state.best)

    def _facts(self, allowed: Bools, gain: Floats, worth: Floats) -> Facts:
        residue, columns = self.residue, self.columns
        order = np.argsort(columns.place, kind="stable")
        order = order[allowed[order]]
        counts = np.bincount(columns.place[order], minlength=columns.size.size)
        return Facts(
            order=order, first=np.concatenate([[0], np.cumsum(counts)]), place=columns.place, holder=self._holders,
            begin=residue.begin, end=residue.end, units=residue.units, groups_of=residue.groups_of.ravel(),
            levels=residue.groups_of.shape[1], days=residue.left.shape[1], first_user=self._first_user, gain=gain, worth=worth,
        )

    def _state(self, plan: Ints) -> State:
        """Return the state without any mission, but for the marks of those of `plan`."""
        residue, columns = self.residue, self.columns
        chosen = np.zeros(len(columns), np.int64)
        chosen[plan] = 1
        return State(
            chosen=chosen, left=self._left.copy(), seats=columns.size.copy(),
            held=np.full(int(self._holders.max(initial=-1)) + 1, -1), users=np.zeros(int(self._first_user[-1]), np.int64),
            count=np.zeros(residue.groups.size, np.int64), slot=np.zeros(residue.groups_of.size, np.int64), best=chosen.copy(),
        )

    def _run(self, kernel: Callable[..., Any], *arguments: Any) -> None:
        run(kernel, *arguments, fast=self.fast, lists=False)
