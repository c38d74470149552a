"""Who reads, suggests and curates the catalogue."""

from typing import Any

from skillshare.ground.access import Ability, allows
from skillshare.organisation.models import Agent, RoleName


@allows(Ability.SKILL_SEARCH, Ability.SKILL_SUGGEST)
def works_here(actor: Agent, _subject: Any) -> bool:
    return actor.active


@allows(Ability.SKILL_CURATE)
def curates(actor: Agent, _subject: Any) -> bool:
    return actor.has_role(RoleName.MEDIATOR, RoleName.HR)
