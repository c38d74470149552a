"""Lists of the administration pages, newest first."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.ground.outbox import Message
from skillshare.organisation.models import Agent


class MessageState(StrEnum):
    ALL = "tous"
    WAITING = "a-envoyer"
    SENT = "envoyes"
    DEAD = "abandonnes"


STATE_LABELS = {MessageState.ALL: "Tous", MessageState.WAITING: "À envoyer", MessageState.SENT: "Envoyés",
                MessageState.DEAD: "Abandonnés"}
_CONDITIONS = {
    MessageState.ALL: sa.true(),
    MessageState.WAITING: sa.and_(Message.sent_at.is_(None), Message.dead_at.is_(None)),
    MessageState.SENT: Message.sent_at.is_not(None),
    MessageState.DEAD: Message.dead_at.is_not(None),
}


def facts(event: str = "", kind: str = "", number: int | None = None) -> sa.Select[JournalEntry]:
    """Lines of the journal whose event begins as given, about this kind of thing, this one of them."""
    query = sa.select(JournalEntry).order_by(JournalEntry.seq.desc())
    if event:
        query = query.where(JournalEntry.event.startswith(event, autoescape=True))
    if kind:
        query = query.where(JournalEntry.subject_kind == kind)
    return query.where(JournalEntry.subject_id == number) if number is not None else query


def kinds_of_facts() -> list[str]:
    """The kinds of things the journal speaks of."""
    query = sa.select(JournalEntry.subject_kind).where(JournalEntry.subject_kind != "").distinct()
    return sorted(db.session.scalars(query))


def messages(state: MessageState) -> sa.Select[Message]:
    return sa.select(Message).where(_CONDITIONS[state]).order_by(Message.id.desc())


def message_counts() -> dict[MessageState, int]:
    counts = [sa.func.count(sa.case((condition, 1))).label(state.name) for state, condition in _CONDITIONS.items()]
    row = db.session.execute(sa.select(*counts).select_from(Message)).one()
    return dict(zip(_CONDITIONS, row, strict=True))


def names_of(agent_ids: set[int]) -> dict[int, str]:
    """Names looked up when a page is shown; neither journal nor outbox holds any."""
    query = sa.select(Agent.id, Agent.first_name, Agent.last_name).where(Agent.id.in_(agent_ids))
    return {agent_id: f"{first} {last}" for agent_id, first, last in db.session.execute(query)}
