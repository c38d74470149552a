"""The verbs of the circuit: open it, give a visa, refuse, counter-propose; the last visa opens loan and letter."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.approvals import circuit, mails
from skillshare.approvals.access import is_barred, may_decide
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.approvals.reasons import COUNTER_REASONS, REFUSAL_REASONS, SUITABILITY
from skillshare.approvals.signing import sign
from skillshare.approvals.trace import trace_of
from skillshare.approvals.workflow import VISA
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter
from skillshare.loans.actions import open_loan
from skillshare.needs.models import Seat
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import delegation_for
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Origin, Proposal, ProposalState
from skillshare.proposals.workflow import PROPOSAL


def open_circuit(proposal: Proposal, *, at: datetime) -> list[Visa]:
    """Start the visas of a chosen proposal. The host's choice is the host's visa when its author holds it;
    a counter-proposal accepted as it stood is its manager's visa. The letter is compiled once, unseen,
    so that a fault of its template never reaches the manager."""
    move(PROPOSAL, proposal, "send_to_visa", actor=SYSTEM, at=at)
    visas = circuit.write_steps(proposal)
    letters.compile_draft(proposal, at=at, trace=trace_of(visas))
    _advance(proposal, at=at)
    return visas


def _advance(proposal: Proposal, *, at: datetime) -> None:
    """Open the next pending step; give at once what its holder has already said; the last one approves."""
    for visa in circuit.steps_of(proposal):
        if visa.state == VisaState.WAITING:
            return
        if visa.state == VisaState.PENDING:
            circuit.open_step(visa, at=at)
            said_by = _already_said_by(visa)
            if said_by is None:
                mails.ask_visa(visa, at=at)
                return
            _give(visa, actor=said_by, at=at)
    _approve(proposal, at=at)


def _already_said_by(visa: Visa) -> Agent | None:
    proposal = visa.proposal
    if visa.kind == VisaKind.HOST_HEAD:
        author = proposal.chosen_by
    elif visa.kind == VisaKind.HOME_MANAGER and _is_countered_as_is(proposal):
        author = proposal.counter_by
    else:
        author = None
    return author if author is not None and may_decide(author, visa) else None


def _is_countered_as_is(proposal: Proposal) -> bool:
    return proposal.origin == Origin.COUNTER and proposals.content_hash(proposal) == proposal.content_hash


def _give(visa: Visa, *, actor: Agent, at: datetime) -> None:
    move(VISA, visa, "give", actor=actor, at=at, holder=visa.holder_id)
    _decided(visa, actor=actor, at=at)


def _decided(visa: Visa, *, actor: Agent, at: datetime) -> None:
    visa.decided_at, visa.decided_by_id = at, actor.id
    visa.decided_for_id = visa.holder_id if visa.holder_id not in (None, actor.id) else None


def give_visa(visa: Visa, *, actor: Agent, at: datetime, suitability: dict[str, str] | None = None,
              sign_too: bool = False) -> Letter | None:
    """Give a visa; the last one re-checks capacity, caps and seat under locks and opens loan and letter.

    `sign_too`: sign in the same act, where a registered delegation of `actor` covers the agent's unit.
    Returns the letter when this was the last visa.
    """
    proposal = visa.proposal
    _lock_case(proposal)
    _give(visa, actor=actor, at=at)
    visa.suitability = {key: value for key, value in (suitability or {}).items() if key in SUITABILITY}
    _advance(proposal, at=at)
    if proposal.state != ProposalState.APPROVED:
        return None
    letter = letters.of_loan_of(proposal)
    if sign_too and delegation_for(actor, letter.loan.home_unit, clock.local_date(at)):
        sign(letter, actor=actor, at=at)
    return letter


def _lock_case(proposal: Proposal) -> None:
    """Seat, agent, units: the order in which every verb of the circuit takes its locks."""
    db.session.execute(sa.select(Seat.id).where(Seat.id == proposal.seat_id).with_for_update())
    commitments.lock_for(proposal.agent)
    db.session.refresh(proposal, attribute_names=["state"])


def _approve(proposal: Proposal, *, at: datetime) -> None:
    """What the last visa does, all or nothing: time given, loan and letter « à signer »."""
    if proposal.starts_on < clock.local_date(at):
        raise RuleBroken("", "La date de début est passée : proposez d’autres dates. Rien n’a été enregistré.")
    commitments.give(f"proposal:{proposal.id}", starts_on=proposal.starts_on, ends_on=proposal.ends_on,
                     load=proposal.load, at=at)
    move(PROPOSAL, proposal, "approve", actor=SYSTEM, at=at)
    visas = circuit.steps_of(proposal)
    manager = next((v.decided_by for v in visas if v.kind == VisaKind.HOME_MANAGER), visas[-1].decided_by)
    loan = open_loan(proposal, home_manager=manager, at=at)
    letter = letters.open_letter(loan, trace=trace_of(visas), at=at)
    journal.record("approvals:opened_letter", actor=SYSTEM, at=at, subject=letter, loan=loan.id)
    mails.approved(loan, letter, at=at)


def refuse(visa: Visa, *, actor: Agent, at: datetime, reason_code: str, reason_text: str = "") -> None:
    """Refuse a loan with a reason from the list; the seat opens again and the pair does not come back."""
    if reason_code not in REFUSAL_REASONS:
        raise RuleBroken("reason_code", "Choisissez un motif : le service et l’agent ont droit à une raison.")
    proposal = visa.proposal
    _lock_case(proposal)
    move(VISA, visa, "refuse", actor=actor, at=at, reason=reason_code)
    _decided(visa, actor=actor, at=at)
    visa.reason_code, visa.reason_text = reason_code, reason_text
    move(PROPOSAL, proposal, "refuse", actor=SYSTEM, at=at)
    close_case(proposal, at=at)
    mails.refused(visa, REFUSAL_REASONS[reason_code], at=at)


def counter_propose(visa: Visa, *, actor: Agent, at: datetime, starts_on: date, ends_on: date, load: int,
                    reason_code: str = "team") -> Proposal:
    """Close the proposal and open one with other dates or load; accepted as it stands, it is this visa."""
    proposal = visa.proposal
    _check_counter(proposal, starts_on=starts_on, ends_on=ends_on, load=load, on=clock.local_date(at))
    if reason_code not in COUNTER_REASONS:
        raise RuleBroken("reason_code", "Choisissez ce qui motive ces dates.")
    _lock_case(proposal)
    move(VISA, visa, "counter", actor=actor, at=at, reason=reason_code)
    _decided(visa, actor=actor, at=at)
    visa.reason_code = reason_code
    close_case(proposal, at=at)
    made = proposals.propose_counter(proposal, starts_on=starts_on, ends_on=ends_on, load=load,
                                     counter_by=visa.holder or actor, at=at)
    mails.countered(visa, made, at=at)
    return made


def _check_counter(proposal: Proposal, *, starts_on: date, ends_on: date, load: int, on: date) -> None:
    if starts_on < on:
        raise RuleBroken("starts_on", "Le début est passé. Choisissez une date à venir.")
    if ends_on < starts_on:
        raise RuleBroken("ends_on", "La fin précède le début. Choisissez une date après.")
    if not 1 <= load <= proposal.agent.working_time:
        raise RuleBroken("load", f"Choisissez une part entre 1 et {proposal.agent.working_time} %.")
    if (starts_on, ends_on, load) == (proposal.starts_on, proposal.ends_on, proposal.load):
        raise RuleBroken("starts_on", "Ce sont les dates et la part demandées : donnez votre visa, ou changez-les.")


def close_case(proposal: Proposal, *, at: datetime) -> None:
    """Void what still waits and free the promised time: the proposal has ended."""
    for visa in circuit.steps_of(proposal):
        if visa.state in (VisaState.PENDING, VisaState.WAITING):
            move(VISA, visa, "void", actor=SYSTEM, at=at)
    commitments.release(f"proposal:{proposal.id}", at=at)


def reroute(visa: Visa, *, actor: Agent, to: Agent, at: datetime) -> None:
    """The mediator hands a stuck visa to another manager; the decision stays that manager's."""
    _lock_case(visa.proposal)
    demand(actor, Ability.VISA_REROUTE, visa)
    if is_barred(to, visa) or not to.active:
        raise RuleBroken("helper", "Cette personne ne peut pas donner ce visa : choisissez-en une autre.")
    visa.helper_id, visa.since = to.id, at
    journal.record("visas:reroute", actor=actor, at=at, subject=visa, helper=to.id)
    mails.ask_visa(visa, at=at)
