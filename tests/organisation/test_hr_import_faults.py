"""Each fault of an HR file gets the answer written in docs/import-rh.md."""

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.organisation.hr_import import command
from skillshare.organisation.models import Agent, Unit
from tests.hr_files import UNITS, agent, agents, run, write


@pytest.fixture
def imported(app, tmp_path, at):
    """`imported(number, fault, **values)`: one more row with these values; checks that its warning says `fault`."""

    def imported(fault, number="90", unit="NORD", manager="3", **values):
        report = run(tmp_path, [*agents(), agent(number, unit, manager, **values)])
        told = [(w["line"], w["staff_number"]) for w in report["warnings"] if fault in w["reason"]]
        assert told == [(42, number)]
        return db.session.scalars(sa.select(Agent).where(Agent.staff_number == number)).one()

    return imported


def only(faults):
    assert len(faults) == 1
    return faults[0]["line"], faults[0]["staff_number"], faults[0]["reason"]


def test_an_unknown_unit_is_refused(both, tmp_path, at):
    report = run(tmp_path, [*agents(), agent("90", unit="ZZ-99")])
    line, number, reason = only(report["rejected"])
    assert (line, number) == (42, "90")
    assert "ZZ-99" in reason
    assert report["created"] == 40


def test_a_refused_row_leaves_the_person_as_they_were(both, tmp_path, at):
    run(tmp_path, agents())
    report = run(tmp_path, [row | ({"unit_code": "ZZ"} if row["employee_id"] == "7" else {}) for row in agents()])
    assert (report["deactivated"], report["unchanged"], len(report["rejected"])) == (0, 39, 1)


def test_a_second_different_row_is_refused(app, tmp_path, at):
    report = run(tmp_path, [*agents(), agent("7", last_name="Autre")])
    assert only(report["rejected"])[:2] == (42, "7")
    assert report["created"] == 40


def test_a_repeated_row_is_ignored_with_a_warning(app, tmp_path, at):
    report = run(tmp_path, [*agents(), agent("7")])
    assert only(report["warnings"])[:2] == (42, "7")
    assert (report["rejected"], report["created"], report["rows_read"]) == ([], 40, 41)


def test_a_missing_address_is_a_warning(imported):
    assert imported("adresse électronique absente", email="  ").email is None
    assert imported("adresse électronique illisible", email="néant").email is None


def test_a_shared_address_is_nobodys(app, tmp_path, at):
    report = run(tmp_path, [*agents(), agent("90", email="A7@orvanne.example")])
    assert {w["staff_number"] for w in report["warnings"]} == {"7", "90"}
    assert db.session.scalars(sa.select(Agent.email).where(Agent.staff_number.in_(["7", "90"]))).all() == [None, None]


def test_an_address_taken_over_from_who_left_stays(app, tmp_path, at):
    report = run(tmp_path, [*agents(), agent("90", email="a7@orvanne.example", exit_date="2020-01-01")])
    assert [w["staff_number"] for w in report["warnings"]] == ["90"]


def test_an_unknown_manager_is_a_warning(imported):
    assert imported("responsable 999999 inconnu", manager="999999").manager_id is None


def test_one_s_own_manager_is_a_warning(imported):
    assert imported("son propre responsable", manager="90").manager_id is None


def test_zero_working_time_is_a_warning(imported):
    assert imported("quotité nulle", working_time="0.00").working_time == 0


def test_an_unreadable_working_time_lends_nothing(imported):
    assert imported("quotité illisible", working_time="plein").working_time == 0


def test_a_working_time_above_full_is_brought_back(imported):
    assert imported("ramenée à 100", working_time="150").working_time == 100


def test_an_unreadable_date_is_empty(imported):
    agent = imported("date de sortie illisible", exit_date="31/02/2026")
    assert agent.exit_on is None
    assert agent.active


def test_a_text_too_long_is_cut(imported):
    assert len(imported("coupé", job="x" * 300).job) == 120


def test_a_unit_without_head_is_a_warning(app, tmp_path, at):
    headless = [row | ({"head_id": ""} if row["unit_code"] == "SUD" else {}) for row in UNITS]
    line, number, reason = only(run(tmp_path, agents(), headless)["warnings"])
    assert (line, number) == (5, "")
    assert "SUD" in reason


def test_an_unknown_head_or_parent_is_a_warning(app, tmp_path, at):
    faulty = [*UNITS, UNITS[3] | {"unit_code": "EST", "parent_code": "ZZ", "head_id": "999"}]
    report = run(tmp_path, agents(), faulty)
    assert len(report["warnings"]) == 2
    east = db.session.scalars(sa.select(Unit).where(Unit.code == "EST")).one()
    assert (east.parent_id, east.head_id) == (None, None)


@pytest.mark.parametrize("parents", [{"DIR": "NORD"}, {"CD": "CD"}])
def test_units_in_a_circle_refuse_the_file(app, tmp_path, at, parents):
    circle = [row | {"parent_code": parents.get(row["unit_code"], row["parent_code"])} for row in UNITS]
    report = run(tmp_path, agents(), circle, code=3)
    assert "tournent en rond" in report["refused"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 0


def test_a_unit_described_twice(app, tmp_path, at):
    report = run(tmp_path, agents(), [*UNITS, UNITS[3], UNITS[3] | {"label": "Autre"}])
    assert only(report["warnings"])[0] == 6
    assert only(report["rejected"])[0] == 7


def test_a_unit_missing_from_the_file_is_kept(app, tmp_path, at):
    run(tmp_path, agents(), [*UNITS, UNITS[3] | {"unit_code": "EST"}])
    report = run(tmp_path, agents())
    assert "EST" in report["notes"][0]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 5


def test_the_status_is_read_when_the_column_is_there(app, tmp_path, at):
    run(tmp_path, [agent_ | {"status": "cdd"} for agent_ in agents()])
    assert set(db.session.scalars(sa.select(Agent.status))) == {"CDD"}
    assert run(tmp_path, agents())["unchanged"] == 40


def test_names_are_cased_and_kept_as_received(imported):
    one = imported("quotité nulle", working_time="0", last_name="  DE LA TOUR ", first_name="ÉLOÏSE")
    assert (one.full_name, one.raw_last_name, one.sort_name) == (
        "Éloïse de La Tour",
        "  DE LA TOUR ",
        "de la tour eloise",
    )


def test_a_cut_row_does_not_deactivate_its_person(app, tmp_path, at):
    run(tmp_path, agents())
    files = write(tmp_path, agents())
    lines = files[1].read_text("utf-8-sig").splitlines()
    files[1].write_text("\n".join([*lines[:-1], lines[-1][:20]]))
    assert command.run(*files[:2], apply=True) == 0
    assert db.session.scalars(sa.select(Agent.active).where(Agent.staff_number == "40")).one()
