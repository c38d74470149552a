"""Who gives feedback, and who reads it."""

from __future__ import annotations

from skillshare.feedback.models import Feedback
from skillshare.ground.access import Ability, allows
from skillshare.loans.access import is_party
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent, RoleName


@allows(Ability.FEEDBACK_GIVE)
def can_give(actor: Agent, feedback: Feedback | None) -> bool:
    """The person who was asked; nobody answers for another. Without subject: one's own list."""
    return actor.active and (feedback is None or feedback.author_id == actor.id)


@allows(Ability.FEEDBACK_SEE)
def can_see(actor: Agent, loan: Loan) -> bool:
    """The three sides of the loan and the mediator: no HR file, no matcher, no other service."""
    return is_party(actor, loan) or actor.has_role(RoleName.MEDIATOR)
