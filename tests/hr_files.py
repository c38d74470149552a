"""HR files for tests: a small employer written in the French or the English format, changed at will."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from skillshare.organisation.hr_import import columns, command

UNITS = [
    {"unit_code": "CD", "label": "Département", "kind": "collectivité", "parent_code": "", "head_id": "1"},
    {"unit_code": "DIR", "label": "Direction des routes", "kind": "direction", "parent_code": "CD", "head_id": "2"},
    {"unit_code": "NORD", "label": "Centre Nord", "kind": "service", "parent_code": "DIR", "head_id": "3"},
    {"unit_code": "SUD", "label": "Centre Sud", "kind": "service", "parent_code": "DIR", "head_id": "4"},
]
SITES = [{"site": "Bellerive", "site_code": "99001", "latitude": "44.84", "longitude": "-0.58"}]


def agent(number: str, unit: str = "NORD", manager: str = "3", **more: str) -> dict[str, str]:
    values = {
        "employee_id": number,
        "title": "Mme",
        "last_name": f"Nom{number}",
        "first_name": "Zoé",
        "email": f"a{number}@orvanne.example",
        "category": "C",
        "stream": "Technique",
        "job_framework": "Adjoints techniques",
        "job": "Agent d’exploitation",
        "working_time": "100.00",
        "unit_code": unit,
        "manager_id": manager,
        "site": "Bellerive",
        "site_code": "99001",
        "entry_date": "2015-03-01",
        "exit_date": "",
        "phone": "05 00 00 00 01",
    }
    return values | more


def agents(count: int = 40) -> list[dict[str, str]]:
    """The director (1), the heads (2, 3, 4), then agents of the Nord."""
    heads = [agent("1", "CD", ""), agent("2", "DIR", "1"), agent("3", "NORD", "2"), agent("4", "SUD", "2")]
    return heads + [agent(str(number)) for number in range(5, count + 1)]


def write(
    folder: Path, people: list[dict[str, str]], units: list[dict[str, str]] = UNITS, *,
    sites: list[dict[str, str]] = SITES, french: bool = False
) -> tuple[Path, Path, Path]:
    """units.csv, agents.csv and sites.csv in one of the two formats."""
    tables = (("units", columns.UNITS, units), ("agents", columns.AGENTS, people), ("sites", columns.SITES, sites))
    return tuple(_write(folder / f"{name}.csv", shape, rows, french) for name, shape, rows in tables)


def _write(path: Path, shape: tuple[columns.Column, ...], rows: list[dict[str, str]], french: bool) -> Path:
    shape = tuple(column for column in shape if column.name in rows[0])
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if french else ",")
    writer.writerow([column.french if french else column.name for column in shape])
    for row in rows:
        writer.writerow([_french(column.name, row[column.name]) if french else row[column.name] for column in shape])
    path.write_bytes(text.getvalue().encode("cp1252" if french else "utf-8-sig"))
    return path


def _french(column: str, value: str) -> str:
    if column in ("working_time", "latitude", "longitude"):
        return value.replace(".", ",")
    return "/".join(reversed(value.split("-"))) if column.endswith("_date") else value


def run(
    folder: Path,
    people: list[dict[str, str]],
    units: list[dict[str, str]] = UNITS,
    *,
    code: int = 0,
    french: bool = False,
    **options: Any,
) -> dict[str, Any]:
    """Import these rows (applied unless told), check the exit code, and return the report."""
    unit_file, agent_file, site_file = write(folder, people, units, french=french)
    report = folder / "report.json"
    options = {"apply": True, "sites": site_file} | options
    assert command.run(unit_file, agent_file, report=report, **options) == code
    return json.loads(report.read_text())
