"""Who states, reads and changes needs: the requesters of the unit; a unit never edits another's."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

from skillshare.ground.access import Ability, allows
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedState
from skillshare.organisation.models import Agent, RoleName, Unit
from skillshare.organisation.queries import requester_unit_ids


def units_open_to(actor: Agent) -> list[int]:
    """Units for which `actor` may state needs, by the DEPLOYMENT setting (R15): `sam`, units that are SAMs alone;
    `community` and `all`, every unit that has a requester or a head. Needs already stated stay editable."""
    ids = requester_unit_ids(actor) if actor.active else []
    if current_app.config["DEPLOYMENT"] != "sam" or not ids:
        return ids
    return [unit.id for unit in db.session.scalars(sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id)) if unit.is_sam]


@allows(Ability.NEED_LIST)
def can_list(actor: Agent, _subject: None) -> bool:
    return actor.active


@allows(Ability.NEED_CREATE)
def can_create(actor: Agent, unit: Unit | None) -> bool:
    return bool(units_open_to(actor)) if unit is None else unit.id in units_open_to(actor)


@allows(Ability.NEED_SEE)
def can_see(actor: Agent, need: Need) -> bool:
    """Published and closed needs are read by every agent; drafts by their unit's requesters."""
    return actor.active and (need.state != NeedState.DRAFT or can_edit(actor, need))


@allows(Ability.NEED_EDIT, Ability.NEED_PUBLISH, Ability.NEED_WITHDRAW, Ability.NEED_DUPLICATE)
def can_edit(actor: Agent, need: Need) -> bool:
    return actor.active and need.unit_id in requester_unit_ids(actor)


@allows(Ability.NEED_DECLARE_CRISIS)
def can_declare_crisis(actor: Agent, need: Need | None) -> bool:
    """The mediator and HR, on a published need alone: a draft is its unit's affair."""
    return (need is None or need.state == NeedState.PUBLISHED) and actor.has_role(RoleName.MEDIATOR, RoleName.HR)
