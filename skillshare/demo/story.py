"""The demo's history and its living cases, in the order of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from skillshare.approvals import actions as approvals
from skillshare.approvals import clocks, ending, signing
from skillshare.demo import telling
from skillshare.demo.loading import Ids, load_offer
from skillshare.demo.rows import Offer as OfferRow
from skillshare.demo.rows import PastLoan, SkillLevel, Window
from skillshare.demo.telling import on
from skillshare.feedback import actions as feedback
from skillshare.feedback.models import Feedback
from skillshare.feedback.questions import QUESTIONS
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.hr_file import actions as hr_file
from skillshare.hr_file import queries as filings
from skillshare.hr_file.models import FilingState
from skillshare.letters.models import Letter, LetterState
from skillshare.loans.models import Loan
from skillshare.needs.models import Need, NeedState
from skillshare.offers.models import Offer
from skillshare.organisation.models import Agent, Unit
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Proposal, ProposalState
from skillshare.skills import actions as skills
from skillshare.skills.models import Family

LIGHT = 50  # per cent of full time that a manager lends without a second thought
SUGGESTIONS = {  # who suggests which skill, found in no catalogue yet
    "sonia": ("Réglage d’une saleuse embarquée", Family.PROFESSIONAL, 9,
              "Étalonner le débit de sel d’une saleuse et le contrôler en route."),
    "nadia": ("Kamishibaï", Family.EXOTIC, 2, "Raconter une histoire à un groupe avec un petit théâtre d’images."),
}


def tell_past_loan(past: PastLoan, ids: Ids, *, signer: Agent, hr: Agent) -> None:
    """One loan of the last year, from need to feedback, by the people concerned."""
    published = past.need.published_on
    anywhere = replace(past.offer, max_km=None, site_codes=())  # the generator of the past ignores distances
    offer = on(published, lambda at: load_offer(anywhere, ids, at=at), 8)
    need = on(published, lambda at: telling.publish_need(past.need, ids, at=at), 9)
    made = on(published, lambda at: proposals.apply(need, agent=ids.agent(past.agent_id), at=at), 11)
    on(past.signed_on, lambda at: telling.choose(made, at=at), 9)
    on(past.signed_on, lambda at: telling.give_all(made, hr, at=at), 10)
    loan = on(past.signed_on, lambda at: telling.sign(made, signer, at=at), 15)
    on(past.starts_on, lambda at: telling.start(loan, at=at), 6)
    if past.state != "running":
        _finish(past, loan, signer)
    db.session.delete(offer)  # the agent's present offer takes its place
    db.session.commit()


def _finish(past: PastLoan, loan: Loan, signer: Agent) -> None:
    if past.ends_on < loan.ends_on:
        _end_early(loan, past.ends_on, signer)
    after = past.ends_on + timedelta(days=1)
    on(after, lambda at: telling.end(loan, at=at), 6)
    on(after + timedelta(days=3), lambda at: _answer(loan, at), 14)


def _end_early(loan: Loan, ends_on: date, signer: Agent) -> None:
    """The host has no more need: told on the last day that the notice allows, signed the same day."""
    day = ends_on - timedelta(days=ending.NOTICE_DAYS)
    while ending.earliest_end(clock.at_local(day)) > ends_on:
        day -= timedelta(days=1)
    on(day, lambda at: ending.end_early(loan, actor=loan.mission_lead, at=at, ends_on=ends_on, reason="need_over"), 9)
    act = db.session.scalars(sa.select(Letter).where(Letter.loan_id == loan.id, Letter.state == LetterState.TO_SIGN)).one()
    on(day, lambda at: signing.sign(act, actor=signer, at=at), 15)


def _answer(loan: Loan, at: datetime) -> None:
    """Two sides of three answer, or all: the registry shows who is late."""
    asked = db.session.scalars(sa.select(Feedback).where(Feedback.loan_id == loan.id).order_by(Feedback.id)).all()
    for row in asked[: 2 + loan.id % 2]:
        answers: dict[str, object] = {question.name: next(iter(question.choices)) for question in QUESTIONS[row.side]}
        answers["skills"] = {d.skill_id: d.level for d in loan.need.demands}
        feedback.give(row, actor=row.author, at=at, answers=answers)


def tell_living_cases(run_id: int, standing: Collection[int], *, today: date, signer: Agent, hr: Agent) -> None:
    """What became of the proposals of an earlier run: every state a case can be in. The standing people stay free
    for the cases written for them."""
    query = sa.select(Proposal).where(Proposal.run_id == run_id, Proposal.starts_on > today + timedelta(days=10),
                                      Proposal.agent_id.not_in(standing))
    made = [p for p in db.session.scalars(query.order_by(Proposal.starts_on, Proposal.id))
            if p.state == ProposalState.PROPOSED][:24]
    for proposal in made:
        on(today - timedelta(days=26), lambda at, p=proposal: telling.accept(p, at=at))
    old, fresh = made[:14], made[14:22]
    for proposal in old:
        on(today - timedelta(days=20), lambda at, p=proposal: _choose(p, at))
    _settle(old, today=today, signer=signer, hr=hr)
    for proposal in fresh:
        on(today - timedelta(days=6), lambda at, p=proposal: _choose(p, at))
    for days_ago in (15, 13, 9, 6, 5, 2, 0):
        on(today - timedelta(days=days_ago), clocks.move_clocks, 6)


def _choose(proposal: Proposal, at: datetime) -> None:
    telling.choose(proposal, at=at)
    telling.give_host_visa(proposal, at=at)


def _settle(cases: Sequence[Proposal], *, today: date, signer: Agent, hr: Agent) -> None:
    """Nine signed, two to sign, one refused, one countered; the rest stays silent until the mediator."""
    for proposal in cases[:11]:
        on(today - timedelta(days=17), lambda at, p=proposal: telling.give_all(p, hr, at=at))
    for proposal in cases[:9]:
        on(today - timedelta(days=16), lambda at, p=proposal: telling.sign(p, signer, at=at), 15)
    for proposal in cases[11:12]:
        on(today - timedelta(days=16), lambda at, p=proposal: _refuse(p, at))
    for proposal in cases[12:13]:
        on(today - timedelta(days=3), lambda at, p=proposal: _counter(p, at))


def _refuse(proposal: Proposal, at: datetime) -> None:
    visa = telling.waiting_visa(proposal)
    if visa is not None and visa.holder is not None:
        approvals.refuse(visa, actor=visa.holder, at=at, reason_code="peak_at_home")


def _counter(proposal: Proposal, at: datetime) -> None:
    visa = telling.waiting_visa(proposal)
    if visa is not None and visa.holder is not None:
        approvals.counter_propose(visa, actor=visa.holder, at=at, starts_on=proposal.starts_on + timedelta(days=7),
                                  ends_on=proposal.ends_on, load=proposal.load)


def ask_chloe(chloe: Agent, ids: Ids, today: date) -> None:
    """One of her agents answered a need and was chosen: her visa is awaited since yesterday."""
    agent = db.session.scalars(sa.select(Agent).where(
        Agent.unit_id == chloe.unit_id, Agent.manager_id == chloe.id, Agent.active, Agent.working_time == 100,
        Agent.id.not_in(sa.select(Offer.agent_id))).order_by(Agent.staff_number)).first()
    need = db.session.scalars(sa.select(Need).where(
        Need.state == NeedState.PUBLISHED, Need.starts_on > today + timedelta(days=21), Need.load <= LIGHT,
        Need.site_id.is_not(None), Need.unit_id.not_in(_headed_by(chloe)),
        Need.id.not_in(sa.select(Proposal.need_id))).order_by(Need.load, Need.id)).first()
    if agent is None or need is None or need.ends_on is None:
        raise ValueError("nobody of Chloé's team, or no need, is left for her visa")
    yesterday = today - timedelta(days=1)
    row = OfferRow(agent.staff_number, tuple(SkillLevel(demand.skill.code, demand.level) for demand in need.demands),
                   (Window(yesterday, need.ends_on + timedelta(days=30)),), LIGHT, False, None, (), "matching", "", yesterday)
    on(yesterday, lambda at: load_offer(row, ids, at=at), 8)
    made = on(yesterday, lambda at: proposals.apply(need, agent=agent, at=at), 9)
    on(yesterday, lambda at: _choose(made, at), 10)


def _headed_by(person: Agent) -> sa.Select[int]:
    return sa.select(Unit.id).where(Unit.head_id == person.id)


def answer_alice(alice: Agent, today: date, *, but: int) -> None:
    """A volunteer accepts another of Alice's needs this morning: the choice is hers."""
    made = db.session.scalars(sa.select(Proposal).join(Need, Need.id == Proposal.need_id).where(
        Need.requester_id == alice.id, Need.id != but, Proposal.state == ProposalState.PROPOSED).order_by(Proposal.id)).first()
    if made is not None:
        on(today, lambda at: telling.accept(made, at=at), 6)


def tell_filings(today: date) -> None:
    """Everything signed is sent; the HR system accepts all but the last three: one rejected, two unanswered."""
    sent = on(today - timedelta(days=2), lambda at: hr_file.export(at), 5)
    lines = [f"{filing.piece};accepte;" for filing in sent[:-3]]
    lines += [f"{filing.piece};rejete;Matricule absent de la base paie à cette date" for filing in sent[-3:-2]]
    _acknowledge(lines, today - timedelta(days=1))


def _acknowledge(lines: list[str], day: date) -> None:
    path = current_app.config["HOME"] / "hr" / "in" / f"accuses-{day}.csv"
    path.write_text("\n".join(["PIECE;STATUT;MESSAGE", *lines]), encoding="utf-8")
    on(day, hr_file.read_acknowledgements, 5)
    hr_file.archive_acknowledgements()


def tell_suggestions(people: dict[str, Agent], today: date) -> None:
    """What the mediator has to look at."""
    for key, (name, family, days_ago, definition) in SUGGESTIONS.items():
        on(today - timedelta(days=days_ago), lambda at, who=people[key], name=name, family=family, definition=definition:
           skills.suggest(who, name=name, family=family, definition=definition, at=at))


def sent_count() -> int:
    counts = filings.count_by_state()
    return sum(count for state, count in counts.items() if state != FilingState.QUEUED)


def invite_bob(need_id: int, bob: Agent, alice: Agent) -> None:
    """Bob is solicited for Alice's need where the run preferred somebody else: the loop starts with his answer."""
    live = sa.select(Proposal.id).where(Proposal.need_id == need_id, Proposal.agent_id == bob.id)
    if db.session.scalar(live) is None:
        need = db.session.get_one(Need, need_id)
        proposals.invite(need, agent=bob, actor=alice, at=clock.now())
        db.session.commit()
