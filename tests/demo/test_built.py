"""The demo as it stands once built: cases in every state, clean letters, and something to do for each person."""

from __future__ import annotations

import json
import shutil

import pytest
import sqlalchemy as sa

import config
from skillshare.app import create_app
from skillshare.approvals import queries as approvals
from skillshare.audit import anomalies
from skillshare.demo import builder
from skillshare.ground import clock, journal
from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingState
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.needs.models import Need, Seat
from skillshare.offers.models import Offer, OfferState
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal, ProposalState
from skillshare.skills.actions import load_catalogue
from tests import factories
from tests.conftest import CheckingClient

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory, empty_sqlite):
    """The demo, built once for this file as `skillshare demo` builds it."""
    home = tmp_path_factory.mktemp("demo")
    environ = {"SKILLSHARE_HOME": str(home), "SKILLSHARE_SECRET_KEY": "k" * 40}
    app = create_app(config.from_environment(environ) | {"TESTING": True, "WTF_CSRF_ENABLED": False})
    shutil.copyfile(empty_sqlite, home / "skillshare.sqlite3")
    with app.app_context():
        load_catalogue()
        db.session.commit()
        app.extensions["demo_status"] = builder.build(app, say=lambda _line: None)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def rolled_back(built):
    yield
    db.session.rollback()


def how_many(model, *conditions) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def states(model) -> set:
    return set(db.session.scalars(sa.select(model.state).distinct()))


def test_its_size_is_that_of_a_departement(built):
    assert how_many(Agent) == 6500
    assert 1450 <= how_many(Offer, Offer.state == OfferState.PUBLISHED) <= 1501
    assert how_many(Need) == 120 + 60 and how_many(Seat) == 200 + 60
    assert db.session.scalar(sa.select(sa.func.count(sa.distinct(Need.title)))) >= 60
    assert built.extensions["demo_status"] == "optimal"


def test_cases_stand_in_every_state_that_a_visitor_should_see(built):
    assert states(Loan) >= {LoanState.TO_SIGN, LoanState.SCHEDULED, LoanState.RUNNING, LoanState.ENDED, LoanState.ENDED_EARLY}
    assert states(Proposal) >= {ProposalState.PROPOSED, ProposalState.ACCEPTED, ProposalState.IN_VISA, ProposalState.APPROVED,
                                ProposalState.REFUSED}
    assert states(Letter) >= {LetterState.TO_SIGN, LetterState.SIGNED, LetterState.ISSUED}
    assert set(db.session.scalars(sa.select(Letter.kind).distinct())) == set(LetterKind)
    assert states(Filing) >= {FilingState.SENT, FilingState.ACKNOWLEDGED, FilingState.REJECTED}
    assert db.session.scalars(approvals.stuck()).first() is not None


def test_the_only_anomalies_are_those_that_it_tells(built):
    found = {code: how_many(Letter, Letter.kind == LetterKind.LETTER, Letter.loan_id == Loan.id,
                            anomalies.broken(code, clock.today())) for code in anomalies.RULES}
    assert {code for code, count in found.items() if count} <= {"missing_feedback", "filing_rejected"}, found


def test_every_letter_is_sealed_and_numbers_have_no_gap(built):
    query = sa.select(Letter).where(Letter.state == LetterState.SIGNED, Letter.kind == LetterKind.LETTER)
    signed = db.session.scalars(query.order_by(Letter.year, Letter.sequence))
    numbers: dict[int, list[int]] = {}
    for letter in signed:
        numbers.setdefault(letter.year, []).append(letter.sequence)
        if letter.sequence % 20 == 1:
            assert letters.verify_bytes(letter.pdf).valid
    assert sum(map(len, numbers.values())) >= 69
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_the_journal_verifies(built):
    assert journal.verify().valid


def test_each_person_of_the_sign_in_page_has_a_home(built):
    listed = json.loads((built.config["HOME"] / "demo_people.json").read_text())
    assert len(listed) >= 11
    built.test_client_class = CheckingClient
    for person in listed:
        agent = db.session.scalars(sa.select(Agent).where(
            (Agent.email == person["login"]) | (Agent.staff_number == person["login"]))).one()
        client = built.test_client()
        factories.sign_in(client, agent)
        page = client.get("/")
        assert page.status_code == 200 and agent.first_name in page.text
        if agent.first_name in ("Bob", "Alice", "Chloé", "Farid", "David", "Mona"):
            assert "Rien ne vous attend" not in page.text, agent.first_name
