"""The queue of filings: what waits, what was sent, what the HR system answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, after_this_request, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.paging import paginate
from skillshare.ground.typography import plural
from skillshare.hr_file import actions, queries
from skillshare.hr_file.models import Filing, FilingState
from skillshare.hr_file.workflow import FILING

bp = Blueprint("filings", __name__, url_prefix="/versements")


def register(app: Flask) -> None:
    app.register_blueprint(bp)


def _filing(filing_id: int) -> Filing | None:
    return db.session.get(Filing, filing_id)


@bp.get("")
@requires(Ability.FILING_SEE)
def index() -> Any:
    asked = request.args.get("state", "")
    state = FilingState(asked) if asked in set(FilingState) else None
    page = paginate(queries.listed(state), request.args.get("page", 1, type=int))
    return render_template("filings/index.html", page=page, state=state, states=FILING.states,
                           counts=queries.count_by_state(), can_run=can(current_actor(), Ability.FILING_RUN))


@bp.post("/exporter")
@requires(Ability.FILING_RUN)
def export() -> Any:
    sent = actions.export(clock.now(), actor=current_actor())
    flash(f"{plural(len(sent), 'pièce déposée', 'pièces déposées')} pour le SIRH." if sent
          else "Rien n’attendait : aucune pièce n’est à verser.", "ok" if sent else "info")
    return redirect(url_for("filings.index"))


@bp.post("/reponses")
@requires(Ability.FILING_RUN)
def read_answers() -> Any:
    taken, faults = actions.read_acknowledgements(clock.now())
    after_this_request(_archive)
    flash(f"{plural(taken, 'réponse lue', 'réponses lues')}." if taken else "Aucune nouvelle réponse du SIRH.",
          "ok" if taken else "info")
    for fault in faults[:5]:
        flash(fault, "warning")
    return redirect(url_for("filings.index"))


def _archive(response: Response) -> Response:
    """Answers are committed by now, or the response says that they are not."""
    if response.status_code < 400:
        actions.archive_acknowledgements()
    return response


@bp.post("/<int:filing_id>/relancer")
@requires(Ability.FILING_RUN, load=_filing)
def requeue(filing: Filing) -> Any:
    try:
        actions.requeue(filing, actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        flash(error.message, "error")
    else:
        flash(f"La pièce {filing.piece} est de nouveau en file : elle partira au prochain envoi.", "ok")
    return redirect(url_for("filings.index"))
