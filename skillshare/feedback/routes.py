"""Feedback: one's own list, the one-minute form, and what was said of a loan."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for

from skillshare.feedback import actions, loan_routes, queries
from skillshare.feedback.forms import FeedbackForm, form_for
from skillshare.feedback.models import SIDE_LABELS, Feedback
from skillshare.feedback.questions import said
from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import give_back
from skillshare.ground.paging import paginate
from skillshare.loans.models import Loan
from skillshare.skills.models import LEVEL_LABELS, Level

bp = Blueprint("feedback", __name__, url_prefix="/retours")


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(loan_routes.bp)


@bp.get("")
@requires(Ability.FEEDBACK_GIVE)
def index() -> Any:
    actor = current_actor()
    page = paginate(queries.given_by(actor), request.args.get("page", 1, type=int), per_page=20)
    return render_template("feedback/index.html", awaited=queries.awaited_from(actor), page=page)


@bp.route("/<int:feedback_id>", methods=["GET", "POST"])
@requires(Ability.FEEDBACK_GIVE, load=lambda feedback_id: db.session.get(Feedback, feedback_id))
def give(feedback: Feedback) -> Any:
    if feedback.given_at is not None and request.method == "GET":
        return redirect(url_for("feedback.show", loan_id=feedback.loan_id))
    form = form_for(feedback)
    if not form.validate_on_submit():
        return _form_page(feedback, form, 422 if form.errors else 200)
    try:
        actions.give(feedback, actor=current_actor(), at=clock.now(), answers=form.answers())
    except RuleBroken as error:
        give_back(form, error)
        return _form_page(feedback, form, error.status)
    flash("Votre retour est enregistré. Merci : il sert au prochain prêt.", "ok")
    return redirect(url_for("feedback.show", loan_id=feedback.loan_id))


@bp.get("/mission/<int:loan_id>")
@requires(Ability.FEEDBACK_SEE, load=lambda loan_id: db.session.get(Loan, loan_id))
def show(loan: Loan) -> Any:
    rows = [(row, SIDE_LABELS[row.side], said(row.side, row.answers) if row.given_at else [])
            for row in queries.of_loan(loan)]
    skills = [(row.skill.name, LEVEL_LABELS[Level(row.level)]) for row in queries.exercised_in(loan)]
    return render_template("feedback/show.html", loan=loan, rows=rows, skills=skills, reader=current_actor())


def _form_page(feedback: Feedback, form: FeedbackForm, status: int) -> Any:
    skills = [field for name, field in form._fields.items() if name.startswith("skill_")]
    questions = [field for field in form if field.type == "RadioField"]
    return render_template("feedback/give.html", feedback=feedback, loan=feedback.loan, form=form, questions=questions,
                           skills=skills), status
