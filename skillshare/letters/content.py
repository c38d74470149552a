"""What a mission letter says, in the shape of the JSON attached to its PDF, and all that keeps it from being one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from skillshare.letters.blocks import (
    MAX_CLAUSE,
    MAX_CONTEXT,
    MAX_LINE,
    ActReference,
    AgentBlock,
    Change,
    Clauses,
    Employer,
    Home,
    Host,
    Load,
    Notices,
    PastAct,
    Period,
    Purpose,
    Signature,
    SkillLine,
    Step,
    Verify,
    Workplace,
    text,
    texts,
)
from skillshare.letters.shape import from_json, text_faults, to_json

NEEDED = {
    "letter": ("load", "workplace", "skills", "steps", "recipients", "legal_references"),
    "attestation": ("skills", "letters", "amends"),
    "early_end": ("amends", "effective_on", "initiative", "reason", "steps", "recipients"),
    "amendment": ("load", "amends", "rank", "effective_on", "load_before", "changes", "history", "reason", "steps",
                  "recipients"),
}


@dataclass(frozen=True, kw_only=True)
class LetterData:
    """One act: `kind` is letter, amendment, early_end or attestation; `state` is draft, to_sign or signed, and
    issued for an attestation."""

    schema: str = "letter/1"
    kind: str = "letter"
    state: str = "draft"
    regime: str = "internal"
    number: str | None = text("Le numéro", 30, default=None)
    version: int = 1
    dated: date
    place: str = text("Le lieu de l’acte")
    employer: Employer
    agent: AgentBlock
    home: Home
    host: Host
    purpose: Purpose
    period: Period
    signature: Signature
    notices: Notices
    load: Load | None = None
    workplace: Workplace | None = None
    clauses: Clauses = field(default_factory=Clauses)
    legal_references: tuple[str, ...] = texts("Une référence", MAX_LINE, default=())
    skills: tuple[SkillLine, ...] = texts("Les compétences", default=())
    steps: tuple[Step, ...] = texts("Le circuit", default=())
    recipients: tuple[str, ...] = texts("Un destinataire", default=())
    verify: Verify | None = None
    letters: tuple[str, ...] = texts("Un acte attesté", default=())
    amends: ActReference | None = None
    rank: int | None = None
    effective_on: date | None = None
    initiative: str = text("L’auteur de la demande de fin", default="")
    load_before: Load | None = None
    reason: str = text("Le motif", MAX_CONTEXT, default="")
    changes: tuple[Change, ...] = texts("Les changements", default=())
    history: tuple[PastAct, ...] = texts("Les actes de la mission", default=())
    unchanged: str = text("Ce qui ne change pas", MAX_CLAUSE, default="")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LetterData:
        """Raises ValueError, in French, on an unknown or missing key and on a badly written date."""
        return from_json(cls, data)

    def to_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = to_json(self)
        return plain

    def to_json(self) -> str:
        """The canonical text: sorted keys, the same on every machine."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def validate(self) -> None:
        """Raises ValueError with one French sentence a line, everything that keeps this from being a letter."""
        faults = [*text_faults(self), *self._kind_faults(), *self._time_faults(), *self._state_faults()]
        if faults:
            raise ValueError("\n".join(faults))

    def _kind_faults(self) -> list[str]:
        if self.kind not in NEEDED:
            return ["Ce genre de lettre n’existe pas."]
        if self.regime != "internal":
            return ["Un prêt à un autre employeur est une mise à disposition : d’autres actes sont nécessaires."]
        empty = [name for name in NEEDED[self.kind] if not getattr(self, name)]
        if self.kind == "letter":
            empty += [clause.name for clause in fields(Clauses) if not getattr(self.clauses, clause.name)]
        return [f"Il manque à la lettre : {', '.join(empty)}."] if empty else []

    def _time_faults(self) -> list[str]:
        faults = []
        if self.period.ends_on < self.period.starts_on:
            faults.append("La mission finit avant de commencer.")
        for load in filter(None, (self.load, self.load_before)):
            if load.share + load.home_share + load.other_share > self.agent.working_time:
                faults.append("La quotité de la mission dépasse le temps de travail de l’agent.")
        if self.load and self.load.weekly_hours > self.agent.weekly_hours:
            faults.append("Les heures de la mission dépassent celles de l’agent.")
        if self.kind == "early_end" and self.effective_on and not (
                self.period.starts_on <= self.effective_on <= self.period.ends_on):
            faults.append("La fin anticipée doit tomber pendant la mission.")
        return faults

    def _state_faults(self) -> list[str]:
        if self.state not in ("draft", "to_sign", "signed", "issued") or (self.state == "issued") > (self.kind == "attestation"):
            return ["Cet état de lettre n’existe pas."]
        if self.state == "issued" and not (self.number and self.verify):
            return ["Une attestation délivrée porte un numéro et un code de vérification."]
        if self.state == "signed" and not (self.number and self.signature.at and self.verify):
            return ["Une lettre signée porte un numéro, une date de signature et un code de vérification."]
        return []
