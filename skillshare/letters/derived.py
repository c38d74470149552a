"""The acts that follow a signed mission letter, drawn from its own data: early end and attestation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from skillshare.ground.typography import date_fr
from skillshare.letters.blocks import ActReference, Clauses, Notices, Signature, Step
from skillshare.letters.content import LetterData
from skillshare.letters.data import unsigned

REPLACED = "annulée et remplacée par la présente"  # what a letter says of the wrong one: no other act says it after it
FILED = "Un double est versé au dossier individuel de l’agent."
NATURE = ("Cette attestation constate l’exercice d’une mission. Elle ne comporte ni note, ni appréciation, ni classement. "
          "Elle est remise à l’agent, qui en dispose librement, notamment pour son entretien professionnel ou un projet "
          "de mobilité.")


def early_end_of(letter: LetterData, *, effective_on: date, initiative: str, reason: str, dated: date,
                 steps: Sequence[Step]) -> LetterData:
    """The short letter that ends the mission of `letter` on `effective_on` at evening, to be signed.

    `initiative` says who asked: « l’agent », « le service d’origine » or « le service d’accueil ».
    """
    return replace(letter, kind="early_end", state="to_sign", number=None, version=1, verify=None,
                   signature=Signature(**unsigned()), amends=reference_of(letter), dated=dated, reason=reason,
                   effective_on=effective_on, initiative=initiative, steps=tuple(steps), clauses=Clauses(),
                   load=None, workplace=None, skills=(), notices=_notices(letter),
                   legal_references=tuple(text for text in letter.legal_references if not text.endswith(REPLACED)))


def attestation_of(letter: LetterData, *, ended_on: date, days: float, hours: float, dated: date,
                   acts: Sequence[str] = ()) -> LetterData:
    """What the agent's mission was, to be issued; `acts` are those that changed it, after the letter itself.

    Nobody signs it: it keeps the signature of the letter, as the source of what it says.
    """
    origin = reference_of(letter)
    first = f"lettre de mission n° {origin.number} du {date_fr(origin.dated, True, weekday=False)}"
    return replace(letter, kind="attestation", state="draft", number=None, version=1, verify=None, dated=dated, amends=origin,
                   letters=(first, *acts), load=None, workplace=None, clauses=Clauses(), steps=(), recipients=(),
                   legal_references=(),
                   period=replace(letter.period, ends_on=ended_on, days=days, hours=hours, rhythm=""),
                   notices=replace(_notices(letter), nature=NATURE))


def _notices(letter: LetterData) -> Notices:
    """The letter's, without what only a letter has: its rubrics, and the part the matcher had in it."""
    data = letter.notices.data.replace("ceux de la rubrique 23", "ceux de la lettre de mission")
    return replace(letter.notices, data=data, filing=FILED, algorithm=None)


def reference_of(letter: LetterData) -> ActReference:
    """Raises ValueError on a letter without number: only a signed letter has acts that follow it."""
    if letter.number is None:
        raise ValueError("Seule une lettre signée peut être suivie d’un autre acte.")
    return ActReference(number=letter.number, dated=letter.dated)
