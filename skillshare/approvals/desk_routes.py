"""The signing desk: acts that one's registered delegations cover, and the signature."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from skillshare.approvals import queries, signing
from skillshare.approvals.desk_words import FROZEN, steps_in, words_of
from skillshare.approvals.forms import SignForm
from skillshare.approvals.story import hands
from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.forms import given_back
from skillshare.ground.paging import paginate
from skillshare.letters import queries as letter_page
from skillshare.letters.models import Letter, LetterState
from skillshare.letters.routes import file_of
from skillshare.letters.workflow import LETTER
from skillshare.organisation.queries import delegation_for, delegations_of

bp = Blueprint("desk", __name__, url_prefix="/signatures")


def load(letter_id: int) -> Letter | None:
    letter = letter_page.whole(letter_id)
    return letter if letter is not None and letter.kind in queries.ON_DESK else None


@bp.get("")
@requires(Ability.DESK_SEE)
def index() -> Any:
    actor, today = current_actor(), clock.today()
    page = paginate(queries.letters_to_sign(actor, today), request.args.get("page", 1, type=int))
    return render_template("approvals/desk.html", page=page, held=delegations_of(actor, today),
                           words_of=words_of)


@bp.get("/<int:letter_id>")
@requires(Ability.LETTER_SIGN, load=load)
def show(letter: Letter) -> Any:
    return _page(letter, SignForm())


@bp.get("/<int:letter_id>/projet")
@requires(Ability.LETTER_SIGN, load=load)
def preview(letter: Letter) -> Response:
    """What will be signed, as « PROJET »; once signed, the sealed file."""
    return file_of(letter)


@bp.post("/<int:letter_id>")
@requires(Ability.LETTER_SIGN, load=load)
def sign(letter: Letter) -> Any:
    form = SignForm()
    if not form.validate_on_submit():
        return _page(letter, form), 422
    words = words_of(letter)
    try:
        signing.sign(letter, actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        return _page(given_back(letter, form, error), form), error.status
    flash(f"{letter.title} : signature et sceau faits. {words.effect} Le versement au dossier est en file, et chacun "
          "est prévenu.", "ok")
    return redirect(url_for("desk.show", letter_id=letter.id))


def _page(letter: Letter, form: SignForm) -> str:
    actor, loan = current_actor(), letter.loan
    return render_template(
        "approvals/letter.html", letter=letter, loan=loan, hands=hands(loan, actor, letter), form=form,
        state=LETTER.state_of(letter), words=words_of(letter), frozen=FROZEN,
        is_open=letter.state == LetterState.TO_SIGN, steps=steps_in(letter),
        delegation=delegation_for(actor, loan.home_unit, clock.today()), can_read=can(actor, Ability.LETTER_SEE, letter))
