"""The trace of agreement and visas, as the letter prints it."""

from __future__ import annotations

from typing import Any

from skillshare.approvals.models import VISA_LABELS, Visa, VisaState
from skillshare.letters.data import civil_name
from skillshare.organisation.models import Agent


def trace_of(visas: list[Visa]) -> list[dict[str, Any]]:
    """One dict per step: label, name, quality, decision (None while waiting), at (instant or None)."""
    proposal = visas[0].proposal
    agreement = _step("Accord écrit de l’agent", proposal.agent, "Accord", proposal.accepted_at)
    return [agreement, *(_visa_step(visa) for visa in visas)]


def _visa_step(visa: Visa) -> dict[str, Any]:
    if visa.state != VisaState.GIVEN:
        return _step(VISA_LABELS[visa.kind], visa.holder, None, None)
    decision = "Visa"
    if visa.decided_for is not None:
        decision = f"Visa, pour {civil_name(visa.decided_for)}"
    return _step(VISA_LABELS[visa.kind], visa.decided_by, decision, visa.decided_at)


def _step(label: str, person: Agent | None, decision: str | None, at: Any) -> dict[str, Any]:
    return {"label": label, "name": civil_name(person) if person else "Ressources humaines",
            "quality": person.job if person else None, "decision": decision, "at": at}

