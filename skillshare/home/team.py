"""What the home page draws: one's own missions, and for a manager the team, its cap, what was lent and received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from skillshare.approvals.models import Visa
from skillshare.commitments import queries as commitments
from skillshare.ground.typography import percent_fr
from skillshare.loans.models import Loan, LoanState
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import headed_units
from skillshare.proposals.models import Proposal

OVER = (LoanState.ENDED, LoanState.ENDED_EARLY)


def own_spans(agent: Agent, loans: Iterable[Loan], cases: Iterable[Proposal]) -> list[dict[str, Any]]:
    """One's missions: past, agreed, and those still under study, which engage nothing."""
    mine = [loan for loan in loans if loan.agent_id == agent.id]
    known = {loan.proposal_id for loan in mine}
    spans = [_span(loan, loan.need.title, "past" if loan.state in OVER else "lent", LOAN.state_of(loan).label.lower())
             for loan in mine]
    return spans + [_span(case, case.need.title, "asked", "à l’étude") for case in cases
                    if case.agent_id == agent.id and case.id not in known]


def team_spans(agent: Agent, loans: Iterable[Loan], visas: Iterable[Visa]) -> list[dict[str, Any]]:
    """The team's loans: lent, received, and those to decide."""
    spans = []
    for loan in loans:
        if loan.state not in OVER and loan.agent_id != agent.id:
            kind = "lent" if loan.home_manager_id == agent.id else "received"
            note = "prêt" if kind == "lent" else f"reçu de {loan.home_unit.label}"
            spans.append(_span(loan, f"{loan.agent.full_name}, {percent_fr(loan.load)}", kind, note))
    return spans + [_span(visa.proposal, f"{visa.proposal.agent.full_name}, {percent_fr(visa.proposal.load)}", "asked",
                          "à décider") for visa in visas]


def _span(row: Any, label: str, kind: str, note: str) -> dict[str, Any]:
    return {"label": label, "starts_on": row.starts_on, "ends_on": row.ends_on, "kind": kind, "note": note}


def balances(agent: Agent, on: date) -> list[commitments.Balance]:
    """Every unit that `agent` heads, by code, over twelve months; two queries however many."""
    return commitments.balances(headed_units(agent), on - timedelta(days=365), on)
