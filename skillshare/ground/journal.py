"""The audit log: append-only rows chained by SHA-256, codes and internal ids only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from skillshare.ground.extensions import UTCDateTime, db

FIRST_HASH = "0" * 64
PENDING = "journal_pending"


class JournalEntry(db.Model):
    """One fact: who did what to what, when. `seq` has no gap; `digest` covers the row and the one before."""

    __tablename__ = "journal"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(sa.Text)
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))

    __table_args__ = (sa.Index("ix_journal_subject", "subject_kind", "subject_id"),)

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.detail)


class JournalHead(db.Model):
    """The end of the chain; its single row is the lock under which rows are appended."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))


@dataclass(frozen=True)
class Verdict:
    valid: bool
    rows: int
    head: str
    reason: str = ""


def digest_of(seq: int, at: datetime, actor_id: int | None, event: str, subject_kind: str,
              subject_id: int | None, detail: str, previous: str) -> str:
    """SHA-256 of a row and of the digest before it, over canonical JSON."""
    row = [seq, at.isoformat(timespec="microseconds"), actor_id, event, subject_kind, subject_id, detail, previous]
    return hashlib.sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def record(event: str, *, actor: Any, at: datetime, subject: Any = None, **detail: Any) -> None:
    """Note a fact; it is appended to the chain when the transaction commits, in the order of notes.

    The chain's lock is thus the last one taken and the shortest held.
    """
    if subject is not None and subject.id is None:
        db.session.flush()
    if not db.session().in_transaction():
        db.session().begin()  # so that a rollback forgets the note
    kind = "" if subject is None else subject.__tablename__
    subject_id = None if subject is None else subject.id
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    db.session.info.setdefault(PENDING, []).append((at, actor.id, event, kind, subject_id, text))


@sa.event.listens_for(Session, "before_commit")
def append_pending(session: Session) -> None:
    """Append what this transaction noted, under the lock of the head."""
    if session.in_nested_transaction() or not session.info.get(PENDING):
        return
    pending = session.info.pop(PENDING)
    session.flush()
    head = _locked_head(session)
    rows = []
    for at, actor_id, event, kind, subject_id, detail in pending:
        seq = head.seq + 1
        digest = digest_of(seq, at, actor_id, event, kind, subject_id, detail, head.digest)
        rows.append({"seq": seq, "at": at, "actor_id": actor_id, "event": event, "subject_kind": kind,
                     "subject_id": subject_id, "detail": detail, "previous": head.digest, "digest": digest})
        head.seq, head.digest = seq, digest
    session.execute(sa.insert(JournalEntry), rows)
    session.flush()


def _locked_head(session: Session) -> JournalHead:
    """The end of the chain, held. Two first writers both find none: one makes it, the other waits, then takes it."""
    head = session.get(JournalHead, 1, with_for_update=True, populate_existing=True)
    if head is not None:
        return head
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(JournalHead).values(id=1, seq=0, digest=FIRST_HASH).on_conflict_do_nothing())
    return session.get_one(JournalHead, 1, with_for_update=True, populate_existing=True)


@sa.event.listens_for(Session, "after_soft_rollback")
def forget_pending(session: Session, previous_transaction: Any) -> None:
    if previous_transaction.nested:
        return
    session.info.pop(PENDING, None)


def history(subject: Any) -> list[JournalEntry]:
    """The committed facts about one thing, oldest first."""
    query = sa.select(JournalEntry).where(JournalEntry.subject_kind == subject.__tablename__,
                                          JournalEntry.subject_id == subject.id)
    return list(db.session.scalars(query.order_by(JournalEntry.seq)))


def rows(batch: int = 1000) -> Iterator[JournalEntry]:
    """Every row in order, read by batches: no cursor stays open when a reader stops half-way."""
    last = None
    while True:
        query = sa.select(JournalEntry).order_by(JournalEntry.seq).limit(batch)
        found = list(db.session.scalars(query if last is None else query.where(JournalEntry.seq > last)))
        yield from found
        if len(found) < batch:
            return
        last = found[-1].seq


def verify(entries: Iterable[JournalEntry] | None = None) -> Verdict:
    """Recompute the whole chain; the reason names the first row that does not hold."""
    previous, count = FIRST_HASH, 0
    for entry in rows() if entries is None else entries:
        count += 1
        if entry.seq != count:
            return Verdict(False, count, previous, f"Il manque la ligne {count} : la suivante porte le n° {entry.seq}.")
        computed = digest_of(entry.seq, entry.at, entry.actor_id, entry.event, entry.subject_kind,
                             entry.subject_id, entry.detail, previous)
        if entry.previous != previous or entry.digest != computed:
            return Verdict(False, count, previous, f"La ligne {entry.seq} a été modifiée, déplacée ou ajoutée.")
        previous = entry.digest
    head = db.session.get(JournalHead, 1)
    if (head.digest if head else FIRST_HASH) != previous:
        return Verdict(False, count, previous, "La fin du journal a été coupée : son dernier sceau ne correspond pas.")
    return Verdict(True, count, previous)
