"""HR staff run the filings; the auditor reads them."""

from __future__ import annotations

from typing import Any

from skillshare.ground.access import Ability, allows
from skillshare.organisation.models import Agent, RoleName


@allows(Ability.FILING_SEE)
def can_see_filings(actor: Agent, _subject: Any) -> bool:
    return actor.has_role(RoleName.HR, RoleName.AUDITOR)


@allows(Ability.FILING_RUN)
def can_run_filings(actor: Agent, _subject: Any) -> bool:
    return actor.has_role(RoleName.HR)
