"""The verbs of the circuit: open it, give a visa, refuse, counter-propose, reroute."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.approvals import circuit, mails
from skillshare.approvals.access import may_decide
from skillshare.approvals.approving import approve
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.approvals.reasons import COUNTER_REASONS, REFUSAL_REASONS, SUITABILITY, SUITABILITY_ANSWERS
from skillshare.approvals.signing import sign
from skillshare.approvals.trace import trace_of
from skillshare.approvals.workflow import VISA
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.workflow import lock, move
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter
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
    approve(proposal, at=at)


def _already_said_by(visa: Visa) -> Agent | None:
    proposal = visa.proposal
    if visa.kind == VisaKind.HOST_HEAD:
        author = proposal.chosen_by
        return author if author is not None and may_decide(author, visa) else None
    earlier = circuit.countered_step(proposal)
    if earlier is None or earlier.kind != visa.kind or earlier.holder_id != visa.holder_id:
        return None
    author = earlier.decided_by
    if author is None or not _is_countered_as_is(proposal):
        return None
    visa.helper_id = author.id  # who countered in the holder's place has said yes to these very dates
    db.session.flush()
    return author if may_decide(author, visa) else None


def _is_countered_as_is(proposal: Proposal) -> bool:
    return proposal.origin == Origin.COUNTER and proposals.content_hash(proposal) == proposal.content_hash


def _give(visa: Visa, *, actor: Agent, at: datetime) -> None:
    move(VISA, visa, "give", actor=actor, at=at, holder=visa.holder_id)
    _decided(visa, actor=actor, at=at)


def _decided(visa: Visa, *, actor: Agent, at: datetime) -> None:
    visa.decided_at, visa.decided_by_id = at, actor.id
    visa.decided_for_id = visa.holder_id if visa.holder_id not in (None, actor.id) else None
    db.session.flush()
    db.session.refresh(visa)


def give_visa(visa: Visa, *, actor: Agent, at: datetime, suitability: dict[str, str] | None = None,
              measures: str = "", sign_too: bool = False) -> Letter | None:
    """Give a visa; the last one re-checks capacity, caps and seat under locks and opens loan and letter.

    `measures`: what the home service suspends and who covers, printed in the letter. `sign_too`: sign in
    the same act, where a registered delegation of `actor` covers the agent's unit. Returns the letter
    when this was the last visa.
    """
    proposal = visa.proposal
    lock_case(proposal)
    _give(visa, actor=actor, at=at)
    visa.suitability = _checked(suitability or {}) | ({"measures": measures.strip()} if measures.strip() else {})
    db.session.flush()
    _advance(proposal, at=at)
    if proposal.state != ProposalState.APPROVED:
        return None
    letter = letters.of_loan_of(proposal)
    if sign_too and delegation_for(actor, letter.loan.home_unit, clock.local_date(at)):
        sign(letter, actor=actor, at=at)
    return letter


def _checked(suitability: dict[str, str]) -> dict[str, str]:
    """Known questions and answers; one « non » asks for other dates or a refusal, not for a visa."""
    answers = {key: value for key, value in suitability.items() if key in SUITABILITY and value in SUITABILITY_ANSWERS}
    for key, value in answers.items():
        if value == "no":
            raise RuleBroken(key, f"Vous avez répondu « non » pour {SUITABILITY[key]} : proposez d’autres dates, "
                                  "refusez avec un motif, ou dites quelle mesure rend le prêt tenable.")
    return answers


def lock_case(proposal: Proposal) -> None:
    """Seat, agent, units: the order in which every verb of the circuit takes its locks."""
    db.session.execute(sa.select(Seat.id).where(Seat.id == proposal.seat_id).with_for_update())
    commitments.lock_for(proposal.agent)
    db.session.refresh(proposal, attribute_names=["state"])


def refuse(visa: Visa, *, actor: Agent, at: datetime, reason_code: str, reason_text: str = "") -> None:
    """Refuse a loan with a reason from the list; the seat opens again and the pair does not come back."""
    if reason_code not in REFUSAL_REASONS:
        raise RuleBroken("reason_code", "Choisissez un motif : le service et l’agent ont droit à une raison.")
    proposal = visa.proposal
    lock_case(proposal)
    move(VISA, visa, "refuse", actor=actor, at=at, reason=reason_code)
    _decided(visa, actor=actor, at=at)
    visa.reason_code, visa.reason_text = reason_code, reason_text.strip()
    move(PROPOSAL, proposal, "refuse", actor=SYSTEM, at=at)
    proposal.ended_at = at
    close_case(proposal, at=at)
    mails.refused(visa, at=at)


def counter_propose(visa: Visa, *, actor: Agent, at: datetime, starts_on: date, ends_on: date, load: int,
                    reason_code: str = "team") -> Proposal:
    """Close the proposal and open one with other dates or load; accepted as it stands, it is this visa."""
    proposal = visa.proposal
    _check_counter(proposal, starts_on=starts_on, ends_on=ends_on, load=load, on=clock.local_date(at))
    if reason_code not in COUNTER_REASONS:
        raise RuleBroken("reason_code", "Choisissez ce qui motive ces dates.")
    lock_case(proposal)
    move(VISA, visa, "counter", actor=actor, at=at, reason=reason_code)
    _decided(visa, actor=actor, at=at)
    visa.reason_code = reason_code
    close_case(proposal, at=at)
    made = proposals.propose_counter(proposal, starts_on=starts_on, ends_on=ends_on, load=load, counter_by=actor,
                                     at=at)
    mails.countered(visa, made, COUNTER_REASONS[reason_code], at=at)
    return made


def _check_counter(proposal: Proposal, *, starts_on: date, ends_on: date, load: int, on: date) -> None:
    if starts_on <= on:
        raise RuleBroken("starts_on", "Choisissez un début à venir : l’agent et le service doivent encore répondre.")
    if ends_on < starts_on:
        raise RuleBroken("ends_on", "La fin précède le début. Choisissez une date après.")
    if not 1 <= load <= proposal.agent.working_time:
        raise RuleBroken("load", f"Choisissez une part entre 1 et {proposal.agent.working_time} %.")
    if (starts_on, ends_on, load) == (proposal.starts_on, proposal.ends_on, proposal.load):
        raise RuleBroken("starts_on", "Ce sont les dates et la part demandées : donnez votre visa, ou changez-les.")


def close_case(proposal: Proposal, *, at: datetime) -> None:
    """Void what still waits and free the promised time: the proposal has ended."""
    for visa in circuit.steps_of(proposal):
        if visa.state == VisaState.WAITING:
            mails.no_longer_needed(visa, at=at)
        if visa.state in (VisaState.PENDING, VisaState.WAITING):
            move(VISA, visa, "void", actor=SYSTEM, at=at)
    commitments.release(f"proposal:{proposal.id}", at=at)


def reroute(visa: Visa, *, actor: Agent, to: Agent, at: datetime) -> None:
    """The mediator hands a stuck visa to another manager of the same side, with full delays; the decision is
    that manager's alone."""
    lock(visa)
    demand(actor, Ability.VISA_REROUTE, visa)
    if to.id == actor.id or to not in circuit.takers(visa):
        raise RuleBroken("to", "Cette personne ne peut pas donner ce visa : choisissez-en une autre dans la liste.")
    before = visa.holder_id
    circuit.start_clock(visa, holder=to, at=at)
    journal.record("visas:reroute", actor=actor, at=at, subject=visa, before=before, holder=to.id)
    mails.ask_visa(visa, at=at)
