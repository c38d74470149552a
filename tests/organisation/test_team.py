"""The manager's own pages: stand-ins, absences without motive, caps set by the head of that unit alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from skillshare.ground import outbox
from skillshare.ground.errors import NotPermitted, RuleBroken
from skillshare.ground.extensions import db
from skillshare.organisation import actions, queries
from skillshare.organisation.models import Absence
from tests import factories

DAYS = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 11)}
FORM = {"starts_on": "2026-12-01", "ends_on": "2026-12-11"}


def test_a_manager_names_their_stand_in_and_everybody_concerned_is_told(people, client_of, at):
    answer = client_of(people.chloe).post("/equipe/suppleants", data=FORM | {
        "agent": str(people.chloe.id), "deputy": "Marc Lenoir"})
    assert answer.status_code == 302
    assert queries.stand_in_of(people.chloe, date(2026, 12, 11)) is people.marc
    assert queries.stand_in_of(people.chloe, date(2026, 12, 12)) is None
    assert db.session.scalars(sa.select(outbox.Message.recipient_id)).all() == [people.marc.id]


def test_the_n_plus_1_names_it_too_and_then_the_person_is_told(people, at):
    actions.name_stand_in(people.chloe, deputy=people.marc, actor=people.nadia, at=at, **DAYS)
    assert set(db.session.scalars(sa.select(outbox.Message.recipient_id))) == {people.marc.id, people.chloe.id}


@pytest.mark.parametrize("actor", ["marc", "bob", "david", "ali", "hugo", "alice", "emma"])
def test_nobody_else_names_a_stand_in(people, at, actor):
    with pytest.raises(NotPermitted):
        actions.name_stand_in(people.chloe, deputy=people.marc, actor=getattr(people, actor), at=at, **DAYS)


@pytest.mark.parametrize("deputy, days, field", [
    ("chloe", {}, "deputy"), ("marc", {"ends_on": date(2026, 11, 30)}, "ends_on"),
    ("marc", {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 22)}, "ends_on"),
    ("marc", {"ends_on": date(2028, 1, 1)}, "ends_on")])
def test_a_stand_in_is_somebody_else_on_days_to_come(people, at, deputy, days, field):
    with pytest.raises(RuleBroken) as refused:
        actions.name_stand_in(people.chloe, deputy=getattr(people, deputy), actor=people.chloe, at=at, **(DAYS | days))
    assert refused.value.field == field


def test_one_person_stands_in_on_a_day_and_is_present(people, at):
    actions.name_stand_in(people.chloe, deputy=people.marc, actor=people.chloe, at=at, **DAYS)
    with pytest.raises(RuleBroken):
        actions.name_stand_in(people.chloe, deputy=people.bob, actor=people.chloe, at=at, **DAYS)
    actions.enter_absence(people.bob, actor=people.chloe, at=at, **DAYS)
    with pytest.raises(RuleBroken):
        actions.name_stand_in(people.nadia, deputy=people.bob, actor=people.nadia, at=at, **DAYS)


def test_ending_a_stand_in_keeps_the_days_that_passed(people, client_of, at):
    made = actions.name_stand_in(people.chloe, deputy=people.marc, actor=people.chloe, at=at,
                                 starts_on=date(2026, 11, 23), ends_on=date(2026, 12, 11))
    made.starts_on = date(2026, 11, 20)
    db.session.commit()
    assert client_of(people.emma).post(f"/equipe/suppleants/{made.id}/fin").status_code == 404
    assert client_of(people.chloe).post(f"/equipe/suppleants/{made.id}/fin").status_code == 302
    assert made.ends_on == date(2026, 11, 22)
    assert queries.stand_in_of(people.chloe, date(2026, 11, 23)) is None


def test_a_manager_notes_absences_of_their_team_only(people, client_of, at):
    client = client_of(people.chloe)
    assert client.post("/equipe/absences", data=FORM | {"agent": str(people.bob.id)}).status_code == 302
    assert client.post("/equipe/absences", data=FORM | {"agent": str(people.emma.id)}).status_code == 422
    with pytest.raises(NotPermitted):
        actions.enter_absence(people.emma, actor=people.chloe, at=at, **DAYS)


def test_an_absence_has_no_place_for_a_motive(app):
    assert set(Absence.__table__.columns.keys()) == {"id", "agent_id", "starts_on", "ends_on", "entered_by_id"}


def test_an_absence_is_removed_by_the_manager(people, client_of, at):
    absence = actions.enter_absence(people.bob, actor=people.chloe, at=at, **DAYS)
    db.session.commit()
    assert client_of(people.nadia).post(f"/equipe/absences/{absence.id}/retirer").status_code == 404
    assert client_of(people.bob).post(f"/equipe/absences/{absence.id}/retirer").status_code == 404
    assert client_of(people.chloe).post(f"/equipe/absences/{absence.id}/retirer").status_code == 302
    assert db.session.scalars(sa.select(Absence)).first() is None


@pytest.mark.parametrize("typed, kept", [("1,5", 150), ("2", 200), ("0", 0), ("", None), ("0.755", 76)])
def test_the_head_sets_the_cap_in_full_time_equivalents(people, client_of, at, typed, kept):
    u = f"u{people.roads.id}-"
    answer = client_of(people.chloe).post(f"/equipe/plafond/{people.roads.id}",
                                          data={u + "cap": typed, u + "presence_threshold": "7,5"})
    assert answer.status_code == 302
    db.session.refresh(people.roads)
    assert (people.roads.cap, people.roads.presence_threshold) == (kept, 750)


@pytest.mark.parametrize("typed", ["-1", "many", "1e9", "NaN", "9" * 40])
def test_a_cap_that_means_nothing_is_given_back(people, client_of, at, typed):
    u = f"u{people.roads.id}-"
    answer = client_of(people.chloe).post(f"/equipe/plafond/{people.roads.id}", data={u + "cap": typed})
    assert answer.status_code == 422 and "Plafond de prêt" in answer.text
    db.session.refresh(people.roads)
    assert people.roads.cap == 200


@pytest.mark.parametrize("actor", ["nadia", "marc", "bob", "hugo", "ali", "david", "mona"])
def test_no_other_manager_sets_it_nor_the_one_above(people, client_of, at, actor):
    with pytest.raises(NotPermitted):
        actions.set_limits(people.roads, actor=getattr(people, actor), cap=0, presence_threshold=None, at=at)
    assert client_of(getattr(people, actor)).post(f"/equipe/plafond/{people.roads.id}").status_code == 404


def test_the_database_refuses_a_negative_cap(people):
    from sqlalchemy.exc import IntegrityError

    people.roads.cap = -1
    with pytest.raises(IntegrityError, match="cap_not_negative"):
        db.session.flush()
    db.session.rollback()


def test_the_team_page_shows_who_is_away_and_for_whom_one_acts(people, client_of, at):
    actions.enter_absence(people.bob, actor=people.chloe, at=at, starts_on=date(2026, 11, 20),
                          ends_on=date(2026, 11, 27))
    db.session.commit()
    page = client_of(people.chloe).get("/equipe").text
    assert "Bob Tessier" in page and "Marc Lenoir" in page and "absent du 20 au 27 novembre" in page.replace("\u00a0", " ")
    assert "Emma" not in page


def test_who_has_no_manager_in_the_hr_file_belongs_to_the_head_of_the_unit(people, at):
    orphan = factories.agent(people.roads, manager_id=None)
    left = factories.agent(people.roads, manager_id=factories.agent(people.roads, active=False).id)
    team = queries.managed_by(people.chloe, date(2026, 11, 23))
    assert {orphan.id, left.id} <= {agent.id for agent in team}
    assert orphan not in queries.managed_by(people.nadia, date(2026, 11, 23))


def test_the_team_page_asks_few_queries(people, client_of, count_queries, at):
    for _ in range(20):
        factories.agent(people.roads, manager_id=people.chloe.id)
    db.session.commit()
    client = client_of(people.chloe)
    db.session.expunge_all()
    with count_queries() as seen:
        client.get("/equipe")
    assert len(seen) <= 15, seen


def test_periods_include_both_ends(people, at):
    actions.enter_absence(people.bob, actor=people.chloe, at=at, **DAYS)
    with pytest.raises(RuleBroken):
        actions.enter_absence(people.bob, actor=people.chloe, at=at, starts_on=DAYS["ends_on"],
                              ends_on=DAYS["ends_on"] + timedelta(days=3))
    actions.enter_absence(people.bob, actor=people.chloe, at=at, starts_on=DAYS["ends_on"] + timedelta(days=1),
                          ends_on=DAYS["ends_on"] + timedelta(days=3))


def test_a_large_team_comes_by_pages(people, client_of):
    for number in range(60):
        factories.agent(people.roads, manager_id=people.chloe.id, last_name=f"Zabel {number:02}")
    db.session.commit()
    client = client_of(people.chloe)
    first, second = client.get("/equipe").text, client.get("/equipe?page=2").text
    assert "Zabel 00" in first and "Zabel 59" not in first and "Zabel 59" in second and "Zabel 00" not in second
