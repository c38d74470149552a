"""Loans: one's own list, and the page of one loan with its acts, what may still be done, and the feedback awaited."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from skillshare.approvals import ending, signing
from skillshare.approvals.forms import CancelForm, EndEarlyForm
from skillshare.approvals.story import hands, story_of
from skillshare.feedback import queries as feedback
from skillshare.feedback.attestations import OVER
from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.forms import Form, given_back
from skillshare.ground.paging import paginate
from skillshare.ground.typography import date_fr
from skillshare.letters import queries as letters
from skillshare.letters.models import Letter, LetterState
from skillshare.loans import queries
from skillshare.loans.models import Loan
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent

bp = Blueprint("loans", __name__, url_prefix="/prets")


def load(loan_id: int) -> Loan | None:
    return queries.whole(loan_id)


@bp.get("")
@requires(Ability.LOAN_SEE, load=None)
def index() -> Any:
    side = request.args.get("side", "")
    query = queries.mine(current_actor(), side=side)
    page = paginate(query, request.args.get("page", 1, type=int))
    return render_template("loans/index.html", page=page, side=side, sides=queries.SIDES, state_of=LOAN.state_of)


@bp.get("/<int:loan_id>")
@requires(Ability.LOAN_SEE, load=load)
def show(loan: Loan) -> Any:
    return _page(loan)


@bp.post("/<int:loan_id>/annuler")
@requires(Ability.LOAN_CANCEL, load=load)
def cancel(loan: Loan) -> Any:
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(loan, form), 422
    try:
        signing.cancel_loan(loan, actor=current_actor(), at=clock.now(), reason=form.reason.data)
    except RuleBroken as error:
        return _given_back(loan, form, error)
    flash("Le prêt est annulé. Le temps et la place sont libres, et les trois parties sont prévenues.", "ok")
    return redirect(url_for("loans.show", loan_id=loan.id))


@bp.post("/<int:loan_id>/fin")
@requires(Ability.LOAN_END_EARLY, load=load)
def end_early(loan: Loan) -> Any:
    form = EndEarlyForm()
    if not form.validate_on_submit():
        return _page(loan, form), 422
    try:
        ending.end_early(loan, actor=current_actor(), at=clock.now(), ends_on=form.ends_on.data, reason=form.reason.data)
    except RuleBroken as error:
        return _given_back(loan, form, error)
    flash(f"La mission prendra fin le {date_fr(loan.ends_on)}. Les trois parties sont prévenues.", "ok")
    return redirect(url_for("loans.show", loan_id=loan.id))


def _given_back(loan: Loan, form: Form, error: RuleBroken) -> Any:
    return _page(given_back(loan, form, error), form), error.status


def _page(loan: Loan, sent: Form | None = None) -> str:
    actor = current_actor()
    cancel, end = (sent if isinstance(sent, kind) else kind(formdata=None) for kind in (CancelForm, EndEarlyForm))
    acts = letters.all_of(loan)
    verbs = {transition.name for transition in LOAN.open_to(actor, loan)}
    return render_template(
        "loans/show.html", loan=loan, state=LOAN.state_of(loan), hands=_hands(loan, actor, acts),
        story=story_of(loan, acts), acts=_to_read(acts) if acts and can(actor, Ability.LETTER_SEE, acts[-1]) else [],
        cancel=cancel, end=end, sent=sent, can_cancel="cancel" in verbs,
        can_end=can(actor, Ability.LOAN_END_EARLY, loan), earliest=ending.earliest_end(clock.now()))


def _hands(loan: Loan, actor: Agent, acts: list[Letter]) -> dict[str, Any]:
    """One's own feedback first: it is the only thing left to do."""
    asked = feedback.pending_of(loan, actor) if loan.state in OVER else None
    if asked is not None:
        return {"text": "La mission est terminée : votre retour est attendu.", "who": "you",
                "detail": f"Trois questions à choix, moins d’une minute, avant le {date_fr(asked.due_on)}.",
                "action_url": url_for("feedback.give", feedback_id=asked.id), "action_label": "Donner mon retour"}
    to_sign = next((act for act in acts if act.state == LetterState.TO_SIGN), None)
    return hands(loan, actor, to_sign)


def _to_read(acts: list[Letter]) -> list[Letter]:
    """The acts that hold or are to sign, the mission letter first; without any, the last one that held."""
    alive = [act for act in acts if act.state not in (LetterState.SUPERSEDED, LetterState.CANCELLED)]
    return alive or acts[-1:]
