"""What the page of one letter shows, whole for HR and the auditor, reduced for the parties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from skillshare.audit import queries
from skillshare.audit.anomalies import RULES
from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingAction
from skillshare.hr_file.workflow import FILING
from skillshare.letters.models import Letter, LetterKind, LetterState, LetterView
from skillshare.letters.workflow import LETTER
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent

VIEWS_SHOWN = 30


@dataclass(frozen=True)
class Sheet:
    state: Any
    filings: list[Filing]
    filing: Filing | None
    checks: list[tuple[str, bool, str]]
    replaces: Letter | None
    replaced_by: Letter | None
    others: list[Letter]
    openings: list[tuple[str, Any]]


def sheet_of(letter: Letter, acts: list[Letter], pieces: list[Filing], *, today: date, whole: bool) -> Sheet:
    """`acts` and `pieces`: the acts of the loan that the reader may open, and what was filed of them."""
    own = [piece for piece in pieces if piece.letter_id == letter.id]
    return Sheet(state_of(letter), own, own[-1] if own else None, checks_of(letter, today) if whole else [],
                 next((act for act in acts if act.id == letter.replaces_id), None),
                 next((act for act in acts if act.replaces_id == letter.id), None),
                 [act for act in acts if act.id != letter.id], openings_of(letter) if whole else [])


def state_of(letter: Letter) -> Any:
    """What the row says first: the mission's state once the letter is signed, else the letter's."""
    return LOAN.state_of(letter.loan) if letter.state == LetterState.SIGNED else LETTER.state_of(letter)


def checks_of(letter: Letter, today: date) -> list[tuple[str, bool, str]]:
    """(rule, holds, what is wrong) for each rule; none for a letter that is no longer in force, nor for another act."""
    if letter.kind != LetterKind.LETTER or letter.state in (LetterState.SUPERSEDED, LetterState.CANCELLED):
        return []
    broken = {rule.code for rule in queries.anomalies_of([letter.id], today=today).get(letter.id, [])}
    return [(rule.label, rule.code not in broken, rule.broken) for rule in RULES.values()]


def openings_of(letter: Letter) -> list[tuple[str, Any]]:
    """Who opened the letter and when, the latest first."""
    query = (sa.select(Agent.first_name, Agent.last_name, LetterView.at).join(Agent, Agent.id == LetterView.agent_id)
             .where(LetterView.letter_id == letter.id).order_by(LetterView.at.desc(), LetterView.id.desc()))
    return [(f"{first} {last}", at) for first, last, at in db.session.execute(query.limit(VIEWS_SHOWN))]


def filing_words(filing: Filing | None, letter: Letter) -> tuple[str, str, str]:
    """(label, tone, icon) of the filing of a letter."""
    if filing is None:
        return ("Versement après signature", "", "archive") if letter.number is None else ("Jamais versée", "danger", "archive")
    state = FILING.state_of(filing)
    label = f"Retrait : {state.label[0].lower()}{state.label[1:]}" if filing.action == FilingAction.REVERSE else state.label
    return label, "" if state.tone == "quiet" else state.tone, state.icon
