"""What is answered on a letter's page."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from skillshare.approvals.reasons import CANCEL_REASONS
from skillshare.ground.forms import Form


class CancelForm(Form):
    """Cancel the letter and, with it, the loan."""

    cancel_reason = SelectField("Motif", [DataRequired("Choisissez un motif.")], choices=[
        SelectChoice("", "Choisir"), *(SelectChoice(code, label) for code, label in CANCEL_REASONS.items()
                                       if code != "too_late")])


class ReplaceForm(Form):
    reason = StringField("Ce qui est faux", [DataRequired("Dites ce qui est faux."),
                                             Length(max=300, message="300 caractères au plus.")],
                         description="Reste attaché à la lettre remplacée. Jamais de motif de santé ou de famille.")
