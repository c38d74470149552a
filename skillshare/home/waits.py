"""What a person waits for, from whom, and what happens next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for

from skillshare.approvals.models import Visa, VisaKind
from skillshare.ground.typography import age_fr, date_fr, due_fr, due_state, plural
from skillshare.home import queries
from skillshare.home.tasks import Task
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal, ProposalState


@dataclass(frozen=True)
class Wait:
    """One line of the waiting list; `due` is the day on which the other side should have acted."""

    text: str
    detail: str
    url: str
    due_on: date | None = None

    @property
    def due(self) -> str:
        return due_fr(self.due_on)

    @property
    def due_state(self) -> str:
        return due_state(self.due_on)


def waits_of(agent: Agent, cases: list[Proposal], loans: list[Loan], tasks: list[Task], on: date) -> list[Wait]:
    """Everything that is in other hands; what is in one's own is a task and not listed twice."""
    own = {task.url for task in tasks}
    visas = queries.waiting_visas([case.id for case in cases if case.state == ProposalState.IN_VISA]) if cases else {}
    found = [*_choices(agent, cases), *_visas(agent, cases, visas, own), *_signatures(agent, loans),
             *_answers(agent, on)]
    return sorted(found, key=lambda wait: wait.due_on or date.max)


def _choices(agent: Agent, cases: Iterable[Proposal]) -> Iterator[Wait]:
    for case in cases:
        if case.agent_id == agent.id and case.state == ProposalState.ACCEPTED:
            yield Wait(f"Le choix de {case.need.unit.label} pour « {case.need.title} »",
                       f"Vous avez dit oui le {date_fr(case.accepted_at)}. Vous aurez une réponse dans tous les cas.",
                       url_for("proposals.show", proposal_id=case.id), case.answer_by)


def _visas(agent: Agent, cases: Iterable[Proposal], visas: dict[int, Visa], own: set[str]) -> Iterator[Wait]:
    for case in cases:
        visa = visas.get(case.id)
        if visa is None or url_for("visas.show", visa_id=visa.id) in own:
            continue
        what = "Le visa pour votre mission" if case.agent_id == agent.id else f"Le visa pour {case.agent.full_name}"
        yield Wait(f"{what}, « {case.need.title} »",
                   f"Chez {_holder(visa)} {age_fr(visa.since)}. Sans décision : suppléant, N+2, puis médiation. "
                   "Le silence ne vaut jamais accord.",
                   url_for("proposals.show", proposal_id=case.id), visa.stand_in_on)


def _holder(visa: Visa) -> str:
    if visa.kind == VisaKind.HR:
        return "les ressources humaines"
    return visa.holder.full_name if visa.holder else "la médiation, faute de valideur,"


def _signatures(agent: Agent, loans: Iterable[Loan]) -> Iterator[Wait]:
    for loan in loans:
        if loan.state == LoanState.TO_SIGN:
            whose = "votre lettre" if loan.agent_id == agent.id else f"la lettre de {loan.agent.full_name}"
            yield Wait(f"La signature de {whose}, « {loan.need.title} »",
                       "Tous les visas sont donnés. La mission ne commence pas avant la signature.",
                       url_for("loans.show", loan_id=loan.id), loan.starts_on)


def _answers(agent: Agent, on: date) -> Iterator[Wait]:
    for need_id, title, count, since, until in queries.awaited_answers(agent, on):
        who = "d’un agent" if count == 1 else f"de {plural(count, 'agent')}"
        yield Wait(f"La réponse {who} pour « {title} »",
                   f"Chez {'lui' if count == 1 else 'eux'} {age_fr(since)}. Sans réponse à cette date, la place est proposée "
                   "à d’autres.",
                   url_for("needs_page.show", need_id=need_id), until)
