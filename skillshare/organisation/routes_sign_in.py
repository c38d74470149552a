"""Pages to sign in, sign out, and get a first or a new access."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from skillshare.ground import clock
from skillshare.ground.access import Ability, public, requires
from skillshare.ground.errors import NotFound, RuleBroken
from skillshare.ground.forms import give_back
from skillshare.organisation import account_actions, devices, queries, sessions, tokens
from skillshare.organisation.forms import CodeForm, LoginForm, NewPasswordForm, SignInForm
from skillshare.organisation.models import Account

bp = Blueprint("sign_in", __name__)


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(sessions.destination())
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, 422 if request.method == "POST" else 200)
    agent = queries.agent_of_login(form.login.data)
    try:
        account = account_actions.sign_in(agent, form.login.data, form.password.data,
                                          origin=devices.origin_of(agent), at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return _page(form, error.status)
    return _open(account, sessions.destination())


@bp.post("/deconnexion")
@requires(Ability.ACCOUNT_MANAGE)
def sign_out() -> Any:
    account_actions.sign_out(current_user._get_current_object())
    sessions.end()
    flash("Vous êtes déconnecté, sur cet appareil et sur les autres.", "ok")
    return redirect(url_for("sign_in.sign_in"))


@bp.post("/connexion/demonstration")
@public
def demo() -> Any:
    """One button per person of the demo; nowhere else than in demonstration mode."""
    login = request.form.get("login", "")
    person = next((person for person in demo_people() if person["login"] == login), None)
    account = queries.account_of(queries.agent_of_login(login)) if person else None
    if account is None or not account.is_active:
        raise NotFound()
    account.last_seen_at = clock.now()
    return _open(account, sessions.destination())


@bp.route("/acces", methods=["GET", "POST"])
@public
def forgotten() -> Any:
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("sign_in/forgotten.html", form=form), 422 if form.errors else 200
    account_actions.send_link(queries.agent_of_login(form.login.data), at=clock.now())
    flash("Si une personne en activité a cet identifiant et une adresse électronique, un lien vient de lui partir. "
          "Il vaut une heure.", "info")
    return redirect(url_for("sign_in.sign_in"))


@bp.route("/acces/code", methods=["GET", "POST"])
@public
def code() -> Any:
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("sign_in/code.html", form=form), 422 if form.errors else 200
    agent = queries.agent_of_login(form.login.data)
    try:
        account = account_actions.redeem_code(agent, form.login.data, form.code.data, password=form.password.data,
                                              origin=devices.origin_of(agent), at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return render_template("sign_in/code.html", form=form), error.status
    return _welcome(account)


@bp.route("/acces/<token>", methods=["GET", "POST"])
@public
def redeem(token: str) -> Any:
    """Opening the link changes nothing: mail filters open links too."""
    found = tokens.find_link(token, at=clock.now())
    if found is None:
        return render_template("sign_in/dead_link.html"), 404
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("sign_in/redeem.html", form=form, agent=found.agent), 422 if form.errors else 200
    try:
        account = account_actions.redeem_link(found, password=form.password.data, at=clock.now())
    except RuleBroken as error:
        give_back(form, error)
        return render_template("sign_in/redeem.html", form=form, agent=found.agent), 422
    return _welcome(account)


def demo_people() -> list[dict[str, str]]:
    """The people of the demo who have something to do; empty outside demonstration mode."""
    path = current_app.config["HOME"] / "demo_people.json"
    if current_app.config["ENV_NAME"] != "demo" or not path.exists():
        return []
    return json.loads(path.read_text(encoding="utf-8"))


def _welcome(account: Account) -> Any:
    answer = _open(account, url_for("home.index"))
    flash("Votre mot de passe est enregistré, et vous êtes connecté.", "ok")
    return answer


def _open(account: Account, target: str) -> Any:
    sessions.begin(account)
    return devices.remember(make_response(redirect(target)), account)


def _page(form: SignInForm, status: int) -> Any:
    return render_template("sign_in/sign_in.html", form=form, people=demo_people()), status
