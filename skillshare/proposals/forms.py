"""The forms of proposals: buttons, whose value names what is chosen, and the reason of a decline, never required."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from skillshare.ground.forms import Form
from skillshare.proposals.declines import REASONS


class Act(Form):
    """A button that posts: only its CSRF token, and the rules it may break."""


class AnswerForm(Act):
    """The agent's answer; accepting ignores the reason."""

    reason = RadioField("Ce qui vous a retenu", [Optional()], validate_choice=False,
                        choices=[SelectChoice(code, label) for code, label in REASONS.items()],
                        description="Compté sans votre nom, sans la mission et sans le jour. Ni le service, ni votre "
                                    "responsable ne le lisent.")
