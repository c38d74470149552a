"""The best of a few columns under a few rows: exact where they are few, else what prices prove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST_COLUMNS, MOST_NODES = 40, 3_000
"""Beyond either the prices' bound is returned: pools of 20,000 pairs fall apart into parts of at most 17 columns."""

SLACK = 1e-9
"""What a row may be exceeded by: the bound must hold for every plan that the solver takes."""

Uses = Sequence[tuple[int, float]]


def packed(gain: Sequence[float], uses: Sequence[Uses], room: Mapping[int, float], price: Mapping[int, float]) -> float:
    """Return an upper bound on ``sum(gain[k] x[k])`` over whole x under ``sum(use · x) <= room``, exact where it can.

    Columns are decided in order of how much going against their reduced gain costs, which is what a node's bound
    falls by; a part whose columns share no row that can bind is worth the sum of its gains.

    Parameters
    ----------
    gain : (n,) sequence of float
        Positive.
    uses : (n,) sequence of (row, use)
        Positive uses of each column.
    room, price : mapping from row to float
        What each row allows, and a price ≥ 0 for it; a missing price is 0.

    Returns
    -------
    float
        -inf where a row allows less than 0.

    Examples
    --------
    Two columns exclude each other and a third is free; prices alone, and the search:

    >>> packed([3.0, 2.0, 1.0], [[(0, 0.6)], [(0, 0.6)], []], {0: 1.0}, {})
    4.0
    """
    if any(left < -SLACK for left in room.values()):
        return float("-inf")
    total: dict[int, float] = {}
    for some in uses:
        for row, use in some:
            total[row] = total.get(row, 0.0) + use
    tight = {row for row, used in total.items() if used > room[row] + SLACK}
    if not tight:
        return sum(gain)
    bound = 0.0
    for part in _parts(uses, tight):
        binding = [[(row, use) for row, use in uses[k] if row in tight] for k in part]
        bound += _Part([gain[k] for k in part], binding, room, price).bound()
    return bound


def _parts(uses: Sequence[Uses], tight: set[int]) -> list[list[int]]:
    """Return the columns in parts that share no tight row."""
    users: dict[int, list[int]] = {}
    for column, some in enumerate(uses):
        for row, _ in some:
            if row in tight:
                users.setdefault(row, []).append(column)
    parts, seen = [], [False] * len(uses)
    for first in range(len(uses)):
        if seen[first]:
            continue
        seen[first], part = True, [first]
        for column in part:
            for row, _ in uses[column]:
                for other in users.pop(row, ()):
                    if not seen[other]:
                        seen[other] = True
                        part.append(other)
        parts.append(part)
    return parts


class _Part:
    """Columns tied together by rows."""

    def __init__(
        self, gain: list[float], uses: list[list[tuple[int, float]]], room: Mapping[int, float], price: Mapping[int, float],
    ) -> None:
        rows = {row for some in uses for row, _ in some}
        reduced = [g - sum(price.get(row, 0.0) * use for row, use in some) for g, some in zip(gain, uses, strict=True)]
        self.top = sum(price.get(row, 0.0) * room[row] for row in rows) + sum(max(0.0, r) for r in reduced)
        order = sorted(range(len(gain)), key=lambda k: (-abs(reduced[k]), k))
        self.columns = [(gain[k], reduced[k], uses[k]) for k in order]
        self.room = {row: room[row] + SLACK for row in rows}
        self.best, self.nodes = 0.0, 0

    def bound(self) -> float:
        """Return the best sum, or the prices' bound where the search would be long."""
        most = min(self.top, sum(gain for gain, _, _ in self.columns))
        if len(self.columns) > MOST_COLUMNS or not self._search(0, 0.0, self.top):
            return most
        return min(self.best, most)

    def _search(self, at: int, value: float, top: float) -> bool:
        """Decide the columns from `at` on; return False when there are too many nodes."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            return False
        if top <= self.best:
            return True
        if at == len(self.columns):
            self.best = max(self.best, value)
            return True
        reduced = self.columns[at][1]
        return all(self._decide(at, value, top, take=take) for take in (reduced > 0.0, reduced <= 0.0))

    def _decide(self, at: int, value: float, top: float, *, take: bool) -> bool:
        gain, reduced, uses = self.columns[at]
        if not take:
            return self._search(at + 1, value, top - max(0.0, reduced))
        if any(use > self.room[row] for row, use in uses):
            return True
        for row, use in uses:
            self.room[row] -= use
        done = self._search(at + 1, value + gain, top + min(0.0, reduced))
        for row, use in uses:
            self.room[row] += use
        return done
