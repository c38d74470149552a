"""The life of a suggested skill: accepted, merged into another, or not kept."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.skills.models import SkillState

SKILL = Workflow(
    "skill",
    {
        SkillState.SUGGESTED: State("à examiner", "hourglass-split", "act"),
        SkillState.ACTIVE: State("au catalogue", "check-lg", "ok"),
        SkillState.MERGED: State("réunie à une autre", "sign-merge-right", "info"),
        SkillState.REJECTED: State("non retenue", "x-lg"),
    },
    [
        Transition(
            "accept", (SkillState.SUGGESTED,), SkillState.ACTIVE, Ability.SKILL_CURATE, "Ajouter au catalogue"
        ),
        Transition(
            "merge", (SkillState.SUGGESTED,), SkillState.MERGED, Ability.SKILL_CURATE, "Réunir à une autre"
        ),
        Transition(
            "reject", (SkillState.SUGGESTED,), SkillState.REJECTED, Ability.SKILL_CURATE, "Ne pas retenir"
        ),
    ],
)
