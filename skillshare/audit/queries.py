"""The register: filters, order, views with their numbers, and what each letter of a page breaks.

Lists and numbers read the last check of the rules (`checking`); the letters of one page are judged at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from skillshare.audit.anomalies import RULES, Rule, flags
from skillshare.audit.models import LetterAnomaly, RegisterCheck
from skillshare.ground.extensions import db
from skillshare.ground.paging import Page, paginate
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


def numbers(filters: Filters, *, today: date) -> sa.Select[int]:
    """The ids of mission letters, filtered and ordered: what a page is cut from, far lighter than the letters."""
    return joined(sa.select(Letter.id)).where(*_conditions(filters, today)).order_by(*_order(filters.sort), Letter.id.desc())


def page_of(filters: Filters, page: int, per_page: int, *, today: date) -> Page:
    """One page of letters with loan, agent and units."""
    found = paginate(numbers(filters, today=today), page, per_page)
    rows = {letter.id: letter for letter in db.session.scalars(_whole().where(Letter.id.in_(found.items))).unique()}
    return replace(found, items=[rows[letter_id] for letter_id in found.items])


def letters(filters: Filters, *, today: date) -> sa.Select[Letter]:
    """Mission letters with loan, agent and units, filtered and ordered; a letter without number comes first."""
    return _whole().where(*_conditions(filters, today)).order_by(*_order(filters.sort), Letter.id.desc())


def _whole() -> sa.Select[Letter]:
    loan = contains_eager(Letter.loan)
    return (joined(sa.select(Letter))
             .options(loan.contains_eager(Loan.agent), loan.joinedload(Loan.home_unit), loan.joinedload(Loan.host_unit),
                      joinedload(Letter.replaces)))


def joined(query: sa.Select) -> sa.Select:
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
        found.append(Letter.id.in_(sa.select(LetterAnomaly.letter_id)))
    elif filters.anomaly in RULES:
        found.append(Letter.id.in_(sa.select(LetterAnomaly.letter_id).where(LetterAnomaly.code == filters.anomaly)))
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
    named, within = aliased(Unit), aliased(Unit)
    units = (sa.select(within.id).join(named, within.path.like(named.path + "%"))
             .where(sa.or_(named.label.icontains(text, autoescape=True), named.label.contains(text, autoescape=True))))
    return sa.or_(Loan.home_unit_id.in_(units), Loan.host_unit_id.in_(units))


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
    row = db.session.execute(joined(sa.select(*columns))).one()
    return {code: count or 0 for code, count in row._mapping.items()}


def checked_at() -> datetime | None:
    """When the rules were last checked on every letter."""
    return db.session.scalar(sa.select(RegisterCheck.checked_at))


def anomalies_of(letter_ids: list[int], *, today: date) -> dict[int, list[Rule]]:
    """Letter id → the rules it breaks, the grave ones first; in one query."""
    rows = db.session.execute(joined(sa.select(Letter.id, *flags(today))).where(Letter.id.in_(letter_ids)))
    order = sorted(RULES.values(), key=lambda rule: not rule.grave)
    return {row.id: [rule for rule in order if row._mapping[rule.code]] for row in rows}


def labels_of_units() -> list[str]:
    """Names of the units that lend or receive, for suggestions."""
    concerned = sa.union(sa.select(Loan.home_unit_id), sa.select(Loan.host_unit_id)).subquery()
    query = sa.select(Unit.label).where(Unit.id.in_(sa.select(concerned.c[0]))).distinct().order_by(Unit.label)
    return list(db.session.scalars(query))
