"""Whether a seat that asks otherwise would be filled with nothing lost: by a plan at hand mended, else by solving."""

from __future__ import annotations

import time
from functools import cached_property

import numpy as np

from matching.arrays import Bools
from matching.beside import with_seats
from matching.ledger import Ledger
from matching.model import Model
from matching.pool import Pool
from matching.repair import Repair
from matching.rows import Rows
from matching.search import CORE
from matching.tiers import Tiers
from matching.turn import Turn

TRIED = 12
"""Agents tried one by one for a seat, the best fits first, before a program is solved."""

PROGRAMS = 24
"""Programs solved for one seat at most."""

SHARE = 0.1
"""Share of the time allowed that one program may take."""


class Verifier:
    """Verifies seats that would take the place of one open seat.

    Parameters
    ----------
    model : Model
        The plan's.
    seat : int
        The open seat of the model's pool.
    other : Pool
        The seats that would take its place, each with its pairs, every pair fit to be chosen alone.
    until : float
        Instant on ``time.perf_counter`` after which nothing more is solved.

    Examples
    --------
    The second seat would be filled if it asked for days after the first:

    >>> import dataclasses
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> later = dataclasses.replace(pool, seat_start=[0, 5], seat_end=[5, 9])
    >>> verifier = Verifier(Model.of(pool, solve(pool)), 1, later, time.perf_counter() + 5)
    >>> verifier.at_once([1]), verifier.program([1])
    (True, True)
    """

    def __init__(self, model: Model, seat: int, other: Pool, until: float) -> None:
        self._base, self._until, self._programs = model, until, 0
        self._each = SHARE * (until - time.perf_counter())
        self._columns, self._places = with_seats(model.columns, seat, other)
        self._ledger = Ledger(self._columns, model.limits, model.chosen)
        self._ledger.free[self._places] = 0
        self._repair = Repair(self._columns, self._ledger)
        self._of_seat = [np.flatnonzero(self._columns.place == place) for place in self._places]
        self._priority = [int(other.seat_priority[at]) for at in range(other.seats)]

    def at_once(self, seats: list[int]) -> bool:
        """Say whether one step from the plan fills all of `seats`, positions in `other`, nobody else's seat lost."""
        ledger = self._ledger.fork()
        ledger.free[self._places[seats]] = 1
        return self._all_added(ledger, seats, ())

    def _all_added(self, ledger: Ledger, seats: list[int], fixed: tuple[int, ...]) -> bool:
        if not seats:
            return True
        columns = self._of_seat[seats[0]]
        for column in columns[np.argsort(-self._columns.fit[columns], kind="stable")][:TRIED].tolist():
            if time.perf_counter() > self._until:
                return False
            more = self._repair.adding(ledger, column, (), fixed)
            if more is not None and self._all_added(more, seats[1:], (*fixed, column)):
                return True
        return False

    def program(self, seats: list[int]) -> bool | None:
        """Say whether some plan fills all of `seats`, and as many others of each class as the plan; None: not known."""
        if self._programs >= PROGRAMS or time.perf_counter() > self._until:
            return None
        self._programs += 1
        until = min(self._until, time.perf_counter() + self._each)
        model, counts = self._model, list(self._base.tiers.counts(self._base.chosen))
        for at in seats:
            counts[self._priority[at]] += 1
        others = np.flatnonzero(np.isin(self._columns.place, np.delete(self._places, seats)))
        turn, asked = Turn(banned=tuple(others.tolist())), tuple(counts)
        relaxed = model.relaxed(self._columns.fit, asked, turn, until=until)
        if relaxed is None or relaxed.bound == -np.inf:
            return None if relaxed is None else False
        for among in (relaxed.reduced >= -CORE, relaxed.reduced > -np.inf):
            answer = self._feasible(asked, turn, among, seats, until)
            if answer is not False:
                return answer
        return False

    def _feasible(
        self, asked: tuple[int, ...], turn: Turn, among: Bools, seats: list[int], until: float
    ) -> bool | None:
        answer = self._model.choose(np.zeros(len(self._columns)), asked, turn, among, until)
        if answer.x is None:
            return False if answer.proven else None
        taken = self._columns.place[answer.x > 0.5]
        return True if np.isin(self._places[seats], taken).all() else None

    @cached_property
    def _model(self) -> Model:
        base, tiers = self._base, Tiers(self._columns, self._base.tiers.classes)
        return Model(base.limits, self._columns, tiers, Rows(self._columns, base.limits), base.chosen, self._ledger)
