"""Lists of the administration pages, newest first.

Nobody but the agent can tell a refusal from silence (R5): in the journal both are one act, without who, when and what,
and so is the end of a proposal that still had no answer; among the mails those that leave only while an agent is silent
are not listed, unless they could not be delivered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.ground.outbox import Message
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal


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


UNTOLD = ("proposals:decline", "proposals:lapse")
CANCELLED = "proposals:cancel"
WITHOUT_ANSWER = "proposals:without_answer"
_NO_YES = sa.select(Proposal.id).where(Proposal.accepted_at.is_(None))
_UNTOLD = sa.or_(JournalEntry.event.in_(UNTOLD),
                 sa.and_(JournalEntry.event == CANCELLED, JournalEntry.subject_id.in_(_NO_YES)))
_SHOWN_EVENT = sa.case((_UNTOLD, WITHOUT_ANSWER), else_=JournalEntry.event)
OF_SILENCE = ("proposal-reminder", "proposal-lapsed", "proposal-gone")
SECRET = ("access_link",)


@dataclass(frozen=True)
class Fact:
    """A line of the journal as it may be read; `is_told` False: only that a proposal ended without a yes."""

    seq: int
    event: str
    is_told: bool = False
    kind: str = ""
    number: int | None = None
    at: datetime | None = None
    actor_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def shown(entries: Sequence[JournalEntry]) -> list[Fact]:
    """These lines as they may be read; one query more where some tell a cancelled proposal."""
    ended = {entry.subject_id for entry in entries if entry.event == CANCELLED}
    no_yes = set(db.session.scalars(_NO_YES.where(Proposal.id.in_(ended)))) if ended else set()
    return [_fact(entry, is_told=entry.event not in UNTOLD and not (entry.event == CANCELLED and entry.subject_id in no_yes))
            for entry in entries]


def _fact(entry: JournalEntry, *, is_told: bool) -> Fact:
    if not is_told:
        return Fact(entry.seq, WITHOUT_ANSWER, kind="proposals")
    return Fact(entry.seq, entry.event, True, entry.subject_kind, entry.subject_id, entry.at, entry.actor_id, entry.facts)


def facts(event: str = "", kind: str = "", number: int | None = None) -> sa.Select[JournalEntry]:
    """Lines of the journal whose event, as shown, begins as given, about this kind of thing, this one of them."""
    query = sa.select(JournalEntry).order_by(JournalEntry.seq.desc())
    if event:
        query = query.where(_SHOWN_EVENT.startswith(event, autoescape=True))
    if kind:
        query = query.where(JournalEntry.subject_kind == kind)
    if number is None:
        return query
    return query.where(JournalEntry.subject_id == number, sa.not_(_UNTOLD))


def kinds_of_facts() -> list[str]:
    """The kinds of things the journal speaks of."""
    query = sa.select(JournalEntry.subject_kind).where(JournalEntry.subject_kind != "").distinct()
    return sorted(db.session.scalars(query))


_LISTED = sa.or_(Message.kind.not_in(OF_SILENCE), Message.dead_at.is_not(None))


def messages(state: MessageState) -> sa.Select[Message]:
    return sa.select(Message).where(_LISTED, _CONDITIONS[state]).order_by(Message.id.desc())


def message(message_id: int) -> Message | None:
    """One mail that the administrator may see."""
    return db.session.scalar(sa.select(Message).where(_LISTED, Message.id == message_id))


def subject_of(message: Message) -> str:
    return "Courriel réservé à son destinataire" if message.kind in OF_SILENCE else message.subject


def is_readable(message: Message, *, has_smtp: bool, is_demo: bool) -> bool:
    """Where no server delivers, texts are read here; never an agent's silence, nor a sign-in secret but in the demo."""
    return not has_smtp and message.kind not in OF_SILENCE and (is_demo or message.kind not in SECRET)


def message_counts() -> dict[MessageState, int]:
    counts = [sa.func.count(sa.case((condition, 1))).label(state.name) for state, condition in _CONDITIONS.items()]
    row = db.session.execute(sa.select(*counts).select_from(Message).where(_LISTED)).one()
    return dict(zip(_CONDITIONS, row, strict=True))


def names_of(agent_ids: set[int]) -> dict[int, str]:
    """Names looked up when a page is shown; neither journal nor outbox holds any."""
    query = sa.select(Agent.id, Agent.first_name, Agent.last_name).where(Agent.id.in_(agent_ids))
    return {agent_id: f"{first} {last}" for agent_id, first, last in db.session.execute(query)}
