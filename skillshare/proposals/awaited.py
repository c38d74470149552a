"""Whom the requesting side still awaits: until the last day to answer, a refusal, a silence and a departure are one (R5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from skillshare.proposals.models import LIVE, NEVER_SAID_YES, Proposal, ProposalState

UNANSWERED = (ProposalState.PROPOSED, *NEVER_SAID_YES)


def is_unanswered(row: Any) -> bool:
    """Whether no yes was ever given, whatever became of the proposal (or a row with its state and `accepted_at`)."""
    return row.accepted_at is None and row.state in UNANSWERED


def is_awaited(row: Any, on: date) -> bool:
    """Whether an answer may still come, as far as anybody but the agent knows; no last day, nobody awaited."""
    return is_unanswered(row) and row.answer_by is not None and on <= row.answer_by


def stands(row: Any, on: date) -> bool:
    """Whether a proposal takes its seat: said yes and lives on, or is awaited."""
    return is_awaited(row, on) if is_unanswered(row) else row.state in LIVE


def unanswered() -> sa.ColumnElement[bool]:
    return sa.and_(Proposal.accepted_at.is_(None), Proposal.state.in_(UNANSWERED))


def awaited(on: date) -> sa.ColumnElement[bool]:
    """`is_awaited`, for a query."""
    return sa.and_(unanswered(), Proposal.answer_by >= on)


def standing(on: date) -> sa.ColumnElement[bool]:
    """`stands`, for a query."""
    said_yes = [state for state in LIVE if state != ProposalState.PROPOSED]
    return sa.or_(Proposal.state.in_(said_yes), awaited(on))


def fell_silent(since: date, on: date) -> sa.ColumnElement[bool]:
    """Whose last day passed from `since` on, before `on`, without a yes: the clock need not have ended them yet."""
    return sa.and_(unanswered(), Proposal.answer_by >= since, Proposal.answer_by < on)
