"""Who holds a case that a later room decides: that room says it through here, so that pages can name them (R21)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from skillshare.proposals.models import Proposal


@dataclass(frozen=True)
class Holder:
    """The person or function who must act, for what, since when, and the day somebody else takes over."""

    name: str
    task: str
    since: datetime | None
    until: date | None


_tellers: list[Callable[[Proposal], Holder | None]] = []


def told_by(teller: Callable[[Proposal], Holder | None]) -> None:
    """Have `teller` asked; called at start-up, harmless when repeated."""
    if teller not in _tellers:
        _tellers.append(teller)


def holder_of(proposal: Proposal) -> Holder | None:
    """Who holds `proposal`, as the first room that knows says."""
    return next((found for teller in _tellers if (found := teller(proposal)) is not None), None)
