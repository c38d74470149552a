"""The public verification form."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length, Regexp

from skillshare.ground.forms import Form


class VerifyForm(Form):
    code = StringField("Code de vérification", [
        Length(max=30, message="Le code compte douze signes."),
        Regexp(r"^\s*[0-9A-Za-z-]+\s*$", message="Le code s’écrit avec des lettres, des chiffres et des tirets.")])
