"""Roles, stand-ins, absences, caps and signing delegations: what the application adds to the HR file."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.links import absolute
from skillshare.organisation import mails, queries, tokens
from skillshare.organisation.models import Absence, Agent, Role, RoleName, SigningDelegation, StandIn, Unit

HIGHEST_FTE = 999_99  # hundredths


def one_person_named(text: str, *, field: str, employer_id: int | None) -> Agent:
    """The active person whom `text` names; RuleBroken on `field` when nobody or several people answer to it."""
    found = [agent for agent in queries.people_named(text) if employer_id in (None, agent.employer_id)]
    if not found:
        raise RuleBroken(field, f"Personne en activité ne répond à « {text.strip()} ». Écrivez le prénom et le nom en "
                                "entier, l’adresse électronique ou le matricule.")
    if len(found) > 1:
        lines = " ; ".join(f"{agent.full_name}, {agent.unit.label}, matricule {agent.staff_number}" for agent in found)
        raise RuleBroken(field, f"Plusieurs personnes portent ce nom : {lines}. Écrivez le matricule.")
    return found[0]


def grant_role(agent: Agent, name: RoleName, *, actor: Agent, at: datetime, unit: Unit | None = None) -> Role:
    """Give a role; a requester's goes with the unit whose needs they state, the others with none."""
    demand(actor, Ability.ROLE_GRANT, agent)
    if (name is RoleName.REQUESTER) != (unit is not None):
        raise RuleBroken("unit", "Choisissez le service pour « Service demandeur », et aucun pour les autres "
                                 "fonctions.")
    _lock(Agent, agent.id)
    same = sa.select(Role.id).where(Role.agent_id == agent.id, Role.name == name,
                                    Role.unit_id == unit.id if unit else Role.unit_id.is_(None))
    if db.session.scalar(same) is not None:
        raise RuleBroken("name", f"{agent.full_name} a déjà cette fonction.")
    role = Role(agent_id=agent.id, name=name, unit_id=unit.id if unit else None, granted_by_id=actor.id,
                granted_at=at)
    db.session.add(role)
    journal.record("organisation:role_granted", actor=actor, subject=agent, at=at, role=name.value,
                   unit_id=role.unit_id)
    return role


def create_administrator(email: str, *, at: datetime) -> str:
    """The first administrator, from the server's own command: gives the role, returns a single-use link."""
    agent = one_person_named(email, field="email", employer_id=None)
    if not agent.has_role(RoleName.ADMINISTRATOR):
        db.session.add(Role(agent_id=agent.id, name=RoleName.ADMINISTRATOR, granted_at=at))
        journal.record("organisation:role_granted", actor=SYSTEM, subject=agent, at=at, unit_id=None,
                       role=RoleName.ADMINISTRATOR.value)
    secret, _token = tokens.issue_link(agent, at=at)
    return absolute("sign_in.redeem", token=secret)


def remove_role(role: Role, *, actor: Agent, at: datetime) -> None:
    """Take a role back; rights are read at each request, so the next one is refused."""
    demand(actor, Ability.ROLE_GRANT, role)
    journal.record("organisation:role_removed", actor=actor, subject=role.agent, at=at, role=role.name.value,
                   unit_id=role.unit_id)
    db.session.delete(role)


def name_stand_in(agent: Agent, *, deputy: Agent, actor: Agent, starts_on: date, ends_on: date,
                  at: datetime) -> StandIn:
    """Have `deputy` give visas for `agent`, named by that person or their N+1; one deputy on a day."""
    demand(actor, Ability.STAND_IN_NAME, agent)
    _check_coming_period(starts_on, ends_on, at)
    if deputy.id == agent.id or not deputy.active:
        raise RuleBroken("deputy", "Choisissez une autre personne, en activité.")
    _lock(Agent, agent.id)
    if _overlaps(StandIn, agent, starts_on, ends_on):
        raise RuleBroken("starts_on", "Une autre suppléance couvre une partie de ces jours. Mettez-y fin d’abord.")
    if _overlaps(Absence, deputy, starts_on, ends_on):
        raise RuleBroken("deputy", f"{deputy.full_name} est absent une partie de ces jours. Choisissez une autre "
                                   "personne.")
    made = StandIn(agent_id=agent.id, deputy_id=deputy.id, starts_on=starts_on, ends_on=ends_on, named_by_id=actor.id)
    db.session.add(made)
    db.session.flush()
    journal.record("organisation:stand_in_named", actor=actor, subject=made, at=at, agent_id=agent.id,
                   deputy_id=deputy.id, starts_on=starts_on, ends_on=ends_on)
    mails.stand_in_named(made, actor, at=at)
    return made


def end_stand_in(stand_in: StandIn, *, actor: Agent, at: datetime) -> None:
    """Stop it from today; one that has not begun never does."""
    demand(actor, Ability.STAND_IN_NAME, stand_in)
    journal.record("organisation:stand_in_ended", actor=actor, subject=stand_in, at=at)
    yesterday = date.fromordinal(clock.local_date(at).toordinal() - 1)
    if stand_in.starts_on > yesterday:
        db.session.delete(stand_in)
    else:
        stand_in.ends_on = min(stand_in.ends_on, yesterday)


def enter_absence(agent: Agent, *, actor: Agent, starts_on: date, ends_on: date, at: datetime) -> Absence:
    """Note days away, by the N+1: no motive has a place here."""
    demand(actor, Ability.ABSENCE_ENTER, agent)
    _check_coming_period(starts_on, ends_on, at)
    _lock(Agent, agent.id)
    if _overlaps(Absence, agent, starts_on, ends_on):
        raise RuleBroken("starts_on", "Une absence couvre déjà une partie de ces jours. Retirez-la d’abord.")
    made = Absence(agent_id=agent.id, starts_on=starts_on, ends_on=ends_on, entered_by_id=actor.id)
    db.session.add(made)
    journal.record("organisation:absence_entered", actor=actor, subject=agent, at=at, starts_on=starts_on,
                   ends_on=ends_on)
    return made


def remove_absence(absence: Absence, *, actor: Agent, at: datetime) -> None:
    demand(actor, Ability.ABSENCE_ENTER, absence)
    journal.record("organisation:absence_removed", actor=actor, subject=absence.agent, at=at,
                   starts_on=absence.starts_on, ends_on=absence.ends_on)
    db.session.delete(absence)


def set_limits(unit: Unit, *, actor: Agent, cap: int | None, presence_threshold: int | None, at: datetime) -> None:
    """The head's own settings, in hundredths of full time; None: no limit. Loans already agreed stay."""
    demand(actor, Ability.CAP_SET, unit)
    for field, value in (("cap", cap), ("presence_threshold", presence_threshold)):
        if value is not None and not 0 <= value <= HIGHEST_FTE:
            raise RuleBroken(field, "Écrivez un nombre d’équivalents temps plein entre 0 et 999,99.")
    _lock(Unit, unit.id)
    unit.cap, unit.presence_threshold = cap, presence_threshold
    journal.record("organisation:limits_set", actor=actor, subject=unit, at=at, cap=cap,
                   presence_threshold=presence_threshold)


def record_delegation(holder: Agent, *, actor: Agent, unit: Unit, subject: str, reference: str, quality: str,
                      on_behalf: str, published_on: date, starts_on: date, ends_on: date | None,
                      at: datetime) -> SigningDelegation:
    """Copy the executive's published act. Never by its holder: refused here and by the database."""
    if holder.id == actor.id:
        raise RuleBroken("holder", "Votre propre délégation est enregistrée par une autre personne des ressources "
                                   "humaines.")
    demand(actor, Ability.DELEGATION_RECORD, holder)
    _check_delegation_dates(published_on, starts_on, ends_on, at)
    made = SigningDelegation(holder_id=holder.id, unit_id=unit.id, subject=subject, reference=reference,
                             quality=quality, on_behalf=on_behalf, published_on=published_on, starts_on=starts_on,
                             ends_on=ends_on, recorded_by_id=actor.id, recorded_at=at)
    db.session.add(made)
    db.session.flush()
    journal.record("organisation:delegation_recorded", actor=actor, subject=made, at=at, holder_id=holder.id,
                   unit_id=unit.id, starts_on=starts_on, ends_on=ends_on)
    mails.delegation_recorded(made, at=at)
    return made


def end_delegation(delegation: SigningDelegation, *, actor: Agent, ends_on: date, at: datetime) -> None:
    """Give it its last day: from the executive's act that ends it. It is kept, letters refer to it."""
    demand(actor, Ability.DELEGATION_RECORD, delegation)
    if ends_on < delegation.starts_on or (delegation.ends_on is not None and ends_on > delegation.ends_on):
        raise RuleBroken("ends_on", "La fin doit être entre le début et la fin actuelle de la délégation.")
    delegation.ends_on = ends_on
    journal.record("organisation:delegation_ended", actor=actor, subject=delegation, at=at, ends_on=ends_on)


def _check_delegation_dates(published_on: date, starts_on: date, ends_on: date | None, at: datetime) -> None:
    if published_on > clock.local_date(at):
        raise RuleBroken("published_on", "L’acte doit être publié : sa date ne peut pas être dans l’avenir.")
    if starts_on < published_on:
        raise RuleBroken("starts_on", "La délégation ne commence pas avant la publication de l’acte.")
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("ends_on", "La fin précède le début. Choisissez une date après.")


def _check_coming_period(starts_on: date, ends_on: date, at: datetime) -> None:
    if ends_on < starts_on:
        raise RuleBroken("ends_on", "La fin précède le début. Choisissez une date après.")
    if ends_on < clock.local_date(at):
        raise RuleBroken("ends_on", "Ces jours sont passés. Choisissez une fin à venir.")
    if (ends_on - starts_on).days > 366:
        raise RuleBroken("ends_on", "Pas plus d’un an à la fois. Choisissez une fin plus proche.")


def _overlaps(kind: type[StandIn] | type[Absence], agent: Agent, starts_on: date, ends_on: date) -> bool:
    query = sa.select(kind.id).where(kind.agent_id == agent.id, kind.starts_on <= ends_on, kind.ends_on >= starts_on)
    return db.session.scalars(query).first() is not None


def _lock(kind: type[Agent] | type[Unit], row_id: int) -> None:
    db.session.execute(sa.select(kind.id).where(kind.id == row_id).with_for_update())
