"""Until when an answer or a choice is awaited."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import current_app

from skillshare.ground import clock
from skillshare.proposals.models import Proposal

CHOICE_WORKING_DAYS = 5


def answer_by(on: date, starts_on: date) -> date:
    """The agent's last day: ANSWER_DAYS, or half of the time left if less, never under two working days."""
    days = min(current_app.config["ANSWER_DAYS"], (starts_on - on).days // 2)
    return max(on + timedelta(days=days), clock.add_working_days(on, 2))


def choice_by(on: date, starts_on: date) -> date:
    """The host's last day to choose: five working days, no later than the eve of the mission."""
    return min(clock.add_working_days(on, CHOICE_WORKING_DAYS), max(on, starts_on - timedelta(days=1)))


def is_half_gone(proposal: Proposal, at: datetime) -> bool:
    """Whether half of the days of the present wait are gone: the moment of the reminder."""
    if proposal.answer_by is None:
        return False
    first, today = clock.local_date(proposal.since), clock.local_date(at)
    return 2 * (today - first).days >= (proposal.answer_by - first).days
