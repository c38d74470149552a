"""The mail of a replacement: to who signs it, and to those whom the letter concerns."""

from __future__ import annotations

from datetime import datetime

from skillshare.ground import clock, outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_range
from skillshare.letters.models import Letter
from skillshare.organisation.queries import signatories_for


def replaced(wrong: Letter, made: Letter, *, at: datetime) -> None:
    loan = made.loan
    facts = (f"Mission : {loan.need.title}\nAgent : {loan.agent.full_name}, {loan.home_unit.label}\n"
             f"Service d’accueil : {loan.host_unit.label}\nDates : {date_range(loan.starts_on, loan.ends_on, True)}\n")
    text = (f"Bonjour,\n\nLa lettre de mission n° {wrong.number} comportait une erreur ({wrong.cancel_reason}). Elle ne vaut "
            f"plus ; la lettre qui la remplace attend sa signature. La mission n’est pas interrompue.\n\n{facts}\n")
    signers = [person for person in signatories_for(loan.home_unit, clock.local_date(at)) if person.id != loan.agent_id]
    for person in signers:
        outbox.post("letter_to_sign", to=person.id, key=f"{made.id}", at=at,
                    subject=f"À signer : lettre de {loan.agent.full_name}, qui remplace la n° {wrong.number}",
                    text=text + f"Signer : {absolute('desk.show', letter_id=made.id)}\n")
    told = {person.id for person in (loan.agent, loan.home_manager, loan.mission_lead, loan.need.requester)}
    for person_id in sorted(told - {person.id for person in signers}):
        outbox.post("letter_replaced", to=person_id, key=f"{made.id}", at=at,
                    subject=f"La lettre de mission n° {wrong.number} est remplacée",
                    text=text + f"La suivre : {absolute('letters.show', letter_id=made.id)}\n")
