"""The agent's attestation, issued when the mission is over; see docs/decisions/007."""

from __future__ import annotations

from datetime import datetime

from skillshare.feedback import mails
from skillshare.ground import clock
from skillshare.hr_file import actions as hr_file
from skillshare.letters import actions as letters
from skillshare.letters import queries
from skillshare.letters.content import LetterData
from skillshare.letters.data import period_block
from skillshare.letters.derived import attestation_of
from skillshare.letters.models import Letter, LetterKind
from skillshare.loans.models import Loan, LoanState

OVER = (LoanState.ENDED, LoanState.ENDED_EARLY)


def issue(loan: Loan, *, at: datetime) -> Letter | None:
    """Compose, seal and file the attestation of a loan that is over, and tell the agent. Repeatable.

    None while the loan has no letter in force: it then follows the signature of the letter that replaces a wrong one.
    """
    already = queries.act_of(loan, LetterKind.ATTESTATION)
    letter = queries.in_force_of(loan)
    if already is not None or letter is None or loan.state not in OVER:
        return already
    made = letters.open_act(loan, _content(loan, letter, at=at), at=at)
    letters.issue(made, at=at)
    hr_file.queue(made, at=at)
    mails.attested(made, at=at)
    return made


def _content(loan: Loan, letter: Letter, *, at: datetime) -> LetterData:
    period = period_block(loan.starts_on, loan.ends_on, loan.load, "")
    early = queries.act_of(loan, LetterKind.EARLY_END)
    acts = [f"fin anticipée n° {early.number}"] if early is not None and early.number else []
    return attestation_of(LetterData.from_json(letter.data), ended_on=loan.ends_on, days=period["days"],
                          hours=period["hours"], dated=clock.local_date(at), acts=acts)
