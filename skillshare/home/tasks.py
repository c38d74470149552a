"""What awaits a person: each task with its verb, its date and one button, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import joinedload

from skillshare.approvals.desk_words import words_of
from skillshare.approvals.models import VISA_LABELS, Visa, VisaKind
from skillshare.feedback.models import Feedback
from skillshare.ground.typography import date_range, due_state, percent_fr, plural
from skillshare.home import queries
from skillshare.home.queries import Overview
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal


@dataclass(frozen=True)
class Task:
    """One thing to do. `since`: when it came; `takes`: how long it takes, in words."""

    title: str
    url: str
    button: str
    summary: str = ""
    due_on: date | None = None
    since: datetime | None = None
    takes: str = ""
    promise: str = ""

    @property
    def order(self) -> tuple[Any, ...]:
        """Late, soon, the others; then the nearest date, then the oldest."""
        rank = {"late": 0, "soon": 1, "": 2}[due_state(self.due_on)]
        return rank, self.due_on or date.max, self.since.timestamp() if self.since else float("inf")


def tasks_of(agent: Agent, found: Overview, on: date) -> list[Task]:
    """All tasks of a person; kinds that are empty cost no query."""
    kinds = queries.awaiting(agent, on)
    makers = {"answers": _answers, "choices": _choices, "visas": _visas, "letters": _letters, "feedback": _feedback,
              "stuck": _stuck, "drafts": _drafts}
    made = [task for kind, maker in makers.items() if found.counts[kind] for task in maker(kinds[kind], agent)]
    return sorted([*made, *_grouped(found)], key=lambda task: task.order)


def _of_proposal(proposal: Proposal) -> str:
    need = proposal.need
    return f"{percent_fr(proposal.load)} du temps, {date_range(proposal.starts_on, proposal.ends_on)}, {need.unit.label}."


def _answers(query: Any, _agent: Agent) -> Iterator[Task]:
    for row in queries.rows_of(Proposal, query, joinedload(Proposal.need).joinedload(Need.unit)):
        yield Task(row.need.title, url_for("proposals.show", proposal_id=row.id), "Lire et répondre", _of_proposal(row),
                   row.answer_by, row.since, "Deux minutes",
                   "Votre responsable n’en sait rien tant que vous n’avez pas dit oui et que le service ne vous a pas choisi.")


def _choices(query: Any, _agent: Agent) -> Iterator[Task]:
    needs = queries.rows_of(Need, query, joinedload(Need.unit))
    counts = queries.volunteers_of([need.id for need in needs])
    for need in needs:
        count, until = counts.get(need.id, (0, None))
        yield Task(f"Choisir pour « {need.title} »", url_for("needs_page.show", need_id=need.id), "Choisir",
                   f"{plural(count, 'agent volontaire', 'agents volontaires')} ont dit oui." if count > 1
                   else "Un agent volontaire a dit oui.", until)


def _visas(query: Any, agent: Agent) -> Iterator[Task]:
    proposal = joinedload(Visa.proposal)
    for row in queries.rows_of(Visa, query, proposal.joinedload(Proposal.agent),
                               proposal.joinedload(Proposal.need).joinedload(Need.unit), joinedload(Visa.holder)):
        place = "" if row.holder_id in (agent.id, None) else f" À la place de {row.holder.full_name}."
        person = row.proposal.agent.full_name
        title = {VisaKind.HOST_HEAD: f"Décider : accueillir {person}", VisaKind.HR: f"Décider : le prêt de {person}"}
        yield Task(title.get(row.kind, f"Décider : prêter {person}"), url_for("visas.show", visa_id=row.id), "Décider",
                   _of_proposal(row.proposal) + place, row.stand_in_on, row.since, "Environ une minute")


def _letters(query: Any, _agent: Agent) -> Iterator[Task]:
    loan = joinedload(Letter.loan)
    for row in queries.rows_of(Letter, query, loan.joinedload(Loan.agent), loan.joinedload(Loan.host_unit),
                               joinedload(Letter.replaces)):
        words = words_of(row)
        yield Task(f"Signer {words.name}", url_for("desk.show", letter_id=row.id), "Lire et signer",
                   f"{row.loan.host_unit.label}, {date_range(row.loan.starts_on, row.loan.ends_on)}. {words.unsigned}",
                   words.until, row.created_at)


def _feedback(query: Any, agent: Agent) -> Iterator[Task]:
    loan = joinedload(Feedback.loan)
    for row in queries.rows_of(Feedback, query, loan.joinedload(Loan.agent), loan.joinedload(Loan.need)):
        who = "votre mission" if row.loan.agent_id == agent.id else f"la mission de {row.loan.agent.full_name}"
        yield Task(f"Dire comment s’est passée {who}", url_for("feedback.give", feedback_id=row.id), "Donner mon retour",
                   f"{row.loan.need.title}. Trois questions.", row.due_on, row.asked_at, "60 secondes")


def _stuck(query: Any, _agent: Agent) -> Iterator[Task]:
    for row in queries.rows_of(Visa, query, joinedload(Visa.proposal).joinedload(Proposal.agent), joinedload(Visa.holder)):
        cause = f"Sans réponse de {row.holder.full_name}." if row.holder else "Circuit sans valideur."
        yield Task(f"Débloquer le visa pour {row.proposal.agent.full_name}", url_for("visas.reroute", visa_id=row.id),
                   "Débloquer", f"{VISA_LABELS[row.kind]}. {cause}", row.mediator_on, row.since)


def _drafts(query: Any, _agent: Agent) -> Iterator[Task]:
    for row in queries.rows_of(Need, query):
        yield Task(f"Terminer le besoin « {row.title or 'sans titre'} »", url_for("needs.step", need_id=row.id, step=1),
                   "Reprendre", "Brouillon : personne d’autre que votre service ne le voit.", None, row.created_at)


def _grouped(found: Overview) -> Iterator[Task]:
    counts = found.counts
    if counts["filings"]:
        yield Task(f"Reprendre {plural(counts['filings'], 'versement rejeté')} par le SIRH",
                   url_for("filings.index", state="rejected"), "Voir les rejets", "Le SIRH dit pourquoi, pièce par pièce.")
    if counts["suggestions"]:
        yield Task(f"Examiner {plural(counts['suggestions'], 'compétence suggérée')}", url_for("skills.curation"), "Examiner",
                   "Accepter, rattacher à une autre, ou écarter avec un mot.")
    if counts["offer"]:
        yield Task("Publier votre offre de compétences", url_for("offers.edit"), "Reprendre",
                   "Brouillon : personne ne la voit.", takes="Trois questions")
