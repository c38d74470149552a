"""The answers a person got lately, each with its reason: nobody has to search a mail to know how a case ended (R21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.ground.typography import date_fr, plural
from skillshare.home.queries import asked_units
from skillshare.needs.models import Need, NeedState
from skillshare.organisation.models import Agent
from skillshare.proposals.awaited import fell_silent
from skillshare.proposals.endings import why
from skillshare.proposals.models import Proposal, ProposalState
from skillshare.proposals.workflow import PROPOSAL

RECENT_DAYS = 14
S = ProposalState
TOLD_TO_AGENT = (S.NOT_CHOSEN, S.REFUSED, S.CANCELLED, S.LAPSED)
TOLD_TO_HOST = (S.REFUSED, S.CANCELLED, S.WITHDRAWN)


@dataclass(frozen=True)
class Answer:
    """One line of the list `sk.waits` draws."""

    text: str
    detail: str
    url: str
    on: date
    status: str
    status_icon: str
    status_kind: str = ""


def answers_of(agent: Agent, on: date) -> list[Answer]:
    """What ended lately for the agent and for the units they ask for, latest first; one query when nothing did."""
    rows = _ended(agent, on)
    mine = [row for row in rows if row.agent_id == agent.id]
    asked = [row for row in rows if row.agent_id != agent.id and row.accepted_at is not None]
    found = [*_own(mine), *_asked(asked), *_silent([row for row in rows if row not in mine and row not in asked])]
    return sorted(found, key=lambda answer: answer.on, reverse=True)


def _ended(agent: Agent, on: date) -> list[Proposal]:
    """A refusal is listed with silence, from the day after its last day: nobody but the agent tells them apart (R5)."""
    since = on - timedelta(days=RECENT_DAYS)
    is_recent = Proposal.ended_at >= clock.at_local(since, 0)
    own = sa.and_(Proposal.agent_id == agent.id, Proposal.state.in_(TOLD_TO_AGENT), is_recent)
    told = sa.and_(Proposal.accepted_at.is_not(None), Proposal.state.in_(TOLD_TO_HOST), is_recent)
    silent = sa.and_(fell_silent(since, on), Need.state == NeedState.PUBLISHED)
    asked = sa.and_(Proposal.agent_id != agent.id, Need.unit_id.in_(asked_units(agent)), sa.or_(told, silent))
    query = sa.select(Proposal).join(Need, Need.id == Proposal.need_id).where(sa.or_(own, asked))
    return list(db.session.scalars(query.options(joinedload(Proposal.need).joinedload(Need.unit), joinedload(Proposal.agent))
                                   .order_by(Proposal.id)))


def _day(row: Proposal) -> date:
    return clock.local_date(row.ended_at) if row.ended_at else row.starts_on


def _own(rows: list[Proposal]) -> Iterator[Answer]:
    reasons = why(rows, to_agent=True)
    for row in rows:
        state = PROPOSAL.states[row.state]
        label = "Éteinte" if row.state == S.LAPSED else state.label
        yield Answer(row.need.title, _detail(row, f"{row.need.unit.label}. {reasons.get(row.id, '')}"),
                     url_for("proposals.show", proposal_id=row.id), _day(row), label, state.icon, _kind(state.tone))


def _asked(rows: list[Proposal]) -> Iterator[Answer]:
    reasons = why(rows, to_agent=False)
    for row in rows:
        state = PROPOSAL.states[row.state]
        yield Answer(f"{row.agent.full_name}, pour « {row.need.title} »", _detail(row, reasons.get(row.id, "")),
                     url_for("needs_page.show", need_id=row.need_id), _day(row), state.label, state.icon, _kind(state.tone))


def _detail(row: Proposal, text: str) -> str:
    return f"{date_fr(_day(row)).capitalize()}. {text}".strip()


def _kind(tone: str) -> str:
    return "" if tone == "quiet" else tone


def _silent(rows: list[Proposal]) -> Iterator[Answer]:
    """One line per need: how many did not say yes, and nothing that could name them."""
    needs = {row.need_id: row.need for row in rows}
    for need_id, need in needs.items():
        here = [row for row in rows if row.need_id == need_id]
        last = max(row.answer_by for row in here if row.answer_by)
        yield Answer(f"{plural(len(here), 'sollicitation')} pour « {need.title} »",
                     "La date de réponse est passée. La place est rouverte : le prochain appariement la prend en compte.",
                     url_for("needs_page.show", need_id=need_id), last, "Sans suite", "dash-circle")
