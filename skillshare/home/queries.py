"""What awaits a person, in one statement of counts, and the lists behind them; one query each, at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.feedback.models import Feedback
from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingState
from skillshare.letters.models import Letter, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.needs.models import Need, NeedState
from skillshare.offers.models import Offer, OfferState
from skillshare.organisation.models import Agent, Role, RoleName, SigningDelegation, StandIn, Unit
from skillshare.proposals.awaited import awaited
from skillshare.proposals.models import LIVE, Proposal, ProposalState
from skillshare.skills.models import Skill, SkillState

GROUPED = ("filings", "suggestions")  # many of one kind are one task
PAST_DAYS = 90


@dataclass(frozen=True)
class Overview:
    """Counts of what awaits a person, by kind, and the marks of what they are here: roles and functions."""

    counts: dict[str, int]
    marks: frozenset[str]

    @property
    def total(self) -> int:
        return sum(min(count, 1) if kind in GROUPED else count for kind, count in self.counts.items())


def overview(agent: Agent, on: date) -> Overview:
    """Everything above in one statement: it is asked on every page."""
    kinds, marks = awaiting(agent, on), _marks(agent)
    counts = [sa.select(sa.func.count()).select_from(query.order_by(None).subquery()).scalar_subquery().label(kind)
              for kind, query in kinds.items()]
    row = db.session.execute(sa.select(*counts, *(test.label(f"is_{name}") for name, test in marks.items()))).one()
    found = row._mapping
    return Overview({kind: found[kind] for kind in kinds}, frozenset(name for name in marks if found[f"is_{name}"]))


def _marks(agent: Agent) -> dict[str, sa.ColumnElement[bool]]:
    managed = sa.select(Agent.id).where(Agent.manager_id == agent.id, Agent.active, Agent.id != agent.id).exists()
    heads = sa.select(Unit.id).where(Unit.head_id == agent.id).exists()
    signs = sa.select(SigningDelegation.id).where(SigningDelegation.holder_id == agent.id).exists()
    roles = {name.value: _has_role(agent, name) for name in RoleName}
    return {"manager": sa.or_(managed, heads), "signatory": signs, **roles}


def _has_role(agent: Agent, *names: RoleName) -> sa.ColumnElement[bool]:
    return sa.select(Role.id).where(Role.agent_id == agent.id, Role.name.in_(names)).exists()


def asked_units(agent: Agent) -> sa.Select[int]:
    """Ids of the units for which `agent` asks: by role, and those they head."""
    by_role = sa.select(Role.unit_id).where(Role.agent_id == agent.id, Role.name == RoleName.REQUESTER)
    return sa.select(Unit.id).where(sa.or_(Unit.head_id == agent.id, Unit.id.in_(by_role)))


def awaiting(agent: Agent, on: date) -> dict[str, sa.Select[Any]]:
    """Kind → the rows that this person has to act on."""
    return {
        "answers": sa.select(Proposal.id).where(Proposal.agent_id == agent.id, Proposal.state == ProposalState.PROPOSED),
        "choices": _choices(agent),
        "visas": sa.select(Visa.id).join(Proposal).join(Need).where(*_decides(agent, on)),
        "letters": _to_sign(agent, on),
        "feedback": sa.select(Feedback.id).where(Feedback.author_id == agent.id, Feedback.given_at.is_(None)),
        "stuck": sa.select(Visa.id).where(
            Visa.state == VisaState.WAITING, Visa.kind != VisaKind.HR,
            sa.or_(Visa.stage == Stage.MEDIATOR, Visa.holder_id.is_(None)), _has_role(agent, RoleName.MEDIATOR)),
        "filings": sa.select(Filing.id).where(Filing.state == FilingState.REJECTED, _has_role(agent, RoleName.HR)),
        "suggestions": sa.select(Skill.id).where(Skill.state == SkillState.SUGGESTED,
                                                 _has_role(agent, RoleName.MEDIATOR, RoleName.HR)),
        "drafts": sa.select(Need.id).where(Need.requester_id == agent.id, Need.state == NeedState.DRAFT),
        "offer": sa.select(Offer.id).where(Offer.agent_id == agent.id, Offer.state == OfferState.DRAFT),
    }


def _choices(agent: Agent) -> sa.Select[Any]:
    """Needs with volunteers to choose from; never oneself."""
    return (sa.select(Need.id).join(Proposal, Proposal.need_id == Need.id)
            .where(Proposal.state == ProposalState.ACCEPTED, Proposal.agent_id != agent.id,
                   Need.state == NeedState.PUBLISHED, Need.unit_id.in_(asked_units(agent))).distinct())


def _decides(agent: Agent, on: date) -> tuple[sa.ColumnElement[bool], ...]:
    """The same people as `approvals.access.may_decide`: a test holds the two together."""
    principals = sa.select(StandIn.agent_id).where(StandIn.deputy_id == agent.id, StandIn.starts_on <= on,
                                                   StandIn.ends_on >= on)
    is_theirs = sa.or_(Visa.holder_id == agent.id, Visa.helper_id == agent.id, Visa.holder_id.in_(principals))
    asked = sa.or_(Need.requester_id == agent.id, sa.func.coalesce(Proposal.chosen_by_id, 0) == agent.id)
    return (Visa.state == VisaState.WAITING, Proposal.agent_id != agent.id,
            sa.or_(Visa.kind == VisaKind.HOST_HEAD, ~asked),
            sa.case((Visa.kind == VisaKind.HR, _has_role(agent, RoleName.HR)), else_=is_theirs))


def _to_sign(agent: Agent, on: date) -> sa.Select[Any]:
    over, home = sa.orm.aliased(Unit), sa.orm.aliased(Unit)
    covered = (sa.select(SigningDelegation.id).join(over, over.id == SigningDelegation.unit_id)
               .where(SigningDelegation.holder_id == agent.id, SigningDelegation.starts_on <= on,
                      sa.or_(SigningDelegation.ends_on.is_(None), SigningDelegation.ends_on >= on),
                      home.path.like(over.path + "%")))
    return (sa.select(Letter.id).join(Loan, Loan.id == Letter.loan_id).join(home, home.id == Loan.home_unit_id)
            .where(Letter.state == LetterState.TO_SIGN, Loan.agent_id != agent.id, covered.exists()))


def rows_of(model: Any, query: sa.Select[Any], *options: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(model.id.in_(query)).options(*options).order_by(model.id)))


def volunteers_of(need_ids: list[int]) -> dict[int, tuple[int, date | None]]:
    """Need id → how many said yes and wait for a choice, and until when."""
    query = (sa.select(Proposal.need_id, sa.func.count(), sa.func.min(Proposal.answer_by))
             .where(Proposal.need_id.in_(need_ids), Proposal.state == ProposalState.ACCEPTED).group_by(Proposal.need_id))
    return {need_id: (count, until) for need_id, count, until in db.session.execute(query)}


def cases_of(agent: Agent) -> list[Proposal]:
    """Live proposals after the agent's yes: one's own, and those of the units one asks for."""
    mine = sa.or_(Proposal.agent_id == agent.id,
                  sa.and_(Proposal.need.has(Need.unit_id.in_(asked_units(agent))), Proposal.state != ProposalState.ACCEPTED))
    query = sa.select(Proposal).where(Proposal.state.in_(LIVE), Proposal.state != ProposalState.PROPOSED, mine)
    return list(db.session.scalars(query.options(joinedload(Proposal.agent), joinedload(Proposal.need).joinedload(Need.unit))
                                   .order_by(Proposal.since, Proposal.id)))


def waiting_visas(proposal_ids: list[int]) -> dict[int, Visa]:
    query = sa.select(Visa).where(Visa.proposal_id.in_(proposal_ids), Visa.state == VisaState.WAITING)
    return {visa.proposal_id: visa for visa in db.session.scalars(query.options(joinedload(Visa.holder)))}


def awaited_answers(agent: Agent, on: date) -> list[tuple[int, str, int, datetime, date | None]]:
    """(need, title, people asked, since when, last day) per need. A refusal counts as a wait until the last day: nobody
    but the agent can tell it from silence (R5)."""
    query = (sa.select(Need.id, Need.title, sa.func.count(), sa.func.min(Proposal.since),
                       sa.func.max(Proposal.answer_by))
             .join(Proposal, Proposal.need_id == Need.id)
             .where(Need.state == NeedState.PUBLISHED, Need.unit_id.in_(asked_units(agent)),
                    awaited(on)).group_by(Need.id, Need.title).order_by(sa.func.max(Proposal.answer_by), Need.id))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(query)]


def loans_around(agent: Agent, on: date) -> list[Loan]:
    """Loans of the person, of their team and of the units they ask for: current, or ended lately."""
    concerned = sa.or_(Loan.agent_id == agent.id, Loan.home_manager_id == agent.id,
                       Loan.host_unit_id.in_(asked_units(agent)))
    query = sa.select(Loan).where(concerned, Loan.state != LoanState.CANCELLED,
                                  Loan.ends_on >= on - timedelta(days=PAST_DAYS))
    options = [joinedload(Loan.agent), joinedload(Loan.need), joinedload(Loan.host_unit), joinedload(Loan.home_unit)]
    return list(db.session.scalars(query.options(*options).order_by(Loan.starts_on, Loan.id)))
