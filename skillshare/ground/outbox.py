"""The outbox: messages are rows of the transaction; the jobs process sends them after the commit."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from skillshare.ground.extensions import UTCDateTime, db

BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 720, 1440)


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
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def status(self) -> str:
        return "envoyé" if self.sent_at else "abandonné" if self.dead_at else "à envoyer"


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
    query = sa.select(Message.id).where(Message.sent_at.is_(None), Message.dead_at.is_(None), Message.next_try_at <= at)
    return list(db.session.scalars(query.order_by(Message.next_try_at, Message.id).limit(limit)))


def deliver(transport: Transport, *, address_of: Callable[[int], str | None], at: datetime) -> tuple[int, int]:
    """Send what is due, one commit each, so that a poisoned mail blocks no other. Returns (sent, failed)."""
    sent = failed = 0
    for message_id in due(at):
        message = db.session.get(Message, message_id, with_for_update={"skip_locked": True})
        if message is None or message.sent_at or message.dead_at:
            db.session.rollback()
            continue
        if _send_one(message, transport, address_of(message.recipient_id), at):
            sent += 1
        else:
            failed += 1
        db.session.commit()
    return sent, failed


def _send_one(message: Message, transport: Transport, address: str | None, at: datetime) -> bool:
    message.attempts += 1
    if address is None:
        message.dead_at, message.error = at, "sans adresse ou parti"
        return False
    try:
        smtp_send(transport, compose(message, sender=transport.sender, address=address))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _fail(message, error, at)
        return False
    message.sent_at, message.error = at, ""
    return True


def _fail(message: Message, error: Exception, at: datetime) -> None:
    message.error = f"{type(error).__name__}: {error}"[:300]
    if message.attempts > len(BACK_OFF_MINUTES):
        message.dead_at = at
    else:
        message.next_try_at = at + timedelta(minutes=BACK_OFF_MINUTES[message.attempts - 1])


def compose(message: Message, *, sender: str, address: str) -> EmailMessage:
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
