"""Numbers of acts: one gapless series of mission letters per employer and year; later acts carry their letter's."""

from __future__ import annotations

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterCounter, LetterKind
from skillshare.organisation.models import Employer

SUFFIX = {LetterKind.EARLY_END: "FIN", LetterKind.ATTESTATION: "ATT"}


def take(letter: Letter, year: int) -> str:
    """Give `letter` its number: the next of the year, or its mission letter's followed by FIN or ATT."""
    if letter.kind == LetterKind.LETTER:
        letter.year, letter.sequence = year, _next(letter.employer_id, year)
        letter.number = f"{letter.year}-{letter.sequence:04d}"
    else:
        letter.number = f"{letter.data['amends']['number']}-{SUFFIX[letter.kind]}"
    return letter.number


def _next(employer_id: int, year: int) -> int:
    """The next number of the year, without gap: its counter is locked until the transaction ends."""
    query = sa.select(LetterCounter).where(LetterCounter.employer_id == employer_id, LetterCounter.year == year)
    query = query.with_for_update().execution_options(populate_existing=True)
    counter = db.session.scalar(query)
    if counter is None:  # the first of the year: those who come together wait for one of them to begin it
        db.session.execute(sa.select(Employer.id).where(Employer.id == employer_id).with_for_update())
        counter = db.session.scalar(query)
    if counter is None:
        counter = LetterCounter(employer_id=employer_id, year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    db.session.flush()
    return counter.last
