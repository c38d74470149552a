"""From the rows of the units' file to a tree that can be trusted."""

from __future__ import annotations

from dataclasses import replace

from skillshare.organisation.hr_import.reading import FileRefused, Row, Table
from skillshare.organisation.hr_import.report import Report
from skillshare.organisation.hr_import.states import UnitState
from skillshare.organisation.hr_import.values import clean
from skillshare.organisation.models import Unit

FILE = "fichier des unités"
DEEPEST = 20


def wanted_units(table: Table, report: Report) -> tuple[dict[str, UnitState], dict[str, int]]:
    """The units by code, and the line of each; FileRefused on a cycle or a tree too deep for `Unit.path`."""
    units: dict[str, UnitState] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        unit = _unit(row, report)
        if unit is None or _is_repeated(unit, row.line, units, lines, report):
            continue
        units[unit.code], lines[unit.code] = unit, row.line
    for code, unit in units.items():
        if unit.parent and unit.parent not in units:
            report.warn(
                lines[code],
                "",
                f"{FILE} : {code} a pour parent « {unit.parent} », inconnu ; l’unité est prise sans rattachement",
            )
            units[code] = replace(unit, parent="")
    for code in units:
        _check_lineage(table.file, code, units, lines)
    return units, lines


def _unit(row: Row, report: Report) -> UnitState | None:
    cells = {name: clean(cell) for name, cell in row.cells.items()}
    code = cells.get("unit_code", "")
    fault = row.fault or ("" if code else "code d’unité vide")
    if not fault and len(code) > Unit.code.type.length:
        fault = "code d’unité trop long"
    if fault:
        report.reject(row.line, "", f"{FILE} : {fault} ; ligne refusée")
        return None
    label = cells["label"][: Unit.label.type.length] or code
    return UnitState(code, label, cells["kind"][: Unit.kind.type.length], cells["parent_code"], cells["head_id"])


def _is_repeated(
    unit: UnitState, line: int, units: dict[str, UnitState], lines: dict[str, int], report: Report
) -> bool:
    first = units.get(unit.code)
    if first is None:
        return False
    if first == unit:
        report.warn(line, "", f"{FILE} : {unit.code} répète la ligne {lines[unit.code]} ; ignorée")
    else:
        report.reject(
            line,
            "",
            f"{FILE} : {unit.code} est déjà décrite autrement ligne {lines[unit.code]} ; ligne refusée",
        )
    return True


def _check_lineage(file: str, code: str, units: dict[str, UnitState], lines: dict[str, int]) -> None:
    chain = [code]
    while units[chain[-1]].parent:
        chain.append(units[chain[-1]].parent)
        if chain[-1] in chain[:-1]:
            raise FileRefused(file, f"les unités tournent en rond : {' → '.join(chain)}", lines[code])
        if len(chain) > DEEPEST:
            raise FileRefused(file, f"l’unité {code} est à plus de {DEEPEST} niveaux de profondeur", lines[code])


def check_heads(units: dict[str, UnitState], lines: dict[str, int], known: set[str], report: Report) -> None:
    """Warn of each unit that no head decides for; an unknown head is taken out."""
    for code, unit in units.items():
        if not unit.head:
            report.warn(lines[code], "", f"{FILE} : {code} n’a pas de responsable ; celui de l’unité parente décide")
        elif unit.head not in known:
            report.warn(
                lines[code],
                "",
                f"{FILE} : {code} a pour responsable {unit.head}, inconnu ; celui de l’unité parente décide",
            )
            units[code] = replace(unit, head="")
