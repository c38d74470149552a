"""One case carried to a given point by the same actions as people's, on whichever database is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from skillshare.approvals import actions, circuit
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.letters.models import Letter, LetterKind
from skillshare.loans.models import Loan
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Proposal, ProposalState
from tests import factories

SUITABLE = {"continuity": "yes", "workload": "yes", "skills_left": "yes", "dates": "yes"}


@dataclass
class Case:
    """Bob's proposal for Alice's need, and verbs to carry it on."""

    people: factories.People
    need: Need
    proposal: Proposal
    at: datetime

    def choose(self, by: Agent | None = None) -> None:
        proposals.choose(self.proposal, actor=by or self.people.hugo, at=self.at)
        db.session.commit()

    def visa(self, kind: VisaKind = VisaKind.HOME_MANAGER) -> Visa:
        return next(visa for visa in circuit.steps_of(self.proposal) if visa.kind == kind)

    def waiting(self) -> Visa:
        return next(visa for visa in circuit.steps_of(self.proposal) if visa.state == VisaState.WAITING)

    def give(self, by: Agent | None = None, **more) -> Letter | None:
        letter = actions.give_visa(self.waiting(), actor=by or self.people.chloe, at=self.at, **more)
        db.session.commit()
        return letter

    def approve(self) -> Loan:
        """Chosen by the head of the host, home visa by Chloé: to sign."""
        self.choose()
        self.give()
        return self.loan()

    def loan(self) -> Loan:
        return db.session.scalars(sa.select(Loan).where(Loan.proposal_id == self.proposal.id)).one()

    def letter(self) -> Letter:
        return self.act(LetterKind.LETTER)

    def act(self, kind: LetterKind) -> Letter:
        return db.session.scalars(sa.select(Letter).where(Letter.loan_id == self.loan().id, Letter.kind == kind)).one()


def case_of(people: factories.People, at: datetime, *, agent: Agent | None = None, seats: int = 1, **of_need) -> Case:
    """An agent's consent on a published need."""
    need = factories.need(people, [factories.skill()], seats=seats, **of_need)
    return consent(people, need, agent or people.bob, at)


def consent(people: factories.People, need: Need, agent: Agent, at: datetime, seat: int = 0) -> Case:
    made = factories.proposal(need, agent, state=ProposalState.PROPOSED, seat_id=need.seats[seat].id,
                              answer_by=date(2026, 12, 7))
    db.session.commit()
    proposals.accept(made, actor=agent, at=at)
    db.session.commit()
    return Case(people, need, made, at)


def told(kind: str) -> set[int]:
    """Who was sent a mail of this kind."""
    return set(db.session.scalars(sa.select(Message.recipient_id).where(Message.kind == kind)))


def mails(kind: str) -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id)))


def days_later(at: datetime, count: int) -> datetime:
    """The morning `count` working days after `at`."""
    return clock.at_local(clock.add_working_days(clock.local_date(at), count), 7)
