"""The signing desk: letters that one's registered delegations cover, and the signature."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from skillshare.approvals import queries, signing
from skillshare.approvals.circuit import steps_of
from skillshare.approvals.forms import SignForm
from skillshare.approvals.story import hands
from skillshare.approvals.trace import trace_of
from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import give_back
from skillshare.ground.paging import paginate
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.letters.workflow import LETTER
from skillshare.organisation.queries import delegation_for, delegations_of

bp = Blueprint("desk", __name__, url_prefix="/signatures")


def load(letter_id: int) -> Letter | None:
    letter = db.session.get(Letter, letter_id)
    return letter if letter is not None and letter.kind == LetterKind.LETTER else None


@bp.get("")
@requires(Ability.DESK_SEE)
def index() -> Any:
    actor, today = current_actor(), clock.today()
    page = paginate(queries.letters_to_sign(actor, today), request.args.get("page", 1, type=int))
    return render_template("approvals/desk.html", page=page, held=delegations_of(actor, today))


@bp.get("/<int:letter_id>")
@requires(Ability.LETTER_SIGN, load=load)
def show(letter: Letter) -> Any:
    return _page(letter, SignForm())


@bp.get("/<int:letter_id>/projet")
@requires(Ability.LETTER_SIGN, load=load)
def preview(letter: Letter) -> Response:
    """What will be signed, as « PROJET »; once signed, the sealed file."""
    content = letters.preview(letter)
    letters.note_view(letter, actor=current_actor(), at=clock.now())
    name = f"lettre-{letter.number or 'projet'}.pdf"
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"})


@bp.post("/<int:letter_id>")
@requires(Ability.LETTER_SIGN, load=load)
def sign(letter: Letter) -> Any:
    form = SignForm()
    if not form.validate_on_submit():
        return _page(letter, form), 422
    letter_id = letter.id
    try:
        signing.sign(letter, actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        db.session.rollback()
        give_back(form, error)
        return _page(db.session.get_one(Letter, letter_id), form), error.status
    flash(f"La lettre n° {letter.number} est signée et scellée. La mission est prévue, le versement au dossier est en file, "
          "et chacun est prévenu.", "ok")
    return redirect(url_for("desk.show", letter_id=letter.id))


def _page(letter: Letter, form: SignForm) -> str:
    actor, loan = current_actor(), letter.loan
    return render_template(
        "approvals/letter.html", letter=letter, loan=loan, hands=hands(loan, actor, letter), form=form,
        state=LETTER.state_of(letter),
        is_open=letter.state == LetterState.TO_SIGN, steps=trace_of(steps_of(loan.proposal)),
        delegation=delegation_for(actor, loan.home_unit, clock.today()), can_read=can(actor, Ability.LETTER_SEE, letter))
