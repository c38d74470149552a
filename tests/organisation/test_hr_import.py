"""Simulating and applying the HR file on both databases."""

import pytest
import sqlalchemy as sa

from skillshare.ground import events, journal
from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.organisation.hr_import import command
from skillshare.organisation.models import Agent, Employer, Site, Unit
from tests import hr_files
from tests.hr_files import agent, agents, run

COUNTS = ("rows_read", "created", "updated", "unchanged", "deactivated")


def counts(report):
    return tuple(report[name] for name in COUNTS)


def one(number):
    return db.session.scalars(sa.select(Agent).where(Agent.staff_number == number)).one()


def unit(code):
    return db.session.scalars(sa.select(Unit).where(Unit.code == code)).one()


def everything():
    """Every row of the employer, to compare before and after."""
    return [
        tuple(db.session.execute(sa.select(*kind.__table__.columns).order_by(kind.id)).all())
        for kind in (Employer, Site, Unit, Agent)
    ]


def changed(people, **rows):
    """The people with some values changed, by staff number (`n5={...}`); None takes the row out."""
    changes = {key[1:]: values for key, values in rows.items()}
    kept = [row for row in people if changes.get(row["employee_id"], {}) is not None]
    return [row | changes.get(row["employee_id"], {}) for row in kept]


@pytest.fixture
def announced(monkeypatch):
    seen = []
    monkeypatch.setattr(events, "announce", seen.append)
    return seen


def test_a_simulation_writes_nothing(both, tmp_path, at):
    report = run(tmp_path, agents(), apply=False)
    assert counts(report) == (40, 40, 0, 0, 0)
    assert not report["applied"]
    assert everything() == [(), (), (), ()]


def test_an_import_makes_the_whole_employer(both, tmp_path, at):
    assert counts(run(tmp_path, agents())) == (40, 40, 0, 0, 0)
    five = one("5")
    assert (five.unit.code, five.manager.staff_number, five.site.name) == ("NORD", "3", "Bellerive")
    assert five.employer.siret == both.config["EMPLOYER_SIRET"]
    assert five.site.latitude == 44.84
    north = unit("NORD")
    assert north.head is one("3")
    assert north.path == f"/{unit('CD').id}/{unit('DIR').id}/{north.id}/"


def test_applying_twice_changes_nothing(both, tmp_path, at):
    run(tmp_path, agents())
    before = everything()
    assert counts(run(tmp_path, agents())) == (40, 0, 0, 40, 0)
    assert everything() == before


def test_both_formats_say_the_same(both, tmp_path, at):
    run(tmp_path, agents(), french=True)
    assert counts(run(tmp_path, agents())) == (40, 0, 0, 40, 0)


def test_a_changed_file_touches_exactly_those_concerned(both, tmp_path, at, announced):
    run(tmp_path, changed(agents(), n9={"exit_date": "2020-01-31"}))
    ids = {number: one(number).id for number in ("5", "8", "9")}
    third = changed(agents(), n5={"unit_code": "SUD", "manager_id": "4"}, n6={"last_name": "Durand"}, n8=None)
    assert counts(run(tmp_path, [*third, agent("41")])) == (40, 1, 3, 36, 1)
    assert one("5").unit.code == "SUD"
    assert one("6").full_name == "Zoé Durand"
    assert not one("8").active
    assert one("9").active
    assert {(type(e).__name__, e.subject_id) for e in announced} == {
        ("AgentLeft", ids["8"]),
        ("ManagerChanged", ids["5"]),
    }


def test_who_has_left_is_inactive_and_never_deleted(both, tmp_path, at):
    run(tmp_path, changed(agents(), n5={"exit_date": "2026-11-22"}, n6={"exit_date": "2026-11-23"}))
    assert not one("5").active
    assert one("6").active
    report = run(tmp_path, changed(agents(), n5=None, n6=None))
    assert report["deactivated"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Agent)) == 40


def test_when_a_manager_leaves_their_team_is_told(both, tmp_path, at, announced):
    run(tmp_path, agents())
    announced.clear()
    run(tmp_path, changed(agents(), n3={"exit_date": "2026-11-01"}))
    assert sum(isinstance(e, events.ManagerChanged) for e in announced) == 36
    assert sum(isinstance(e, events.AgentLeft) for e in announced) == 1


def test_more_than_one_in_twenty_leaving_stops_the_import(both, tmp_path, at):
    run(tmp_path, agents())
    before = everything()
    fewer = agents()[:-3]
    for options in ({"apply": True}, {"apply": False}):
        report = run(tmp_path, fewer, code=3, **options)
        assert report["deactivated"] == 3
        assert "--force" in report["refused"]
    assert everything() == before
    assert run(tmp_path, fewer, force=True)["deactivated"] == 3
    assert run(tmp_path, fewer[:-1])["deactivated"] == 1


def test_a_unit_that_moves_takes_its_subtree_along(both, tmp_path, at):
    run(tmp_path, agents())
    moved = [row | ({"parent_code": "NORD"} if row["unit_code"] == "SUD" else {}) for row in hr_files.UNITS]
    moved = [row | ({"parent_code": "CD", "label": "Nord"} if row["unit_code"] == "NORD" else {}) for row in moved]
    assert run(tmp_path, agents(), moved)["units_updated"] == 2
    assert unit("SUD").path == f"/{unit('CD').id}/{unit('NORD').id}/{unit('SUD').id}/"
    assert unit("NORD").label == "Nord"


def test_a_cap_set_by_a_manager_stays(both, tmp_path, at):
    run(tmp_path, agents())
    unit("NORD").cap = 150
    db.session.commit()
    renamed = [row | ({"label": "Nord"} if row["unit_code"] == "NORD" else {}) for row in hr_files.UNITS]
    run(tmp_path, agents(), renamed)
    assert unit("NORD").cap == 150


def test_the_import_is_journalled_once(both, tmp_path, at):
    run(tmp_path, agents(), apply=False)
    run(tmp_path, agents())
    entry = db.session.scalars(sa.select(JournalEntry)).one()
    assert entry.event == "organisation:hr_import"
    assert entry.facts["created"] == 40
    assert journal.verify().valid


def test_an_error_while_writing_leaves_nothing(both, tmp_path, at, monkeypatch):
    def broken(_event):
        raise RuntimeError("handler")

    run(tmp_path, agents())
    before = everything()
    monkeypatch.setattr(events, "announce", broken)
    with pytest.raises(RuntimeError):
        run(tmp_path, agents()[:-1])
    assert everything() == before


def test_an_unknown_employer_is_wrong_use(app, tmp_path, at):
    files = hr_files.write(tmp_path, agents())
    assert command.run(*files[:2], employer_siret="00000000000000") == 2


def test_without_sites_file_the_agents_name_the_places(both, tmp_path, at):
    run(tmp_path, agents(), sites=None)
    assert one("5").site.latitude is None
    run(tmp_path, agents())
    assert one("5").site.latitude == 44.84
    assert counts(run(tmp_path, agents(), sites=None)) == (40, 0, 0, 40, 0)
    assert one("5").site.latitude == 44.84
