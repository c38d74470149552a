"""The optional reason of a decline: counted by month, linked to nobody, shown from five on."""

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.proposals import actions, declines
from skillshare.proposals.models import DeclineCount
from skillshare.proposals.models import ProposalState as S
from tests import factories


def counts() -> dict[str, int]:
    return {row.reason: row.count for row in db.session.scalars(sa.select(DeclineCount))}


def test_a_reason_is_counted_without_the_person_the_need_or_the_day(people, at, need, client_of):
    made = factories.proposal(need, people.bob)
    db.session.commit()
    answer = client_of(people.bob).post(f"/propositions/{made.id}/declin", data={"reason": "place"})
    assert answer.status_code == 302
    db.session.refresh(made)
    assert made.state == S.DECLINED and counts() == {"place": 1}
    assert {column.name for column in DeclineCount.__table__.columns} == {"month", "reason", "count"}
    kept = " ".join(entry.detail for entry in db.session.scalars(sa.select(JournalEntry)))
    assert "place" not in kept.replace("workplace", "")


def test_declining_asks_for_nothing_and_ignores_what_is_not_in_the_list(people, at, need, client_of):
    first, second = factories.proposal(need, people.bob), factories.proposal(need, people.marc)
    db.session.commit()
    client_of(people.bob).post(f"/propositions/{first.id}/declin")
    client_of(people.marc).post(f"/propositions/{second.id}/declin", data={"reason": "ma santé"})
    db.session.expire_all()
    assert (first.state, second.state) == (S.DECLINED, S.DECLINED) and counts() == {}


def test_accepting_counts_no_reason(people, at, need, client_of):
    factories.offer(people.bob, [d.skill for d in need.demands])
    made = factories.proposal(need, people.bob)
    db.session.commit()
    client_of(people.bob).post(f"/propositions/{made.id}/accord", data={"reason": "dates"})
    assert counts() == {}


def test_the_mediator_reads_reasons_from_five_on(people, at, client_of):
    for reason, times in (("dates", 5), ("load", 4)):
        for _ in range(times):
            declines.note(reason, on=at.date())
    db.session.commit()
    assert declines.told(at.date()) == [("Les dates", "5")]
    page = client_of(people.mona).get("/appariements/").text
    assert "Les dates" in page and "La part du temps" not in page


def test_two_declines_of_one_month_add_up_on_both_databases(both, at):
    declines.note("other", on=at.date())
    declines.note("other", on=at.date().replace(day=2))
    db.session.commit()
    assert counts() == {"other": 2}


def test_the_need_s_page_shows_no_reason(people, at, need, client_of):
    made = factories.proposal(need, people.bob)
    actions.decline(made, actor=people.bob, at=at, reason="post")
    db.session.commit()
    assert declines.REASONS["post"] not in client_of(people.alice).get(f"/besoins/{need.id}").text
