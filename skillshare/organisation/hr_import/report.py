"""What an import found and did, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from skillshare.ground.typography import fr, plural

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line (header = 1); `staff_number` as written, "" for a line of another file."""

    line: int
    staff_number: str
    reason: str


@dataclass
class Report:
    """Counts of agents, and the faults; `refused` says why nothing was done."""

    applied: bool = False
    rows_read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    rejected: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    units_created: int = 0
    units_updated: int = 0
    refused: str = ""

    def reject(self, line: int, staff_number: str, reason: str) -> None:
        self.rejected.append(Fault(line, staff_number, fr(reason)))

    def warn(self, line: int, staff_number: str, reason: str) -> None:
        self.warnings.append(Fault(line, staff_number, fr(reason)))

    def sort(self) -> None:
        """Put the faults in the order of the file."""
        for faults in (self.rejected, self.warnings):
            faults.sort(key=lambda fault: (fault.line, fault.staff_number))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def lines(self) -> list[str]:
        """The report in a few lines for whoever runs the command."""
        if self.refused and not self.rows_read:
            return [self.refused]
        return [
            fr(f"{plural(self.rows_read, 'ligne lue', 'lignes lues')}."),
            fr(
                f"Agents : {_counts(self.created, self.updated)}, {self.unchanged} sans changement, "
                f"{plural(self.deactivated, 'désactivation')}."
            ),
            fr(f"Unités : {_counts(self.units_created, self.units_updated)}."),
            *self._shown("Refus", self.rejected),
            *self._shown("Avertissements", self.warnings),
            *self.notes,
            self._conclusion(),
        ]

    def _shown(self, title: str, faults: list[Fault]) -> list[str]:
        lines = [fr(f"{title} : {len(faults)}")]
        for fault in faults[:MOST_SHOWN]:
            person = f", matricule {fault.staff_number}" if fault.staff_number else ""
            lines.append(fr(f"  ligne {fault.line}{person} : {fault.reason}"))
        if len(faults) > MOST_SHOWN:
            lines.append(f"  … et {len(faults) - MOST_SHOWN} de plus (--report les écrit tous)")
        return lines

    def _conclusion(self) -> str:
        if self.refused:
            return self.refused
        return "Import appliqué." if self.applied else "Simulation : rien n’est écrit. Ajoutez --apply pour appliquer."


def _counts(created: int, updated: int) -> str:
    return f"{plural(created, 'création')}, {plural(updated, 'modification')}"
