"""The programs on HiGHS's own interface: one linear program kept warm as rows are added."""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy import sparse

from matching.arrays import Bools, Floats, Ints
from matching.backend import SCALE, Relaxed, Whole
from matching.quiet import to_stderr
from matching.rows import Rows

highspy: Any = import_module("highspy") if find_spec("highspy") else None

NONE = np.zeros(0, np.int32)

DUAL, PRIMAL = 1, 4
"""Simplex after rows were added (the basis stays dual feasible), and after the objective has changed."""


class Highs:
    """A `matching.backend.Solver` that keeps the basis of its linear program from call to call.

    One thread and a fixed seed: the same calls give the same answers.

    Parameters
    ----------
    rows : Rows
        The rows known so far; those added since the last call are read at the next.

    Examples
    --------
    The first solver installed, which is this one wherever ``highspy`` is:

    >>> from matching.backend import open_solver
    >>> from matching.columns import Columns
    >>> from matching.examples import small_pool
    >>> from matching.limits import Limits
    >>> pool = small_pool()
    >>> limits = Limits.of(pool)
    >>> columns = Columns.of(pool, limits)
    >>> solver, until = open_solver(Rows(columns, limits)), time.perf_counter() + 5
    >>> nothing, all_of_them = np.zeros(2, np.int64), np.full(2, np.inf)
    >>> solver.relax(columns.fit, nothing, all_of_them, until=until).bound
    1.4
    >>> solver.choose(columns.fit, nothing, all_of_them, np.ones(3, bool), until=until).x
    array([1., 1., 0.])
    """

    warm = True

    def __init__(self, rows: Rows) -> None:
        self.rows, self.priority = rows, rows.columns.priority
        self._size = len(rows.columns)
        members = classes(self.priority, rows.classes)
        self._lp = _model(self._size)
        self._lp.setOptionValue("presolve", "off")
        self._lp.setOptionValue("solver", "simplex")
        _add(self._lp, members, [np.ones(part.size) for part in members], np.inf)
        self._known = 0
        self._asked: tuple[Floats | Ints, ...] = ()

    def relax(self, gain: Floats, least: Ints, most: Floats, *, until: float) -> Relaxed | None:
        """Solve the linear program from the last basis; None means that time is out."""
        left = until - time.perf_counter()
        if left <= 0.0:
            return None
        self._ask(gain, least, most)
        self._lp.setOptionValue("time_limit", self._lp.getRunTime() + left)
        with to_stderr():
            self._lp.run()
        status = self._lp.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Relaxed(np.zeros(self._size), -np.inf, np.zeros(self._size))
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        answer = self._lp.getSolution()
        return self._proven(gain, least, most, np.array(answer.col_value), np.array(answer.row_dual))

    def _ask(self, gain: Floats, least: Ints, most: Floats) -> None:
        """Bring the program up to date: new rows, the objective, and what classes must fill."""
        rows = self.rows
        if self._known < len(rows):
            _add(self._lp, rows.index[self._known :], rows.value[self._known :], rows.limit[self._known :])
            self._known = len(rows)
        asked = (gain, least, most)
        same = all(np.array_equal(now, then) for now, then in zip(asked, self._asked, strict=False))
        self._lp.setOptionValue("simplex_strategy", DUAL if same and self._asked else PRIMAL)
        if same and self._asked:
            return
        self._asked = asked
        self._lp.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), -gain)
        for tier, (low, high) in enumerate(zip(least.tolist(), most.tolist(), strict=True)):
            self._lp.changeRowBounds(tier, low if low > 0 else -np.inf, high)

    def _proven(self, gain: Floats, least: Ints, most: Floats, x: Floats, dual: Floats) -> Relaxed:
        """Recompute the bound from the duals; it holds for any duals of the right signs."""
        tiers, price = -dual[: least.size], np.maximum(0.0, -dual[least.size :])
        tiers = np.where((tiers > 0.0) & np.isinf(most), 0.0, tiers)
        ends = np.where(tiers > 0.0, np.where(np.isinf(most), 0.0, most), least)
        matrix, limit = self.rows.model()
        reduced = gain - matrix.T @ price - tiers[self.priority]
        return Relaxed(x, float(limit @ price + tiers @ ends + np.maximum(0.0, reduced).sum()), reduced)

    def choose(self, gain: Floats, least: Ints, most: Floats, among: Bools, *, until: float) -> Whole:
        """Solve the integer program with the columns outside `among` left at 0."""
        left = until - time.perf_counter()
        if left <= 0.0:
            return Whole(None, np.inf, False)
        index = np.flatnonzero(among)
        program = self._program(gain[index], least, most, index)
        program.setOptionValue("time_limit", left)
        with to_stderr():
            program.run()
        return self._answer(program, gain, index)

    def _program(self, gain: Floats, least: Ints, most: Floats, index: Ints) -> Any:
        program = _model(index.size)
        program.changeColsCost(index.size, np.arange(index.size, dtype=np.int32), -SCALE * gain)
        whole = np.full(index.size, highspy.HighsVarType.kInteger)
        program.changeColsIntegrality(index.size, np.arange(index.size, dtype=np.int32), whole)
        matrix, limit = self.rows.model()
        part = sparse.csr_array(matrix[:, index])
        binds = np.asarray(part.sum(axis=1)).ravel() > limit
        part, limit = sparse.csr_array(part[binds]), limit[binds]
        program.addRows(
            limit.size, np.full(limit.size, -np.inf), limit, part.nnz, part.indptr[:-1].astype(np.int32),
            part.indices.astype(np.int32), part.data,
        )
        for members, low, high in zip(classes(self.priority[index], least.size), least, most, strict=True):
            if low > 0 or high < members.size:
                program.addRow(float(low), float(high), members.size, members, np.ones(members.size))
        return program

    def _answer(self, program: Any, gain: Floats, index: Ints) -> Whole:
        status, info = program.getModelStatus(), program.getInfo()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return Whole(None, -np.inf, True)
        proven = status == highspy.HighsModelStatus.kOptimal
        bound = -float(info.mip_dual_bound) / SCALE
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Whole(None, bound, False)
        x = np.zeros(gain.size)
        x[index] = np.rint(program.getSolution().col_value)
        return Whole(x, max(bound, float(gain @ x)), proven)


def classes(priority: Ints, count: int) -> list[Any]:
    """Return the columns of each class.

    Examples
    --------
    >>> classes(np.array([1, 0, 1]), 2)
    [array([1], dtype=int32), array([0, 2], dtype=int32)]
    """
    return [np.flatnonzero(priority == tier).astype(np.int32) for tier in range(count)]


def _model(size: int) -> Any:
    """Return a program of `size` columns between 0 and 1, and no row."""
    model = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0}
    for name, value in options.items():
        model.setOptionValue(name, value)
    model.addCols(size, np.zeros(size), np.zeros(size), np.ones(size), 0, NONE, NONE, np.zeros(0))
    return model


def _add(model: Any, index: list[Any], value: list[Floats], limit: Any) -> None:
    sizes = np.array([part.size for part in index], np.int64)
    start = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int32)
    high = np.broadcast_to(np.asarray(limit, float), sizes.shape).copy()
    model.addRows(
        sizes.size, np.full(sizes.size, -np.inf), high, int(sizes.sum()), start,
        np.concatenate(index).astype(np.int32), np.concatenate(value),
    )
