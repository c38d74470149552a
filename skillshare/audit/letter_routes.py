"""The page of one letter: state, seal, story, rules, filing; its cancellation and its replacement.

It shows what later rooms know of a letter, so it is added here to the addresses of `letters`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for

from skillshare.approvals import signing
from skillshare.audit import replacing
from skillshare.audit.forms import CancelForm, ReplaceForm
from skillshare.audit.sheet import filing_words, sheet_of
from skillshare.audit.story import story_of
from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.forms import Form, given_back
from skillshare.hr_file import queries as filings
from skillshare.letters import actions as letters
from skillshare.letters import queries as letter_rows
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.workflow import LOAN


def register(app: Flask) -> None:
    for path, endpoint, view, method in (
            ("", "show", show, "GET"), ("/annuler", "cancel", cancel, "POST"), ("/remplacer", "replace", replace, "POST")):
        app.add_url_rule(f"/lettres/<int:letter_id>{path}", f"letters.{endpoint}", view, methods=[method])


def _letter(letter_id: int) -> Letter | None:
    return letter_rows.whole(letter_id)


@requires(Ability.LETTER_SEE, load=_letter)
def show(letter: Letter) -> Any:
    page = _page(letter)
    letters.note_view(letter, actor=current_actor(), at=clock.now())
    return page


@requires(Ability.LETTER_CANCEL, load=_letter)
def cancel(letter: Letter) -> Any:
    """A mission never goes on without a letter: cancelling it cancels the loan that has not begun."""
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(letter, form), 422
    try:
        signing.cancel_loan(letter.loan, actor=current_actor(), at=clock.now(), reason=form.cancel_reason.data)
    except RuleBroken as error:
        return _given_back(letter, form, error)
    flash("La lettre et le prêt sont annulés. Le numéro et le fichier sont gardés, et les trois parties sont prévenues.", "ok")
    return redirect(url_for("letters.show", letter_id=letter.id))


@requires(Ability.LETTER_REPLACE, load=_letter)
def replace(letter: Letter) -> Any:
    form = ReplaceForm()
    if not form.validate_on_submit():
        return _page(letter, form), 422
    try:
        made = replacing.replace(letter, actor=current_actor(), reason=form.reason.data, at=clock.now())
    except RuleBroken as error:
        return _given_back(letter, form, error)
    flash(f"La lettre n° {letter.number} est remplacée. La nouvelle attend sa signature ; l’ancienne garde son numéro, et le "
          "retrait de sa pièce est en file.", "ok")
    return redirect(url_for("letters.show", letter_id=made.id))


def _given_back(letter: Letter, form: Form, error: RuleBroken) -> Any:
    return _page(given_back(letter, form, error), form), error.status


def _page(letter: Letter, sent: Form | None = None) -> str:
    actor, loan = current_actor(), letter.loan
    whole = can(actor, Ability.REGISTRY_SEE)
    acts = [act for act in letter_rows.all_of(loan) if can(actor, Ability.LETTER_SEE, act)]
    pieces = filings.all_of(acts)
    sheet = sheet_of(letter, acts, pieces, today=clock.today(), whole=whole)
    cancel_form, replace_form = (sent if isinstance(sent, kind) else kind(formdata=None) for kind in (CancelForm, ReplaceForm))
    sealed = letter.pdf if "sceau" in request.args else None
    return render_template(
        "letters/show.html", letter=letter, loan=loan, sheet=sheet, whole=whole, story=story_of(loan, acts, pieces), sent=sent,
        cancel=cancel_form, replacement=replace_form, filing=filing_words(sheet.filing, letter),
        seal=letters.verify_bytes(sealed) if sealed else None, checked_at=clock.now(),
        can_cancel=_is_current(letter) and "cancel" in {verb.name for verb in LOAN.open_to(actor, loan)},
        can_replace=whole and _is_replaceable(letter) and can(actor, Ability.LETTER_REPLACE, letter))


def _is_current(letter: Letter) -> bool:
    return letter.kind == LetterKind.LETTER and letter.state in (LetterState.TO_SIGN, LetterState.SIGNED)


def _is_replaceable(letter: Letter) -> bool:
    return _is_current(letter) and letter.state == LetterState.SIGNED and letter.loan.state in replacing.ALIVE
