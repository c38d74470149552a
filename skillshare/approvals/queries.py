"""Lists of the circuit, each filtered in the database: to decide, decided, stuck, letters to sign; and why a visa was refused."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.approvals.reasons import refusal_words
from skillshare.ground.extensions import db
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent, RoleName, Unit
from skillshare.organisation.queries import delegations_of, principals_of
from skillshare.proposals.models import Proposal

ON_DESK = (LetterKind.LETTER, LetterKind.EARLY_END)


def _visas(*conditions: sa.ColumnElement[bool]) -> sa.Select[Visa]:
    case = joinedload(Visa.proposal)
    return (sa.select(Visa).join(Proposal, Proposal.id == Visa.proposal_id).join(Need, Need.id == Proposal.need_id)
            .where(*conditions).options(case.joinedload(Proposal.agent).joinedload(Agent.unit),
                                        case.joinedload(Proposal.need).joinedload(Need.unit),
                                        joinedload(Visa.holder)))


def to_decide(actor: Agent, on: date) -> sa.Select[Visa]:
    """Visas waiting for `actor`, as holder, helper, stand-in of the day or HR; the most pressing first."""
    mine = [Visa.holder_id == actor.id, Visa.helper_id == actor.id, Visa.holder_id.in_(principals_of(actor, on))]
    if actor.has_role(RoleName.HR):
        mine.append(Visa.kind == VisaKind.HR)
    not_asked = sa.and_(Need.requester_id != actor.id, sa.func.coalesce(Proposal.chosen_by_id, 0) != actor.id)
    query = _visas(Visa.state == VisaState.WAITING, sa.or_(*mine), Proposal.agent_id != actor.id,
                   sa.or_(Visa.kind == VisaKind.HOST_HEAD, not_asked))
    return query.order_by(Visa.stand_in_on, Visa.id)


def decided_by(actor: Agent) -> sa.Select[Visa]:
    """What `actor` has decided, the latest first."""
    states = (VisaState.GIVEN, VisaState.REFUSED, VisaState.COUNTERED)
    return _visas(Visa.decided_by_id == actor.id, Visa.state.in_(states)).order_by(Visa.decided_at.desc(), Visa.id.desc())


def stuck() -> sa.Select[Visa]:
    """Visas that the mediator may hand to another manager: nobody is left, or every delay has passed."""
    is_stuck = sa.or_(Visa.holder_id.is_(None), Visa.stage == Stage.MEDIATOR)
    return _visas(Visa.state == VisaState.WAITING, Visa.kind != VisaKind.HR, is_stuck).order_by(Visa.since, Visa.id)


def letters_to_sign(actor: Agent, on: date) -> sa.Select[Letter]:
    """Letters that the delegations of `actor` cover on that day, never their own; the nearest start first."""
    live = [held for held in delegations_of(actor, on) if held.starts_on <= on]
    paths = sorted({held.unit.path for held in live})
    home = sa.orm.aliased(Unit)
    covered = sa.or_(*(home.path.startswith(path) for path in paths)) if paths and actor.active else sa.false()
    loan = joinedload(Letter.loan)
    return (sa.select(Letter).join(Loan, Loan.id == Letter.loan_id).join(home, home.id == Loan.home_unit_id)
            .where(Letter.state == LetterState.TO_SIGN, Letter.kind.in_(ON_DESK), covered,
                   Loan.agent_id != actor.id)
            .options(loan.joinedload(Loan.agent), loan.joinedload(Loan.home_unit), loan.joinedload(Loan.host_unit),
                     loan.joinedload(Loan.need), joinedload(Letter.replaces))
            .order_by(Loan.starts_on, Letter.id))


def count(query: sa.Select) -> int:
    """How many rows a list has, for the home page and the navigation."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0


def refusals(proposal_ids: list[int]) -> dict[int, str]:
    """Proposal id → why its visa was refused, in words."""
    query = sa.select(Visa).where(Visa.proposal_id.in_(proposal_ids), Visa.state == VisaState.REFUSED)
    return {visa.proposal_id: refusal_words(visa.reason_code, visa.reason_text)
            for visa in db.session.scalars(query.order_by(Visa.id))}
