"""The rules checked on every letter in force or to sign, each as one condition of the database.

A condition is true where the rule is broken, so that a list filtered by anomalies pages in the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from skillshare.approvals.models import Visa, VisaKind, VisaState
from skillshare.audit.local_day import by_day, from_day, local_day
from skillshare.feedback.models import Feedback
from skillshare.ground.journal import JournalEntry
from skillshare.hr_file.models import Filing, FilingAction, FilingState
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent, Role, RoleName, SigningDelegation, StandIn, Unit
from skillshare.proposals.models import Proposal

Condition = sa.ColumnElement[bool]
IN_FORCE = (LetterState.TO_SIGN, LetterState.SIGNED)
STARTED = (LoanState.RUNNING, LoanState.ENDED, LoanState.ENDED_EARLY)
OVER = (LoanState.ENDED, LoanState.ENDED_EARLY)
FEEDBACK_DAYS = 15


@dataclass(frozen=True)
class Rule:
    """`label`: the rule when it holds; `broken`: one sentence where it does not; `grave`: a rule of law is broken,
    else something to look at. `condition(today)` reads Letter joined to Loan and Agent."""

    code: str
    label: str
    broken: str
    grave: bool
    condition: Callable[[date], Condition]


def started_before_signature(_today: date) -> Condition:
    """No signature of this loan, of this letter or of one it replaces, by the first day."""
    first = aliased(Letter)
    in_time = (sa.select(first.id).where(first.loan_id == Loan.id, first.kind == LetterKind.LETTER,
                                         first.signed_at.is_not(None), by_day(first.signed_at, Loan.starts_on))
               .correlate(Loan).exists())
    return sa.and_(sa.or_(Loan.state.in_(STARTED), Letter.signed_at.is_not(None)), sa.not_(in_time))


def wrong_approver(_today: date) -> Condition:
    """A visa given by somebody barred, or who was neither its holder, nor their stand-in that day, nor their help."""
    asked = Visa.decided_by_id.in_([Need.requester_id, Proposal.chosen_by_id])
    barred = sa.or_(Visa.decided_by_id == Proposal.agent_id,
                    sa.and_(Visa.kind != VisaKind.HOST_HEAD, sa.func.coalesce(asked, sa.false())))
    entitled = sa.case((Visa.kind == VisaKind.HR, _was_hr()), else_=_held_or_helped())
    return (sa.select(Visa.id).join(Proposal, Proposal.id == Visa.proposal_id).join(Need, Need.id == Proposal.need_id)
            .where(Visa.proposal_id == Loan.proposal_id, Visa.state == VisaState.GIVEN, sa.or_(barred, sa.not_(entitled)))
            .correlate(Loan).exists())


def _held_or_helped() -> Condition:
    stood_in = (sa.select(StandIn.id).where(
        StandIn.agent_id == Visa.holder_id, StandIn.deputy_id == Visa.decided_by_id,
        local_day(Visa.decided_at).between(StandIn.starts_on, StandIn.ends_on)).correlate(Visa).exists())
    return sa.or_(sa.func.coalesce(Visa.decided_by_id == Visa.holder_id, sa.false()),
                  sa.func.coalesce(Visa.decided_by_id == Visa.helper_id, sa.false()), stood_in)


def _was_hr() -> Condition:
    """HR now, or since: the audit log keeps when a function was taken back."""
    now = sa.select(Role.id).where(Role.agent_id == Visa.decided_by_id, Role.name == RoleName.HR,
                                   Role.granted_at <= Visa.decided_at).correlate(Visa).exists()
    until = sa.select(JournalEntry.seq).where(
        JournalEntry.event == "organisation:role_removed", JournalEntry.subject_kind == "agents",
        JournalEntry.subject_id == Visa.decided_by_id, JournalEntry.at >= Visa.decided_at,
        JournalEntry.detail.contains('"role":"hr"')).correlate(Visa).exists()
    return sa.or_(now, until)


def missing_visa(_today: date) -> Condition:
    """A step of the circuit that was not given, or no visa of the host at all."""
    open_step = sa.select(Visa.id).where(Visa.proposal_id == Loan.proposal_id, Visa.state != VisaState.GIVEN)
    host = sa.select(Visa.id).where(Visa.proposal_id == Loan.proposal_id, Visa.kind == VisaKind.HOST_HEAD,
                                    Visa.state == VisaState.GIVEN)
    return sa.or_(open_step.correlate(Loan).exists(), sa.not_(host.correlate(Loan).exists()))


def missing_agreement(_today: date) -> Condition:
    """The agent's agreement is not dated, or comes after a visa."""
    visa = (sa.select(Visa.id).where(Visa.proposal_id == Proposal.id, Visa.state == VisaState.GIVEN,
                                     Visa.decided_at < Proposal.accepted_at).correlate(Proposal).exists())
    return (sa.select(Proposal.id).where(Proposal.id == Loan.proposal_id, sa.or_(Proposal.accepted_at.is_(None), visa))
            .correlate(Loan).exists())


def wrong_signatory(_today: date) -> Condition:
    """Signed for oneself, or without a registered delegation covering the agent's home unit on that day."""
    home, covered = aliased(Unit), aliased(Unit)
    act, signed_at = SigningDelegation, Letter.signed_at
    valid = (sa.select(act.id).join(covered, covered.id == act.unit_id).join(home, home.id == Loan.home_unit_id)
             .where(act.id == Letter.delegation_id, act.holder_id == Letter.signed_by_id,
                    act.recorded_by_id != act.holder_id, from_day(signed_at, act.starts_on),
                    from_day(signed_at, act.published_on), sa.or_(act.ends_on.is_(None), by_day(signed_at, act.ends_on)),
                    home.path.like(covered.path + "%"))
             .correlate(Letter, Loan).exists())
    return sa.and_(Letter.state == LetterState.SIGNED, sa.or_(Letter.signed_by_id == Loan.agent_id, sa.not_(valid)))


def load_above_working_time(_today: date) -> Condition:
    """Alone or with the agent's other loans of the same days, above the working time (as signed, or now for what runs)."""
    signed_for = sa.func.coalesce(Letter.data["agent"]["working_time"].as_integer(), Agent.working_time)
    allowed = sa.case((Loan.state.in_(OVER), signed_for), else_=sa.case(
        (Agent.working_time < signed_for, Agent.working_time), else_=signed_for))
    other, same_day = aliased(Loan), aliased(Loan)
    on_that_day = (sa.select(sa.func.sum(same_day.load)).where(
        same_day.agent_id == other.agent_id, same_day.state != LoanState.CANCELLED,
        same_day.starts_on <= other.starts_on, same_day.ends_on >= other.starts_on).correlate(other).scalar_subquery())
    at_its_start = sa.select(same_day.id).where(
        same_day.agent_id == Loan.agent_id, same_day.state != LoanState.CANCELLED,
        same_day.starts_on <= Loan.starts_on, same_day.ends_on >= Loan.starts_on).correlate(Loan)
    sum_at_start = at_its_start.with_only_columns(sa.func.sum(same_day.load)).scalar_subquery()
    during = (sa.select(other.id).where(other.agent_id == Loan.agent_id, other.state != LoanState.CANCELLED,
                                        other.starts_on.between(Loan.starts_on, Loan.ends_on), on_that_day > allowed)
              .correlate(Loan, Agent, Letter).exists())
    return sa.or_(Loan.load > allowed, sum_at_start > allowed, during)


def overlapping_loans(_today: date) -> Condition:
    """Another loan of the same agent on some of the same days."""
    other = aliased(Loan)
    return (sa.select(other.id).where(other.agent_id == Loan.agent_id, other.id != Loan.id,
                                      other.state != LoanState.CANCELLED, other.starts_on <= Loan.ends_on,
                                      other.ends_on >= Loan.starts_on).correlate(Loan).exists())


def missing_feedback(today: date) -> Condition:
    """Some side, or nobody, has answered fifteen days after the end."""
    asked = sa.select(Feedback.id).where(Feedback.loan_id == Loan.id)
    silent = asked.where(Feedback.given_at.is_(None)).correlate(Loan).exists()
    return sa.and_(Loan.state.in_(OVER), Loan.ends_on < today - timedelta(days=FEEDBACK_DAYS),
                   sa.or_(silent, sa.not_(asked.correlate(Loan).exists())))


def filing_rejected(_today: date) -> Condition:
    return _filings(Filing.state == FilingState.REJECTED)


def filing_missing(_today: date) -> Condition:
    """Signed, and nothing was ever queued for the HR file."""
    return sa.and_(Letter.state == LetterState.SIGNED, sa.not_(_filings(Filing.action == FilingAction.FILE)))


def _filings(*conditions: Condition) -> Condition:
    return sa.select(Filing.id).where(Filing.letter_id == Letter.id, *conditions).correlate(Letter).exists()


def number_gap(_today: date) -> Condition:
    """The number before this one is on no letter of the year."""
    before = aliased(Letter)
    found = (sa.select(before.id).where(before.employer_id == Letter.employer_id, before.year == Letter.year,
                                        before.sequence == Letter.sequence - 1).correlate(Letter).exists())
    return sa.and_(Letter.sequence > 1, sa.not_(found))


RULES = {rule.code: rule for rule in (
    Rule("started_before_signature", "Mission commencée après la signature",
         "Commencée avant la signature", True, started_before_signature),
    Rule("wrong_approver", "Visas donnés par qui en avait la charge",
         "Visa donné par une personne qui ne le pouvait pas", True, wrong_approver),
    Rule("missing_visa", "Tous les visas donnés", "Visa manquant", True, missing_visa),
    Rule("missing_agreement", "Accord de l’agent, avant les visas",
         "Accord de l’agent absent ou postérieur aux visas", True, missing_agreement),
    Rule("wrong_signatory", "Signataire couvert par une délégation à la date",
         "Signataire sans délégation valable", True, wrong_signatory),
    Rule("load_above_working_time", "Somme des charges dans la quotité de travail",
         "Charge au-delà de la quotité de travail", True, load_above_working_time),
    Rule("overlapping_loans", "Pas d’autre mission aux mêmes dates", "Autre mission aux mêmes dates", False,
         overlapping_loans),
    Rule("missing_feedback", "Retours d’expérience reçus dans les 15 jours", "Retour d’expérience en retard", False,
         missing_feedback),
    Rule("filing_rejected", "Versement non rejeté", "Versement rejeté par le SIRH", True, filing_rejected),
    Rule("filing_missing", "Versement mis en file", "Lettre signée jamais mise en file de versement", True, filing_missing),
    Rule("number_gap", "Numéro sans trou dans l’année", "Numéro précédent absent du registre", True, number_gap),
)}


def broken(code: str, today: date) -> Condition:
    """Where a letter in force or to sign breaks the rule; a letter replaced or cancelled is no longer checked."""
    current = Letter.state.in_(IN_FORCE)
    if code == "filing_rejected":
        return RULES[code].condition(today)
    return sa.and_(current, RULES[code].condition(today))


def flags(today: date) -> list[sa.Label[bool]]:
    """One column per rule, true where it is broken."""
    return [sa.case((broken(code, today), sa.true()), else_=sa.false()).label(code) for code in RULES]
