"""Mails about suggested skills: the decision and its reason, to whoever suggested it."""

from datetime import datetime

from skillshare.ground import outbox
from skillshare.ground.links import absolute
from skillshare.skills.models import Skill

DECISIONS = {
    "accept": (
        "est au catalogue",
        "Elle est ajoutée au catalogue : vous pouvez l’offrir, et les services la demander.",
    ),
    "merge": (
        "rejoint une autre compétence",
        "Elle y est déjà sous le nom « {} », qui répond désormais à vos mots aussi.",
    ),
    "reject": ("n’est pas retenue", "Elle n’est pas ajoutée au catalogue."),
}


def decided(skill: Skill, decision: str, *, at: datetime) -> None:
    """Tell the suggester what was decided."""
    if skill.suggested_by_id is None:
        return
    title, sentence = DECISIONS[decision]
    said = sentence.format(skill.merged_into.name if skill.merged_into else "")
    note = f"\n\nRéponse de la médiation : {skill.curation_note}" if skill.curation_note else ""
    text = (
        f"Bonjour,\n\nVous avez suggéré la compétence « {skill.name} ». {said}{note}\n\n"
        f"Voir le catalogue : {absolute('skills.index')}\n"
    )
    outbox.post(
        "skill_decided",
        to=skill.suggested_by_id,
        key=str(skill.id),
        at=at,
        subject=f"Votre suggestion « {skill.name} » {title}",
        text=text,
    )
