"""The base of every form, and how a broken rule goes back beside its field."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from werkzeug.datastructures import MultiDict
from wtforms.meta import DefaultMeta

from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db

Row = TypeVar("Row")


class Form(FlaskForm):
    """A form with CSRF; `form_errors` (WTForms) holds what concerns no single field."""

    class Meta(FlaskForm.Meta):
        locales = ("fr",)

        def get_translations(self, form: Any) -> Any:
            # Flask-WTF only knows Flask-Babel's; WTForms brings its own French messages.
            return DefaultMeta.get_translations(self, form)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Flask-WTF also reads files and JSON into fields, which no form here asks and no text field expects."""
            if formdata is not _Auto:
                return formdata
            return without_nul(request.form) if _is_submitted() else None


def without_nul(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was sent less the NUL characters, which PostgreSQL keeps in no text."""
    return MultiDict((name, text.replace("\0", "")) for name, text in sent.items(multi=True))


def give_back(form: Form, error: RuleBroken) -> None:
    """Put the message of `error` beside the field it names, or on top of the form."""
    field = form._fields.get(error.field) if error.field else None
    if field is None:
        form.form_errors = [*form.form_errors, error.message]
    else:
        field.errors = [*field.errors, error.message]


def given_back(row: Row, form: Form, error: RuleBroken) -> Row:
    """Put the message of `error` on the form; `row` read again, for nothing of what was tried remains."""
    model, row_id = type(row), row.id  # type: ignore[attr-defined]
    db.session.rollback()
    give_back(form, error)
    return db.session.get_one(model, row_id)
