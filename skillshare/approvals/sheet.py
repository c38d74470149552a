"""The page of one visa: the question, who must act, four facts, and what the team would feel. No fit is on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from skillshare.approvals import skills_left
from skillshare.approvals.access import HOME
from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.approvals.reasons import COUNTER_REASONS, REFUSAL_REASONS, SUITABILITY
from skillshare.approvals.team import Cap, Team, Week, balance_of, team_and_caps
from skillshare.approvals.variants import Variant, days_of, per_week, variants_of
from skillshare.commitments.queries import Balance
from skillshare.ground import clock
from skillshare.ground.typography import (
    age_fr,
    date_fr,
    date_range,
    datetime_fr,
    due_fr,
    due_state,
    fte_fr,
    km_fr,
    number_fr,
    percent_fr,
    plural,
)
from skillshare.needs.models import NeedReason
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import delegation_for, stand_in_of
from skillshare.proposals.models import Proposal
from skillshare.skills.models import LEVEL_LABELS, Level

REASONS = {NeedReason.PEAK: "Temps fort", NeedReason.ABSENCE: "Absence à tenir", NeedReason.PROJECT: "Projet",
           NeedReason.RARE_SKILL: "Compétence rare"}
QUESTIONS = {VisaKind.HOST_HEAD: "Accueillir", VisaKind.HR: "Autoriser le prêt de"}


@dataclass(frozen=True)
class Sheet:
    """What templates/approvals/visa.html draws; team, caps and variants are the home side's only."""

    visa: Visa
    title: str
    lead: str
    hands: dict[str, Any]
    facts: list[tuple[str, str, str]]
    is_home: bool
    is_open: bool
    can_sign: bool = False
    team: Team | None = None
    weeks: list[Week] = field(default_factory=list)
    conclusion: tuple[str, str] = ("", "")
    caps: list[Cap] = field(default_factory=list)
    balance: Balance | None = None
    variants: list[Variant] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)

    @property
    def has_problem(self) -> bool:
        """Something is in the way: the page opens on the other way than no."""
        return any(cap.is_exceeded for cap in self.caps) or any(map(self.team.is_below, self.weeks)) if self.team else False

    def variant(self, name: str) -> Variant | None:
        return next((variant for variant in self.variants if variant.name == name), None)


def sheet_of(visa: Visa, actor: Agent) -> Sheet:
    proposal, today = visa.proposal, clock.today()
    is_open = visa.state == VisaState.WAITING
    common: dict[str, Any] = {
        "visa": visa, "title": title_of(visa), "lead": _lead(proposal), "hands": hands(visa, actor),
        "facts": _facts(proposal), "is_home": visa.kind in HOME, "is_open": is_open,
        "can_sign": actor.id != proposal.agent_id and delegation_for(actor, proposal.agent.unit, today) is not None}
    if visa.kind not in HOME or not is_open:
        return Sheet(**common)
    team, caps = team_and_caps(proposal, today)
    weeks = team.weeks(proposal.starts_on, proposal.ends_on, proposal.load)
    return Sheet(**common, team=team, weeks=weeks, conclusion=_conclusion(team, weeks), caps=caps,
                 balance=balance_of(team.unit, today), variants=variants_of(proposal, team, caps, today),
                 evidence=_evidence(proposal, team, weeks))


def title_of(visa: Visa) -> str:
    """« Prêter Bob Tessier 2 jours par semaine, du 11 janvier au 19 mars ? »"""
    proposal = visa.proposal
    verb = QUESTIONS.get(visa.kind, "Prêter")
    return (f"{verb} {proposal.agent.full_name} {per_week(proposal.load)}, "
            f"{date_range(proposal.starts_on, proposal.ends_on)} ?")


def _lead(proposal: Proposal) -> str:
    return (f"Demande de {proposal.need.unit.label} : « {proposal.need.title} ». "
            f"{proposal.agent.first_name} est d’accord, depuis le {date_fr(proposal.accepted_at)}.")


def hands(visa: Visa, actor: Agent) -> dict[str, Any]:
    """Who must act, since when, until when, and what happens if nobody does."""
    if visa.state != VisaState.WAITING:
        return {"text": f"{_decision(visa)}, le {datetime_fr(visa.decided_at)}.", "who": "done",
                "detail": "Personne n’a à agir ici : la suite est dite à l’agent et aux deux services."}
    place = visa.holder.full_name if visa.holder and visa.holder_id != actor.id else ""
    instead = f", à la place de {place}" if place else ""
    last = visa.stand_in_on if visa.stand_in_on and visa.stand_in_on >= clock.today() else visa.mediator_on
    return {"text": f"C’est à vous de décider{instead}, {age_fr(visa.since)}.", "who": "you",
            "detail": f"{_if_silent(visa, actor)} Votre silence ne vaudra jamais accord.",
            "due": due_fr(last), "due_state": due_state(last)}


def _decision(visa: Visa) -> str:
    who = visa.decided_by.full_name if visa.decided_by else "La personne responsable"
    reasons = REFUSAL_REASONS | COUNTER_REASONS
    return {VisaState.GIVEN: f"{who} a donné ce visa",
            VisaState.REFUSED: f"{who} a refusé ce prêt ({reasons.get(visa.reason_code, 'motif').lower()})",
            VisaState.COUNTERED: f"{who} a proposé d’autres dates"}.get(visa.state, "Ce visa n’attend plus personne")


def _if_silent(visa: Visa, actor: Agent) -> str:
    deputy = stand_in_of(visa.holder, clock.today()) if visa.holder else None
    whose = "votre suppléant" if visa.holder_id == actor.id else "suppléance"
    stages = [("rappel", visa.remind_on),
              (f"{deputy.full_name}, {whose}," if deputy and deputy.id != actor.id else "la ou le suppléant", visa.stand_in_on),
              ("le niveau au-dessus", visa.above_on), ("la médiation", visa.mediator_on)]
    coming = [f"{who} le {date_fr(on)}" for who, on in stages if on is not None and on > clock.today()]
    if not coming:
        return "Tous les relais ont été prévenus."
    return f"Sans réponse : {', puis '.join(coming[:2])}."


def _facts(proposal: Proposal) -> list[tuple[str, str, str]]:
    need = proposal.need
    days = plural(days_of(proposal.starts_on, proposal.ends_on, proposal.load), "journée")
    rhythm = f"{need.rhythm}, {days}" if need.rhythm else days
    km = proposal.evidence.get("km") if proposal.evidence else None
    site = need.site.name if need.site else "À distance"
    back = clock.add_working_days(proposal.ends_on + timedelta(days=1), 0)
    skills = ", ".join(f"{demand.skill.name} ({LEVEL_LABELS[Level(demand.level)]})" for demand in need.demands)
    return [("Part de son temps", f"{percent_fr(proposal.load)}, {fte_fr(proposal.load)}", rhythm),
            ("Où", site if km is None else f"{site}, {km_fr(km)}", need.workplace),
            ("Retour, de droit", date_fr(back), "la mission peut s’arrêter avant, avec un préavis de 5 jours ouvrés"),
            ("Pourquoi", REASONS[need.reason] if need.reason else "Renfort", skills)]


def _conclusion(team: Team, weeks: list[Week]) -> tuple[str, str]:
    """The sentence in bold above the chart, and the one after."""
    if team.threshold is None:
        least = min((week.after for week in weeks), default=0.0)
        return (f"Avec ce prêt, au plus bas {number_fr(least, 1)} agents présents en équivalent temps plein.",
                "Aucun seuil de présence n’est fixé pour ce service.")
    held = [week for week in weeks if not team.is_below(week)]
    agents = plural(team.threshold, "agent")
    if len(held) == len(weeks):
        return f"Toutes les semaines restent au-dessus de votre seuil de {agents}.", ""
    first = f"{len(held)} semaines sur {len(weeks)} restent au-dessus de votre seuil de {agents}."
    pushed = [week for week in weeks if team.is_pushed_below(week)]
    already = [week for week in weeks if team.is_below(week) and week not in pushed]
    told = [f"ce prêt ferait passer {_names(pushed)} dessous" if pushed else "",
            f"{_names(already)} y {'est' if len(already) == 1 else 'sont'} déjà sans lui" if already else ""]
    text = " ; ".join(part for part in told if part)
    return first, f"{text[:1].upper()}{text[1:]}."


def _names(weeks: list[Week]) -> str:
    numbers = [week.label[1:] for week in weeks]
    if len(numbers) == 1:
        return f"la semaine {numbers[0]}"
    if len(numbers) > 4:
        return f"{len(numbers)} semaines"
    return f"les semaines {', '.join(numbers[:-1])} et {numbers[-1]}"


def _evidence(proposal: Proposal, team: Team, weeks: list[Week]) -> dict[str, str]:
    low = sum(map(team.is_below, weeks))
    told = {"continuity": f"{plural(low, 'semaine')} sous le seuil" if low else "",
            "workload": f"{plural(team.lent, 'autre agent')} en prêt sur ces dates" if team.lent else "",
            "skills_left": skills_left.in_words(proposal, team.unit),
            "dates": f"{plural(team.away, 'autre agent')} en absence sur ces dates" if team.away else ""}
    return {key: told.get(key, "") for key in SUITABILITY}


def crumb_of(proposal: Proposal) -> str:
    return f"{proposal.agent.full_name}, pour {proposal.need.unit.label}"


def due_of(visa: Visa) -> date | None:
    """The date a list shows: the stand-in's, then the mediator's."""
    today = clock.today()
    return visa.stand_in_on if visa.stand_in_on is not None and visa.stand_in_on >= today else visa.mediator_on
