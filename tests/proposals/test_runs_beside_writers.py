"""A run while others write: it holds nobody up, and proposes only what still stands when it has solved."""

import sqlite3
import threading
import time
from datetime import date

import pytest
import sqlalchemy as sa

import matching
from skillshare.commitments import actions as commitments
from skillshare.ground.extensions import db
from skillshare.needs import actions as needs
from skillshare.needs.models import Need
from skillshare.offers import actions as offers
from skillshare.offers.models import Offer
from skillshare.organisation.models import Agent, Unit
from skillshare.proposals import actions
from skillshare.proposals.models import Origin, Proposal, Run
from skillshare.proposals.runs import run_matching
from tests import factories

real_solve = matching.solve


@pytest.fixture
def while_solving(monkeypatch):
    """`while_solving(act)`: done once, in another session, between the reading of the market and the plan's storing."""

    def during(act):
        waiting = [act]

        def solve(pool, **more):
            plan = real_solve(pool, **more)
            if waiting:
                waiting.pop()()
            return plan

        monkeypatch.setattr(matching, "solve", solve)

    return during


@pytest.fixture
def market(both, at):
    """On each database: a need of Alice's, and Bob's offer for it."""
    people = factories.standing_people()
    signing = factories.skill("Langue des signes")
    need = factories.need(people, [signing])
    factories.offer(people.bob, [signing])
    db.session.commit()
    return both, people, need, signing


def test_others_write_while_a_run_solves_on_sqlite(app, people, at, need, signing, monkeypatch, proposals):
    factories.offer(people.bob, [signing])
    db.session.commit()
    db.session.remove()
    solving, written = threading.Event(), threading.Event()

    def slow(pool, **more):
        solving.set()
        assert written.wait(20), "nobody could write while the run was solving"
        return real_solve(pool, **more)

    monkeypatch.setattr(matching, "solve", slow)

    def run():
        with app.app_context():
            run_matching(at)
            db.session.commit()

    runner = threading.Thread(target=run)
    runner.start()
    assert solving.wait(20)
    other, started = sqlite3.connect(db.engine.url.database, timeout=0), time.monotonic()
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE needs SET context = 'écrit pendant le calcul'")
    other.commit()
    other.close()
    waited = time.monotonic() - started
    written.set()
    runner.join()
    assert waited < 1
    assert len(proposals()) == 1 and db.session.query(Run).one().skipped == 0


def test_others_write_while_the_button_solves_on_sqlite(app, people, at, need, signing, client_of, while_solving):
    """The request of the person who starts a run gives the writer's place back too."""
    factories.offer(people.bob, [signing])
    db.session.commit()

    def write():
        other = sqlite3.connect(db.engine.url.database, timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
        other.close()

    while_solving(write)
    assert client_of(people.mona).post("/appariements/").status_code == 302
    assert db.session.query(Proposal).count() == 1


def _changes(need_id: int, bob_id: int, at) -> dict:
    """What somebody may do in those seconds; each leaves nothing of the plan."""
    def need() -> Need:
        return db.session.get_one(Need, need_id)

    def bob() -> Agent:
        return db.session.get_one(Agent, bob_id)

    def marc() -> Agent:
        return db.session.scalars(sa.select(Agent).where(Agent.first_name == "Marc")).one()

    def promise(agent: Agent, load: int) -> None:
        commitments.promise(agent, host_unit=need().unit, source=f"test:{agent.id}", starts_on=date(2027, 2, 1),
                            ends_on=date(2027, 2, 2), load=load, at=at)

    def cap_filled():
        db.session.execute(sa.update(Unit).where(Unit.code == "ROU-N").values(cap=120))
        promise(marc(), 90)

    return {
        "the agent applies": lambda: actions.apply(need(), agent=bob(), at=at),
        "another is invited": lambda: actions.invite(need(), agent=marc(), actor=need().requester, at=at),
        "the need is withdrawn": lambda: needs.withdraw(need(), actor=need().requester, at=at),
        "the need asks more": lambda: needs.save_period(need(), actor=need().requester, at=at, load=45),
        "the need moves": lambda: needs.save_period(need(), actor=need().requester, at=at, workplace="Ailleurs"),
        "the offer is paused": lambda: offers.pause(db.session.query(Offer).filter_by(agent_id=bob_id).one(), actor=bob(), at=at),
        "the agent promises their time": lambda: promise(bob(), 80),
        "the unit reaches its cap": cap_filled,
        "the agent leaves": lambda: setattr(bob(), "active", False),
    }


CHANGES = list(_changes(0, 0, None))


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_while_it_solved_is_not_proposed_but_counted(market, at, while_solving, name):
    app, people, need, signing = market
    if name == "another is invited":
        factories.offer(people.marc, [signing], level=2)
        db.session.commit()
    change = _changes(need.id, people.bob.id, at)[name]

    def in_another_session():
        with app.app_context():
            change()
            db.session.commit()

    while_solving(in_another_session)
    run = run_matching(at)
    db.session.commit()
    assert db.session.query(Proposal).filter_by(origin=Origin.RUN).count() == 0
    assert run.skipped == 1 and run.filled[-1] == 1 and run.is_proven


def test_what_did_not_change_is_proposed_beside_what_did(market, at, while_solving):
    """Two seats of two needs: one is withdrawn meanwhile."""
    app, people, need, signing = market
    other = factories.need(people, [signing])
    factories.offer(people.marc, [signing])
    db.session.commit()
    gone = other.id

    def withdraw():
        with app.app_context():
            found = db.session.get_one(Need, gone)
            needs.withdraw(found, actor=found.requester, at=at)
            db.session.commit()

    while_solving(withdraw)
    run = run_matching(at)
    db.session.commit()
    [made] = db.session.query(Proposal).all()
    assert made.need_id == need.id and run.skipped == 1


def test_two_runs_at_once_propose_each_seat_once(market, at, while_solving):
    app, _people, need, _signing = market

    def another_run():
        with app.app_context():
            run_matching(at)
            db.session.commit()

    while_solving(another_run)
    late = run_matching(at)
    db.session.commit()
    assert db.session.query(Proposal).count() == 1
    assert late.skipped == 1 and db.session.query(Run).count() == 2
    assert late.digest == db.session.query(Run).filter(Run.id != late.id).one().digest


def test_the_page_of_a_run_says_what_it_did_not_propose(people, at, need, client_of):
    run = run_matching(at)
    run.filled, run.skipped = [0, 0, 3], 2
    db.session.commit()
    page = client_of(people.mona).get(f"/appariements/{run.id}").text.replace("\u00a0", " ")
    assert "1 proposition pour" in page and "2 couples du plan n’ont pas été proposés" in page
