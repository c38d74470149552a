"""Sign-in tries are slowed down, never locked: by person and origin together, then by address.

An origin is the network address, or the browser itself once the person has signed in with it: so neither
a colleague behind the same address nor a stranger can keep somebody out (OWASP, device cookies).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.typography import plural
from skillshare.organisation.models import Agent, SignInAttempt

WINDOW = timedelta(hours=1)
KEPT = timedelta(days=30)
FREE, FREE_UNDER_ATTACK, ATTACK = 5, 2, 20  # tries before a wait; the same while others fail that often
PAIR_WAITS = (5, 10, 20, 40, 60)  # seconds
FREE_OF_ADDRESS, ADDRESS_WAIT = 50, 10


class TooSoon(RuleBroken):
    """Come back in some seconds; the same answer whether the account exists or not."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("", f"Trop d’essais : patientez {plural(seconds, 'seconde')} avant de recommencer.")
        self.seconds = seconds


def key_of(login: str, agent: Agent | None) -> str:
    """What tries are counted under: the person however they sign in; never the text of an unknown login."""
    if agent is not None:
        return f"agent:{agent.id}"
    return hashlib.sha256(login.strip().casefold().encode()).hexdigest()


def open_attempt(key: str, origin: str, *, at: datetime) -> int:
    """Note a try as failed, before it is examined, and commit it alone; raises TooSoon. Returns its id.

    The commit is apart from the request's, which rolls back a form given back.
    """
    _one_at_a_time(key)
    seconds = wait_before(key, origin, at=at)
    if seconds > 0:
        db.session.rollback()
        raise TooSoon(seconds)
    attempt = SignInAttempt(login=key, address=origin[:60], succeeded=False, at=at)
    db.session.add(attempt)
    db.session.flush()
    attempt_id = attempt.id
    db.session.commit()
    return attempt_id


def succeed(attempt_id: int, *, at: datetime) -> None:
    """Say that the try was right; what is older than the kept days goes."""
    db.session.execute(sa.update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(succeeded=True))
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < at - KEPT))


def wait_before(key: str, origin: str, *, at: datetime) -> int:
    """Seconds still to wait before a try of `key` from `origin`."""
    since = at - WINDOW
    free = FREE_UNDER_ATTACK if _failures(since, SignInAttempt.login == key,
                                          SignInAttempt.address != origin)[0] >= ATTACK else FREE
    pair = (SignInAttempt.login == key, SignInAttempt.address == origin)
    failed, last = _failures(_last_success(since, *pair), *pair)
    step = min(failed - free, len(PAIR_WAITS) - 1)
    waits = [_left(last, PAIR_WAITS[step], at) if step >= 0 else 0]
    if not origin.startswith("device:"):
        failed, last = _failures(since, SignInAttempt.address == origin)
        waits.append(_left(last, ADDRESS_WAIT, at) if failed >= FREE_OF_ADDRESS else 0)
    return max(waits)


def _left(last: datetime | None, seconds: int, at: datetime) -> int:
    return 0 if last is None else max(0, seconds - int((at - last).total_seconds()))


def _failures(since: datetime, *where: sa.ColumnElement[bool]) -> tuple[int, datetime | None]:
    query = sa.select(sa.func.count(), sa.func.max(SignInAttempt.at)).where(
        ~SignInAttempt.succeeded, SignInAttempt.at > since, *where)
    count, last = db.session.execute(query).one()
    return count, last


def _last_success(since: datetime, *where: sa.ColumnElement[bool]) -> datetime:
    query = sa.select(sa.func.max(SignInAttempt.at)).where(SignInAttempt.succeeded, SignInAttempt.at > since, *where)
    return db.session.scalar(query) or since


def _one_at_a_time(key: str) -> None:
    """Tries of one person wait for each other, so that many at once are counted (SQLite has one writer anyway)."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(key))))
