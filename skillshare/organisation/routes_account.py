"""The page of one's own account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.forms import give_back
from skillshare.organisation import account_actions, devices, queries, sessions
from skillshare.organisation.forms import ChangePasswordForm
from skillshare.organisation.models import Account

bp = Blueprint("account", __name__, url_prefix="/compte")


def own_account() -> Account:
    return current_user._get_current_object()


@bp.get("")
@requires(Ability.ACCOUNT_MANAGE, load=own_account)
def index(account: Account) -> Any:
    return _page(account, ChangePasswordForm(), 200)


@bp.post("/mot-de-passe")
@requires(Ability.ACCOUNT_MANAGE, load=own_account)
def change_password(account: Account) -> Any:
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(account, form, 422)
    actor = current_actor()
    try:
        account_actions.change_password(account, actor=actor, current=form.current.data, password=form.password.data,
                                        origin=devices.origin_of(actor), at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return _page(account, form, error.status)
    sessions.begin(account)
    flash("Votre mot de passe est changé. Vos autres connexions sont fermées.", "ok")
    return redirect(url_for("account.index"))


def _page(account: Account, form: ChangePasswordForm, status: int) -> Any:
    agent = account.agent
    today = clock.today()
    return render_template("account/index.html", account=account, agent=agent, form=form,
                           roles=queries.roles_of(agent), manager=queries.line_manager(agent, today),
                           delegations=queries.delegations_of(agent, today),
                           stands_in_for=queries.stands_in_for(agent, today)), status
