"""A candidate as the compared articles of the need's page draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillshare.ground.typography import date_fr, date_range, km_fr, percent_fr
from skillshare.proposals.endings import why
from skillshare.proposals.models import Origin, Proposal
from skillshare.proposals.seen import Look, Seen
from skillshare.proposals.terms import band, displayed, rows


@dataclass(frozen=True)
class Card:
    """The arguments of `sk.candidate`."""

    key: str
    name: str
    unit: str
    total: int
    groups: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    note: str
    best: bool
    button: str | None
    mono: str | None


def card_of(seen: Seen, *, may_choose: bool, cost: str = "") -> Card:
    proposal = seen.proposal
    evidence = None if seen.is_hidden else proposal.evidence
    ready = seen.look == Look.READY and may_choose
    return Card(
        key=str(proposal.id), name=seen.name, unit=proposal.agent.unit.label if seen.is_named else "",
        total=displayed(proposal.fit), note=f"{_note(seen)} {cost}".strip(),
        groups=groups_of(evidence, proposal.starts_on, proposal.ends_on, proposal.load, named=seen.is_named),
        rows=[] if seen.is_hidden else rows(proposal.terms, proposal.evidence, named=seen.is_named),
        best=seen.look == Look.READY and proposal.origin == Origin.RUN,
        button=f"Choisir {proposal.agent.first_name}" if ready else None,
        mono=None if seen.is_named else seen.name.rpartition(" ")[2])


def _note(seen: Seen) -> str:
    proposal = seen.proposal
    if proposal.origin == Origin.COUNTER:
        return "Autres dates ou autre part, proposées par le service d’origine : si vous confirmez, son visa est acquis."
    if seen.look == Look.WAITING:
        return "En attente de réponse."
    if proposal.origin == Origin.RUN:
        proven = proposal.run is not None and proposal.run.is_proven
        return "le choix qui pourvoit le plus de places." if proven else "le meilleur plan trouvé."
    return "A répondu de sa propre initiative." if proposal.origin == Origin.APPLICATION else "A répondu à votre invitation."


def groups_of(evidence: Mapping[str, Any] | None, starts_on: date, ends_on: date, load: int, *,
              named: bool) -> list[dict[str, Any]]:
    """Skills, dates and load, distance: the three rows that line up from one candidate to the next."""
    if evidence is None:
        hidden = [{"ok": "mid", "text": "Montré après l’accord", "detail": "c’est le choix de la personne"}]
        return [{"title": title, "lines": hidden} for title in ("Compétences", "Dates et part", "Distance")]
    return [{"title": "Compétences", "lines": [_skill(skill) for skill in evidence["skills"]]},
            {"title": "Dates et part", "lines": _dates(evidence, starts_on, ends_on, load, named=named)},
            {"title": "Distance", "lines": [_distance(evidence, named=named)]}]


def _skill(skill: Mapping[str, Any]) -> dict[str, str]:
    wish = "demandé" if skill["required"] else "souhaité"
    if skill["offered"] >= skill["asked"]:
        return {"ok": "yes", "text": skill["name"], "detail": f"niveau {skill['offered']}, {wish} {skill['asked']}"}
    if skill["through"]:
        return {"ok": "mid", "text": skill["name"], "detail": f"par une voisine : {skill['through']}"}
    own = f"niveau {skill['offered']}" if skill["offered"] else "non déclarée"
    return {"ok": "mid", "text": skill["name"], "detail": f"{own}, {wish} {skill['asked']}"}


def _dates(evidence: Mapping[str, Any], starts_on: date, ends_on: date, load: int, *, named: bool) -> list[dict[str, str]]:
    until = f"offre jusqu’au {date_fr(date.fromisoformat(evidence['window'][1]), weekday=False)}" if named else ""
    most = f"jusqu’à {percent_fr(evidence['highest_load'])} dans son offre" if named else ""
    return [{"ok": "yes", "text": date_range(starts_on, ends_on).capitalize(), "detail": until},
            {"ok": "yes", "text": f"{percent_fr(load)} d’un temps plein", "detail": most}]


def _distance(evidence: Mapping[str, Any], *, named: bool) -> dict[str, str]:
    texts = {"remote": "À distance", "no_place": "Sans lieu fixe", "unknown": "Distance inconnue"}
    if evidence["place"] != "km":
        return {"ok": "yes" if evidence["place"] != "unknown" else "mid", "text": texts[evidence["place"]]}
    km = evidence["km"]
    text = km_fr(km).capitalize() if named else band(km).capitalize()
    return {"ok": "yes" if km < 25 else "mid", "text": text}


def past_lines(seen: Sequence[Seen], labels: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """Those that ended: « sans suite » without date nor reason, the others with what happened and why."""
    reasons = why([one.proposal for one in seen if one.look == Look.ENDED], to_agent=False)
    lines = []
    for one in seen:
        if one.look == Look.SILENT:
            lines.append({"text": one.name, "status": "Sans suite", "status_icon": "dash-circle"})
        elif one.look == Look.ENDED:
            state = labels[one.proposal.state]
            unit = one.proposal.agent.unit.label if one.is_named else ""
            lines.append({"text": one.name, "detail": ". ".join(filter(None, (unit, reasons.get(one.proposal.id, "")))),
                          "status": state.label, "status_icon": state.icon})
    return lines


def period_of(proposal: Proposal) -> str:
    return f"{date_range(proposal.starts_on, proposal.ends_on)}, {percent_fr(proposal.load)} d’un temps plein"
