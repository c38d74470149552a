"""The outbox: messages are rows of the transaction; the jobs process sends them after the commit.

Sending is at least once: a row is claimed and committed, the mail leaves outside any transaction, then the row is
marked. A process that dies in between leaves a claim that grows old, and the mail leaves again under the same Message-ID.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from skillshare.ground.extensions import UTCDateTime, db

BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 720, 1440)
CLAIM_LASTS = timedelta(minutes=15)  # longer than any one sending: past it, who claimed the row has died
PASS_LASTS = timedelta(seconds=50)  # a slow server leaves the other jobs their turn; the next pass goes on
NO_ADDRESS = "sans adresse ou parti"


class Message(db.Model):
    """One mail to one person; the address is looked up when it leaves, never stored."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), index=True)
    recipient_id: Mapped[int] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def status(self) -> str:
        if self.sent_at or self.dead_at:
            return "envoyé" if self.sent_at else "abandonné"
        return "en cours d’envoi" if self.claimed_at else "à envoyer"


@dataclass(frozen=True)
class Transport:
    """Where mail goes: an SMTP server and the sender's address."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = ""
    starttls: bool = False
    timeout: float = 15.0


def post(kind: str, *, to: int, key: str, subject: str, text: str, at: datetime) -> None:
    """Queue one mail to the person `to`; a second call with the same key does nothing."""
    full_key = f"{kind}:{key}:{to}"
    if db.session.scalar(sa.select(Message.id).where(Message.key == full_key)) is None:
        db.session.add(Message(kind=kind, recipient_id=to, key=full_key, subject=" ".join(subject.split())[:200],
                               text=text, created_at=at, next_try_at=at))


def due(at: datetime, limit: int = 200) -> list[int]:
    query = sa.select(Message.id).where(*_free(at)).order_by(Message.next_try_at, Message.id)
    found = list(db.session.scalars(query.limit(limit)))
    db.session.rollback()
    return found


def _free(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """What may be sent at `at`: neither sent nor given up, its time come, claimed by nobody who still lives."""
    return (Message.sent_at.is_(None), Message.dead_at.is_(None), Message.next_try_at <= at,
            sa.or_(Message.claimed_at.is_(None), Message.claimed_at <= at - CLAIM_LASTS))


def deliver(transport: Transport, *, address_of: Callable[[int], str | None], at: datetime) -> tuple[int, int]:
    """Send what is due, each mail by itself, so that a poisoned one blocks no other. Returns (sent, failed).

    Commits: a short transaction claims the row, another marks it, and none is open while the server answers.
    """
    sent = failed = 0
    started = time.monotonic()
    for message_id in due(at):
        now = _later(at, started)
        if now - at > PASS_LASTS:
            break
        message = _claim(message_id, at=now)
        if message is None:
            continue
        error = _send(message, transport, address_of(message.recipient_id))
        _mark(message, error, at=_later(at, started))
        sent, failed = sent + (not error), failed + bool(error)
    return sent, failed


def _later(at: datetime, started: float) -> datetime:
    return at + timedelta(seconds=int(time.monotonic() - started))


def _claim(message_id: int, *, at: datetime) -> sa.Row[Any] | None:
    """Take a row by compare-and-swap, whoever else tries; returns its columns, or None when another has it."""
    claim = sa.update(Message).where(Message.id == message_id, *_free(at)).values(claimed_at=at, attempts=Message.attempts + 1)
    row = db.session.execute(claim.returning(*Message.__table__.columns)).one_or_none()
    db.session.commit()
    return row


def _send(message: sa.Row[Any], transport: Transport, address: str | None) -> str:
    """Give the mail to the server: "" when it took it, else why not, in words."""
    db.session.rollback()  # looking the address up has begun a transaction
    if address is None:
        return NO_ADDRESS
    if message.attempts > len(BACK_OFF_MINUTES) + 1:
        return "envoi interrompu à chaque essai"
    try:
        smtp_send(transport, compose(message, sender=transport.sender, address=address))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _mark(claimed: sa.Row[Any], error: str, *, at: datetime) -> None:
    """Write what came of a claim, unless another process has taken the row over meanwhile and this one failed."""
    message = db.session.get(Message, claimed.id, with_for_update=True)
    if message is None or message.sent_at or (error and message.claimed_at != claimed.claimed_at):
        db.session.rollback()
        return
    message.claimed_at, message.error = None, error
    if not error:
        message.sent_at, message.dead_at = at, None
    elif error == NO_ADDRESS or message.attempts > len(BACK_OFF_MINUTES):
        message.dead_at = at
    else:
        message.next_try_at = at + timedelta(minutes=BACK_OFF_MINUTES[message.attempts - 1])
    db.session.commit()


def compose(message: Message | sa.Row[Any], *, sender: str, address: str) -> EmailMessage:
    """The mail itself; its Message-ID is stable, so that a resent copy is recognised as one."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, sender, address
    mail["Message-ID"] = f"<skillshare-{message.id}@{sender.rpartition('@')[2].strip('>') or 'localhost'}>"
    mail["Date"] = format_datetime(message.created_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def smtp_send(transport: Transport, mail: EmailMessage) -> None:
    with smtplib.SMTP(transport.host, transport.port, timeout=transport.timeout) as server:
        if transport.starttls:
            server.starttls(context=ssl.create_default_context())
        if transport.username:
            server.login(transport.username, transport.password)
        server.send_message(mail)


def retry(message: Message, *, at: datetime) -> None:
    """Give a dead letter another series of tries."""
    message.dead_at, message.attempts, message.next_try_at, message.error = None, 0, at, ""
