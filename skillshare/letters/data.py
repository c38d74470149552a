"""From a proposal or a loan to the data of its letter (rubrics of DOMAIN.md §4): plain JSON, nothing else is printed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app

from skillshare.ground import clock
from skillshare.ground.typography import date_fr
from skillshare.needs.models import Need, Remote
from skillshare.organisation.models import Agent, SigningDelegation, Unit
from skillshare.proposals.models import Proposal
from skillshare.skills.models import LEVEL_LABELS, Level

REMOTE_WORDS = {Remote.NO: "non", Remote.PARTLY: "possible en partie, à convenir avec la ou le responsable de mission",
                Remote.FULLY: "oui"}


def letter_data(proposal: Proposal, *, trace: list[dict[str, Any]], at: datetime, manager: Agent | None = None,
                state: str = "draft") -> dict[str, Any]:
    """The data of a letter not yet signed; `trace` is the agreement and the visas, in order."""
    need, agent = proposal.need, proposal.agent
    return {
        "schema": "letter/1", "kind": "letter", "regime": "internal", "state": state, "number": None, "version": 1,
        "dated": clock.local_date(at).isoformat(), "place": current_app.config["EMPLOYER_PLACE"],
        "employer": employer_block(agent), "legal_references": current_app.config["LEGAL_REFERENCES"],
        "agent": agent_block(agent), "home": _home(agent, manager or agent.manager), "host": _host(need),
        "purpose": {"title": need.title, "context": need.context or need.title,
                    "results": _lines(need.expected_results)},
        "skills": [{"label": d.skill.name, "level": LEVEL_LABELS[Level(d.level)], "family": str(d.skill.family)}
                   for d in need.demands],
        "period": period_block(proposal.starts_on, proposal.ends_on, proposal.load, need.rhythm),
        "load": _load(agent, proposal.load), "workplace": _workplace(need),
        "clauses": _clauses(need, proposal, agent), "notices": _notices(proposal),
        "steps": [_step(step) for step in trace], "signature": unsigned(),
        "recipients": ["l’agent", "le service d’origine", "le service d’accueil",
                       "la direction des ressources humaines (dossier individuel)"],
        "verify": None,
    }


def sign_data(data: dict[str, Any], *, number: str, code: str, url: str, signer: Agent,
              delegation: SigningDelegation, at: datetime) -> dict[str, Any]:
    """`data` as signed: number, date, signatory and verification code."""
    signature = {"on_behalf": delegation.on_behalf, "name": civil_name(signer), "quality": delegation.quality,
                 "delegation": f"{delegation.reference}, publiée le {delegation.published_on:%d/%m/%Y}",
                 "at": minute(at), "electronic": False}
    return data | {"state": "signed", "number": number, "dated": clock.local_date(at).isoformat(),
                   "signature": signature, "verify": verify_block(url, code)}


def verify_block(url: str, code: str) -> dict[str, str]:
    return {"url": url, "page": url.split("://")[-1].rsplit("/", 1)[0], "code": code}


def civil_name(agent: Agent) -> str:
    return f"{agent.title} {agent.full_name}".strip()


def employer_block(agent: Agent) -> dict[str, Any]:
    name = agent.employer.name
    return {"name": name, "issuer": "Direction des ressources humaines", "scheme": "Bourse de compétences",
            "authority": f"L’autorité territoriale, {name},", "color": "#16324f", "logo_alt": f"Emblème, {name}"}


def agent_block(agent: Agent) -> dict[str, Any]:
    return {"name": civil_name(agent), "staff_number": agent.staff_number, "grade": agent.status or "agent",
            "job_framework": agent.job_framework.lower() or "non renseigné", "category": agent.category or "–",
            "job": agent.job or "agent", "working_time": agent.working_time,
            "weekly_hours": _weekly_hours(agent.working_time)}


def _weekly_hours(share: int) -> float:
    return round(current_app.config["WEEKLY_HOURS"] * share / 100, 2)


def _above(unit: Unit) -> str:
    return unit.parent.label if unit.parent else unit.label


def _home(agent: Agent, manager: Agent | None) -> dict[str, Any]:
    return {"unit": agent.unit.label, "path": _above(agent.unit),
            "manager": civil_name(manager) if manager else "Responsable hiérarchique",
            "manager_quality": manager.job if manager else agent.unit.label, "contact": manager.phone if manager else ""}


def _host(need: Need) -> dict[str, Any]:
    lead = need.mission_lead or need.requester
    contact = lead.phone or lead.email or "par le service"
    return {"unit": need.unit.label, "path": _above(need.unit), "lead": civil_name(lead),
            "lead_quality": f"responsable de mission, {lead.job}", "contact": contact}


def _lines(text: str) -> list[str]:
    found = [line.strip(" -–•\t") for line in text.splitlines()]
    return [line for line in found if line] or ["à préciser par la ou le responsable de mission"]


def period_block(starts_on: date, ends_on: date, load: int, rhythm: str) -> dict[str, Any]:
    """Dates, and how much work they hold: working days × share of full time."""
    days = max(1, round(clock.working_days(starts_on, ends_on) * load / 100))
    return {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(),
            "rhythm": rhythm or "selon un rythme convenu entre les services", "days": days,
            "hours": days * current_app.config["WEEKLY_HOURS"] / 5}


def _load(agent: Agent, load: int) -> dict[str, Any]:
    return {"share": load, "weekly_hours": _weekly_hours(load), "home_share": max(0, agent.working_time - load),
            "other_share": 0}


def _workplace(need: Need) -> dict[str, Any]:
    parts = [part for part in (need.workplace, need.site.name if need.site else "") if part]
    return {"site": ", ".join(parts) or "à distance", "hours": need.hours or "aux horaires du service d’accueil",
            "remote": REMOTE_WORDS[need.remote]}


def _clauses(need: Need, proposal: Proposal, agent: Agent) -> dict[str, str]:
    opened, closed = date_fr(proposal.starts_on, True), date_fr(proposal.ends_on + timedelta(days=1), True)
    middle = clock.nearest_working_day(proposal.starts_on + (proposal.ends_on - proposal.starts_on) / 2)
    regulated = [d.skill for d in need.demands if d.skill.is_regulated]
    checked = " Le service d’accueil vérifie avant le début : " + ", ".join(
        f"{s.name} ({s.regulated_by})" for s in regulated) + "." if regulated else ""
    away = need.site is not None and agent.site is not None and need.site_id != agent.site_id
    return {
        "pay": "Rémunération maintenue ; les éléments liés à l’exercice des fonctions (NBI, astreintes) suivent les "
               "textes, avis RH.",
        "means": (need.means or "Le service d’accueil fournit le poste de travail et la prise en main.")
                 + f" Droits ouverts le {opened}, retirés au plus tard le {closed}.",
        "travel": "Hors de la résidence administrative, un ordre de mission est établi par le service d’accueil."
                  if away else "Le lieu d’accueil est dans la résidence administrative.",
        "safety": "Les consignes du site sont présentées le premier jour. Un accident de service est déclaré au service "
                  "d’origine. L’assurance de l’employeur s’applique." + checked,
        "duties": "Discrétion, secret professionnel, neutralité, absence de conflit d’intérêts. Les données "
                  "personnelles vues pendant la mission ne servent qu’à celle-ci.",
        "continuity": "Le service d’origine organise la suppléance sur la part prêtée ; les tâches suspendues sont "
                      "arrêtées par la ou le responsable hiérarchique.",
        "follow_up": f"Point à mi-parcours vers le {date_fr(middle, True)}. Bilan croisé de l’agent et des deux services au "
                     "terme ; il n’est transmis pour l’entretien professionnel qu’avec l’accord de l’agent.",
        "end": "Au terme, l’agent retrouve de plein droit son poste. L’agent, le service d’origine ou le service "
               "d’accueil peuvent mettre fin plus tôt à la mission, par écrit, avec un préavis de cinq jours ouvrés.",
    }


def _notices(proposal: Proposal) -> dict[str, str | None]:
    algorithm = None
    if proposal.terms:
        algorithm = ("Cette mission a été proposée à l’aide d’un traitement algorithmique qui rapproche les besoins des "
                     "services et les offres des agents volontaires ; la décision a été prise par des personnes. Sur "
                     "demande, l’agent obtient les règles du traitement et leur application à son cas : degré de "
                     "contribution, données et sources, paramètres et pondérations, opérations (CRPA, art. L. 311-3-1).")
    return {"algorithm": algorithm,
            "data": "L’employeur traite ces données pour organiser les prêts de compétences, au titre de sa mission "
                    "d’intérêt public. Destinataires : ceux de la rubrique 23. Accès, rectification, limitation, "
                    "opposition auprès du délégué à la protection des données ; réclamation possible auprès de la CNIL.",
            "filing": "La présente lettre est versée au dossier individuel de l’agent. Ni score, ni classement, ni refus "
                      "n’y figurent."}


def _step(step: dict[str, Any]) -> dict[str, Any]:
    made_at = step["at"]
    return step | {"at": minute(made_at) if made_at else None}


def minute(at: datetime) -> str:
    return at.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")


def unsigned() -> dict[str, Any]:
    return {"on_behalf": "Par délégation de l’autorité territoriale", "name": "Signataire délégataire",
            "quality": "délégation de signature enregistrée", "delegation": "à la signature", "at": None,
            "electronic": False}
