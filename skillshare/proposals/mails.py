"""Mails about proposals: what, when, where, for whom, who must act and until when, and a link."""

from __future__ import annotations

from datetime import datetime

from skillshare.ground import outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_fr, date_range, percent_fr
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Origin, Proposal

CAUSES = {
    "need_withdrawn": "le service a retiré son besoin, ou le besoin est arrivé à sa date limite",
    "need_changed": "le besoin a changé depuis ; s’il vous correspond encore, une nouvelle proposition vous parviendra",
    "offer_narrowed": "votre offre ne couvre plus cette mission",
    "agent_left": "l’agent ne fait plus partie de l’effectif",
    "too_late": "les visas n’ont pas tous été donnés avant la date de début",
    "seat_taken": "toutes les places de ce besoin sont pourvues",
    "loan_cancelled": "le prêt a été annulé avant la signature",
}


def facts(proposal: Proposal) -> str:
    need = proposal.need
    place = need.workplace or (need.site.name if need.site else "lieu à préciser")
    return (f"Mission : {need.title}\nService : {need.unit.label}, {place}\n"
            f"Dates : {date_range(proposal.starts_on, proposal.ends_on, True)}\n"
            f"Part du temps : {percent_fr(proposal.load)} d’un temps plein\n")


def _to_agent(kind: str, proposal: Proposal, *, subject: str, text: str, at: datetime) -> None:
    link = absolute("proposals.show", proposal_id=proposal.id)
    outbox.post(kind, to=proposal.agent_id, key=str(proposal.id), subject=subject, at=at,
                text=f"Bonjour,\n\n{text}\n\n{facts(proposal)}\nVoir la proposition : {link}\n")


def _to_host(kind: str, proposal: Proposal, *, subject: str, text: str, at: datetime) -> None:
    link = absolute("needs_page.show", need_id=proposal.need_id)
    people: list[Agent | None] = [proposal.need.requester, proposal.need.mission_lead]
    for person in {p.id: p for p in people if p is not None}.values():
        outbox.post(kind, to=person.id, key=str(proposal.id), subject=subject, at=at,
                    text=f"Bonjour,\n\n{text}\n\n{facts(proposal)}\nVoir le besoin et ses volontaires : {link}\n")


def proposed(proposal: Proposal, *, at: datetime) -> None:
    need = proposal.need
    how = ("Le service vous invite à répondre à son besoin" if proposal.origin == Origin.INVITATION
           else "Votre offre correspond à un besoin")
    _to_agent("proposal", proposal, at=at, subject=f"Une mission vous est proposée : {need.title}",
              text=f"{how}. C’est à vous de répondre, librement, avant le {date_fr(proposal.answer_by)}. Sans réponse, la "
                   "proposition s’éteint d’elle-même : ni oui, ni non, et rien à votre dossier.")


def reminder(proposal: Proposal, *, at: datetime) -> None:
    _to_agent("proposal-reminder", proposal, at=at, subject=f"Une mission attend votre réponse : {proposal.need.title}",
              text=f"Vous pouvez répondre jusqu’au {date_fr(proposal.answer_by)}. Ne rien faire laisse la proposition "
                   "s’éteindre, sans conséquence.")


def lapsed(proposal: Proposal, *, at: datetime) -> None:
    _to_agent("proposal-lapsed", proposal, at=at, subject=f"Proposition éteinte : {proposal.need.title}",
              text="La date de réponse est passée : cette proposition s’est éteinte d’elle-même. Rien n’est gardé à votre "
                   "dossier et personne n’en connaît la raison.")


def silent(proposal: Proposal, *, at: datetime) -> None:
    """The same words, on the same day, for a refusal and for silence (R5)."""
    _to_host("proposal-silent", proposal, at=at, subject=f"Une sollicitation est restée sans suite : {proposal.need.title}",
             text="Une personne sollicitée n’a pas donné son accord avant la date de réponse. Un refus et un silence se lisent "
                  "pareil. La place est de nouveau ouverte : le prochain appariement cherche, et vous pouvez inviter "
                  "quelqu’un.")


def accepted(proposal: Proposal, *, at: datetime) -> None:
    verb = "répond à votre besoin" if proposal.origin == Origin.APPLICATION else "a donné son accord"
    _to_host("proposal-accepted", proposal, at=at,
             subject=f"{proposal.agent.full_name} {verb} : {proposal.need.title}",
             text=f"{proposal.agent.full_name}, {proposal.agent.unit.label}, {verb}. C’est à vous de choisir avant le "
                  f"{date_fr(proposal.answer_by)}. Votre silence ne vaudra jamais un choix.")


def choice_reminder(proposal: Proposal, *, at: datetime) -> None:
    _to_host("choice-reminder", proposal, at=at, subject=f"Des volontaires attendent votre choix : {proposal.need.title}",
             text=f"{proposal.agent.full_name} attend votre réponse, à donner avant le {date_fr(proposal.answer_by)}.")


def chosen(proposal: Proposal, *, at: datetime) -> None:
    _to_agent("proposal-chosen", proposal, at=at, subject=f"Le service vous a choisi : {proposal.need.title}",
              text="Le service demandeur vous a choisi. La demande passe maintenant par les visas, d’abord celui de votre "
                   "responsable. Vous pouvez revenir sur votre accord jusqu’à la signature de la lettre.")


def not_chosen(proposal: Proposal, *, at: datetime) -> None:
    _to_agent("proposal-not-chosen", proposal, at=at, subject=f"La place est attribuée : {proposal.need.title}",
              text="Merci d’avoir donné votre accord. Toutes les places de ce besoin sont attribuées à d’autres "
                   "volontaires : c’est la seule raison. Votre temps promis est rendu, et votre offre reste publiée.")


def withdrawn(proposal: Proposal, *, at: datetime) -> None:
    _to_host("proposal-withdrawn", proposal, at=at, subject=f"Un accord a été retiré : {proposal.need.title}",
             text=f"{proposal.agent.full_name} a retiré son accord, comme chacun le peut jusqu’à la signature. La place "
                  "est de nouveau ouverte : le prochain appariement la prendra en compte.")


def cancelled(proposal: Proposal, cause: str, *, at: datetime, tell_host: bool) -> None:
    """Of a kind apart where no answer was given: only who had not declined receives it (R5)."""
    text = f"Cette proposition est annulée : {CAUSES[cause]}."
    subject = f"Proposition annulée : {proposal.need.title}"
    kind = "proposal-gone" if proposal.accepted_at is None else "proposal-cancelled"
    _to_agent(kind, proposal, at=at, subject=subject, text=text)
    if tell_host:
        _to_host("proposal-cancelled", proposal, at=at, subject=subject,
                 text=f"{proposal.agent.full_name} : {for_host(cause)}.")


def for_host(cause: str) -> str:
    return "son offre ne couvre plus cette mission" if cause == "offer_narrowed" else CAUSES[cause]
