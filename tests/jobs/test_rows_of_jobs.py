"""Each clock-driven job: one poisoned row is kept with its number, and the others are done."""

from datetime import date, timedelta

import pytest

from skillshare.approvals import clocks
from skillshare.approvals.models import Stage
from skillshare.feedback import mails as feedback_mails
from skillshare.feedback.models import Feedback, Side
from skillshare.ground.extensions import db
from skillshare.jobs import registry, runner
from skillshare.jobs.models import JobRun
from skillshare.needs import actions as needs
from skillshare.needs.models import Need, NeedState
from skillshare.offers import mails as offer_mails
from skillshare.offers.models import Offer, OfferState
from skillshare.proposals import mails as proposal_mails
from skillshare.proposals.models import ProposalState
from tests import factories
from tests.approvals.cases import case_of, days_later

TODAY = date(2026, 11, 23)


@pytest.fixture
def job():
    """`job(name, at)`: run that job now, whatever the hour; its row."""

    def run(name, at) -> JobRun:
        found = next(job for job in registry.JOBS if job.name == name)
        row = runner.run_once(found, TODAY, at)
        db.session.expire_all()
        return row

    return run


@pytest.fixture
def poison(monkeypatch):
    """`poison(module, name, number)`: that function raises for the row of this number."""

    def put(module, name, number):
        before = getattr(module, name)

        def bad(row, *rest, **more):
            if (row if isinstance(row, int) else row.id) == number:
                raise ValueError("poivre")
            return before(row, *rest, **more)

        monkeypatch.setattr(module, name, bad)

    return put


def is_partial(row: JobRun, what: str) -> None:
    assert row.faults == [[what, "ValueError : poivre"]]
    assert row.error == "1\u00a0fait, 1 en échec"


def test_visas(people, at, job, poison):
    first, second = case_of(people, at), case_of(people, at, agent=people.marc)
    for case in (first, second):
        case.choose()
    bad, sound = first.waiting(), second.waiting()
    poison(clocks.mails, "remind_visa", bad.id)
    is_partial(job("visa_clocks", days_later(at, 3)), f"visa n° {bad.id}")
    assert (bad.stage, sound.stage) == (Stage.HOLDER, Stage.REMINDED)


def test_cases_whose_start_is_past(people, at, job, poison):
    first, second = case_of(people, at), case_of(people, at, agent=people.marc)
    bad, sound = first.approve(), second.approve()
    poison(clocks, "cancel_loan", bad.id)
    is_partial(job("visa_clocks", days_later(at, 60)), f"prêt n° {bad.id}")
    assert (bad.state, sound.state) == ("to_sign", "cancelled")


def test_proposals(people, at, job, poison):
    bad, sound = (factories.proposal(factories.need(people, [factories.skill()]), agent) for agent in (people.bob, people.marc))
    db.session.commit()
    poison(proposal_mails, "lapsed", bad.id)
    row = job("lapse_proposals", at + timedelta(days=15))
    assert row.faults == [[f"proposition n° {bad.id}", "ValueError : poivre"]]
    assert [row.state for row in (bad, sound)] == [ProposalState.PROPOSED, ProposalState.LAPSED]
    assert job("lapse_proposals", at + timedelta(days=15)) is None


def test_needs(people, at, job, poison):
    bad, sound = (factories.need(people, [factories.skill()]) for _ in range(2))
    db.session.commit()
    bad_id, sound_id = bad.id, sound.id
    poison(needs, "_close", bad_id)
    is_partial(job("close_needs", at + timedelta(days=90)), f"besoin n° {bad_id}")
    assert [db.session.get_one(Need, n).state for n in (bad_id, sound_id)] == [NeedState.PUBLISHED, NeedState.CLOSED]


def test_offers(people, at, job, poison):
    bad, sound, soon = (factories.offer(person, [factories.skill()], expires_on=TODAY + timedelta(days=days))
                        for person, days in ((people.bob, -1), (people.marc, -1), (people.emma, 5)))
    db.session.commit()
    poison(offer_mails, "expires_soon", soon.id)
    row = job("expire_offers", at)
    assert row.faults == [[f"offre n° {soon.id}", "ValueError : poivre"]]
    assert [db.session.get_one(Offer, o.id).state for o in (bad, sound, soon)] == [
        OfferState.EXPIRED, OfferState.EXPIRED, OfferState.PUBLISHED]


def test_feedback(people, at, job, poison):
    loan = case_of(people, at).approve()
    rows = [Feedback(loan_id=loan.id, side=side, author_id=person.id, asked_at=at, due_on=TODAY, answers={})
            for side, person in ((Side.AGENT, people.bob), (Side.HOST, people.alice))]
    db.session.add_all(rows)
    db.session.commit()
    poison(feedback_mails, "reminder", rows[0].id)
    is_partial(job("feedback", at), f"retour n° {rows[0].id}")
    assert [row.reminded_at is not None for row in rows] == [False, True]
