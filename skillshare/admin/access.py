"""Who reads the journal, the outbox and the jobs: the administrator; the auditor reads the journal."""

from __future__ import annotations

from typing import Any

from skillshare.ground.access import Ability, allows
from skillshare.organisation.models import Agent, RoleName


@allows(Ability.JOURNAL_SEE)
def can_read_journal(actor: Agent, _subject: Any) -> bool:
    return actor.has_role(RoleName.ADMINISTRATOR, RoleName.AUDITOR)


@allows(Ability.OUTBOX_SEE, Ability.OUTBOX_RETRY, Ability.JOBS_SEE)
def can_run_the_application(actor: Agent, _subject: Any) -> bool:
    return actor.has_role(RoleName.ADMINISTRATOR)
