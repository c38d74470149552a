"""The register: filters, order, views with their numbers, and what each letter of a page breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from skillshare.audit.anomalies import RULES, Rule, any_broken, broken, flags
from skillshare.ground.extensions import db
from skillshare.hr_file.models import Filing, FilingState
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.models import Agent, Unit

ANY = "any"
ENDS_WITHIN_DAYS = 15
STATES = {
    "to_sign": ("À signer", Letter.state == LetterState.TO_SIGN),
    "scheduled": ("Signée, mission à venir", sa.and_(Letter.state == LetterState.SIGNED, Loan.state == LoanState.SCHEDULED)),
    "running": ("En cours", sa.and_(Letter.state == LetterState.SIGNED, Loan.state == LoanState.RUNNING)),
    "ended": ("Terminée", sa.and_(Letter.state == LetterState.SIGNED, Loan.state == LoanState.ENDED)),
    "ended_early": ("Terminée avant la date",
                    sa.and_(Letter.state == LetterState.SIGNED, Loan.state == LoanState.ENDED_EARLY)),
    "superseded": ("Remplacée", Letter.state == LetterState.SUPERSEDED),
    "cancelled": ("Annulée", Letter.state == LetterState.CANCELLED),
}
ORDERS = {"number": (Letter.year, Letter.sequence), "agent": (Agent.sort_name,), "start": (Loan.starts_on,),
          "end": (Loan.ends_on,), "load": (Loan.load,), "signed": (Letter.signed_at,)}


@dataclass(frozen=True)
class Filters:
    """What was asked; "" and None ask nothing. `sort`: a key of ORDERS, with "-" for the greatest first."""

    q: str = ""
    service: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    anomaly: str = ""
    filing: str = ""
    ends_by: date | None = None
    sort: str = "-number"
    values: dict[str, str] = field(default_factory=dict, compare=False)


def letters(filters: Filters, *, today: date) -> sa.Select[Letter]:
    """Mission letters with loan, agent and units, filtered and ordered; a letter without number comes first."""
    loan = contains_eager(Letter.loan)
    query = (_joined(sa.select(Letter)).where(*_conditions(filters, today))
             .options(loan.contains_eager(Loan.agent), loan.joinedload(Loan.home_unit), loan.joinedload(Loan.host_unit),
                      joinedload(Letter.replaces)))
    return query.order_by(*_order(filters.sort), Letter.id.desc())


def _joined(query: sa.Select) -> sa.Select:
    return (query.select_from(Letter).join(Loan, Loan.id == Letter.loan_id).join(Agent, Agent.id == Loan.agent_id)
            .where(Letter.kind == LetterKind.LETTER))


def _conditions(filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    found = []
    if filters.q:
        found.append(_matches(filters.q))
    if filters.service:
        found.append(_concerns(filters.service))
    if filters.state in STATES:
        found.append(STATES[filters.state][1])
    if filters.since:
        found.append(Loan.ends_on >= filters.since)
    if filters.until:
        found.append(Loan.starts_on <= filters.until)
    if filters.anomaly == ANY:
        found.append(any_broken(today))
    elif filters.anomaly in RULES:
        found.append(broken(filters.anomaly, today))
    if filters.filing in set(FilingState):
        found.append(_filed(FilingState(filters.filing)))
    if filters.ends_by:
        found += [Loan.state == LoanState.RUNNING, Letter.state == LetterState.SIGNED, Loan.ends_on <= filters.ends_by]
    return found


def _matches(text: str) -> sa.ColumnElement[bool]:
    """A number, a staff number, or every word in the name."""
    words = [Agent.sort_name.contains(word.lower(), autoescape=True) for word in text.split()]
    return sa.or_(Letter.number.contains(text, autoescape=True),
                  Agent.staff_number.startswith(text.replace(" ", ""), autoescape=True), sa.and_(*words))


def _concerns(text: str) -> sa.ColumnElement[bool]:
    """Home or host is a unit of that name, or is within one."""
    named, home_or_host = aliased(Unit), aliased(Unit)
    return (sa.select(named.id).join(home_or_host, home_or_host.path.like(named.path + "%"))
            .where(sa.or_(named.label.icontains(text, autoescape=True), named.label.contains(text, autoescape=True)),
                   home_or_host.id.in_([Loan.home_unit_id, Loan.host_unit_id])).correlate(Loan).exists())


def _filed(state: FilingState) -> sa.ColumnElement[bool]:
    return sa.select(Filing.id).where(Filing.letter_id == Letter.id, Filing.state == state).correlate(Letter).exists()


def _order(sort: str) -> list[sa.ColumnElement]:
    columns = ORDERS.get(sort.removeprefix("-"), ORDERS["number"])
    if sort.startswith("-"):
        return [column.desc().nulls_first() for column in columns]
    return [column.asc().nulls_last() for column in columns]


VIEWS = {"all": ("Toutes", {}), "to_sign": ("À signer", {"state": "to_sign"}),
         "to_file": ("À verser", {"filing": "queued"}), "rejected": ("Rejetées par le SIRH", {"filing": "rejected"}),
         "anomalies": ("À regarder", {"anomaly": ANY}), "ending": ("Fin sous 15 jours", {"ending": "1"})}


def filters_of(values: dict[str, str], *, today: date) -> Filters:
    """Filters from the words of an address; what cannot be read asks nothing."""
    given = {key: str(value).replace("\0", "").strip()[:100] for key, value in values.items()}
    kept = {key: given.get(key, "") for key in ("q", "service", "state", "since", "until", "anomaly", "filing", "ending",
                                               "sort") if given.get(key)}
    return Filters(kept.get("q", ""), kept.get("service", ""), kept.get("state", ""), _day(kept.get("since")),
                   _day(kept.get("until")), kept.get("anomaly", ""), kept.get("filing", ""),
                   today + timedelta(days=ENDS_WITHIN_DAYS) if kept.get("ending") else None,
                   kept.get("sort", "-number"), kept)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def view_counts(today: date) -> dict[str, int]:
    """How many letters each view holds, in one query."""
    columns = []
    for code, (_label, values) in VIEWS.items():
        conditions = _conditions(filters_of(values, today=today), today)
        columns.append(sa.func.sum(sa.case((sa.and_(sa.true(), *conditions), 1), else_=0)).label(code))
    row = db.session.execute(_joined(sa.select(*columns))).one()
    return {code: count or 0 for code, count in row._mapping.items()}


def anomalies_of(letter_ids: list[int], *, today: date) -> dict[int, list[Rule]]:
    """Letter id → the rules it breaks, the grave ones first; in one query."""
    rows = db.session.execute(_joined(sa.select(Letter.id, *flags(today))).where(Letter.id.in_(letter_ids)))
    order = sorted(RULES.values(), key=lambda rule: not rule.grave)
    return {row.id: [rule for rule in order if row._mapping[rule.code]] for row in rows}


def labels_of_units() -> list[str]:
    """Names of the units that lend or receive, for suggestions."""
    concerned = sa.union(sa.select(Loan.home_unit_id), sa.select(Loan.host_unit_id)).subquery()
    query = sa.select(Unit.label).where(Unit.id.in_(sa.select(concerned.c[0]))).distinct().order_by(Unit.label)
    return list(db.session.scalars(query))
