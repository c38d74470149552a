"""Replacing a wrong letter: the old one keeps its number and its file, the new one is rebuilt and to be signed."""

from __future__ import annotations

from datetime import datetime

from skillshare.approvals.circuit import steps_of
from skillshare.approvals.trace import trace_of
from skillshare.audit import mails
from skillshare.ground import journal
from skillshare.ground.access import Ability, demand
from skillshare.ground.errors import RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.workflow import lock, move
from skillshare.hr_file import actions as hr_file
from skillshare.letters import actions as letters
from skillshare.letters.derived import REPLACED
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.letters.workflow import LETTER
from skillshare.loans import actions as loans
from skillshare.loans.models import LoanState
from skillshare.organisation.models import Agent

ALIVE = (LoanState.SCHEDULED, LoanState.RUNNING)


def replace(letter: Letter, *, actor: Agent, reason: str, at: datetime) -> Letter:
    """Take a wrong letter out of force and its piece out of the HR file; open the one that replaces it, to sign.

    Its data are read again from the loan, the HR file and the need, once these have been corrected. The new
    piece is queued by the signature.
    """
    demand(actor, Ability.LETTER_REPLACE, letter)
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("reason", "Dites ce qui est faux : le motif reste attaché à la lettre remplacée.")
    lock(letter.loan)
    lock(letter)
    if letter.state != LetterState.SIGNED or letter.kind != LetterKind.LETTER or letter.loan.state not in ALIVE:
        raise TransitionNotAllowed()
    move(LETTER, letter, "supersede", actor=actor, at=at)
    letter.cancelled_at, letter.cancel_reason = at, reason[:300]
    hr_file.reverse(letter, at=at)
    if letter.loan.state == LoanState.SCHEDULED:
        loans.await_signature(letter.loan, at=at)
    db.session.flush()  # before the new one: a loan has one current letter
    return _opened(letter, actor=actor, at=at)


def _opened(wrong: Letter, *, actor: Agent, at: datetime) -> Letter:
    loan = wrong.loan
    made = letters.open_letter(loan, trace=trace_of(steps_of(loan.proposal)), at=at, replaces=wrong)
    references = [*made.data["legal_references"], f"la lettre n° {wrong.number}, {REPLACED}"]
    kept = {"continuity": wrong.data["clauses"]["continuity"]}  # the lending manager's own words
    made.data = made.data | {"legal_references": references, "clauses": made.data["clauses"] | kept,
                             "version": int(wrong.data.get("version", 1)) + 1}
    db.session.flush()
    letters.preview(made)  # a fault of its data is told now, not at the signature
    journal.record("letters:open_replacement", actor=actor, at=at, subject=made, replaces=wrong.id, loan=loan.id)
    mails.replaced(wrong, made, at=at)
    return made
