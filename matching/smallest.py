"""The smallest change of a line that fills a seat: plans at hand first, then programs where they may find less."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matching.changes import Change, Variant
from matching.verify import Verifier

MONOTONE = frozenset({"load", "level"})
"""Kinds of which a larger change fills the seat wherever a smaller one does."""


@dataclass(frozen=True)
class Line:
    """Changes of one kind and demand, by growing amount.

    Parameters
    ----------
    variants : tuple of Variant
    seats : list of list of int
        The verifier's seats of each variant.
    eligible : list of int
        Agents who pass every filter of each variant; for two seats, of the one that has fewer.

    Examples
    --------
    >>> from matching.changes import Ask
    >>> ask = Ask(11, 16, 0.4, False)
    >>> line = Line((Variant(Change(kind="later", amount=1.0, verified=False), (ask,)),), [[1]], [3])
    >>> line.able(), line.change(0, smallest=True).eligible
    ([0], 3)
    """

    variants: tuple[Variant, ...]
    seats: list[list[int]]
    eligible: list[int]

    def able(self) -> list[int]:
        """Return the variants that somebody is eligible for; the others are proven not to do."""
        return [at for at, count in enumerate(self.eligible) if count > 0]

    def at_once(self, verifier: Verifier) -> int | None:
        """Return the first variant that one step from the plan fills."""
        return next((at for at in self.able() if verifier.at_once(self.seats[at])), None)

    def refined(self, best: int | None, verifier: Verifier) -> Change | None:
        """Return the smallest variant found among `best` and those before it, which programs verify."""
        cases = [at for at in self.able() if best is None or at < best]
        search = _bisected if self.variants[0].change.kind in MONOTONE else _in_order
        at, sure = search(cases, self.seats, verifier)
        found = best if at is None else at
        return None if found is None else self.change(found, smallest=sure)

    def change(self, at: int, *, smallest: bool) -> Change:
        """Return a variant's change as verified."""
        return replace(self.variants[at].change, verified=True, eligible=self.eligible[at], smallest=smallest)


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
    """Return the same, where a case does whenever one before it does: the last is asked first."""
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
