"""The acts that follow a signed mission letter, drawn from its own data: early end and attestation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from skillshare.ground.french import MONTHS
from skillshare.letters.blocks import ActReference, Clauses, Step
from skillshare.letters.content import LetterData

FILED = "Un double est versé au dossier individuel de l’agent."
NATURE = ("Cette attestation constate l’exercice d’une mission. Elle ne comporte ni note, ni appréciation, ni classement. "
          "Elle est remise à l’agent, qui en dispose librement, notamment pour son entretien professionnel ou un projet "
          "de mobilité.")


def early_end_of(letter: LetterData, *, effective_on: date, initiative: str, reason: str, dated: date,
                 steps: Sequence[Step]) -> LetterData:
    """The short letter that ends the mission of `letter` on `effective_on` at evening, to be signed.

    `initiative` says who asked: « l’agent », « le service d’origine » or « le service d’accueil ».
    """
    return replace(_unsigned(letter), kind="early_end", amends=reference_of(letter), dated=dated, reason=reason,
                   effective_on=effective_on, initiative=initiative, steps=tuple(steps), clauses=Clauses(),
                   load=None, workplace=None, skills=(),
                   notices=replace(letter.notices, filing=FILED, algorithm=None))


def attestation_of(letter: LetterData, *, ended_on: date, days: float, hours: float, contributions: Sequence[str],
                   dated: date, confirmed_by: str, acts: Sequence[str] = ()) -> LetterData:
    """What the agent did, to be signed; `acts` are the amendments, after the letter itself."""
    origin = reference_of(letter)
    first = f"lettre de mission n° {origin.number} du {_in_words(origin.dated)}"
    return replace(_unsigned(letter), kind="attestation", dated=dated, letters=(first, *acts), load=None,
                   workplace=None, clauses=Clauses(), steps=(), recipients=(), legal_references=(),
                   contributions=tuple(contributions),
                   period=replace(letter.period, ends_on=ended_on, days=days, hours=hours, rhythm=""),
                   skills=tuple(replace(skill, confirmed_by=confirmed_by) for skill in letter.skills),
                   notices=replace(letter.notices, filing=FILED, algorithm=None, nature=NATURE))


def reference_of(letter: LetterData) -> ActReference:
    """Raises ValueError on a letter without number: only a signed letter has acts that follow it."""
    if letter.number is None:
        raise ValueError("Seule une lettre signée peut être suivie d’un autre acte.")
    return ActReference(number=letter.number, dated=letter.dated)


def _unsigned(letter: LetterData) -> LetterData:
    return replace(letter, state="to_sign", number=None, version=1, verify=None,
                   signature=replace(letter.signature, at=None, electronic=False, process=None))


def _in_words(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
