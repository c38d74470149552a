"""Which of several jobs processes leads: an advisory lock on PostgreSQL, a row with a beat on SQLite."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from skillshare.ground.extensions import db
from skillshare.jobs.models import JobLeader

LOCK_KEY = 0x5C11_5AE1  # any number, the same in every process of this application
STALE = timedelta(minutes=5)


class Leader:
    """One process's claim to lead. Needs an application context around `leads`."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}"[:80]
        self.is_leading = False
        self._connection: sa.Connection | None = None

    def leads(self, at: datetime) -> bool:
        """Whether this process leads now; takes the lead when nobody holds it."""
        is_server = db.engine.dialect.name == "postgresql"
        self.is_leading = self._holds_lock() if is_server else self._holds_row(at)
        return self.is_leading

    def _holds_lock(self) -> bool:
        """The lock lives as long as its connection: a process that dies gives it back by dying."""
        try:
            if self._connection is not None:
                self._connection.execute(sa.text("SELECT 1"))
                return True
            connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
                self._connection = connection
                return True
            connection.close()
        except OperationalError:
            self._connection = None
        return False

    def _holds_row(self, at: datetime) -> bool:
        free = sa.or_(JobLeader.holder == self.name, JobLeader.beat_at < at - STALE, JobLeader.holder == _dead_holder())
        taken = db.session.execute(sa.update(JobLeader).where(JobLeader.id == 1, free)
                                   .values(holder=self.name, beat_at=at))
        if not taken.rowcount and db.session.get(JobLeader, 1) is None:  # type: ignore[attr-defined]
            db.session.add(JobLeader(id=1, holder=self.name, beat_at=at))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
        holder = db.session.scalar(sa.select(JobLeader.holder).where(JobLeader.id == 1))
        db.session.rollback()  # on SQLite even a read outside a request holds the only writer's place
        return holder == self.name

    def resign(self) -> None:
        """Give the lead back on a clean stop, so that another process takes it at its next beat."""
        with self.app.app_context():
            if self._connection is not None:
                # Invalidated, not returned to the pool: the lock belongs to the server's session and ends with it.
                self._connection.invalidate()
                self._connection.close()
                self._connection = None
            elif self.is_leading:
                db.session.execute(sa.delete(JobLeader).where(JobLeader.holder == self.name))
                db.session.commit()
        self.is_leading = False


def _dead_holder() -> str:
    """The holder's name when it was a process of this machine that no longer lives, else "": no need to wait then."""
    holder = db.session.scalar(sa.select(JobLeader.holder).where(JobLeader.id == 1)) or ""
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdecimal():
        return ""
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return holder
    except PermissionError:
        return ""
    return ""
