"""The home page, and the pages open to all: how it works, accessibility, one's own data."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, render_template

from skillshare.ground.access import Ability, public, requires

bp = Blueprint("home", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/")
@requires(Ability.HOME_SEE)
def index() -> Any:
    return render_template("home/index.html")


@bp.get("/comment-ca-marche")
@public
def how_it_works() -> Any:
    return render_template("home/index.html")


@bp.get("/accessibilite")
@public
def accessibility() -> Any:
    return render_template("home/index.html")


@bp.get("/mes-donnees")
@requires(Ability.HOME_SEE)
def my_data() -> Any:
    return render_template("home/index.html")
