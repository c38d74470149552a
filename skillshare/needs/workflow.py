"""The life of a need."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.needs.models import NeedState as S

NEED = Workflow("needs", {
    S.DRAFT: State("Brouillon", "pencil", "quiet"),
    S.PUBLISHED: State("Publié", "megaphone", "info"),
    S.CLOSED: State("Clos", "archive", "quiet"),
}, [
    Transition("publish", (S.DRAFT,), S.PUBLISHED, Ability.NEED_PUBLISH, "Publier ce besoin"),
    Transition("withdraw", (S.DRAFT, S.PUBLISHED), S.CLOSED, Ability.NEED_WITHDRAW, "Retirer ce besoin"),
    Transition("expire", (S.PUBLISHED,), S.CLOSED, None, "Clore à l’échéance", by_clock=True),
    Transition("fill", (S.PUBLISHED,), S.CLOSED, None, "Clore une fois pourvu", by_clock=True),
])
