"""The base of every form, and how a broken rule goes back beside its field."""

from __future__ import annotations

from flask_wtf import FlaskForm

from skillshare.ground.errors import RuleBroken


class Form(FlaskForm):
    """A form with CSRF; `form_errors` (WTForms) holds what concerns no single field."""


def give_back(form: Form, error: RuleBroken) -> None:
    """Put the message of `error` beside the field it names, or on top of the form."""
    field = form._fields.get(error.field) if error.field else None
    if field is None:
        form.form_errors = [*form.form_errors, error.message]
    else:
        field.errors = [*field.errors, error.message]
