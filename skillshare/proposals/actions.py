"""The verbs of a proposal: answer, apply, invite, choose, counter-propose, withdraw, cancel, and the clock's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from skillshare.commitments import actions as commitments
from skillshare.ground import clock, events, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.rows import one_by_one
from skillshare.ground.workflow import move
from skillshare.needs.models import Need, NeedState, Seat
from skillshare.organisation.models import Agent
from skillshare.proposals import deadlines, declines, mails, queries
from skillshare.proposals.awaited import awaited, is_awaited
from skillshare.proposals.contents import content_hash
from skillshare.proposals.making import candidate_pairs, make, make_counter, own_pair
from skillshare.proposals.models import Origin, Proposal, ProposalState
from skillshare.proposals.workflow import PROPOSAL

__all__ = ["accept", "apply", "cancel", "choose", "content_hash", "decline", "invite", "lapse_due", "propose_counter",
           "withdraw"]
OF_THE_NEED = ("need_withdrawn", "need_changed", "seat_taken")  # nobody is awaited any more, whatever they had answered
SILENCE_DAYS = 10  # a stopped clock tells late, never of the distant past


def source_of(proposal: Proposal) -> str:
    """The name under which a proposal's time is promised."""
    return f"proposal:{proposal.id}"


def _lock(proposal: Proposal) -> None:
    """Seat, agent, units, then the case: the order of every verb here."""
    _lock_seats(proposal.need)
    commitments.lock_for(proposal.agent)


def _lock_seats(need: Need) -> None:
    db.session.execute(sa.select(Seat.id).where(Seat.need_id == need.id).order_by(Seat.id).with_for_update())


def accept(proposal: Proposal, *, actor: Agent, at: datetime) -> None:
    """The agent's consent, dated; promises their time when their working time allows it."""
    demand(actor, Ability.PROPOSAL_ANSWER, proposal)
    _lock(proposal)
    move(PROPOSAL, proposal, "accept", actor=actor, at=at, content=proposal.content_hash)
    _check_still_possible(proposal, on=clock.local_date(at))
    _promise(proposal, at=at)
    _wait_for_choice(proposal, at=at)
    mails.accepted(proposal, at=at)


def _check_still_possible(proposal: Proposal, *, on: date) -> None:
    if proposal.answer_by is not None and proposal.answer_by < on:
        raise RuleBroken("", "La date de réponse est passée : cette proposition s’est éteinte.")
    if proposal.starts_on <= on:
        raise RuleBroken("", "La mission devait déjà commencer : il est trop tard pour donner votre accord.")
    if proposal.need.state != NeedState.PUBLISHED or not queries.free_seats(proposal.need, on):
        raise RuleBroken("", "Toutes les places de ce besoin sont prises : votre accord n’est plus demandé.")


def _promise(proposal: Proposal, *, at: datetime) -> None:
    commitments.promise(proposal.agent, host_unit=proposal.need.unit, source=source_of(proposal),
                        starts_on=proposal.starts_on, ends_on=proposal.ends_on, load=proposal.load, at=at)


def _wait_for_choice(proposal: Proposal, *, at: datetime) -> None:
    proposal.accepted_at = proposal.since = at
    proposal.answer_by = deadlines.choice_by(clock.local_date(at), proposal.starts_on)
    proposal.reminded_at = None
    db.session.flush()


def decline(proposal: Proposal, *, actor: Agent, at: datetime, reason: str | None = None) -> None:
    """A refusal has no consequence, is told to nobody, and only removes this pair for this need (R5).

    `reason`, if any, is counted apart and stays nowhere beside the proposal."""
    move(PROPOSAL, proposal, "decline", actor=actor, at=at)
    proposal.ended_at = at
    declines.note(reason, on=clock.local_date(at))


def withdraw(proposal: Proposal, *, actor: Agent, at: datetime) -> None:
    """Take one's consent back, until the letter is signed; frees the promised time and the seat."""
    demand(actor, Ability.PROPOSAL_WITHDRAW, proposal)
    _lock(proposal)
    move(PROPOSAL, proposal, "withdraw", actor=actor, at=at)
    proposal.ended_at = at
    commitments.release(source_of(proposal), at=at)
    events.announce(events.ProposalEnded(proposal.id, at))
    mails.withdrawn(proposal, at=at)


def apply(need: Need, *, agent: Agent, at: datetime) -> Proposal:
    """Volunteer for an open need: consent is given at once, the criteria are those of a run."""
    demand(agent, Ability.PROPOSAL_APPLY, need)
    _lock_seats(need)
    seat = _seat_for_one_more(need, agent, on=clock.local_date(at))
    pair = own_pair(need, agent, at=at)
    made = make(pair, seat_id=seat.id, origin=Origin.APPLICATION, state=ProposalState.ACCEPTED, at=at)
    db.session.flush()
    _promise(made, at=at)
    journal.record("proposals:apply", actor=agent, at=at, subject=made, need=need.id, content=made.content_hash)
    mails.accepted(made, at=at)
    return made


def _seat_for_one_more(need: Need, agent: Agent, *, on: date) -> Seat:
    if need.starts_on is None or need.starts_on <= on:
        raise RuleBroken("", "Cette mission a déjà commencé.")
    if queries.live_of_agent(agent, need) is not None:
        raise RuleBroken("", "Une proposition est déjà en cours entre ce besoin et cette personne.")
    free = queries.free_seats(need, on)
    if not free:
        raise RuleBroken("", "Toutes les places de ce besoin sont prises.")
    return free[0]


def invite(need: Need, *, agent: Agent, actor: Agent, at: datetime) -> Proposal:
    """Solicit one more eligible agent, up to three per need; they answer as freely as to any proposal."""
    demand(actor, Ability.PROPOSAL_INVITE, need)
    _lock_seats(need)
    if queries.invitations_left(need) == 0:
        raise RuleBroken("", f"Vous avez déjà invité {queries.INVITATIONS} personnes pour ce besoin.")
    seat = _seat_for_one_more(need, agent, on=clock.local_date(at))
    pair = next((p for p in candidate_pairs(need, at=at) if p.agent.agent_id == agent.id), None)
    if pair is None:
        raise RuleBroken("", "Cette personne ne remplit plus les critères du besoin.")
    made = make(pair, seat_id=seat.id, origin=Origin.INVITATION, state=ProposalState.PROPOSED, at=at)
    db.session.flush()
    journal.record("proposals:invite", actor=actor, at=at, subject=made, need=need.id, agent=agent.id)
    mails.proposed(made, at=at)
    return made


def choose(proposal: Proposal, *, actor: Agent, at: datetime) -> None:
    """The host's choice for one seat; opens the visas, and tells the others once no seat remains."""
    demand(actor, Ability.PROPOSAL_CHOOSE, proposal)
    _lock(proposal)
    free = queries.free_seats(proposal.need, clock.local_date(at))
    if not free:
        raise RuleBroken("", "Toutes les places de ce besoin sont déjà attribuées.")
    if proposal.starts_on <= clock.local_date(at):
        raise RuleBroken("", "La mission devait déjà commencer : dupliquez le besoin avec d’autres dates.")
    if proposal.seat_id not in [seat.id for seat in free]:
        proposal.seat_id = free[0].id
    move(PROPOSAL, proposal, "choose", actor=actor, at=at, content=proposal.content_hash)
    proposal.chosen_at = proposal.since = at
    proposal.chosen_by_id, proposal.chosen_by, proposal.answer_by = actor.id, actor, None
    db.session.flush()
    _settle_others(proposal, at=at)
    mails.chosen(proposal, at=at)
    events.announce(events.ProposalChosen(proposal.id, at))


def _settle_others(chosen: Proposal, *, at: datetime) -> None:
    """Others keep waiting on a seat that remains; without one, everybody is told. Whoever declined follows as whoever
    has not answered: their seat, and what is awaited there, must not tell them apart (R5)."""
    today = clock.local_date(at)
    free = queries.free_seats(chosen.need, today)
    for other in _those(Proposal.need_id == chosen.need_id, Proposal.id != chosen.id,
                        sa.or_(Proposal.state.in_(queries.WAITING), awaited(today))):
        if free:
            if other.seat_id == chosen.seat_id:
                other.seat_id = free[0].id
        elif other.state == ProposalState.ACCEPTED:
            not_choose(other, at=at)
        elif other.state == ProposalState.PROPOSED:
            cancel(other, at=at, cause="seat_taken")
        else:
            other.answer_by = None


def not_choose(proposal: Proposal, *, at: datetime) -> None:
    move(PROPOSAL, proposal, "not_choose", actor=SYSTEM, at=at)
    proposal.ended_at = at
    commitments.release(source_of(proposal), at=at)
    mails.not_chosen(proposal, at=at)


def propose_counter(proposal: Proposal, *, starts_on: date, ends_on: date, load: int, counter_by: Agent,
                    at: datetime) -> Proposal:
    """Close a proposal in visa and open the same with other dates or load, for agent then host to accept again.

    The circuit tells both sides."""
    _lock(proposal)
    move(PROPOSAL, proposal, "counter_propose", actor=SYSTEM, at=at, by=counter_by.id)
    proposal.ended_at = at
    commitments.release(source_of(proposal), at=at)
    db.session.flush()
    made = make_counter(proposal, starts_on=starts_on, ends_on=ends_on, load=load, counter_by=counter_by, at=at)
    journal.record("proposals:counter", actor=SYSTEM, at=at, subject=made, previous=proposal.id, content=made.content_hash)
    return made


def cancel(proposal: Proposal, *, at: datetime, cause: str) -> None:
    """End a live proposal because its need, its offer, its agent or its seat is gone (`mails.CAUSES`). Without an answer
    and past its last day, it had lapsed already: the clock only had not come by."""
    knew = proposal.state != ProposalState.PROPOSED
    if not knew and not is_awaited(proposal, clock.local_date(at)):
        _lapse(proposal, at)
        return
    move(PROPOSAL, proposal, "cancel", actor=SYSTEM, at=at, cause=cause)
    proposal.ended_at = at
    if not knew and cause in OF_THE_NEED:
        proposal.answer_by = None
    commitments.release(source_of(proposal), at=at)
    events.announce(events.ProposalEnded(proposal.id, at))
    mails.cancelled(proposal, cause, at=at, tell_host=knew and cause not in ("need_withdrawn", "need_changed"))


def _those(*conditions: Any) -> list[Proposal]:
    return list(db.session.scalars(sa.select(Proposal).where(*conditions).order_by(Proposal.id)))


def lapse_due(at: datetime) -> int:
    """The daily clock: reminders at half of the delay, then « sans suite » after the last day; one transaction each.
    Returns how many ended."""
    today = clock.local_date(at)
    with one_by_one() as rows:
        rows.each("proposition", queries.not_yet_reminded(at), lambda number: _remind(_proposal(number), at))
        ended = rows.each("proposition", queries.due_to_lapse(today), lambda number: _lapse(_proposal(number), at))
        rows.each("proposition", queries.silent_since(today - timedelta(days=SILENCE_DAYS), today),
                  lambda number: _tell_host_of_silence(_proposal(number), at))
    return ended


def _proposal(proposal_id: int) -> Proposal:
    return db.session.get_one(Proposal, proposal_id)


def _lapse(proposal: Proposal, at: datetime) -> None:
    move(PROPOSAL, proposal, "lapse", actor=SYSTEM, at=at)
    proposal.ended_at = at
    mails.lapsed(proposal, at=at)


def _tell_host_of_silence(proposal: Proposal, at: datetime) -> None:
    """Once per solicitation, the day after its last day, whether it was declined or left (the outbox keeps it once)."""
    if queries.free_seats(proposal.need, clock.local_date(at)):
        mails.silent(proposal, at=at)


def _remind(proposal: Proposal, at: datetime) -> int:
    """Remind the agent who has to answer, or the host who has to choose, once, at half of the delay."""
    if proposal.state not in queries.WAITING or not deadlines.is_half_gone(proposal, at):
        return 0
    remind = mails.reminder if proposal.state == ProposalState.PROPOSED else mails.choice_reminder
    remind(proposal, at=at)
    proposal.reminded_at = at
    return 1
