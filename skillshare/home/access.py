"""Everybody who works here has a home page."""

from __future__ import annotations

from skillshare.ground.access import Ability, allows
from skillshare.organisation.models import Agent


@allows(Ability.HOME_SEE)
def works_here(actor: Agent, _subject: None) -> bool:
    return actor.active
