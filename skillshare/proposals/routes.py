"""The agent's pages: one proposal, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.forms import given_back
from skillshare.ground.typography import fr
from skillshare.proposals import actions, need_routes, queries, run_routes
from skillshare.proposals.forms import AnswerForm
from skillshare.proposals.models import Proposal, ProposalState
from skillshare.proposals.sheet import sheet_of

bp = Blueprint("proposals", __name__, url_prefix="/propositions")


def register(app: Flask) -> None:
    for blueprint in (bp, need_routes.bp, run_routes.bp):
        app.register_blueprint(blueprint)


load = queries.page_proposal


@bp.get("/<int:proposal_id>")
@requires(Ability.PROPOSAL_SEE, load=load)
def show(proposal: Proposal):
    """The agent reads their proposal; the requesting side is led to its need."""
    if current_actor().id != proposal.agent_id:
        return redirect(url_for("needs_page.show", need_id=proposal.need_id))
    return _page(proposal, AnswerForm())


def _page(proposal: Proposal, form: AnswerForm) -> str:
    return render_template("proposals/show.html", sheet=sheet_of(proposal), proposal=proposal, form=form,
                           can_answer=proposal.state == ProposalState.PROPOSED, can_withdraw=_can_withdraw(proposal))


def _can_withdraw(proposal: Proposal) -> bool:
    return proposal.state in (ProposalState.ACCEPTED, ProposalState.CHOSEN, ProposalState.IN_VISA, ProposalState.APPROVED)


def _answer(proposal: Proposal, verb: Callable[..., None], told: str) -> Any:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(proposal, form), 422
    at: datetime = clock.now()
    try:
        verb(proposal, actor=current_actor(), at=at)
    except RuleBroken as error:
        return _page(given_back(proposal, form, error), form), 422
    flash(fr(told), "ok")
    return redirect(url_for("proposals.show", proposal_id=proposal.id))


@bp.post("/<int:proposal_id>/accord")
@requires(Ability.PROPOSAL_ANSWER, load=load)
def accept(proposal: Proposal):
    return _answer(proposal, actions.accept, "Votre accord est enregistré. Le service demandeur choisit maintenant ; vous "
                                             "pouvez revenir dessus jusqu’à la signature.")


@bp.post("/<int:proposal_id>/declin")
@requires(Ability.PROPOSAL_ANSWER, load=load)
def decline(proposal: Proposal):
    verb = partial(actions.decline, reason=request.form.get("reason"))
    return _answer(proposal, verb, "C’est noté. Personne d’autre ne le sait, et rien n’est à votre dossier.")


@bp.post("/<int:proposal_id>/retrait")
@requires(Ability.PROPOSAL_WITHDRAW, load=load)
def withdraw(proposal: Proposal):
    return _answer(proposal, actions.withdraw, "Votre accord est retiré. Le service est prévenu, et votre temps est libre.")
