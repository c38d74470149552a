"""What a room does to later rooms: announced here, handled at once in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    subject_id: int
    at: datetime


class AgentLeft(Event):
    """subject: the agent who became inactive."""


class ManagerChanged(Event):
    """subject: the agent whose line manager changed."""


class NeedChanged(Event):
    """subject: the need whose dates, load, place or skills changed."""


class NeedWithdrawn(Event):
    """subject: the need that closed before being filled."""


class ProposalChosen(Event):
    """subject: the proposal the host chose; its visa circuit opens."""


class ProposalEnded(Event):
    """subject: the proposal withdrawn by its agent or cancelled, at any state before signature."""


class OfferNarrowed(Event):
    """subject: the offer that was paused, withdrawn or reduced."""


class LoanChanged(Event):
    """subject: the loan whose dates or load changed, or that ended early."""


class LoanEnded(Event):
    """subject: the loan that is over, at its date or before."""


class LoanCancelled(Event):
    """subject: the loan that will not take place."""


class LetterSigned(Event):
    """subject: the letter that was sealed."""


_handlers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[Event], handler: Callable[[Any], None]) -> None:
    """Have `handler` called at each `kind`; called by `app` only, harmless when repeated."""
    if handler not in _handlers[kind]:
        _handlers[kind].append(handler)


def announce(event: Event) -> None:
    for handler in _handlers[type(event)]:
        handler(event)
