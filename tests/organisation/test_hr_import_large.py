"""An employer of 20,000 agents in the English format: applied whole, and nothing to do the second time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date
from typing import Any

import pytest

from skillshare.demo.departement import generate
from skillshare.organisation.hr_import import columns, command
from tests import hr_files

pytestmark = pytest.mark.slow
ROWS = 20_000


def as_text(shape: tuple[columns.Column, ...], rows: Iterable[Any]) -> list[dict[str, str]]:
    """Generated rows, whose fields stand in the order of the header."""
    names = [column.name for column in shape]
    return [{name: "" if value is None else str(value) for name, value in zip(names, astuple(row), strict=False)}
            for row in rows]


def test_twenty_thousand_rows_in_the_other_format(app, at, tmp_path):
    made = generate(agents=ROWS, today=date(2026, 11, 22))
    units, agents, sites = hr_files.write(tmp_path, as_text(columns.AGENTS, made.agents), as_text(columns.UNITS, made.units),
                                          sites=as_text(columns.SITES, made.sites))
    report = tmp_path / "report.json"

    def told() -> dict:
        assert command.run(units, agents, sites=sites, apply=True, report=report) == 0
        return json.loads(report.read_text())

    first, second = told(), told()
    assert (first["rows_read"], first["created"], first["rejected"]) == (ROWS, ROWS, [])
    assert (second["created"], second["updated"], second["deactivated"], second["unchanged"]) == (0, 0, 0, ROWS)
