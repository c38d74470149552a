"""Pages of one's own offer: see it, write it, publish, pause, resume, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import give_back
from skillshare.ground.typography import fr
from skillshare.offers import actions, editing, queries
from skillshare.offers.forms import VISIBILITY_HINTS, OfferForm
from skillshare.offers.models import VISIBILITY_LABELS, Offer, OfferState, Visibility
from skillshare.offers.workflow import OFFER
from skillshare.skills.models import LEVEL_LABELS
from skillshare.skills.queries import catalogue

bp = Blueprint("offers", __name__, url_prefix="/mon-offre")


def register(app: Flask) -> None:
    app.register_blueprint(bp)


def load_own() -> Offer | None:
    """The live offer of who is signed in: nobody names another's."""
    return queries.live_offer(current_actor())


@bp.get("")
@requires(Ability.OFFER_OWN)
def mine():
    actor = current_actor()
    offer = queries.live_offer(actor)
    shown = queries.with_details(offer) if offer is not None else None
    return render_template(
        "offers/mine.html", agent=actor, offer=shown, last=None if offer else queries.last_ended(actor),
        state=OFFER.state_of(offer) if offer else None, verbs={t.name: t for t in OFFER.open_to(actor, offer)} if offer else {},
        levels=LEVEL_LABELS, answers=VISIBILITY_LABELS, hints=VISIBILITY_HINTS)


@bp.route("/modifier", methods=["GET", "POST"])
@requires(Ability.OFFER_OWN)
def edit():
    actor = current_actor()
    offer = queries.live_offer(actor)
    form = editing.form_for(actor, offer)
    if not form.is_submitted():
        return _page(form, offer)
    near = editing.press(form, request.form)
    if near is not None:
        return _page(form, offer, near), 422 if form.add.errors or form.windows.errors else 200
    if not form.validate():
        return _page(form, offer), 422
    try:
        return _store(form)
    except RuleBroken as error:
        db.session.rollback()
        give_back(form, error)
        return _page(form, queries.live_offer(current_actor())), 422


def _store(form: OfferForm):
    """Save the whole offer, and publish a draft if that button was pressed."""
    actor, at = current_actor(), clock.now()
    offer = actions.start(actor, at=at)
    actions.save(offer, actor=actor, at=at, skills=form.chosen_skills, windows=form.chosen_windows,
                 highest_load=form.highest_load.data or 0, remote=form.remote.data, max_km=form.max_km,
                 site_ids=form.chosen_sites, visibility=Visibility(form.visibility.data),
                 note=(form.note.data or "").replace("\0", "").strip())
    if request.form.get("go") == "publish" and offer.state == OfferState.DRAFT:
        actions.publish(offer, actor=actor, at=at)
        flash(fr("Votre offre est publiée. Quand un besoin vous correspond, vous recevez une proposition : vous restez libre "
                 "de dire oui ou non, sans conséquence."), "ok")
    else:
        flash(fr("Votre offre est enregistrée."), "ok")
    return redirect(url_for("offers.mine"))


def _page(form: OfferForm, offer: Offer | None, near: Any = ()) -> str:
    agent = current_actor()
    return render_template("offers/edit.html", form=form, offer=offer, agent=agent, near=near, names=editing.names(form),
                           suggestions=editing.suggestions(agent, form), hints=VISIBILITY_HINTS,
                           levels=catalogue().levels, families=catalogue().families)


def _act(verb: Callable[..., None], offer: Offer, message: str):
    try:
        verb(offer, actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        db.session.rollback()
        flash(fr(error.message), "error")
        return redirect(url_for("offers.edit"))
    flash(fr(message), "ok")
    return redirect(url_for("offers.mine"))


@bp.post("/publication")
@requires(Ability.OFFER_PUBLISH, load=load_own)
def publish(offer: Offer):
    return _act(actions.publish, offer, "Votre offre est publiée.")


@bp.post("/pause")
@requires(Ability.OFFER_PUBLISH, load=load_own)
def pause(offer: Offer):
    return _act(actions.pause, offer, "Votre offre est en pause : aucune nouvelle proposition. Vos missions en cours continuent.")


@bp.post("/reprise")
@requires(Ability.OFFER_PUBLISH, load=load_own)
def resume(offer: Offer):
    return _act(actions.resume, offer, "Votre offre est de nouveau publiée.")


@bp.post("/retrait")
@requires(Ability.OFFER_PUBLISH, load=load_own)
def withdraw(offer: Offer):
    return _act(actions.withdraw, offer, "Votre offre est retirée. Vos missions en cours continuent ; vous pourrez en écrire "
                                         "une autre.")
