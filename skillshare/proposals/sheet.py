"""The agent's page of one proposal: who must act, what changes, who sees what, and the fit applied to their case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from skillshare.ground import clock, journal
from skillshare.ground.extensions import db
from skillshare.ground.typography import age_fr, date_fr, datetime_fr, due_fr, due_state, number_fr, percent_fr
from skillshare.offers.models import Offer, OfferState, Visibility
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import line_manager
from skillshare.proposals.cards import groups_of, period_of
from skillshare.proposals.endings import why
from skillshare.proposals.holders import holder_of
from skillshare.proposals.models import Origin, Proposal, ProposalState
from skillshare.proposals.terms import displayed, rows, sentence
from skillshare.skills.models import Family

S = ProposalState
STORY = {
    "propose": "La mission vous est proposée", "invite": "Le service vous invite", "apply": "Vous répondez au besoin",
    "accept": "Vous donnez votre accord", "decline": "Vous déclinez", "lapse": "La proposition s’éteint sans réponse",
    "choose": "Le service vous choisit", "not_choose": "La place est attribuée à une autre personne",
    "send_to_visa": "Les visas sont demandés", "approve": "Tous les visas sont donnés",
    "refuse": "Le prêt est refusé, avec un motif", "counter_propose": "Votre responsable propose d’autres dates",
    "counter": "D’autres dates vous sont proposées", "withdraw": "Vous retirez votre accord",
    "cancel": "La proposition est annulée",
}
BAD = ("refuse", "cancel")


@dataclass(frozen=True)
class Sheet:
    """What templates/proposals/show.html draws."""

    proposal: Proposal
    manager: Agent | None
    hands: dict[str, Any]
    skills: list[tuple[str, Family]]
    period: str
    place: str
    returns_on: date
    seen_by: list[dict[str, str]]
    preview: list[tuple[str, str]]
    groups: list[dict[str, Any]]
    total: int
    rows: list[dict[str, Any]]
    reasons: list[dict[str, str]]
    what_if: list[dict[str, str]]
    story: list[dict[str, str]]


def sheet_of(proposal: Proposal) -> Sheet:
    need, agent, today = proposal.need, proposal.agent, clock.today()
    manager = line_manager(agent, today)
    return Sheet(
        proposal=proposal, manager=manager, hands=hands(proposal), period=period_of(proposal), place=place_of(proposal),
        skills=[(f"{demand.skill.name}, niveau {demand.level}", demand.skill.family) for demand in need.demands],
        returns_on=_next_working_day(proposal.ends_on), seen_by=_seen_by(proposal, manager),
        preview=_preview(proposal),
        groups=groups_of(proposal.evidence, proposal.starts_on, proposal.ends_on, proposal.load, named=True),
        total=displayed(proposal.fit), rows=rows(proposal.terms, proposal.evidence),
        reasons=reasons(proposal.terms, proposal.evidence), what_if=_what_if(proposal), story=story(proposal))


def _next_working_day(day: date) -> date:
    return clock.add_working_days(day + timedelta(days=1), 0)


def place_of(proposal: Proposal) -> str:
    need = proposal.need
    names = [need.workplace, need.site.name if need.site else ""]
    place = ", ".join(name for name in names if name) or "Lieu à préciser avec le service"
    if proposal.evidence.get("place") == "remote":
        return f"{place} ; à distance"
    km = proposal.evidence.get("km")
    return place if km is None else f"{place}, à {number_fr(km, 0)} km de {proposal.evidence['home_site']}"


def hands(proposal: Proposal) -> dict[str, Any]:
    """Who must act, since when, until when, and what happens if nobody does."""
    need, since = proposal.need, age_fr(proposal.since)
    due = {"due": due_fr(proposal.answer_by), "due_state": due_state(proposal.answer_by)}
    if proposal.state in (S.CHOSEN, S.IN_VISA):
        return _in_other_hands(proposal)
    if proposal.state == S.APPROVED:
        return _in_other_hands(proposal) | {"detail": "Les visas sont donnés. Vous pouvez revenir sur votre accord "
                                                      "jusqu’à la signature de la lettre."}
    told: dict[ProposalState, dict[str, Any]] = {
        S.PROPOSED: due | {"text": f"C’est à vous de répondre, {since}.", "who": "you", "detail":
                           f"Sans réponse le {date_fr(proposal.answer_by)}, la proposition s’éteint d’elle-même. Ni oui, "
                           "ni non, et rien à votre dossier."},
        S.ACCEPTED: due | {"text": f"Entre les mains de {need.requester.full_name}, {since}.", "who": "other", "detail":
                           "Le service choisit parmi les volontaires. Son silence ne vaudra jamais un choix."},
    }
    return told.get(proposal.state) or {"text": f"Personne n’a à agir : {_ended(proposal)}", "who": "done",
                                        "detail": why([proposal], to_agent=True).get(proposal.id, "")}


def _in_other_hands(proposal: Proposal) -> dict[str, Any]:
    """Names who decides, as the room of the visas says."""
    holder = holder_of(proposal)
    if holder is None:
        return {"text": "Les visas sont donnés : la mission suit son cours.", "who": "done"}
    return {"text": f"Entre les mains de {holder.name}, {age_fr(holder.since)} : {holder.task}.", "who": "other",
            "due": due_fr(holder.until), "due_state": due_state(holder.until),
            "detail": "Sans réponse, un suppléant prend le relais. Un silence ne vaudra jamais accord."}


def _ended(proposal: Proposal) -> str:
    return {
        S.DECLINED: "vous avez décliné. Rien n’est à votre dossier ; le service lit « sans suite ».",
        S.LAPSED: "la proposition s’est éteinte ; le service lit « sans suite ».",
        S.NOT_CHOSEN: "la place a été attribuée à une autre personne volontaire.",
        S.REFUSED: "le prêt n’a pas reçu le visa attendu.",
        S.COUNTER_PROPOSED: "d’autres dates ont remplacé celles-ci.",
        S.WITHDRAWN: "vous avez retiré votre accord.",
        S.CANCELLED: "la proposition est annulée.",
    }[proposal.state]


def _visibility(proposal: Proposal) -> Visibility:
    """The agent's choice in force, read as `seen.py` reads it."""
    live = (OfferState.PUBLISHED, OfferState.PAUSED)
    query = sa.select(Offer.visibility).where(Offer.agent_id == proposal.agent_id, Offer.state.in_(live))
    return db.session.scalar(query) or Visibility.MATCHING


def _seen_by(proposal: Proposal, manager: Agent | None) -> list[dict[str, str]]:
    """Who sees what at each stage: these promises are rules of `seen.py`, each with a test."""
    host = proposal.need.requester.full_name
    stage = {S.PROPOSED: 0, S.ACCEPTED: 1}.get(proposal.state, 2)
    lines = [
        ("Aujourd’hui" if stage == 0 else "Avant votre accord", _before_yes(proposal, host)),
        (f"Si vous dites oui : {host}" if stage == 0 else f"Depuis votre accord : {host}",
         "Son service voit votre nom, votre service, vos compétences et votre adéquation. D’autres volontaires peuvent "
         "aussi dire oui."),
        (f"Si le service vous choisit : {manager.full_name}" if manager else "Si le service vous choisit : la médiatrice",
         "Visa, autres dates, ou refus avec un motif que vous lirez. Jamais votre adéquation."),
        ("Si vous déclinez : personne", "Le service lit « sans suite », comme pour un silence, et à la même date. "
                                        "Aucune conséquence, aucune relance."),
    ]
    states = ["now" if n == stage else "done" if n < stage else "next" for n in range(3)] + ["next"]
    shown = lines if stage == 0 else lines[:3]
    return [{"fact": fact, "detail": detail, "state": state}
            for (fact, detail), state in zip(shown, states, strict=False)]


def _before_yes(proposal: Proposal, host: str) -> str:
    if proposal.origin == Origin.COUNTER:
        return f"{host} sait déjà qui vous êtes : vous aviez donné votre accord aux premières dates."
    if proposal.origin == Origin.APPLICATION:
        return "Vous avez répondu de vous-même : votre nom a été donné avec votre accord."
    return {
        Visibility.EVERYONE: f"Votre offre est visible de tous les services : {host} voit votre nom.",
        Visibility.MATCHING: f"{host} voit « Candidat », un numéro, vos compétences, votre adéquation et une tranche de "
                             "distance. Ni votre nom, ni votre service. Votre responsable ne voit rien.",
        Visibility.MEDIATOR: f"{host} voit « Candidat » et un numéro, rien d’autre. Votre responsable ne voit rien.",
    }[_visibility(proposal)]


def _preview(proposal: Proposal) -> list[tuple[str, str]]:
    """Exactly what the requesting side reads once the agent says yes, besides the fit and its rows."""
    agent = proposal.agent
    return [("Votre nom", agent.full_name), ("Votre service", agent.unit.label), ("Vos dates", period_of(proposal)),
            ("Votre adéquation", f"{displayed(proposal.fit)} sur 100, avec le détail de la fiche de calcul")]


def reasons(terms: Sequence[Mapping[str, Any]], evidence: Mapping[str, Any]) -> list[dict[str, str]]:
    """The three terms that gave most points, as sentences."""
    most = sorted((term for term in terms if term["share"]), key=lambda term: -term["share"])[:3]
    return [{"ok": "yes", "text": sentence(term["name"], evidence), "detail": f"{term['share']} points"} for term in most]


def _what_if(proposal: Proposal) -> list[dict[str, str]]:
    """Changes to one's own offer and what they would do, from the formula; nobody else's data."""
    wished = [skill for skill in proposal.evidence["skills"] if not skill["required"]]
    weight = next(term["weight"] for term in proposal.terms if term["name"] == "desired")
    lines = [{"icon": "plus-circle", "text": f"Déclarer « {skill['name']} », niveau {skill['asked']}, si vous l’exercez",
              "detail": f"environ {number_fr(weight / len(wished), 0)} points de plus"}
             for skill in wished if not skill["offered"] and not skill["through"]]
    lines.append({"icon": "dash-circle", "text": f"Limiter votre offre à moins de {percent_fr(proposal.load)}",
                  "detail": f"Plus de proposition : la place demande {percent_fr(proposal.load)}"})
    lines.append({"icon": "arrow-left-right", "text": "Si vous déclinez",
                  "detail": "La place peut encore être tenue par une autre personne volontaire"})
    return lines


def story(proposal: Proposal) -> list[dict[str, str]]:
    """The case's history from the audit log, oldest first, over the counter-proposals it follows."""
    before = story(proposal.previous) if proposal.previous is not None else []
    lines = []
    for entry in journal.history(proposal):
        name = entry.event.partition(":")[2]
        if name in STORY:
            lines.append({"fact": STORY[name], "detail": datetime_fr(entry.at), "state": "bad" if name in BAD else "done"})
    return before + lines
