"""Thirty-two people at once on a real PostgreSQL: one winner, a clear refusal for the others, nothing broken."""

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from skillshare.approvals import actions, signing
from skillshare.approvals.models import Visa, VisaState
from skillshare.commitments import actions as commitments
from skillshare.commitments import queries
from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.ground import clock, journal
from skillshare.ground.access import _in_one_transaction
from skillshare.ground.errors import RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Proposal, ProposalState
from tests import factories
from tests.approvals.cases import Case, consent
from tests.conftest import NOON

pytestmark = pytest.mark.postgresql
THREADS = 32


@pytest.fixture
def people(postgresql_app, monkeypatch):
    """The standing people on PostgreSQL; letters are compiled elsewhere: 32 compilers would hide the race."""
    monkeypatch.setattr(letters, "compile_draft", lambda *_args, **_more: b"")
    db.engine.dispose()
    with clock.travel(NOON):
        yield factories.standing_people()


def all_at_once(app, *verbs) -> Counter:
    """Run every verb in its own thread, session and transaction, started together; count how each ended."""
    barrier = threading.Barrier(len(verbs))

    def run(verb) -> str:
        with app.app_context(), clock.travel(NOON):
            try:
                barrier.wait(timeout=60)
                _in_one_transaction(lambda: (verb(), "")[1], {})
                return "done"
            except (RuleBroken, TransitionNotAllowed) as refused:
                return type(refused).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(verbs)) as pool:
        ended = Counter(pool.map(run, verbs))
    db.session.rollback()
    db.session.expire_all()
    return ended


@pytest.fixture(autouse=True)
def enough_connections(monkeypatch):
    """One connection per thread: a pool of five would serialise what must collide."""
    import config

    read = config.from_environment
    monkeypatch.setattr(config, "from_environment", lambda environ: read(environ) | {
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": THREADS + 2, "max_overflow": 4, "pool_timeout": 60}})


def give(visa_id: int, actor_id: int):
    """What Chloé's button does, from rows read afresh."""
    return lambda: actions.give_visa(db.session.get_one(Visa, visa_id), actor=db.session.get_one(Agent, actor_id),
                                     at=NOON)


def waiting_home_visas(people, count: int, load: int = 20) -> list[tuple[int, int]]:
    """`count` needs for the same agent, each with Bob's consent and waiting for Chloé; promised time is written
    below the check, as if consents had raced before this room was careful."""
    made = []
    for _ in range(count):
        need = factories.need(people, [factories.skill()], load=load)
        proposal = factories.proposal(need, people.bob, state=ProposalState.ACCEPTED)
        db.session.add(Commitment(agent_id=people.bob.id, host_unit_id=people.sam.id, source=f"proposal:{proposal.id}",
                                  kind=CommitmentKind.PROMISED, starts_on=need.starts_on, ends_on=need.ends_on, load=load,
                                  created_at=NOON))
        proposal.chosen_by_id = people.hugo.id
        proposal.state = ProposalState.CHOSEN
        db.session.flush()
        db.session.refresh(proposal)
        made.append(actions.open_circuit(proposal, at=NOON)[-1].id)
    db.session.commit()
    return [(visa_id, people.chloe.id) for visa_id in made]


def given(people) -> int:
    return queries.agent_peak(people.bob.id, NOON.date(), NOON.date() + timedelta(days=400), kinds=queries.GIVEN)


def test_approvals_of_one_agent_together_never_exceed_their_working_time(postgresql_app, people):
    people.roads.cap = None
    visas = waiting_home_visas(people, THREADS)
    ended = all_at_once(postgresql_app, *(give(*visa) for visa in visas))
    assert ended == {"done": 5, "RuleBroken": THREADS - 5}  # 5 × 20 % of a full time
    assert given(people) == 100 and db.session.query(Loan).count() == 5
    assert db.session.query(Visa).filter_by(state=VisaState.WAITING).count() == THREADS - 5
    assert journal.verify().valid


def test_without_the_lock_the_same_test_overbooks(postgresql_app, people, monkeypatch):
    """The canary: the test above would see a lock that is missing."""
    def lock_nothing(agent):
        return [db.session.get_one(type(agent.unit), unit_id) for unit_id in agent.unit.lineage_ids]

    monkeypatch.setattr(commitments, "lock_for", lock_nothing)
    people.roads.cap = None
    visas = waiting_home_visas(people, THREADS)
    ended = all_at_once(postgresql_app, *(give(*visa) for visa in visas))
    assert ended["done"] > 5 and given(people) > 100


def test_approvals_of_one_unit_together_never_exceed_its_cap(postgresql_app, people):
    people.roads.cap = 100
    agents = [factories.agent(people.roads, manager_id=people.chloe.id) for _ in range(8)]
    visas = []
    for agent in agents:
        people.bob = agent
        visas += waiting_home_visas(people, 1, load=40)
    ended = all_at_once(postgresql_app, *(give(*visa) for visa in visas))
    assert ended == {"done": 2, "RuleBroken": 6}
    assert journal.verify().valid


def test_the_last_seat_is_taken_once(postgresql_app, people):
    need = factories.need(people, [factories.skill()])
    agents = [factories.agent(people.direction, manager_id=people.nadia.id) for _ in range(THREADS)]
    cases = [consent(people, need, agent, NOON) for agent in agents]
    chooses = [(case.proposal.id, people.hugo.id) for case in cases]

    def choose(proposal_id: int, actor_id: int):
        return lambda: proposals.choose(db.session.get_one(Proposal, proposal_id),
                                        actor=db.session.get_one(Agent, actor_id), at=NOON)

    ended = all_at_once(postgresql_app, *(choose(*ids) for ids in chooses))
    assert ended["done"] == 1 and sum(ended.values()) == THREADS
    states = Counter(db.session.scalars(sa.select(Proposal.state)))
    assert states == {ProposalState.IN_VISA: 1, ProposalState.NOT_CHOSEN: THREADS - 1}
    assert journal.verify().valid


@pytest.mark.parametrize("turn", range(3))
def test_a_visa_and_a_withdrawal_together_have_one_winner(postgresql_app, people, turn):
    case = _chosen(people)
    visa_id, proposal_id, bob_id, chloe_id = case.waiting().id, case.proposal.id, people.bob.id, people.chloe.id

    def withdraw():
        proposals.withdraw(db.session.get_one(Proposal, proposal_id), actor=db.session.get_one(Agent, bob_id), at=NOON)

    verbs = [give(visa_id, chloe_id), withdraw] * 4
    ended = all_at_once(postgresql_app, *verbs)
    proposal = db.session.get_one(Proposal, proposal_id)
    loan = db.session.scalar(sa.select(Loan).where(Loan.proposal_id == proposal_id))
    # The agent may withdraw until the signature: a withdrawal after the visa also wins, and cancels the unsigned loan.
    assert proposal.state == ProposalState.WITHDRAWN and ended["done"] in (1, 2)
    assert loan is None or loan.state == "cancelled"
    assert queries.agent_peak(bob_id, case.need.starts_on, case.need.ends_on) == 0
    assert journal.verify().valid


def _chosen(people) -> Case:
    case = consent(people, factories.need(people, [factories.skill()]), people.bob, NOON)
    case.choose()
    return case


def test_the_first_signatures_of_a_year_together_take_numbers_without_gap(postgresql_app, people, monkeypatch):
    monkeypatch.setattr(letters, "_compiled", lambda _data: b"")
    monkeypatch.setattr(letters, "seal", lambda *_args, **_more: os.urandom(32))
    people.roads.cap, signs = None, []
    for _ in range(8):
        people.bob = factories.agent(people.roads, manager_id=people.chloe.id)
        case = _chosen(people)
        case.give()
        signs.append(sign(case.letter().id, people.farid.id))
    ended = all_at_once(postgresql_app, *signs)
    assert ended == {"done": 8}
    assert sorted(db.session.scalars(sa.select(Letter.number))) == [f"2026-{n:04d}" for n in range(1, 9)]
    assert journal.verify().valid


def sign(letter_id: int, actor_id: int):
    return lambda: signing.sign(db.session.get_one(Letter, letter_id), actor=db.session.get_one(Agent, actor_id), at=NOON)


def test_a_signature_and_a_withdrawal_together_have_one_winner(postgresql_app, people):
    case = _chosen(people)
    case.give()
    letter_id, proposal_id = case.letter().id, case.proposal.id
    bob_id = people.bob.id

    def withdraw():
        proposals.withdraw(db.session.get_one(Proposal, proposal_id), actor=db.session.get_one(Agent, bob_id), at=NOON)

    ended = all_at_once(postgresql_app, *[sign(letter_id, people.farid.id), withdraw] * 3)
    assert ended == {"done": 1, "TransitionNotAllowed": 5}
    letter, proposal = db.session.get_one(Letter, letter_id), db.session.get_one(Proposal, proposal_id)
    assert (letter.state, proposal.state) in (("signed", "approved"), ("cancelled", "withdrawn"))
    assert journal.verify().valid
