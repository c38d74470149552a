"""A letter's file and the public verification page."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, public, requires
from skillshare.ground.extensions import db
from skillshare.letters import actions, queries
from skillshare.letters.forms import VerifyForm
from skillshare.letters.models import Letter, LetterKind
from skillshare.letters.workflow import LETTER

bp = Blueprint("letters", __name__, url_prefix="/lettres")
FILE_NAMES = {LetterKind.LETTER: "lettre", LetterKind.EARLY_END: "fin-anticipee", LetterKind.ATTESTATION: "attestation"}
verification = Blueprint("verification", __name__, url_prefix="/verification")


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(verification)


def _letter(letter_id: int) -> Letter | None:
    return db.session.get(Letter, letter_id)


@bp.get("/<int:letter_id>/pdf")
@requires(Ability.LETTER_SEE, load=_letter)
def pdf(letter: Letter) -> Response:
    return file_of(letter)


def file_of(letter: Letter) -> Response:
    """The PDF of an act, its opening traced: the sealed file, or what would be signed, as « PROJET »."""
    content = actions.preview(letter)
    actions.note_view(letter, actor=current_actor(), at=clock.now())
    name = f"{FILE_NAMES[letter.kind]}-{letter.number or 'projet'}.pdf"
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"})


@verification.get("/")
@public
def index() -> Response | str:
    form = VerifyForm(request.args, meta={"csrf": False})
    if form.code.data and form.validate():
        return redirect(url_for("verification.show", code=form.code.data.strip().upper()))  # type: ignore[return-value]
    return render_template("verification/index.html", form=form)


@verification.get("/<code>")
@public
def show(code: str) -> tuple[str, int]:
    """Number, dates and validity, and nothing about anybody."""
    letter = queries.by_code(code)
    page = render_template("verification/show.html", letter=letter, code=code,
                           state=LETTER.state_of(letter) if letter else None)
    return page, 200 if letter else 404
