"""Sessions: who is signed in, until when, and what ends it. The cookie is signed; the account holds the epoch."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy.orm import joinedload

from skillshare.ground import clock
from skillshare.ground.extensions import SAFE_METHODS, db, login_manager
from skillshare.organisation.models import Account, Agent

WHOLE = joinedload(Account.agent).joinedload(Agent.unit)  # what every page reads of who is signed in, in one query
TOUCH_SECONDS = 60  # the cookie is written again at most that often


def marks(account: Account) -> dict[str, Any]:
    """What a session holds: the account and its epoch, when it began and when it was last used."""
    instant = int(clock.now().timestamp())
    return {"_user_id": account.get_id(), "_fresh": True, "started_at": instant, "seen_at": instant}


def begin(account: Account) -> None:
    """A new session for `account`: nothing of the one before is kept (no session fixation)."""
    session.clear()
    login_user(account)
    session.update(marks(account))


def end() -> None:
    logout_user()
    session.clear()


def load(mark: str) -> Account | None:
    """The account of a session, or None once it is over: another epoch, disabled, left, idle or too old."""
    account_id, _, epoch = mark.partition(":")
    account = db.session.get(Account, int(account_id), options=[WHOLE]) if account_id.isdecimal() else None
    if account is None or str(account.session_epoch) != epoch or not account.is_active or _is_over():
        return None
    instant = int(clock.now().timestamp())
    if instant - session["seen_at"] >= TOUCH_SECONDS:
        session["seen_at"] = instant
    return account


def _is_over() -> bool:
    instant = clock.now().timestamp()
    idle = instant - session.get("seen_at", 0)
    age = instant - session.get("started_at", 0)
    limits = current_app.config["SESSION_IDLE_MINUTES"] * 60, current_app.config["SESSION_HOURS"] * 3600
    return idle > limits[0] or age > limits[1]


def destination() -> str:
    """Where to go after signing in: `?next=` when it is an address of this application, else the home page."""
    target = request.args.get("next", "")
    return target if is_local(target) else url_for("home.index")


def is_local(target: str) -> bool:
    """Whether `target` is a path here. Browsers read « \\ » as « / » and drop control characters."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def _ask_to_sign_in() -> Any:
    flash("Connectez-vous pour ouvrir cette page.", "info")
    wanted = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("sign_in.sign_in", next=wanted))


def register(app: Flask) -> None:
    login_manager.user_loader(load)
    login_manager.unauthorized_handler(_ask_to_sign_in)
