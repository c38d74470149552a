"""Writes the demo's employer as the three files of an HR export with English headers."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from skillshare.demo.rows import AGENT_HEADER, Departement


def write_csv(departement: Departement, folder: Path) -> tuple[Path, Path, Path]:
    """Write units.csv, agents.csv and sites.csv with English headers, as the HR import reads them."""
    units = (("unit_code", "label", "kind", "parent_code", "head_id"),
             [astuple(unit)[:5] for unit in departement.units])
    agents = (AGENT_HEADER, [astuple(agent) for agent in departement.agents])
    sites = (("site", "site_code", "latitude", "longitude"), [astuple(site) for site in departement.sites])
    return (_write(folder / "units.csv", *units), _write(folder / "agents.csv", *agents),
            _write(folder / "sites.csv", *sites))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path
