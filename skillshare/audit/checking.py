"""Every rule on every letter, read without holding anybody up, and kept for the pages."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.audit.anomalies import RULES, broken
from skillshare.audit.models import LetterAnomaly, RegisterCheck
from skillshare.audit.queries import joined
from skillshare.ground import clock
from skillshare.ground.extensions import db, snapshot
from skillshare.letters.models import Letter

Found = set[tuple[int, str]]


def check_letters(at: datetime) -> tuple[int, int]:
    """Check every letter; the caller commits what was found. Returns (anomalies that appeared, that are gone)."""
    with snapshot():
        now = _broken_now(clock.local_date(at))
    before: Found = {(row.letter_id, row.code) for row in db.session.scalars(sa.select(LetterAnomaly))}
    for letter_id, code in before - now:
        db.session.execute(sa.delete(LetterAnomaly).where(LetterAnomaly.letter_id == letter_id, LetterAnomaly.code == code))
    db.session.add_all(LetterAnomaly(letter_id=letter_id, code=code) for letter_id, code in sorted(now - before))
    check = db.session.get(RegisterCheck, 1) or RegisterCheck(id=1)
    check.checked_at = at
    db.session.add(check)
    db.session.flush()
    return len(now - before), len(before - now)


def _broken_now(today: date) -> Found:
    return {(letter_id, code) for code in RULES
            for letter_id in db.session.scalars(joined(sa.select(Letter.id)).where(broken(code, today)))}
