"""What the administrator does: give a dead letter another series of tries."""

from __future__ import annotations

from datetime import datetime

from skillshare.ground import journal, outbox
from skillshare.ground.access import Ability, demand
from skillshare.ground.errors import TransitionNotAllowed
from skillshare.ground.outbox import Message
from skillshare.organisation.models import Agent


def retry_message(message: Message, *, actor: Agent, at: datetime) -> None:
    demand(actor, Ability.OUTBOX_RETRY, message)
    if message.dead_at is None:
        raise TransitionNotAllowed()
    outbox.retry(message, at=at)
    journal.record("outbox:retry", actor=actor, at=at, subject=message)
