"""A manager's pages: the team, its absences, stand-ins, and the limits of the units they head."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import NotFound, RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import give_back
from skillshare.ground.paging import page_of
from skillshare.ground.typography import date_range
from skillshare.organisation import actions, queries
from skillshare.organisation.forms import AbsenceForm, LimitsForm, StandInForm
from skillshare.organisation.models import Absence, Agent, StandIn, Unit

bp = Blueprint("team", __name__, url_prefix="/equipe")


@bp.get("")
@requires(Ability.UNIT_SEE_TEAM)
def index() -> Any:
    today = clock.today()
    everybody = queries.managed_by(current_actor(), today)
    page = page_of(everybody, request.args.get("page", 1, type=int))
    team = page.items
    away = {absence.agent_id: absence for absence in reversed(queries.absences_of(team, today))}
    deputies = {found.agent_id: found for found in reversed(queries.stand_ins_of(team, today))}
    return render_template("team/index.html", page=page, team=team, away=away, deputies=deputies, today=today,
                           units=queries.headed_units(current_actor()))


@bp.route("/suppleants", methods=["GET", "POST"])
@requires(Ability.STAND_IN_NAME)
def stand_ins() -> Any:
    actor = current_actor()
    form = StandInForm()
    people = [actor, *queries.managed_by(actor, clock.today())]
    form.offer_people(people)
    if not form.validate_on_submit():
        return _stand_ins_page(form, people, 422 if form.errors else 200)
    try:
        agent = _one_of(people, form.agent.data)
        deputy = actions.one_person_named(form.deputy.data, field="deputy", employer_id=agent.employer_id)
        actions.name_stand_in(agent, deputy=deputy, actor=actor, starts_on=form.starts_on.data,
                              ends_on=form.ends_on.data, at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return _stand_ins_page(form, people, error.status)
    flash(f"{deputy.full_name} donnera les visas à la place de {agent.full_name}. Les personnes concernées sont "
          "prévenues.", "ok")
    return redirect(url_for("team.stand_ins"))


@bp.post("/suppleants/<int:stand_in_id>/fin")
@requires(Ability.STAND_IN_NAME, load=lambda stand_in_id: db.session.get(StandIn, stand_in_id))
def end_stand_in(stand_in: StandIn) -> Any:
    actions.end_stand_in(stand_in, actor=current_actor(), at=clock.now())
    flash("La suppléance est terminée.", "ok")
    return redirect(url_for("team.stand_ins"))


@bp.route("/absences", methods=["GET", "POST"])
@requires(Ability.ABSENCE_ENTER)
def absences() -> Any:
    actor = current_actor()
    form = AbsenceForm()
    people = queries.managed_by(actor, clock.today())
    form.offer_people(people)
    if not form.validate_on_submit():
        return _absences_page(form, people, 422 if form.errors else 200)
    try:
        agent = _one_of(people, form.agent.data)
        actions.enter_absence(agent, actor=actor, starts_on=form.starts_on.data, ends_on=form.ends_on.data,
                              at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return _absences_page(form, people, error.status)
    flash(f"L’absence de {agent.full_name} est notée : elle compte dans la présence de l’équipe.", "ok")
    return redirect(url_for("team.absences"))


@bp.post("/absences/<int:absence_id>/retirer")
@requires(Ability.ABSENCE_ENTER, load=lambda absence_id: db.session.get(Absence, absence_id))
def remove_absence(absence: Absence) -> Any:
    actions.remove_absence(absence, actor=current_actor(), at=clock.now())
    flash("L’absence est retirée.", "ok")
    return redirect(url_for("team.absences"))


@bp.get("/plafond")
@requires(Ability.CAP_SET)
def cap() -> Any:
    return _limits_page(200)


@bp.post("/plafond/<int:unit_id>")
@requires(Ability.CAP_SET, load=lambda unit_id: db.session.get(Unit, unit_id))
def set_cap(unit: Unit) -> Any:
    form = LimitsForm(prefix=f"u{unit.id}-")
    if not form.validate_on_submit():
        return _limits_page(422, form, unit)
    try:
        actions.set_limits(unit, actor=current_actor(), cap=form.cap.data,
                           presence_threshold=form.presence_threshold.data, at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return _limits_page(error.status, form, unit)
    flash(f"Les limites de {unit.label} sont enregistrées. Les prêts déjà accordés restent.", "ok")
    return redirect(url_for("team.cap"))


def _one_of(people: list[Agent], agent_id: int) -> Agent:
    found = next((person for person in people if person.id == agent_id), None)
    if found is None:
        raise NotFound()
    return found


def _stand_ins_page(form: StandInForm, people: list[Agent], status: int) -> Any:
    actor, today = current_actor(), clock.today()
    mine = [{"text": found.agent.full_name, "detail": date_range(found.starts_on, found.ends_on)}
            for found in queries.stands_in_for(actor, today)]
    return render_template("team/stand_ins.html", form=form, coming=queries.stand_ins_of(people, today), mine=mine,
                           leads_team=can(actor, Ability.UNIT_SEE_TEAM), leads_unit=can(actor, Ability.CAP_SET)), status


def _absences_page(form: AbsenceForm, people: list[Agent], status: int) -> Any:
    return render_template("team/absences.html", form=form, people=people,
                           leads_unit=can(current_actor(), Ability.CAP_SET),
                           coming=queries.absences_of(people, clock.today())), status


def _limits_page(status: int, given_back: LimitsForm | None = None, unit: Unit | None = None) -> Any:
    def form_of(each: Unit) -> LimitsForm:
        if given_back is not None and each is unit:
            return given_back
        return LimitsForm(formdata=None, obj=each, prefix=f"u{each.id}-")

    forms = [(each, form_of(each)) for each in queries.headed_units(current_actor())]
    return render_template("team/cap.html", forms=forms, given_back=given_back), status
