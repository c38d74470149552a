"""Questions about letters: by loan, by verification code, by file."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan
from skillshare.needs.models import Need
from skillshare.proposals.models import Proposal

CURRENT = (LetterState.TO_SIGN, LetterState.SIGNED)


def current_of(loan: Loan) -> Letter | None:
    """The mission letter in force or to sign."""
    return db.session.scalar(sa.select(Letter).where(Letter.loan_id == loan.id, Letter.kind == LetterKind.LETTER,
                                                     Letter.state.in_(CURRENT)))


def whole(letter_id: int) -> Letter | None:
    """A letter with all that its pages read, in one query; the file itself stays where it is."""
    loan = joinedload(Letter.loan)
    need = loan.joinedload(Loan.need)
    return db.session.get(Letter, letter_id, options=[
        loan.joinedload(Loan.agent), loan.joinedload(Loan.home_unit), loan.joinedload(Loan.host_unit),
        loan.joinedload(Loan.home_manager), loan.joinedload(Loan.mission_lead), need.joinedload(Need.unit),
        joinedload(Letter.signed_by), joinedload(Letter.delegation), joinedload(Letter.replaces)])


def all_of(loan: Loan) -> list[Letter]:
    return list(db.session.scalars(sa.select(Letter).where(Letter.loan_id == loan.id).order_by(Letter.id)))


def in_force_of(loan: Loan) -> Letter | None:
    """The signed mission letter; None before its signature, and while the one that replaces it is not signed."""
    letter = current_of(loan)
    return letter if letter is not None and letter.state == LetterState.SIGNED else None


def act_of(loan: Loan, kind: LetterKind) -> Letter | None:
    """The early end or the attestation of a loan, where there is one."""
    return db.session.scalar(sa.select(Letter).where(Letter.loan_id == loan.id, Letter.kind == kind,
                                                     Letter.state != LetterState.CANCELLED))


def last_signed_of(loan: Loan) -> Letter | None:
    """The letter in force, else the one that is being replaced: what an early end refers to."""
    query = sa.select(Letter).where(Letter.loan_id == loan.id, Letter.kind == LetterKind.LETTER,
                                    Letter.state.in_((LetterState.SIGNED, LetterState.SUPERSEDED)))
    return db.session.scalars(query.order_by(Letter.id.desc())).first()


def of_loan_of(proposal: Proposal) -> Letter:
    query = sa.select(Letter).join(Loan, Loan.id == Letter.loan_id).where(
        Loan.proposal_id == proposal.id, Letter.kind == LetterKind.LETTER, Letter.state.in_(CURRENT))
    return db.session.scalars(query).one()


def by_code(code: str) -> Letter | None:
    return db.session.scalar(sa.select(Letter).where(Letter.verify_code == code.strip().upper()))


def by_sha256(sha256: str) -> Letter | None:
    return db.session.scalar(sa.select(Letter).where(Letter.sha256 == sha256))


def path_on_disk(letter: Letter) -> Path:
    """Where the copy of a sealed act lies: letters/YEAR/NUMBER.pdf, the year of its mission letter."""
    return current_app.config["HOME"] / "letters" / str(letter.number).split("-")[0] / f"{letter.number}.pdf"


def signed_without_copy() -> list[Letter]:
    """Signed letters whose copy on disk is missing, oldest first."""
    query = sa.select(Letter).where(Letter.sha256.is_not(None)).order_by(Letter.id)
    return [letter for letter in db.session.scalars(query) if not path_on_disk(letter).exists()]
