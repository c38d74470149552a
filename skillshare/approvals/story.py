"""A loan's story: whose turn it is, and what happened, from the audit log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from skillshare.approvals.desk_words import words_of
from skillshare.approvals.models import VISA_LABELS, Visa, VisaKind
from skillshare.approvals.reasons import CANCEL_REASONS, END_REASONS
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.ground.typography import age_fr, date_fr, datetime_fr, due_fr, due_state
from skillshare.letters.models import Letter, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import signatories_for

TOLD = {
    "proposals:apply": "Accord de l’agent, qui a répondu au besoin", "proposals:accept": "Accord de l’agent",
    "proposals:choose": "Choix du service d’accueil", "proposals:withdraw": "Accord retiré par l’agent",
    "visas:refuse": "Visa refusé", "visas:counter": "Autres dates proposées", "visas:reroute": "Visa confié par la médiation",
    "approvals:opened_letter": "Tous les visas sont donnés, la lettre est à signer", "letters:sign": "Lettre signée",
    "loans:schedule": "Mission prévue", "loans:start": "Mission commencée", "loans:end": "Mission terminée",
    "loans:end_early": "Mission terminée avant la date", "loans:announce_early_end": "Fin anticipée annoncée",
    "loans:cancel": "Prêt annulé", "letters:supersede": "Lettre remplacée",
    "letters:open_replacement": "Nouvelle lettre à signer", "letters:open_early_end": "Lettre de fin anticipée à signer",
    "letters:issue": "Attestation de mission délivrée", "loans:await_signature": "Mission en attente de la nouvelle lettre",
}
BAD = ("loans:cancel", "visas:refuse", "proposals:withdraw")


def hands(loan: Loan, actor: Agent, letter: Letter | None) -> dict[str, Any]:
    """Who must act, since when, until when; `letter`: the act to sign, where there is one."""
    if letter is not None and letter.state == LetterState.TO_SIGN:
        return _to_sign(loan, actor, letter)
    return {LoanState.SCHEDULED: _scheduled, LoanState.RUNNING: _running,
            LoanState.CANCELLED: _cancelled}.get(loan.state, _ended)(loan, actor)


def _to_sign(loan: Loan, actor: Agent, letter: Letter) -> dict[str, Any]:
    signers = [person for person in signatories_for(loan.home_unit, clock.today()) if person.id != loan.agent_id]
    since, words = age_fr(letter.created_at), words_of(letter)
    common = {"detail": words.unsigned}
    if words.until is not None:
        common |= {"due": due_fr(words.until), "due_state": due_state(words.until)}
    if actor in signers:
        return common | {"text": f"C’est à vous de signer, {since}.", "who": "you"}
    name = signers[0].full_name if signers else "la direction des ressources humaines : aucun signataire enregistré"
    return common | {"text": f"Entre les mains de {name}, pour la signature, {since}."}


def _scheduled(loan: Loan, _actor: Agent) -> dict[str, Any]:
    return {"text": "Personne n’a à agir.", "detail": f"La mission commence le {date_fr(loan.starts_on)}.", "who": "done"}


def _running(loan: Loan, _actor: Agent) -> dict[str, Any]:
    early = f", au lieu du {date_fr(loan.planned_ends_on)}" if loan.ends_on != loan.planned_ends_on else ""
    return {"text": "Personne n’a à agir.", "who": "done",
            "detail": f"La mission se termine le {date_fr(loan.ends_on)}{early}. Le retour au service d’origine est de droit."}


def _cancelled(loan: Loan, _actor: Agent) -> dict[str, Any]:
    return {"text": "Personne n’a à agir : ce prêt est annulé.", "who": "done",
            "detail": f"Motif : {CANCEL_REASONS.get(loan.end_reason, 'non précisé').lower()}."}


def _ended(loan: Loan, _actor: Agent) -> dict[str, Any]:
    return {"text": "La mission est terminée.", "who": "done",
            "detail": "Un retour d’expérience, d’une minute, est demandé aux trois parties."}


def story_of(loan: Loan, acts: list[Letter]) -> list[dict[str, str]]:
    """What is on the audit log about the loan, its proposal, visas and acts, oldest first, in three queries."""
    visas = {row.id: row for row in db.session.scalars(sa.select(Visa).where(Visa.proposal_id == loan.proposal_id))}
    letters = {act.id: act for act in acts}
    about = {"loans": [loan.id], "proposals": [loan.proposal_id], "visas": list(visas), "letters": list(letters)}
    query = sa.select(JournalEntry).where(sa.or_(*(
        sa.and_(JournalEntry.subject_kind == kind, JournalEntry.subject_id.in_(ids)) for kind, ids in about.items())))
    entries = [entry for entry in db.session.scalars(query.order_by(JournalEntry.seq))
               if entry.event in TOLD or entry.event == "visas:give"]
    people = _names({entry.actor_id for entry in entries if entry.actor_id})
    lines = [_line(entry, visas, letters, people) for entry in entries]
    return lines + _coming(loan)


def _names(ids: set[int]) -> dict[int, str]:
    found = db.session.scalars(sa.select(Agent).where(Agent.id.in_(ids)))
    return {agent.id: f"{agent.full_name}, {agent.job}" if agent.job else agent.full_name for agent in found}


def _line(entry: JournalEntry, visas: dict[int, Visa], letters: dict[int, Letter], people: dict[int, str]) -> dict[str, str]:
    fact = TOLD.get(entry.event, "")
    if entry.event == "letters:sign":
        fact = f"{letters[entry.subject_id or 0].title} : signature"
    if entry.event == "visas:give":
        visa = visas[entry.subject_id or 0]
        fact = VISA_LABELS[VisaKind(visa.kind)]
    who = people.get(entry.actor_id or 0, "")
    reason = (END_REASONS | CANCEL_REASONS).get(str(entry.facts.get("reason")), "")
    detail = ". ".join(part for part in (f"{who}, {datetime_fr(entry.at)}" if who else datetime_fr(entry.at), reason) if part)
    return {"fact": fact, "detail": detail, "state": "bad" if entry.event in BAD else "done"}


def _coming(loan: Loan) -> list[dict[str, str]]:
    start = {"fact": "Début de la mission", "detail": date_fr(loan.starts_on), "state": "next"}
    end = {"fact": "Fin de la mission, retour de droit", "detail": date_fr(loan.ends_on), "state": "next"}
    sign = {"fact": "Signature de la lettre", "detail": f"avant le {date_fr(loan.starts_on)}", "state": "now"}
    return {LoanState.TO_SIGN: [sign, start, end], LoanState.SCHEDULED: [start, end],
            LoanState.RUNNING: [end]}.get(loan.state, [])
