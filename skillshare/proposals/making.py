"""Making proposals: by a run, an application, an invitation or a counter-proposal."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

import matching
from skillshare.ground import clock
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent
from skillshare.proposals import deadlines
from skillshare.proposals.contents import hash_of
from skillshare.proposals.market import build
from skillshare.proposals.models import Origin, Proposal, ProposalState, Run
from skillshare.proposals.pairs import Pair, pairs_of

WHY_NOT = {
    "offers": "Cette place ne vous est pas ouverte : il faut une offre publiée, et ne pas travailler dans ce service.",
    "skills": "Votre offre ne contient pas toutes les compétences indispensables au niveau demandé.",
    "dates": "Votre offre ne couvre pas toute la période.",
    "load": "La place demande plus de temps que votre offre n’en donne.",
    "place": "Le lieu est plus loin que la distance de votre offre.",
    "commitments": "Vos autres engagements ne laissent pas assez de temps sur ces dates.",
    "caps": "Votre service a atteint son plafond de prêt sur ces dates.",
}


def weights() -> dict[str, float]:
    """The published weights in force."""
    return dict(current_app.config["WEIGHTS"])


def candidate_pairs(need: Need, *, at: datetime, limit: int | None = None) -> list[Pair]:
    """Eligible agents for one seat of `need`, best fit first."""
    market, maps = build(at, only_need=need)
    found = matching.candidates(market, weights())
    order = sorted(range(found.pool.pairs), key=lambda row: (-found.pool.pair_fit[row], row))
    return pairs_of(found, maps, order[:limit])


def own_pair(need: Need, agent: Agent, *, at: datetime) -> Pair:
    """The pair of `agent` for `need`; RuleBroken says which criterion is missing."""
    market, maps = build(at, only_need=need, only_agent=agent, forgive=True)
    found = matching.candidates(market, weights())
    if not found.pool.pairs:
        raise RuleBroken("", WHY_NOT[missing_filter(found, 0)])
    return pairs_of(found, maps, [0])[0]


def missing_filter(found: matching.Found, seat: int) -> str:
    """The first filter that leaves nobody for this seat."""
    return next(name for name, left in zip(found.filters, found.funnel[seat], strict=True) if left == 0)


def make(pair: Pair, *, seat_id: int, origin: Origin, state: ProposalState, at: datetime, run: Run | None = None) -> Proposal:
    """Store a proposal for the seat's own dates and load."""
    need, seat, today = pair.seat.need, pair.seat, clock.local_date(at)
    last = deadlines.choice_by if state == ProposalState.ACCEPTED else deadlines.answer_by
    made = Proposal(
        run_id=run.id if run else None, need=need, seat_id=seat_id, agent_id=pair.agent.agent_id, origin=origin,
        state=state, starts_on=seat.starts_on, ends_on=seat.ends_on, load=seat.load, fit=pair.fit, terms=pair.terms,
        evidence=pair.evidence, created_at=at, since=at, answer_by=last(today, seat.starts_on),
        accepted_at=at if state == ProposalState.ACCEPTED else None,
        content_hash=hash_of(need, agent_id=pair.agent.agent_id, starts_on=seat.starts_on, ends_on=seat.ends_on,
                             load=seat.load))
    db.session.add(made)
    return made


def make_counter(old: Proposal, *, starts_on: date, ends_on: date, load: int, counter_by: Agent, at: datetime) -> Proposal:
    """The same agent and seat on other dates or another load; its fit stays that of the first proposal."""
    made = Proposal(
        run_id=old.run_id, need=old.need, seat_id=old.seat_id, agent_id=old.agent_id, origin=Origin.COUNTER,
        state=ProposalState.PROPOSED, starts_on=starts_on, ends_on=ends_on, load=load, fit=old.fit, terms=old.terms,
        evidence=old.evidence, previous_id=old.id, counter_by_id=counter_by.id, created_at=at, since=at,
        answer_by=deadlines.answer_by(clock.local_date(at), starts_on),
        content_hash=hash_of(old.need, agent_id=old.agent_id, starts_on=starts_on, ends_on=ends_on, load=load))
    db.session.add(made)
    db.session.flush()
    return made
