"""The peer of the pools: HiGHS on the whole model, every row at once, one tier after the other."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from scipy import sparse

from matching import Pool
from matching.columns import Columns
from matching.greedy import Filler, by_class_and_fit
from matching.limits import Limits
from matching.pool import TOLERANCE


def rows(pool: Pool, columns: Columns, limits: Limits) -> tuple[Any, Any]:
    """Return every row: places, agents and needs, and each group on each day when a seat of it starts.

    A pool without commitments: the loads of any other day are among those of the last start before it.
    """
    count = len(columns)
    place = sparse.csr_array((np.ones(count), (columns.place, np.arange(count))))
    pairs = np.unique(columns.agent * (pool.seat_need.max() + 1) + columns.need, return_inverse=True)[1]
    need = sparse.csr_array((np.ones(count), (pairs, np.arange(count))))
    parts, most = [place, need], [columns.size.astype(float), np.ones(need.shape[0])]
    groups = limits.of_agent[columns.agent]
    column, level = np.nonzero(groups >= 0)
    group = groups[column, level]
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    for members in np.split(column[order], edges):
        parts.append(_days(columns, members))
    heads = group[order][np.concatenate([[0], edges])]
    for head, part in zip(heads, parts[2:], strict=True):
        most.append(np.full(part.shape[0], limits.limit[head] + TOLERANCE))
    return sparse.vstack(parts, format="csr"), np.concatenate(most)


def _days(columns: Columns, members: Any) -> Any:
    days = np.unique(columns.start[members])
    runs = (columns.start[members] <= days[:, None]) & (days[:, None] < columns.end[members])
    row, at = np.nonzero(runs)
    shape = (days.size, len(columns))
    return sparse.csr_array((columns.load[members][at], (row, members[at])), shape=shape)


def solve_whole(pool: Pool, *, time_limit: float) -> dict[str, Any]:
    """Solve tier by tier from the greedy plan; the last tier reached says how far it came."""
    import highspy

    begin = time.perf_counter()
    limits = Limits.of(pool)
    columns = Columns.of(pool, limits)
    count = len(columns)
    matrix, most = rows(pool, columns, limits)
    model = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0}.items():
        model.setOptionValue(name, value)
    none, every = np.zeros(0, np.int32), np.arange(count, dtype=np.int32)
    model.addCols(count, np.zeros(count), np.zeros(count), np.ones(count), 0, none, none, np.zeros(0))
    model.changeColsIntegrality(count, every, np.full(count, highspy.HighsVarType.kInteger))
    model.addRows(
        most.size, np.full(most.size, -np.inf), most, matrix.nnz, matrix.indptr[:-1].astype(np.int32),
        matrix.indices.astype(np.int32), matrix.data,
    )
    x = np.zeros(count)
    x[Filler(columns, limits).fill(by_class_and_fit(columns))] = 1.0
    tiers = [(columns.priority == tier).astype(float) for tier in range(pool.classes)] + [columns.fit]
    proven = 0
    for gain in tiers:
        left = time_limit - (time.perf_counter() - begin)
        if left <= 0.0:
            break
        model.changeColsCost(count, every, -gain)
        start = highspy.HighsSolution()
        start.col_value = x.tolist()
        model.setSolution(start)
        model.setOptionValue("time_limit", model.getRunTime() + left)
        model.run()
        if model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            x = np.rint(model.getSolution().col_value)
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        proven += 1
        members = np.flatnonzero(gain).astype(np.int32)
        model.addRow(float(gain @ x) - 1e-6, np.inf, members.size, members, gain[members])
    values = [round(float(gain @ x), 6) for gain in tiers]
    return {"values": values, "tiers_proven": proven, "seconds": time.perf_counter() - begin}
