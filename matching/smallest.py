"""The smallest change of a line that fills a seat: plans at hand first, then programs where they may find less."""

from __future__ import annotations

from dataclasses import replace

from matching.arrays import Ints
from matching.changes import Change, Variant
from matching.verify import Verifier

MONOTONE = frozenset({"load", "level"})
"""Kinds of which a larger change fills the seat wherever a smaller one does."""


def smallest(line: tuple[Variant, ...], seats: list[list[int]], eligible: Ints, verifier: Verifier) -> list[Change]:
    """Return the smallest verified change of a line, if any.

    Parameters
    ----------
    line : tuple of Variant
        By growing amount.
    seats : list of list of int
        The verifier's seats of each variant.
    eligible : (n,) int
        Agents who pass every filter of each of these seats.
    verifier : Verifier

    Returns
    -------
    list of Change
        One or none; ``smallest`` says whether every smaller amount is proven not to do.

    Notes
    -----
    Amounts are tried in their order against the plan mended in one step. Those before the first that does are then
    solved: by bisection where less is never easier, else from the least on.
    """
    able = [at for at, some in enumerate(seats) if all(eligible[seat] > 0 for seat in some)]
    best = next((at for at in able if verifier.at_once(seats[at])), None)
    open_cases = [at for at in able if best is None or at < best]
    monotone = line[0].change.kind in MONOTONE
    at, sure = (_bisected if monotone else _in_order)(open_cases, seats, verifier)
    best = best if at is None else at
    if best is None:
        return []
    found = int(min(eligible[seat] for seat in seats[best]))
    return [replace(line[best].change, verified=True, eligible=found, smallest=sure)]


def _in_order(cases: list[int], seats: list[list[int]], verifier: Verifier) -> tuple[int | None, bool]:
    """Return the first case that does, and whether all before it are proven not to."""
    sure = True
    for at in cases:
        answer = verifier.program(seats[at])
        if answer:
            return at, sure
        sure &= answer is False
    return None, sure


def _bisected(cases: list[int], seats: list[list[int]], verifier: Verifier) -> tuple[int | None, bool]:
    """Return the same, where a case does whenever one before it does."""
    low, high, found = 0, len(cases), None
    at = high - 1
    while low < high:
        answer = verifier.program(seats[cases[at]])
        if answer is None:
            return found, False
        if answer:
            found, high = cases[at], at
        else:
            low = at + 1
        at = (low + high) // 2
    return found, True
