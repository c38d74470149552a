"""Questions about letters: by loan, by verification code, and who opened them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterKind, LetterState, LetterView
from skillshare.loans.models import Loan
from skillshare.proposals.models import Proposal

CURRENT = (LetterState.TO_SIGN, LetterState.SIGNED)


def current_of(loan: Loan) -> Letter | None:
    """The mission letter in force or to sign."""
    return db.session.scalar(sa.select(Letter).where(Letter.loan_id == loan.id, Letter.kind == LetterKind.LETTER,
                                                     Letter.state.in_(CURRENT)))


def all_of(loan: Loan) -> list[Letter]:
    return list(db.session.scalars(sa.select(Letter).where(Letter.loan_id == loan.id).order_by(Letter.id)))


def of_loan_of(proposal: Proposal) -> Letter:
    query = sa.select(Letter).join(Loan, Loan.id == Letter.loan_id).where(
        Loan.proposal_id == proposal.id, Letter.kind == LetterKind.LETTER, Letter.state.in_(CURRENT))
    return db.session.scalars(query).one()


def by_code(code: str) -> Letter | None:
    return db.session.scalar(sa.select(Letter).where(Letter.verify_code == code.strip().upper()))


def by_sha256(sha256: str) -> Letter | None:
    return db.session.scalar(sa.select(Letter).where(Letter.sha256 == sha256))


def views_of(letter: Letter) -> list[LetterView]:
    return list(db.session.scalars(sa.select(LetterView).where(LetterView.letter_id == letter.id)
                                   .order_by(LetterView.at.desc()).limit(50)))


def path_on_disk(letter: Letter) -> Path:
    """Where the copy of a signed letter lies: letters/YEAR/NUMBER.pdf."""
    return current_app.config["HOME"] / "letters" / str(letter.year) / f"{letter.number}.pdf"


def signed_without_copy() -> list[Letter]:
    """Signed letters whose copy on disk is missing, oldest first."""
    query = sa.select(Letter).where(Letter.sha256.is_not(None)).order_by(Letter.id)
    return [letter for letter in db.session.scalars(query) if not path_on_disk(letter).exists()]
