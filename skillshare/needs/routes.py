"""Pages of needs: the lists, the guided form in four steps, publishing, withdrawing, a crisis."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import NotFound, RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import Form, give_back, given_back
from skillshare.ground.ids import row_id
from skillshare.ground.paging import paginate
from skillshare.ground.typography import date_range, days_fr, fr, plural
from skillshare.needs import access, actions, queries, steps, supply
from skillshare.needs.completeness import lacking
from skillshare.needs.forms import REASON_HINTS, CrisisForm, NewForm
from skillshare.needs.models import CLOSE_LABELS, REASON_LABELS, REMOTE_LABELS, SUPPORT_LABELS, Need, NeedState
from skillshare.needs.workflow import NEED
from skillshare.organisation.queries import requester_unit_ids
from skillshare.skills.models import LEVEL_LABELS

bp = Blueprint("needs", __name__, url_prefix="/besoins")
PER_PAGE = 20
PAGES = {1: "needs/context.html", 2: "needs/skills.html", 3: "needs/period.html"}


def register(app: Flask) -> None:
    app.register_blueprint(bp)


def load(need_id: int) -> Need | None:
    return db.session.get(Need, need_id)


def load_step(need_id: int, step: int) -> Need | None:
    return queries.whole(need_id) if 1 <= step <= len(steps.TITLES) else None


@bp.get("")
@requires(Ability.NEED_LIST)
def index() -> Any:
    actor = current_actor()
    counts, own = queries.counts(actor), set(requester_unit_ids(actor))
    asked = request.args.get("vue", "")
    view = asked if asked in queries.VIEWS else "mes-besoins" if own else "publies"
    page = paginate(queries.for_list(queries.view(actor, view)), request.args.get("page", 1, type=int), PER_PAGE)
    mine = [need for need in page.items if need.unit_id in own]
    standing = supply.standing(mine, on=clock.today())
    return render_template("needs/index.html", page=page, view=view, standing=standing, counts=counts, own=own, workflow=NEED,
                           reasons=CLOSE_LABELS, may_create=can(actor, Ability.NEED_CREATE),
                           may_declare=can(actor, Ability.NEED_DECLARE_CRISIS), today=clock.today())


@bp.route("/nouveau", methods=["GET", "POST"])
@requires(Ability.NEED_CREATE)
def new() -> Any:
    form = NewForm()
    units = queries.units(access.units_open_to(current_actor()))
    form.offer_units(units)
    if form.validate_on_submit():
        unit = next(unit for unit in units if unit.id == form.unit_id.data)
        need = actions.start_draft(current_actor(), unit=unit, at=clock.now())
        return redirect(url_for("needs.step", need_id=need.id, step=1))
    return render_template("needs/new.html", form=form, units=units), 422 if form.errors else 200


@bp.get("/<int:need_id>/etape/<int:step>")
@requires(Ability.NEED_EDIT, load=load_step)
def step(need: Need) -> Any:
    number = (request.view_args or {})["step"]
    if number == len(steps.TITLES):
        return _review(need, Form())
    if need.state == NeedState.CLOSED:
        return redirect(url_for("needs.step", need_id=need.id, step=len(steps.TITLES)))
    return _page(need, number, steps.form_of(need, number, formdata=None))


def _page(need: Need, number: int, form: Form) -> str:
    told = supply.count(need, at=clock.now()) if number > 1 else None
    people = queries.possible_leads(need.unit) if number == 1 else []
    return render_template(PAGES[number], need=need, form=form, told=told, people=people, titles=steps.TITLES,
                           reason_hints=REASON_HINTS, earliest=queries.earliest_start())


@bp.post("/<int:need_id>/etape/<int:step>")
@requires(Ability.NEED_EDIT, load=load_step)
def save_step(need: Need) -> Any:
    """Save what was typed, then do what the pressed button says."""
    number, need_id = (request.view_args or {})["step"], need.id
    if number not in PAGES:
        raise NotFound()
    form = steps.form_of(need, number)
    if form.validate_on_submit():
        try:
            return redirect(_saved(need, number, form))
        except RuleBroken as error:
            give_back(form, error)
    db.session.rollback()
    return _page(db.session.get_one(Need, need_id), number, form), 422


def _saved(need: Need, number: int, form: Any) -> str:
    """Save one step; returns the address where the pressed button leads."""
    who = {"actor": current_actor(), "at": clock.now()}
    press = request.form.get("do", "next")
    stays = press in ("recount", "add") or press.startswith("remove-")
    if number == 1:
        steps.save_context(need, form, **who)
    elif number == 2:
        stays = _saved_skills(need, form, press, who) or stays
    else:
        steps.save_period(need, form, **who)
    if press == "later":
        flash(fr("Votre besoin est enregistré. Vous le retrouvez ici."), "ok")
        return url_for("needs.index", vue="brouillons" if need.state == NeedState.DRAFT else "mes-besoins")
    towards = number if stays else number - 1 if press == "back" else number + 1
    return url_for("needs.step", need_id=need.id, step=max(1, towards))


def _saved_skills(need: Need, form: Any, press: str, who: dict[str, Any]) -> bool:
    """Save the skills; whether a word typed became a skill, which the person checks before going on."""
    typed = form.add.data
    if press == "add" and not typed:
        raise RuleBroken("add", "Écrivez d’abord ce qu’il faut savoir faire.")
    added = steps.save_skills(need, form, remove=_removed(press), **who)
    if added is not None:
        near = "" if added.name.lower() == typed.lower() else f", la plus proche de « {typed} » dans le catalogue"
        flash(fr(f"« {added.name} » est ajoutée{near}. Choisissez son niveau."), "ok")
    return added is not None


def _removed(press: str) -> int | None:
    """The skill that « Retirer » names, if it was pressed."""
    try:
        return row_id(press.removeprefix("remove-"))
    except ValueError:
        return None


def _review(need: Need, form: Form) -> str:
    """Step 4: everything written, what lacks, what returns too often, and the button."""
    gaps = [(message, url_for("needs.step", need_id=need.id, step=number) + f"#{field}")
            for number, field, message in lacking(need, on=clock.today())]
    return render_template("needs/check.html", need=need, form=form, gaps=gaps, often=_often(need), titles=steps.TITLES,
                           reasons=REASON_LABELS, supports=SUPPORT_LABELS, remotes=REMOTE_LABELS, levels=LEVEL_LABELS,
                           open_to=[t.name for t in NEED.open_to(current_actor(), need)])


def _often(need: Need) -> list[dict[str, str]]:
    """R12, as lines of facts: what this unit asked before, often enough to ask whether a post is missing."""
    asked = [row.skill_id for row in need.demands if row.required]
    found = queries.recurrence(need.unit, asked, clock.today(), excluding=need.id)
    return [{"icon": "arrow-repeat", "text": row.skill.name,
             "detail": f"{plural(row.times, 'besoin publié', 'besoins publiés')}, {days_fr(row.days)} en tout"}
            for row in found if row.is_heavy]


@bp.post("/<int:need_id>/publication")
@requires(Ability.NEED_PUBLISH, load=load)
def publish(need: Need) -> Any:
    form = Form()
    try:
        actions.publish(need, actor=current_actor(), at=clock.now())
    except RuleBroken as error:
        return _review(given_back(need, form, error), form), 422
    flash(fr("Votre besoin est publié. Les volontaires qui conviennent reçoivent une proposition au prochain appariement ; "
             "vous êtes prévenu de chaque réponse."), "ok")
    return redirect(url_for("needs_page.show", need_id=need.id))


@bp.post("/<int:need_id>/retrait")
@requires(Ability.NEED_WITHDRAW, load=load)
def withdraw(need: Need) -> Any:
    actions.withdraw(need, actor=current_actor(), at=clock.now())
    flash(fr("Le besoin est retiré. Les personnes qui avaient répondu en sont informées."), "ok")
    return redirect(url_for("needs.index"))


@bp.post("/<int:need_id>/copie")
@requires(Ability.NEED_DUPLICATE, load=load)
def duplicate(need: Need) -> Any:
    copy = actions.duplicate(need, actor=current_actor(), at=clock.now())
    flash(fr("Voici la copie, avec ses compétences et ses places. Vérifiez les dates avant de publier."), "ok")
    return redirect(url_for("needs.step", need_id=copy.id, step=3))


@bp.route("/<int:need_id>/crise", methods=["GET", "POST"])
@requires(Ability.NEED_DECLARE_CRISIS, load=load)
def crisis(need: Need) -> Any:
    form = CrisisForm(data={"from_on": need.crisis_from or clock.today(), "until_on": need.crisis_until or need.ends_on})
    if form.validate_on_submit():
        try:
            actions.declare_crisis(need, actor=current_actor(), from_on=form.from_on.data, until_on=form.until_on.data,
                                   at=clock.now())
            dates = date_range(form.from_on.data, form.until_on.data)
            flash(fr(f"« {need.title} » passe avant les autres besoins {dates}. C’est inscrit au journal, à votre nom."), "ok")
            return redirect(url_for("needs.index", vue="publies"))
        except RuleBroken as error:
            give_back(form, error)
    return render_template("needs/crisis.html", need=need, form=form), 422 if form.errors else 200
