"""Prices of one tier: what a relaxation proves of every plan, with or without a column, at once."""

from __future__ import annotations

import time
from collections import defaultdict

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from matching.arrays import Bools, Floats
from matching.model import Model
from matching.packing import SLACK, packed
from matching.pool import TOLERANCE
from matching.turn import Turn

NOUGHT = 1e-9
"""Net gains up to this are added to the bound and otherwise forgotten."""

LARGEST_ROW = 30
"""A row made for one column alone is looked at where at most so many columns may fill it."""


class Prices:
    """A Lagrangian bound on one tier: places and earlier tiers are priced, everything else stays whole.

    Parameters
    ----------
    model : Model
    gain : (n,) float
        What the tier counts.
    asked : tuple of int
        What each earlier tier must reach.
    duals : (R,) float
        A price ≥ 0 for each row of ``model``, in the order of ``model.matrix(asked, ())``.

    Notes
    -----
    With prices π ≥ 0 of the places, μ ≥ 0 of the earlier tiers' counts and net gains ``gain + μ - π``, a plan that
    reaches `asked` is worth at most ``π · size - μ · asked`` + the best sum of net gains under the other rows alone
    [1]_. This holds for any prices; those of the linear relaxation are used. The other rows are those of units,
    agents and needs; as only columns of positive net gain matter, they fall apart into small parts, each solved
    whole (`matching.packing`), which is better than the relaxation. Where a column is forced or banned only the
    parts that it touches are solved again.

    References
    ----------
    .. [1] A. M. Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2, 1974.

    Examples
    --------
    >>> from matching.examples import small_pool
    >>> from matching.solve import solve
    >>> pool = small_pool()
    >>> model = Model.of(pool, solve(pool))
    >>> prices = Prices.of(model, 0, (), until=time.perf_counter() + 5)
    >>> round(prices.bound(Turn(), ()), 2), round(prices.bound(Turn(forced=(1,), banned=(2,)), ()), 2)
    (1.01, 0.02)
    """

    def __init__(self, model: Model, gain: Floats, asked: tuple[int, ...], duals: Floats) -> None:
        self.model, columns = model, model.columns
        matrix, limit = model.rows.model()
        places = columns.size.size
        self._place_price, self._price, count = np.split(duals, [places, limit.size])
        self._of_place = np.argsort(columns.place, kind="stable")
        self._first = np.searchsorted(columns.place[self._of_place], np.arange(places + 1))
        self._limit = limit[places:]
        self._fixed = float(self._place_price @ columns.size)  # what is asked of earlier tiers is not spent yet
        self.net = gain - self._place_price[columns.place]
        self._asked = dict(zip((tier for tier, least in enumerate(asked) if least), count.tolist(), strict=True))
        for tier, price in self._asked.items():
            self.net = self.net + price * model.tiers.of(tier)
        small = (self.net > 0.0) & (self.net <= NOUGHT)
        self._fixed += float(self.net[small].sum())
        self._uses = sparse.csc_array(matrix[places:])
        self._reduced = self.net - self._uses.T @ self._price
        self._relaxed = float(self._fixed + self._limit @ self._price + np.maximum(0.0, self._reduced).sum())
        self._split()

    @classmethod
    def of(cls, model: Model, tier: int, asked: tuple[int, ...], *, until: float) -> Prices | None:
        """Return the prices of a relaxation that breaks no capacity; `model` learns rows. None out of time."""
        gain = model.gain(tier)
        while (left := until - time.perf_counter()) > 0.0:
            matrix, limit = model.matrix(asked, ())
            answer = linprog(-gain, A_ub=matrix, b_ub=limit, bounds=(0.0, 1.0), options={"time_limit": left})
            if answer.status != 0:
                return None
            duals = np.maximum(0.0, -np.asarray(answer.ineqlin.marginals))
            if not model.rows.cut(answer.x):
                return cls(model, gain, asked, duals)
        return None

    def bound(self, turn: Turn, asked: tuple[int, ...]) -> float:
        """Return an upper bound on the tier among plans that obey `turn` and reach `asked` in earlier tiers.

        Columns that cannot go with a forced one are best among those banned. Another `asked` than the relaxation's
        is as true, and less sharp.
        """
        return self._weigh(turn)[0] - self._spent(asked)

    def worth_a_look(self, turn: Turn, asked: tuple[int, ...], least: float) -> Bools:
        """Return which columns a plan that obeys `turn`, reaches `asked` and is worth more than `least` may have.

        With a column of negative net gain a plan loses that much of the bound; without one that shares no row that
        can bind it loses its net gain, so that the other columns of its place are not worth a look either.
        """
        bound, touched = self._weigh(turn)
        least += self._spent(asked)
        lowered = np.zeros(self._place_price.size)
        for place, less in self._lowered(turn).items():
            lowered[place] = less
        able = bound + np.minimum(0.0, self.net + lowered[self.model.columns.place]) > least
        able &= self._relaxed_bound(turn) + np.minimum(0.0, self._reduced) > least
        able[list(turn.banned)] = False
        sure = (self._alone & (bound - self.net <= least)) & ~np.isin(self._part_of, list(touched))
        closed = np.zeros(self.model.columns.size.size, bool)
        closed[self.model.columns.place[sure]] = self.model.columns.size[self.model.columns.place[sure]] == 1
        able &= sure | ~closed[self.model.columns.place]
        able[list(turn.forced)] = True
        return able

    def _spent(self, asked: tuple[int, ...]) -> float:
        return sum(price * asked[tier] for tier, price in self._asked.items())

    def _relaxed_bound(self, turn: Turn) -> float:
        """Return what the prices of all rows prove: less than `bound`, but with reduced gains for every column."""
        lost = np.maximum(0.0, self._reduced[list(turn.banned)]).sum() - np.minimum(0.0, self._reduced[list(turn.forced)]).sum()
        return float(self._relaxed - lost)

    def _weigh(self, turn: Turn) -> tuple[float, set[int]]:
        """Return the bound and the parts that were solved again for it."""
        gone = set(turn.forced) | set(turn.banned)
        touched = {int(self._part_of[column]) for column in gone if self._part_of[column] >= 0}
        room, extra, value = self._forced(turn, gone, touched)
        members = [column for part in touched for column in self._parts[part] if column not in gone]
        uses = [self._uses_of(column) + extra.get(column, []) for column in members]
        room |= {row: float(self._limit[row]) for some in uses for row, _ in some if row not in room}
        local = packed([float(self.net[column]) for column in members], uses, room, self._row_prices(room))
        rest = self._worth_all - sum(self._worth[part] for part in touched)
        less = sum(less * int(self.model.columns.size[place]) for place, less in self._lowered(turn).items())
        return self._fixed - less + rest + value + local, touched

    def _lowered(self, turn: Turn) -> dict[int, float]:
        """Return by how much the price of places may be lower without their best columns: no net gain becomes positive."""
        columns, banned = self.model.columns, np.array(turn.banned, np.int64)
        lowered = {}
        for place in set(columns.place[banned].tolist()) - set(columns.place[list(turn.forced)].tolist()):
            members = np.setdiff1d(self._of_place[self._first[place] : self._first[place + 1]], banned)
            less = min(float(self._place_price[place]), -float(self.net[members].max(initial=-np.inf)))
            if less > 0.0:
                lowered[place] = less
        return lowered

    def _forced(
        self, turn: Turn, gone: set[int], touched: set[int]
    ) -> tuple[dict[int, float], dict[int, list[tuple[int, float]]], float]:
        """Return what rows allow beside the forced columns, rows made for them, and their net gains.

        The parts whose columns may have to yield are added to `touched`.
        """
        room: dict[int, float] = {}
        extra: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for column in turn.forced:
            for row, use in self._uses_of(column):
                room[row] = room.get(row, float(self._limit[row])) - use
        for row, left in room.items():
            members = [(k, use) for k, use in self._users.get(row, ()) if k not in gone]
            if sum(use for _, use in members) > left + SLACK:
                touched |= {int(self._part_of[k]) for k, _ in members}
        for at, (left, found) in enumerate(self._made_for(turn.forced, gone)):
            room[-1 - at] = left
            for k, load in found:
                extra[k].append((-1 - at, load))
                touched.add(int(self._part_of[k]))
        return room, extra, float(self.net[list(turn.forced)].sum())

    def _made_for(self, forced: tuple[int, ...], gone: set[int]) -> list[tuple[float, list[tuple[int, float]]]]:
        """Return rows of groups and days that forced columns could break, which the relaxation did not need."""
        columns, limits, rows = self.model.columns, self.model.limits, []
        for column in forced:
            start, end, load = int(columns.start[column]), int(columns.end[column]), float(columns.load[column])
            for group in self.model.ledger.groups(column):
                users = [k for k in self._of_group.get(group, ()) if k not in gone]
                near = np.array([k for k in users if columns.start[k] < end and start < columns.end[k]], np.int64)
                days = np.unique(np.append(np.maximum(columns.start[near], start), start))
                runs = (columns.start[near] <= days[:, None]) & (days[:, None] < columns.end[near])
                left = limits.left(group, days) - load + TOLERANCE
                over = runs @ columns.load[near] > left + SLACK
                for at in np.flatnonzero(over & (runs.sum(axis=1) <= LARGEST_ROW)).tolist():
                    some = near[runs[at]]
                    rows.append((float(left[at]), list(zip(some.tolist(), columns.load[some].tolist(), strict=True))))
        return rows

    def _split(self) -> None:
        """Find the parts of the columns of positive net gain, and what each is worth."""
        columns = np.flatnonzero(self.net > NOUGHT)
        uses = sparse.csc_array(self._uses[:, columns])
        tight = np.asarray(uses.sum(axis=1)).ravel() > self._limit + SLACK
        among = sparse.csr_array(sparse.csr_array(uses)[tight])
        joined = sparse.block_array([[None, among.T], [among, None]], format="csr") if columns.size and tight.any() else None
        label = np.arange(columns.size) if joined is None else connected_components(joined, directed=False)[1][: columns.size]
        self._part_of = np.full(self.net.size, -1)
        self._part_of[columns] = label
        self._parts, self._of_group, self._users = defaultdict(list), defaultdict(list), defaultdict(list)
        for column in columns.tolist():
            self._parts[int(self._part_of[column])].append(column)
            for group in self.model.ledger.groups(column):
                self._of_group[group].append(column)
            for row, use in self._uses_of(column):
                self._users[row].append((column, use))
        self._worth = {part: self._packed(members) for part, members in self._parts.items()}
        self._worth_all = sum(self._worth.values())
        self._alone = np.zeros(self.net.size, bool)
        self._alone[[members[0] for members in self._parts.values() if len(members) == 1]] = True

    def _packed(self, members: list[int]) -> float:
        uses = [self._uses_of(column) for column in members]
        room = {row: float(self._limit[row]) for some in uses for row, _ in some}
        return packed([float(self.net[column]) for column in members], uses, room, self._row_prices(room))

    def _row_prices(self, rows: dict[int, float]) -> dict[int, float]:
        return {row: float(self._price[row]) for row in rows if row >= 0}

    def _uses_of(self, column: int) -> list[tuple[int, float]]:
        part = slice(self._uses.indptr[column], self._uses.indptr[column + 1])
        return list(zip(self._uses.indices[part].tolist(), self._uses.data[part].tolist(), strict=True))
