"""Says to the pages of proposals who holds a case: the visa that waits, then the signature."""

from __future__ import annotations

from skillshare.approvals import circuit
from skillshare.approvals.models import VISA_LABELS, Visa, VisaKind, VisaState
from skillshare.loans import queries as loans
from skillshare.loans.models import LoanState
from skillshare.organisation.queries import signatories_for
from skillshare.proposals.holders import Holder
from skillshare.proposals.models import Proposal, ProposalState


def who_decides(proposal: Proposal) -> Holder | None:
    """The holder of the waiting visa, or the signatory of the letter to sign."""
    if proposal.state == ProposalState.IN_VISA:
        waiting = next((visa for visa in circuit.steps_of(proposal) if visa.state == VisaState.WAITING), None)
        return _of_visa(waiting) if waiting is not None else None
    return _of_signature(proposal) if proposal.state == ProposalState.APPROVED else None


def _of_visa(visa: Visa) -> Holder:
    if visa.kind == VisaKind.HR:
        name = "la direction des ressources humaines"
    else:
        name = visa.holder.full_name if visa.holder is not None else "la médiatrice de transversalité"
    return Holder(name, VISA_LABELS[visa.kind].lower(), visa.since, visa.stand_in_on)


def _of_signature(proposal: Proposal) -> Holder | None:
    loan = loans.of_proposal(proposal.id)
    if loan is None or loan.state != LoanState.TO_SIGN:
        return None
    signatories = signatories_for(loan.home_unit, loan.starts_on)
    name = signatories[0].full_name if signatories else "la direction des ressources humaines"
    return Holder(name, "signature de la lettre de mission", loan.created_at, None)
