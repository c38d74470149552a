"""Everything the application holds about one person, across all rooms: for themselves, and on request (GDPR art. 15).

Complete by construction: rows about the person in full, and by number every other row that names them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.approvals.models import Visa
from skillshare.commitments.models import Commitment
from skillshare.feedback.models import ExercisedSkill, Feedback
from skillshare.ground.extensions import db
from skillshare.ground.journal import JournalEntry
from skillshare.ground.outbox import Message
from skillshare.hr_file.models import Filing
from skillshare.letters.models import Letter, LetterView
from skillshare.loans.models import Loan
from skillshare.needs.models import Need, NeedSkill
from skillshare.offers.models import Offer, OfferSite, OfferSkill, OfferWindow
from skillshare.organisation.models import (
    Absence,
    AccessToken,
    Account,
    Agent,
    Role,
    SignInAttempt,
    SigningDelegation,
    Site,
    StandIn,
    Unit,
)
from skillshare.proposals.models import Proposal
from skillshare.skills.models import Skill

SECRETS = {"password_hash", "token_hash", "pdf"}
# What a number stands for, so that the export reads without the database.
NAMES: dict[str, tuple[Any, str]] = {"skills": (Skill, "name"), "units": (Unit, "label"), "sites": (Site, "name"),
                                     "needs": (Need, "title")}
ABOUT: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("compte", Account, ("agent_id",)), ("acces", AccessToken, ("agent_id",)), ("fonctions", Role, ("agent_id",)),
    ("suppleances", StandIn, ("agent_id", "deputy_id")), ("absences", Absence, ("agent_id",)),
    ("delegations", SigningDelegation, ("holder_id",)), ("competences_suggerees", Skill, ("suggested_by_id",)),
    ("besoins", Need, ("requester_id",)), ("offres", Offer, ("agent_id",)), ("propositions", Proposal, ("agent_id",)),
    ("engagements", Commitment, ("agent_id",)), ("prets", Loan, ("agent_id",)),
    ("retours_donnes", Feedback, ("author_id",)), ("lettres_ouvertes", LetterView, ("agent_id",)),
)
FOLLOWING: tuple[tuple[str, Any, str, str], ...] = (  # name, rows, their column, the section it points to
    ("besoins_competences", NeedSkill, "need_id", "besoins"), ("offres_competences", OfferSkill, "offer_id", "offres"),
    ("offres_periodes", OfferWindow, "offer_id", "offres"), ("offres_lieux", OfferSite, "offer_id", "offres"),
    ("visas", Visa, "proposal_id", "propositions"), ("lettres", Letter, "loan_id", "prets"),
    ("versements", Filing, "letter_id", "lettres"), ("ouvertures_de_mes_lettres", LetterView, "letter_id", "lettres"),
    ("retours_sur_mes_missions", Feedback, "loan_id", "prets"), ("competences_exercees", ExercisedSkill, "loan_id", "prets"),
)


def of_agent(agent: Agent) -> dict[str, Any]:
    """Section → rows as plain values; secrets (hashes of passwords and links) and file bytes are left out."""
    found: dict[str, Any] = {"identite": [as_dict(agent)]}
    for name, model, columns in ABOUT:
        found[name] = _rows(model, sa.or_(*(getattr(model, column) == agent.id for column in columns)))
    for name, model, column, section in FOLLOWING:
        found[name] = _rows(model, getattr(model, column).in_([row["id"] for row in found[section]]))
    logins = [text.lower() for text in (agent.staff_number, agent.email) if text]
    found["connexions"] = _rows(SignInAttempt, sa.func.lower(SignInAttempt.login).in_(logins))
    found["courriels"] = [_without_secret(row) for row in _rows(Message, Message.recipient_id == agent.id)]
    found["journal"] = _rows(JournalEntry, sa.or_(JournalEntry.actor_id == agent.id, sa.and_(
        JournalEntry.subject_kind == "agents", JournalEntry.subject_id == agent.id)))
    found["autres_mentions"] = _mentions(agent)
    return found


def _without_secret(mail: dict[str, Any]) -> dict[str, Any]:
    """A mail that lets in whoever reads it is named, not copied."""
    return mail | {"text": "[lien d’accès personnel, non copié]"} if mail["kind"] == "access_link" else mail


def _rows(model: Any, condition: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    order = sa.inspect(model).primary_key
    return [as_dict(row) for row in db.session.scalars(sa.select(model).where(condition).order_by(*order))]


def as_dict(row: Any) -> dict[str, Any]:
    """The columns of a row, and beside each number of a skill, unit, site or need, its name."""
    found: dict[str, Any] = {}
    for column in row.__table__.columns:
        if column.key in SECRETS:
            continue
        value = getattr(row, column.key)
        found[column.key] = value
        for key in column.foreign_keys:
            if value is not None and key.column.table.name in NAMES:
                model, name = NAMES[key.column.table.name]
                found[column.key.removesuffix("_id")] = getattr(db.session.get(model, value), name, None)
    return found


def _mentions(agent: Agent) -> list[dict[str, Any]]:
    """Every other column that points to a person: which rows, without the data of the people they are about."""
    said = {(model.__table__.name, column) for _, model, columns in ABOUT for column in columns}
    return [{"table": table.name, "colonne": column.name, "lignes": ids}
            for table, column in columns_naming_people() if (table.name, column.name) not in said
            if (ids := list(db.session.scalars(sa.select(*table.primary_key).where(column == agent.id))))]


def columns_naming_people() -> Iterable[tuple[sa.Table, sa.Column[Any]]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "agents" for key in column.foreign_keys):
                yield table, column


def held(agent: Agent) -> list[tuple[str, str, int]]:
    """Kind of data, where it comes from and who sees it, how many rows: the page « Mes données »."""
    kinds = (
        ("Identité, service, quotité", "Du SIRH. Vue par les services qui travaillent avec vous.", Agent, "id"),
        ("Offres de compétences", "De vous. Vues selon la visibilité que vous choisissez.", Offer, "agent_id"),
        ("Propositions et vos réponses", "Du calcul ou des services. Un refus n’est vu que de vous.", Proposal, "agent_id"),
        ("Temps promis ou donné", "De vos accords. Vu de votre responsable une fois le prêt demandé.", Commitment, "agent_id"),
        ("Prêts et missions", "De vos lettres. Vus des trois côtés et des ressources humaines.", Loan, "agent_id"),
        ("Retours d’expérience donnés", "De vous. Lus par les trois côtés et la médiation.", Feedback, "author_id"),
        ("Courriels envoyés par la bourse",
         "De la bourse. Lus de vous ; de l’administration là où aucun serveur de courriel n’est réglé.",
         Message, "recipient_id"),
        ("Lignes du journal", "De vos actes. Vues de l’administration et de l’audit, sans nom ni texte.", JournalEntry,
         "actor_id"),
    )
    counts = [sa.select(sa.func.count()).select_from(model).where(getattr(model, column) == agent.id).scalar_subquery()
              for _, _, model, column in kinds]
    return [(label, words, count) for (label, words, _, _), count
            in zip(kinds, db.session.execute(sa.select(*counts)).one(), strict=True)]


def who_opened_letters_of(agent: Agent, limit: int = 50) -> list[tuple[LetterView, str, Agent]]:
    """Who opened this person's letters, latest first: (view, number of the letter, reader)."""
    query = (sa.select(LetterView, Letter.number, Agent).join(Letter, Letter.id == LetterView.letter_id)
             .join(Loan, Loan.id == Letter.loan_id).join(Agent, Agent.id == LetterView.agent_id)
             .where(Loan.agent_id == agent.id).options(joinedload(Agent.unit)).order_by(LetterView.at.desc()).limit(limit))
    return [(view, number or "à signer", reader) for view, number, reader in db.session.execute(query)]
