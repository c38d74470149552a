"""The whole story of a letter, from the audit log: need, proposal, visas, loan, letters and filings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from skillshare.approvals.models import VISA_LABELS, Visa
from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.ground.typography import datetime_fr
from skillshare.hr_file.models import Filing, FilingAction
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent

TOLD = {
    "needs:publish": ("Besoin publié", "megaphone"),
    "proposals:apply": ("Réponse de l’agent au besoin, avec son accord", "hand-thumbs-up"),
    "proposals:accept": ("Accord de l’agent", "hand-thumbs-up"),
    "proposals:choose": ("Choix du service d’accueil", "person-check"),
    "visas:give": ("", "check-circle"), "visas:reroute": ("Visa confié par la médiation", "arrow-left-right"),
    "visas:reminded": ("Rappel envoyé", "bell"), "visas:stand_in": ("Suppléant appelé", "bell"),
    "visas:above": ("N+2 appelé", "bell"), "visas:mediator": ("Médiation prévenue", "bell"),
    "approvals:opened_letter": ("Lettre ouverte, à signer", "file-earmark-text"),
    "letters:open_replacement": ("Lettre de remplacement ouverte, à signer", "file-earmark-text"),
    "letters:open_early_end": ("Lettre de fin anticipée ouverte, à signer", "file-earmark-text"),
    "letters:follow": ("Lettre de fin anticipée reprise d’après la nouvelle lettre", "arrow-repeat"),
    "letters:issue": ("Attestation délivrée", "patch-check"),
    "loans:await_signature": ("Mission en attente de la nouvelle lettre", "hourglass-split"),
    "letters:sign": ("Signée par délégation", "pen"), "letters:seal": ("Scellée et figée", "shield-check"),
    "letters:supersede": ("Lettre remplacée", "archive"), "letters:cancel": ("Lettre annulée", "x-circle"),
    "loans:schedule": ("Mission prévue", "calendar2-range"), "loans:start": ("Mission commencée", "play-circle"),
    "loans:end": ("Mission terminée", "flag"), "loans:end_early": ("Mission terminée avant la date", "flag"),
    "loans:announce_early_end": ("Fin anticipée annoncée", "arrow-return-left"),
    "loans:cancel": ("Prêt annulé", "x-circle"), "filings:queue": ("Versement mis en file", "archive"),
    "filings:send": ("Pièce transmise au SIRH", "send"), "filings:acknowledge": ("Versement accepté", "archive"),
    "filings:reject": ("Versement rejeté par le SIRH", "x-circle"),
    "filings:requeue": ("Versement relancé", "arrow-repeat"),
}
TAKEN_BACK = {"filings:queue": "Retrait de la pièce mis en file", "filings:send": "Retrait transmis au SIRH",
              "filings:acknowledge": "Retrait accepté", "filings:reject": "Retrait rejeté par le SIRH",
              "filings:requeue": "Retrait relancé"}
OPENED = ("approvals:opened_letter", "letters:open_replacement", "letters:open_early_end", "letters:follow")  # no number yet
BAD = ("loans:cancel", "letters:cancel", "filings:reject")


def story_of(loan: Loan, acts: list[Letter], pieces: list[Filing]) -> list[dict[str, str]]:
    """Every fact of the log about the loan's case, oldest first, in three queries."""
    things = _things(loan, acts, pieces)
    about = [sa.and_(JournalEntry.subject_kind == kind, JournalEntry.subject_id.in_(rows)) for kind, rows in things.items()]
    query = sa.select(JournalEntry).where(sa.or_(*about), JournalEntry.event.in_(TOLD)).order_by(JournalEntry.seq)
    entries = list(db.session.scalars(query))
    people = _names({entry.actor_id for entry in entries if entry.actor_id})
    return [_line(entry, things[entry.subject_kind][entry.subject_id or 0], people) for entry in entries]


def _things(loan: Loan, acts: list[Letter], pieces: list[Filing]) -> dict[str, dict[int, Any]]:
    visas = db.session.scalars(sa.select(Visa).where(Visa.proposal_id == loan.proposal_id))
    return {"needs": {loan.need_id: loan.need}, "proposals": {loan.proposal_id: None}, "loans": {loan.id: loan},
            "visas": {row.id: row for row in visas}, "letters": {row.id: row for row in acts},
            "filings": {row.id: row for row in pieces}}


def _names(ids: set[int]) -> dict[int, str]:
    found = db.session.scalars(sa.select(Agent).where(Agent.id.in_(ids)))
    return {agent.id: f"{agent.full_name}, {agent.job}" if agent.job else agent.full_name for agent in found}


def _line(entry: JournalEntry, thing: Any, people: dict[int, str]) -> dict[str, str]:
    fact, icon = TOLD[entry.event]
    who = people.get(entry.actor_id or 0, "")
    parts = [datetime_fr(entry.at), who, _more(entry, thing)]
    return {"fact": _fact(entry, thing, fact), "icon": icon, "detail": " – ".join(part for part in parts if part),
            "state": "bad" if entry.event in BAD else "done"}


def _fact(entry: JournalEntry, thing: Any, fact: str) -> str:
    if isinstance(thing, Visa):
        label = VISA_LABELS[thing.kind]
        return label if entry.event == "visas:give" else f"{label} : {fact[0].lower()}{fact[1:]}"
    if isinstance(thing, Filing) and thing.action == FilingAction.REVERSE:
        return TAKEN_BACK[entry.event]
    if isinstance(thing, Letter) and thing.number and entry.event not in OPENED:
        return f"{fact}, n° {thing.number}"
    return fact


def _more(entry: JournalEntry, thing: Any) -> str:
    """The HR system's own words, the manager's measures, the reason of a replacement."""
    if entry.event in ("filings:reject", "filings:acknowledge"):
        return f"pièce {thing.piece}" + (f", « {thing.answer} »" if thing.answer else "")
    if entry.event == "visas:give" and thing.suitability.get("measures"):
        return f"mesure : « {thing.suitability['measures']} »"
    if entry.event in ("letters:supersede", "letters:cancel") and thing.cancel_reason:
        return f"motif : {thing.cancel_reason[0].lower()}{thing.cancel_reason[1:]}"
    return ""
