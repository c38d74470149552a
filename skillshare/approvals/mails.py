"""Mails of the circuit: what, where, when, who must act and until when, and a link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from skillshare.approvals.access import is_barred
from skillshare.approvals.models import VISA_LABELS, Visa, VisaKind
from skillshare.approvals.reasons import refusal_words
from skillshare.ground import clock, outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_fr, date_range, percent_fr
from skillshare.letters.models import Letter, LetterKind
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent, RoleName
from skillshare.organisation.queries import holders_of, signatories_for, stand_in_of
from skillshare.proposals.models import Proposal


def _facts(proposal: Proposal) -> str:
    need = proposal.need
    place = need.workplace or (need.site.name if need.site else "lieu à préciser")
    return (f"Mission : {need.title}\nAgent : {proposal.agent.full_name}, {proposal.agent.unit.label}\n"
            f"Service d’accueil : {need.unit.label}, {place}\n"
            f"Dates : {date_range(proposal.starts_on, proposal.ends_on, True)}\n"
            f"Part du temps : {percent_fr(proposal.load)} d’un temps plein\n")


def _send(kind: str, people: Iterable[Agent | None], *, key: str, subject: str, text: str, at: datetime) -> None:
    for person in {p.id: p for p in people if p is not None}.values():
        outbox.post(kind, to=person.id, key=key, subject=subject, text=text, at=at)


def _deciders(visa: Visa, at: datetime) -> list[Agent | None]:
    if visa.kind == VisaKind.HR:
        return [person for person in holders_of(RoleName.HR) if not is_barred(person, visa)]
    deputy = stand_in_of(visa.holder, clock.local_date(at)) if visa.holder else None
    return [person for person in (visa.holder, visa.helper, deputy) if person and not is_barred(person, visa)]


def _parties(proposal: Proposal) -> list[Agent | None]:
    return [proposal.agent, proposal.need.requester, proposal.need.mission_lead]


def ask_visa(visa: Visa, *, at: datetime) -> None:
    agent, link = visa.proposal.agent, absolute("visas.show", visa_id=visa.id)
    deciders = _deciders(visa, at)
    if not deciders:
        tell_mediator(visa, at=at)
    text = (f"Bonjour,\n\nUne décision vous attend : {VISA_LABELS[visa.kind].lower()} pour le prêt de "
            f"{agent.full_name}.\n\n{_facts(visa.proposal)}\n"
            f"À décider avant le {date_fr(visa.stand_in_on)}. Sans réponse : rappel le {date_fr(visa.remind_on)}, puis "
            f"votre suppléant. Votre silence ne vaudra jamais accord.\n\nDécider : {link}\n")
    _send("visa_asked", deciders, key=_turn(visa), at=at, text=text,
          subject=f"Votre visa : {agent.full_name}, pour {visa.proposal.need.unit.label}")
    told = (f"Bonjour,\n\nLe dossier avance : {VISA_LABELS[visa.kind].lower()} est demandé.\n\n{_facts(visa.proposal)}\n"
            f"Décision attendue avant le {date_fr(visa.stand_in_on)}.\n\n"
            f"Suivre : {absolute('proposals.show', proposal_id=visa.proposal_id)}\n")
    _send("visa_told", [agent], key=_turn(visa), subject="Votre proposition est au visa", text=told, at=at)


def _turn(visa: Visa) -> str:
    """One waiting of one visa: handed to somebody else, it starts another."""
    return f"{visa.id}:{visa.holder_id or 0}:{visa.since:%y%m%d%H%M%S}" if visa.since else f"{visa.id}"


def remind_visa(visa: Visa, *, at: datetime) -> None:
    text = (f"Bonjour,\n\nUn visa attend depuis le {date_fr(visa.since)}.\n\n{_facts(visa.proposal)}\n"
            f"Sans décision, la médiation sera prévenue le {date_fr(visa.mediator_on)}. Le silence ne vaut jamais accord.\n\n"
            f"Décider : {absolute('visas.show', visa_id=visa.id)}\n")
    _send("visa_reminder", _deciders(visa, at), key=f"{_turn(visa)}:{visa.stage}", at=at,
          subject=f"Rappel : votre visa pour {visa.proposal.agent.full_name}", text=text)


def tell_mediator(visa: Visa, *, at: datetime) -> None:
    why = (f"Un visa est sans réponse depuis le {date_fr(visa.since)}, malgré rappel, suppléant et N+2." if visa.holder
           else "Circuit sans valideur : personne, dans l’organigramme, ne peut donner ce visa.")
    text = (f"Bonjour,\n\n{why}\n\n{_facts(visa.proposal)}\nVous pouvez le confier à une autre ou un autre responsable, "
            f"qui décidera : {absolute('visas.reroute', visa_id=visa.id)}\n")
    _send("visa_stuck", holders_of(RoleName.MEDIATOR), key=_turn(visa), subject="Un visa est bloqué", text=text, at=at)


def approved(loan: Loan, letter: Letter, *, at: datetime) -> None:
    proposal = loan.proposal
    text = (f"Bonjour,\n\nTous les visas sont donnés.\n\n{_facts(proposal)}\nLa lettre de mission est à signer avant le "
            f"{date_fr(loan.starts_on)} : aucune mission ne commence avant.\n\n")
    _send("letter_opened", _parties(proposal), key=f"{letter.id}", subject="Tous les visas sont donnés",
          text=text + f"Suivre : {absolute('loans.show', loan_id=loan.id)}\n", at=at)
    signers = signatories_for(loan.home_unit, clock.local_date(at))
    _send("letter_to_sign", [s for s in signers if s.id != loan.agent_id], key=f"{letter.id}", at=at,
          subject=f"À signer : lettre de mission de {loan.agent.full_name}",
          text=text + f"Signer : {absolute('desk.show', letter_id=letter.id)}\n")


def refused(visa: Visa, *, at: datetime) -> None:
    proposal, why = visa.proposal, refusal_words(visa.reason_code, visa.reason_text)
    text = (f"Bonjour,\n\nLe prêt n’a pas reçu le visa attendu. {why}\n\n{_facts(proposal)}\n"
            "La place est de nouveau ouverte. Ce refus n’a aucune autre suite et n’entre dans aucun dossier.\n\n"
            f"Voir : {absolute('proposals.show', proposal_id=proposal.id)}\n")
    _send("visa_refused", _parties(proposal), key=f"{visa.id}", subject="Le prêt n’a pas été accordé", text=text, at=at)


def no_longer_needed(visa: Visa, *, at: datetime) -> None:
    """To who was about to decide: the case has ended elsewhere."""
    text = (f"Bonjour,\n\nCe prêt n’appelle plus de décision de votre part : la demande a pris fin.\n\n"
            f"{_facts(visa.proposal)}\nVos autres décisions : {absolute('visas.index')}\n")
    _send("visa_void", _deciders(visa, at), key=_turn(visa), at=at, text=text,
          subject=f"Plus de décision à prendre : {visa.proposal.agent.full_name}")


def countered(visa: Visa, made: Proposal, reason: str, *, at: datetime) -> None:
    text = (f"Bonjour,\n\nLe service d’origine propose d’autres dates ou une autre part. Motif : {reason.lower()}.\n\n"
            f"{_facts(made)}\n"
            f"L’agent, puis le service d’accueil, répondent ; s’ils acceptent, le visa est acquis.\n\n"
            f"Répondre avant le {date_fr(made.answer_by)} : {absolute('proposals.show', proposal_id=made.id)}\n")
    _send("visa_countered", _parties(made), key=f"{made.id}", subject="Le service d’origine propose d’autres dates",
          text=text, at=at)


def signed(letter: Letter, *, at: datetime) -> None:
    loan = letter.loan
    text = f"Bonjour,\n\n{_effect(letter)}\n\n{_about(loan)}"
    _send("letter_signed", [*_parties(loan.proposal), loan.home_manager, *holders_of(RoleName.HR)], key=f"{letter.id}",
          subject=f"{letter.title}, signée", text=text, at=at)


def _effect(letter: Letter) -> str:
    """What the signature changes: a first letter starts a mission, another one does not."""
    loan = letter.loan
    if letter.kind == LetterKind.EARLY_END:
        return (f"La fin anticipée de la mission est signée, n° {letter.number}. Dernier jour : {date_fr(loan.ends_on)}. "
                "Le retour au service d’origine est de droit.")
    if letter.replaces is not None:
        return (f"La lettre de mission n° {letter.number} est signée. Elle remplace la lettre n° {letter.replaces.number}, "
                "qui ne vaut plus ; les dates de la mission ne changent pas.")
    return f"La lettre de mission n° {letter.number} est signée. La mission commence le {date_fr(loan.starts_on)}."


def cancelled(loan: Loan, reason: str, *, at: datetime) -> None:
    text = f"Bonjour,\n\nCe prêt est annulé. Motif : {reason.lower()}.\n\n{_about(loan)}"
    _send("loan_cancelled", [*_parties(loan.proposal), loan.home_manager], key=f"{loan.id}",
          subject="Un prêt est annulé", text=text, at=at)


def ends_early(loan: Loan, act: Letter, reason: str, *, at: datetime) -> None:
    """To the three sides; to who signs, the short letter that records it."""
    text = (f"Bonjour,\n\nLa mission prendra fin le {date_fr(loan.ends_on)} au lieu du {date_fr(loan.planned_ends_on)}. "
            f"Motif : {reason.lower()}. Le retour au service d’origine est de droit.\n\n{_about(loan)}")
    _send("loan_ends_early", [*_parties(loan.proposal), loan.home_manager], key=f"{loan.id}",
          subject="Une mission prend fin plus tôt", text=text, at=at)
    signers = [person for person in signatories_for(loan.home_unit, clock.local_date(at)) if person.id != loan.agent_id]
    _send("letter_to_sign", signers, key=f"{act.id}", at=at,
          subject=f"À signer : fin anticipée de la mission de {loan.agent.full_name}",
          text=f"{text}La lettre de fin anticipée attend votre signature : {absolute('desk.show', letter_id=act.id)}\n")


def _about(loan: Loan) -> str:
    return f"{_facts(loan.proposal)}\nLe prêt et sa lettre : {absolute('loans.show', loan_id=loan.id)}\n"
