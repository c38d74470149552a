"""The need's page with its candidates, the live supply, and the open needs that an agent reads."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import given_back
from skillshare.ground.ids import row_id
from skillshare.ground.typography import fr
from skillshare.needs.models import Need
from skillshare.needs.steps import preview
from skillshare.proposals import actions, browse, changes, queries
from skillshare.proposals.forms import Act
from skillshare.proposals.inviting import agent_of, suggested
from skillshare.proposals.models import Proposal
from skillshare.proposals.need_page import page_of
from skillshare.proposals.terms import rows

bp = Blueprint("needs_page", __name__, url_prefix="/besoins")


load = queries.page_need


def load_choice(need_id: int) -> Proposal | None:
    """The proposal named by the button, only if it is this need's."""
    proposal = db.session.get(Proposal, request.form.get("choose", 0, type=row_id))
    return proposal if proposal is not None and proposal.need_id == need_id else None


@bp.get("/<int:need_id>")
@requires(Ability.CANDIDATES_SEE, load=load)
def show(need: Need):
    return _page(need, Act())


def _page(need: Need, form: Act) -> str:
    page, may_edit = page_of(need, current_actor(), at=clock.now()), can(current_actor(), Ability.NEED_EDIT, need)
    return render_template("needs_page/show.html", page=page, form=form, may_edit=may_edit,
                           may_change=may_edit and not page.has_live)


@bp.post("/<int:need_id>/choix")
@requires(Ability.PROPOSAL_CHOOSE, load=load_choice)
def choose(proposal: Proposal):
    form, need = Act(), proposal.need
    if not form.validate_on_submit():
        return _page(need, form), 422
    try:
        actions.choose(proposal, actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        return _page(given_back(need, form, error), form), 422
    flash(fr(f"Vous avez choisi {proposal.agent.full_name}. Les visas sont demandés ; chacun est prévenu."), "ok")
    return redirect(url_for("needs_page.show", need_id=need.id))


@bp.get("/<int:need_id>/invitations")
@requires(Ability.PROPOSAL_INVITE, load=load)
def inviting(need: Need):
    """Whom one may still invite: counted when asked for, as it lasts."""
    return _inviting(need, Act())


def _inviting(need: Need, form: Act) -> str:
    left = queries.invitations_left(need)
    return render_template("needs_page/inviting.html", need=need, form=form, left=left,
                           cards=suggested(need, at=clock.now()) if left else [])


@bp.post("/<int:need_id>/invitations")
@requires(Ability.PROPOSAL_INVITE, load=load)
def invite(need: Need):
    form, at = Act(), clock.now()
    agent = agent_of(need, request.form.get("invite", ""), at=at)
    if not form.validate_on_submit():
        return _inviting(need, form), 422
    if agent is None:
        gone = RuleBroken("", "Cette personne ne remplit plus les critères : choisissez-en une autre.")
        return _inviting(given_back(need, form, gone), form), 422
    try:
        actions.invite(need, agent=agent, actor=current_actor(), at=at)
    except RuleBroken as error:
        return _inviting(given_back(need, form, error), form), 422
    flash(fr("L’invitation est partie. La personne répond librement, et vous le saurez si elle dit oui."), "ok")
    return redirect(url_for("needs_page.show", need_id=need.id))


@bp.post("/<int:need_id>/changement")
@requires(Ability.NEED_EDIT, load=load)
def change(need: Need):
    """Make one of the smallest changes that the diagnosis of an open seat counted."""
    form = Act()
    if not form.validate_on_submit():
        return _page(need, form), 422
    try:
        changes.make(need, request.form.get("change", ""), actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        return _page(given_back(need, form, error), form), 422
    flash(fr("Votre besoin est changé. L’appariement en tient compte, au plus tard la prochaine nuit d’un jour ouvré."), "ok")
    return redirect(url_for("needs_page.show", need_id=need.id))


@bp.post("/<int:need_id>/vivier")
@requires(Ability.NEED_EDIT, load=load)
def supply(need: Need):
    """An HTML fragment: who could answer this need with what is typed in its form; nothing is stored."""
    with db.session.no_autoflush:
        preview(need, request.form)
        told = browse.supply_of(need, at=clock.now())
    db.session.rollback()
    return render_template("needs_page/supply.html", **told)


@bp.get("/ouverts", endpoint="browse")
@requires(Ability.PROPOSAL_APPLY)
def browse_open():
    actor, at = current_actor(), clock.now()
    offers = browse.has_offer(actor)
    page, found, best = browse.open_needs(actor, at=at, page=request.args.get("page", 1, type=int), offering=offers)
    return render_template("needs_page/browse.html", page=page, found=found, best=best, has_offer=offers)


@bp.get("/ouverts/<int:need_id>")
@requires(Ability.PROPOSAL_APPLY, load=load)
def mission(need: Need):
    """An open need as a volunteer reads it, with their own fit."""
    return _mission(need, Act())


def _mission(need: Need, form: Act) -> str:
    actor = current_actor()
    offers = browse.has_offer(actor)
    look = browse.looks([need], actor, at=clock.now(), offering=offers)[0]
    terms = rows(look.pair.terms, look.pair.evidence) if look.pair else []
    return render_template("needs_page/mission.html", need=need, look=look, rows=terms, form=form, has_offer=offers)


@bp.post("/<int:need_id>/candidature")
@requires(Ability.PROPOSAL_APPLY, load=load)
def apply(need: Need) -> Any:
    form = Act()
    if not form.validate_on_submit():
        return _mission(need, form), 422
    try:
        made = actions.apply(need, agent=current_actor(), at=clock.now())
    except RuleBroken as error:
        return _mission(given_back(need, form, error), form), 422
    db.session.flush()
    flash(fr("Votre réponse est partie, avec votre accord. Le service choisit maintenant parmi les volontaires."), "ok")
    return redirect(url_for("proposals.show", proposal_id=made.id))

