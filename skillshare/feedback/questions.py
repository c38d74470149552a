"""What each side is asked after a loan: three questions answered from lists."""

from __future__ import annotations

from dataclasses import dataclass

from skillshare.feedback.models import Side

YES_OR_NO = {"yes": "Oui", "partly": "En partie", "no": "Non"}
AGAIN = {"yes": "Oui", "perhaps": "Peut-être", "no": "Non"}
NOTE_HINT = ("Des faits utiles au prochain prêt. N’écrivez rien sur la santé, la vie privée, les opinions "
             "ou le caractère d’une personne.")
NOTE_LENGTH = 280


@dataclass(frozen=True)
class Question:
    name: str
    label: str
    choices: dict[str, str]


QUESTIONS = {
    Side.AGENT: (
        Question("as_agreed", "La mission correspondait-elle à la lettre ?", YES_OR_NO),
        Question("means", "L’accueil et les moyens étaient-ils au rendez-vous ?", YES_OR_NO),
        Question("again", "Recommenceriez-vous ?", AGAIN),
    ),
    Side.HOST: (
        Question("as_agreed", "La mission correspondait-elle à la lettre ?", YES_OR_NO),
        Question("results", "Les résultats attendus sont-ils atteints ?", YES_OR_NO),
        Question("again", "Recommenceriez-vous ?", AGAIN),
    ),
    Side.HOME: (
        Question("as_agreed", "La mission correspondait-elle à la lettre ?", YES_OR_NO),
        Question("continuity", "La continuité de votre service a-t-elle tenu ?", YES_OR_NO),
        Question("again", "Prêteriez-vous de nouveau ?", AGAIN),
    ),
}


def said(side: Side, answers: dict[str, str]) -> list[tuple[str, str]]:
    """Question and answer in words, in the order asked."""
    return [(question.label, question.choices.get(answers.get(question.name, ""), "Sans réponse"))
            for question in QUESTIONS[side]]
