"""The short form of feedback, made for the side that answers."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from skillshare.feedback.models import Feedback, Side
from skillshare.feedback.questions import NOTE_HINT, NOTE_LENGTH, QUESTIONS
from skillshare.ground.forms import Form
from skillshare.skills.models import LEVEL_LABELS

REQUIRED = "Choisissez une réponse."
SEEN = [SelectChoice("", "Choisir"), SelectChoice("0", "pas exercée"),
        *(SelectChoice(str(level.value), label) for level, label in LEVEL_LABELS.items())]


class FeedbackForm(Form):
    """Its questions and skills are added by `form_for`."""

    def answers(self) -> dict[str, Any]:
        skills = {int(name.removeprefix("skill_")): int(field.data)
                  for name, field in self._fields.items() if name.startswith("skill_")}
        return {name: field.data for name, field in self._fields.items() if not name.startswith("skill_")} | {
            "skills": skills}


def form_for(feedback: Feedback) -> FeedbackForm:
    """Three questions; for the host one level per skill of the mission; a note at the end."""
    fields: dict[str, Any] = {
        question.name: RadioField(question.label, [InputRequired(REQUIRED)],
                                  choices=[SelectChoice(code, label) for code, label in question.choices.items()])
        for question in QUESTIONS[feedback.side]}
    if feedback.side == Side.HOST:
        for demand in feedback.loan.need.demands:
            fields[f"skill_{demand.skill_id}"] = SelectField(demand.skill.name, [InputRequired(REQUIRED)], choices=SEEN)
    fields["note"] = TextAreaField("Un mot de plus", [Length(max=NOTE_LENGTH)], description=NOTE_HINT)
    made: FeedbackForm = type("FeedbackForm", (FeedbackForm,), fields)()
    return made
