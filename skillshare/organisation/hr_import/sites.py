"""From the rows of the sites' file, and the places named by agents, to sites."""

from __future__ import annotations

from skillshare.organisation.hr_import.reading import Row, Table
from skillshare.organisation.hr_import.report import Report
from skillshare.organisation.hr_import.states import SiteKey, SiteState
from skillshare.organisation.hr_import.values import clean, decimal
from skillshare.organisation.models import Site

FILE = "fichier des sites"
LONGEST_CODE, LONGEST_NAME = Site.code.type.length, Site.name.type.length


def site_key(cells: dict[str, str]) -> SiteKey | None:
    """Code and name of the site a row names; None when it names none."""
    code = clean(cells["site_code"])[:LONGEST_CODE]
    name = clean(cells["site"])[:LONGEST_NAME]
    return (code, name or code) if code or name else None


def wanted_sites(table: Table | None, report: Report) -> dict[SiteKey, SiteState]:
    """The sites of the file by code and name; empty without file."""
    sites: dict[SiteKey, SiteState] = {}
    for row in table.rows if table else ():
        key = None if row.fault else site_key(row.cells)
        if key is None:
            report.reject(row.line, "", f"{FILE} : {row.fault or 'site sans nom'} ; ligne refusée")
        elif key in sites:
            report.warn(row.line, "", f"{FILE} : {key[1]} est donné deux fois ; la première ligne compte")
        else:
            sites[key] = SiteState(*key, *_place(row, key[1], report))
    return sites


def _place(row: Row, name: str, report: Report) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = decimal(row.cells["latitude"]), decimal(row.cells["longitude"])
    except ValueError:
        latitude = longitude = None
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        report.warn(row.line, "", f"{FILE} : {name} n’a pas de coordonnées lisibles ; sa distance n’est pas calculée")
        return None, None
    return latitude, longitude
