"""Who reads a letter and who may cancel one."""

from __future__ import annotations

from skillshare.ground.access import Ability, allows
from skillshare.letters.models import Letter
from skillshare.loans.access import is_party
from skillshare.organisation.models import Agent, RoleName


@allows(Ability.LETTER_SEE)
def can_see_letter(actor: Agent, letter: Letter) -> bool:
    """The three sides, who signed it, HR and the auditor."""
    return (actor.has_role(RoleName.HR, RoleName.AUDITOR) or (actor.active and letter.signed_by_id == actor.id)
            or is_party(actor, letter.loan))


@allows(Ability.LETTER_CANCEL)
def can_cancel_letter(actor: Agent, letter: Letter) -> bool:
    """Those who may cancel the loan, and HR when a letter is wrong."""
    return actor.has_role(RoleName.HR) or is_party(actor, letter.loan)


@allows(Ability.LETTER_REPLACE)
def can_replace_letter(actor: Agent, letter: Letter) -> bool:
    """HR alone says that a signed letter is wrong."""
    return actor.has_role(RoleName.HR)
