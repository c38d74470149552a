"""The import of a whole extraction with documented faults, where one is at hand."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.organisation.hr_import import command
from skillshare.organisation.models import Agent, Unit

FOLDER = Path(__file__).parents[3] / "shared/data/hr-export"
pytestmark = [
    pytest.mark.skipif(not (FOLDER / "agents.csv").exists(), reason=f"no HR extraction at {FOLDER}"),
    pytest.mark.slow,
]
FAULTS = {
    "no_email": "adresse électronique absente",
    "zero_quotite": "quotité nulle",
    "unknown_manager": "responsable 999999 inconnu",
    "own_manager": "son propre responsable",
    "duplicate_row": "répète à l’identique",
    "duplicate_email": "partagée",
}


@pytest.fixture
def quirks():
    return json.loads((FOLDER / "quirks.json").read_text())


def import_it(tmp_path):
    report = tmp_path / "report.json"
    files = {name: FOLDER / f"{name}.csv" for name in ("units", "agents", "sites")}
    assert command.run(**files, apply=True, report=report) == 0
    return json.loads(report.read_text())


def test_every_documented_fault_is_found_and_no_other(both, tmp_path, at, quirks):
    report = import_it(tmp_path)
    for name, words in FAULTS.items():
        told = [w["staff_number"] for w in report["warnings"] if words in w["reason"]]
        assert sorted(told) == sorted(quirks[name]), name
    headless = [w for w in report["warnings"] if "n’a pas de responsable" in w["reason"]]
    assert len(headless) == len(quirks["units_without_head"])
    assert len(report["warnings"]) == len(headless) + sum(len(quirks[name]) for name in FAULTS)
    assert sorted(r["staff_number"] for r in report["rejected"]) == sorted(quirks["unknown_unit"])
    assert report["rows_read"] == quirks["rows"]
    assert report["created"] == quirks["agents"] - len(quirks["unknown_unit"])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Unit)) == quirks["units"]
    left = db.session.scalars(sa.select(Agent.staff_number).where(~Agent.active))
    assert set(left) == set(quirks["left_before_today"])
    capitals = sa.select(Agent).where(Agent.staff_number.in_(quirks["names_in_capitals_with_spaces"]))
    assert all(
        agent.last_name.istitle() and agent.raw_last_name != agent.last_name for agent in db.session.scalars(capitals)
    )
    again = import_it(tmp_path)
    assert (again["created"], again["updated"], again["deactivated"]) == (0, 0, 0)
