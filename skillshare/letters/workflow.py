"""The life of a letter: once sealed it is frozen; a signed one may only be superseded or cancelled."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.letters.models import LetterState as S

LETTER = Workflow("letters", {
    S.TO_SIGN: State("À signer", "pen", "act"),
    S.SIGNED: State("Signée", "shield-check", "ok"),
    S.ISSUED: State("Délivrée", "patch-check", "ok"),
    S.SUPERSEDED: State("Remplacée", "archive", "quiet"),
    S.CANCELLED: State("Annulée", "x-circle", "danger"),
}, [
    Transition("sign", (S.TO_SIGN,), S.SIGNED, Ability.LETTER_SIGN, "Signer la lettre"),
    Transition("issue", (S.TO_SIGN,), S.ISSUED, None, "Délivrer l’attestation", by_clock=True),
    Transition("cancel", (S.TO_SIGN, S.SIGNED), S.CANCELLED, Ability.LETTER_CANCEL, "Annuler la lettre", by_clock=True),
    Transition("supersede", (S.SIGNED,), S.SUPERSEDED, Ability.LETTER_REPLACE, "Remplacer la lettre"),
])
