"""A letter carried to its signature by the same actions as people's."""

from __future__ import annotations

from datetime import datetime

from skillshare.approvals import signing
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.hr_file import actions as hr_file
from skillshare.letters.models import Letter, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import delegations_of
from skillshare.proposals.models import ProposalState
from tests import factories
from tests.approvals.cases import Case, case_of


def signed(people: factories.People, at: datetime, **more) -> Case:
    """Bob's letter, signed by Farid under clean rules."""
    case = case_of(people, at, **more)
    case.approve()
    signing.sign(case.letter(), actor=people.farid, at=at)
    db.session.commit()
    return case


def straight(people: factories.People, at: datetime, *, agent: Agent | None = None, sequence: int | None = 1, **of_need) -> Case:
    """The same letter written straight into the tables, with no file: what the rules read, quickly. Without
    `sequence`, it is to be signed."""
    agent, need = agent or people.bob, factories.need(people, [factories.skill()], **of_need)
    proposal = factories.proposal(need, agent, state=ProposalState.APPROVED, chosen_by_id=people.hugo.id)
    for rank, (kind, holder) in enumerate(((VisaKind.HOST_HEAD, people.hugo), (VisaKind.HOME_MANAGER, people.chloe)), 1):
        db.session.add(Visa(proposal_id=proposal.id, rank=rank, kind=kind, state=VisaState.GIVEN, holder_id=holder.id,
                            since=at, decided_at=at, decided_by_id=holder.id))
    loan = Loan(proposal_id=proposal.id, need_id=need.id, agent_id=agent.id, home_unit_id=agent.unit_id,
                host_unit_id=people.sam.id, home_manager_id=people.chloe.id, mission_lead_id=people.alice.id,
                state=LoanState.SCHEDULED if sequence else LoanState.TO_SIGN, starts_on=need.starts_on,
                ends_on=need.ends_on, planned_ends_on=need.ends_on, load=need.load, created_at=at)
    db.session.add(loan)
    db.session.flush()
    letter = Letter(loan_id=loan.id, employer_id=people.employer.id, created_at=at, data=_data(loan, agent),
                    **(_signature(people, at, sequence) if sequence else {"state": LetterState.TO_SIGN}))
    db.session.add(letter)
    db.session.flush()
    if sequence:
        hr_file.queue(letter, at=at)
    db.session.commit()
    return Case(people, need, proposal, at)


def _data(loan: Loan, agent: Agent) -> dict:
    """The part of a letter's data that the rules and the HR file read."""
    return {"number": "2026-0001", "agent": {"working_time": 100, "staff_number": agent.staff_number},
            "period": {"starts_on": loan.starts_on.isoformat(), "ends_on": loan.ends_on.isoformat()},
            "load": {"share": loan.load}, "host": {"unit": "SAM Solidarités"}, "recipients": ["l’agent"]}


def _signature(people: factories.People, at: datetime, sequence: int) -> dict:
    held = delegations_of(people.farid, clock.local_date(at))[0]
    return {"state": LetterState.SIGNED, "signed_at": at, "year": 2026, "sequence": sequence,
            "number": f"2026-{sequence:04d}", "verify_code": f"AAAA-BBBB-{sequence:04d}", "sha256": f"{sequence:064d}",
            "pdf": b"%PDF", "signed_by_id": people.farid.id, "delegation_id": held.id}
