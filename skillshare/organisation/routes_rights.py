"""Pages of HR and of the administration: roles, accounts, signing delegations, printed access codes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, can, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import Form, give_back
from skillshare.ground.paging import paginate
from skillshare.organisation import account_actions, actions, queries
from skillshare.organisation.forms import DelegationForm, LastDayForm, PersonForm, RoleForm
from skillshare.organisation.models import ROLE_LABELS, Agent, Role, SigningDelegation, Unit

bp = Blueprint("organisation", __name__)
REFUSED_CODE = ("Vous ne pouvez pas remettre de code à cette personne : elle demande un lien par courriel, ou "
                "s’adresse aux ressources humaines.")


@bp.route("/roles", methods=["GET", "POST"])
@requires(Ability.ROLE_GRANT)
def roles() -> Any:
    actor = current_actor()
    form = RoleForm()
    form.offer_units(queries.units_of(actor.employer_id))
    if not form.validate_on_submit():
        return _roles_page(form, 422 if form.errors else 200)
    try:
        agent = _another_named(form, "Vos propres fonctions sont gérées par une autre personne de l’administration.")
        unit = db.session.get(Unit, form.unit.data) if form.unit.data else None
        role = actions.grant_role(agent, form.role_name, unit=unit, actor=actor, at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return _roles_page(form, error.status)
    flash(f"{agent.full_name} a maintenant la fonction « {ROLE_LABELS[role.name]} ».", "ok")
    return redirect(url_for("organisation.roles"))


@bp.post("/roles/<int:role_id>/retirer")
@requires(Ability.ROLE_GRANT, load=lambda role_id: db.session.get(Role, role_id))
def remove_role(role: Role) -> Any:
    message = f"{role.agent.full_name} n’a plus la fonction « {ROLE_LABELS[role.name]} »."
    actions.remove_role(role, actor=current_actor(), at=clock.now())
    flash(message, "ok")
    return redirect(url_for("organisation.roles"))


@bp.post("/roles/comptes/suspendre")
@requires(Ability.ACCOUNT_SUSPEND)
def suspend() -> Any:
    form = PersonForm(prefix="s-")
    if form.validate_on_submit():
        try:
            agent = _another_named(form, "Vous ne pouvez pas suspendre votre propre compte.")
            account_actions.suspend(agent, actor=current_actor(), at=clock.now())
        except RuleBroken as error:
            give_back(form, error)
    if form.errors:
        return _roles_page(_empty_role_form(), 422, form)
    flash(f"Le compte de {agent.full_name} est suspendu, ses connexions sont fermées.", "ok")
    return redirect(url_for("organisation.roles"))


@bp.post("/roles/comptes/<int:agent_id>/rouvrir")
@requires(Ability.ACCOUNT_SUSPEND, load=lambda agent_id: db.session.get(Agent, agent_id))
def restore(agent: Agent) -> Any:
    account_actions.restore(agent, actor=current_actor(), at=clock.now())
    flash(f"Le compte de {agent.full_name} est rouvert.", "ok")
    return redirect(url_for("organisation.roles"))


@bp.route("/delegations", methods=["GET", "POST"])
@requires(Ability.DELEGATION_RECORD)
def delegations() -> Any:
    actor = current_actor()
    form = DelegationForm()
    form.offer_units(queries.units_of(actor.employer_id))
    if not form.validate_on_submit():
        return _delegations_page(form, 422 if form.errors else 200)
    values = {name: value for name, value in form.data.items() if name not in ("holder", "unit", "csrf_token")}
    try:
        holder = actions.one_person_named(form.holder.data, field="holder", employer_id=actor.employer_id)
        actions.record_delegation(holder, actor=actor, unit=db.session.get_one(Unit, form.unit.data),
                                  at=clock.now(), **values)
    except RuleBroken as error:
        give_back(form, error)
        return _delegations_page(form, error.status)
    flash(f"La délégation de {holder.full_name} est enregistrée.", "ok")
    return redirect(url_for("organisation.delegations"))


@bp.route("/delegations/<int:delegation_id>/fin", methods=["GET", "POST"])
@requires(Ability.DELEGATION_RECORD, load=lambda delegation_id: db.session.get(SigningDelegation, delegation_id))
def end_delegation(delegation: SigningDelegation) -> Any:
    form = LastDayForm()
    if form.validate_on_submit():
        try:
            actions.end_delegation(delegation, actor=current_actor(), ends_on=form.ends_on.data, at=clock.now())
            flash(f"La délégation de {delegation.holder.full_name} a sa date de fin.", "ok")
            return redirect(url_for("organisation.delegations"))
        except RuleBroken as error:
            give_back(form, error)
    page = render_template("organisation/end_delegation.html", form=form, delegation=delegation)
    return page, 422 if form.errors else 200


@bp.route("/codes-acces", methods=["GET", "POST"])
@requires(Ability.ACCESS_CODE_ISSUE)
def access_codes() -> Any:
    """The answer to the form is the printable page itself: the code is shown once and kept nowhere."""
    actor = current_actor()
    form = PersonForm()
    if form.validate_on_submit():
        try:
            agent = actions.one_person_named(form.person.data, field="person", employer_id=actor.employer_id)
            if not can(actor, Ability.ACCESS_CODE_ISSUE, agent):
                raise RuleBroken("person", REFUSED_CODE)
            code, until = account_actions.issue_code(agent, actor=actor, at=clock.now())
            return render_template("organisation/access_code.html", agent=agent, code=code, until=until)
        except RuleBroken as error:
            give_back(form, error)
    return render_template("organisation/access_codes.html", form=form), 422 if form.errors else 200


def _another_named(form: Any, refusal: str) -> Agent:
    agent = actions.one_person_named(form.person.data, field="person", employer_id=current_actor().employer_id)
    if agent.id == current_actor().id:
        raise RuleBroken("person", refusal)
    return agent


def _empty_role_form() -> RoleForm:
    form = RoleForm(formdata=None)
    form.offer_units(queries.units_of(current_actor().employer_id))
    return form


def _roles_page(form: RoleForm, status: int, suspension: Form | None = None) -> Any:
    page = paginate(queries.roles_query(), request.args.get("page", 1, type=int))
    return render_template("organisation/roles.html", form=form, page=page,
                           suspension=suspension or PersonForm(formdata=None, prefix="s-"),
                           suspended=queries.suspended_accounts()), status


def _delegations_page(form: DelegationForm, status: int) -> Any:
    page = paginate(queries.delegations_query(), request.args.get("page", 1, type=int))
    return render_template("organisation/delegations.html", form=form, page=page, today=clock.today(),
                           actor=current_actor()), status
