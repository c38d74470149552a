"""Single-use links and printed codes: shown once, kept as hashes, dead once used or expired."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.organisation.models import AccessToken, Agent

LINK_LIFE = timedelta(hours=1)
CODE_LIFE = timedelta(days=7)
LINKS_PER_HOUR = 3
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0 or 1: read aloud and typed from paper


def issue_link(agent: Agent, *, at: datetime) -> tuple[str, AccessToken]:
    """A secret for a link by mail, and its row."""
    secret = secrets.token_urlsafe(32)
    return secret, _keep(agent, _link_hash(secret), at=at, until=at + LINK_LIFE, issuer=None)


def issue_code(agent: Agent, *, issuer: Agent, at: datetime) -> tuple[str, AccessToken]:
    """A code to print, of 60 random bits, in groups: « K7QM-2XPA-9TRD »; earlier codes of the person die."""
    _kill(agent, at=at, printed=True)
    code = "".join(secrets.choice(LETTERS) for _ in range(12))
    token = _keep(agent, _code_hash(agent, code), at=at, until=at + CODE_LIFE, issuer=issuer)
    return "-".join((code[:4], code[4:8], code[8:])), token


def find_link(secret: str, *, at: datetime) -> AccessToken | None:
    return _live(_link_hash(secret), at)


def find_code(agent: Agent, code: str, *, at: datetime) -> AccessToken | None:
    return _live(_code_hash(agent, "".join(letter for letter in code.upper() if letter.isalnum())), at)


def spend(token: AccessToken, *, at: datetime) -> bool:
    """Use `token`, and with it every other of its person; False when somebody was faster."""
    query = sa.update(AccessToken).where(AccessToken.id == token.id, AccessToken.used_at.is_(None))
    if cast(sa.CursorResult[Any], db.session.execute(query.values(used_at=at))).rowcount != 1:
        return False
    _kill(token.agent, at=at)
    return True


def links_lately(agent: Agent, *, at: datetime) -> int:
    """Links sent to the person in the last hour."""
    query = sa.select(sa.func.count()).where(AccessToken.agent_id == agent.id, AccessToken.issued_by_id.is_(None),
                                             AccessToken.issued_at > at - timedelta(hours=1))
    return db.session.scalar(query) or 0


def _keep(agent: Agent, digest: str, *, at: datetime, until: datetime, issuer: Agent | None) -> AccessToken:
    token = AccessToken(agent_id=agent.id, token_hash=digest, issued_at=at, expires_at=until,
                        issued_by_id=issuer.id if issuer else None)
    db.session.add(token)
    db.session.flush()
    return token


def _kill(agent: Agent, *, at: datetime, printed: bool = False) -> None:
    query = sa.update(AccessToken).where(AccessToken.agent_id == agent.id, AccessToken.used_at.is_(None))
    if printed:
        query = query.where(AccessToken.issued_by_id.is_not(None))
    db.session.execute(query.values(used_at=at))


def _live(digest: str, at: datetime) -> AccessToken | None:
    query = sa.select(AccessToken).where(AccessToken.token_hash == digest, AccessToken.used_at.is_(None),
                                         AccessToken.expires_at > at)
    return db.session.scalars(query).first()


def _link_hash(secret: str) -> str:
    return hashlib.sha256(f"link:{secret}".encode()).hexdigest()


def _code_hash(agent: Agent, code: str) -> str:
    return hashlib.sha256(f"code:{agent.id}:{code}".encode()).hexdigest()
