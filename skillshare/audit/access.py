"""HR and the auditor read the register."""

from __future__ import annotations

from typing import Any

from skillshare.ground.access import Ability, allows
from skillshare.organisation.models import Agent, RoleName


@allows(Ability.REGISTRY_SEE)
def can_see_registry(actor: Agent, _subject: Any) -> bool:
    return actor.has_role(RoleName.HR, RoleName.AUDITOR)
