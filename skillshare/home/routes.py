"""The home page, and the pages open to all: how it works, accessibility, one's own data."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template

from skillshare.approvals.models import Visa
from skillshare.ground import clock, showcase
from skillshare.ground.access import Ability, current_actor, public, requires
from skillshare.ground.errors import NotFound
from skillshare.home import navigation, own_data, queries, team
from skillshare.home.answers import answers_of
from skillshare.home.sentences import TERM_SENTENCES, title_of
from skillshare.home.tasks import tasks_of
from skillshare.home.waits import waits_of
from skillshare.offers.models import VISIBILITY_LABELS
from skillshare.offers.queries import live_offer
from skillshare.offers.workflow import OFFER
from skillshare.organisation.models import Agent
from skillshare.proposals.terms import TERM_LABELS

bp = Blueprint("home", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    navigation.register(app)


@bp.get("/")
@requires(Ability.HOME_SEE)
def index() -> Any:
    actor, on = current_actor(), clock.today()
    found = navigation.present_overview()
    assert found is not None
    tasks = tasks_of(actor, found, on)
    cases, loans = queries.cases_of(actor), queries.loans_around(actor, on)
    return render_template("home/index.html", actor=actor, today=on, tasks=tasks, title=title_of(actor, tasks),
                           waits=waits_of(actor, cases, loans, tasks, on), answers=answers_of(actor, on),
                           missions=team.own_spans(actor, loans, cases),
                           **_offer(actor), **(_team(actor, loans, on) if "manager" in found.marks else {}))


def _offer(actor: Agent) -> dict[str, Any]:
    offer = live_offer(actor)
    if offer is None:
        return {"offer": None}
    return {"offer": offer, "offer_state": OFFER.state_of(offer), "visibility": VISIBILITY_LABELS[offer.visibility]}


def _team(actor: Agent, loans: list[Any], on: Any) -> dict[str, Any]:
    visas = queries.rows_of(Visa, queries.awaiting(actor, on)["visas"])
    return {"team": team.team_spans(actor, loans, visas), "balances": team.balances(actor, on)}


@bp.get("/comment-ca-marche")
@public
def how_it_works() -> str:
    weights = current_app.config["WEIGHTS"]
    terms = [{"name": TERM_LABELS[name], "evidence": TERM_SENTENCES.get(name, ""), "weight": weight}
            for name, weight in sorted(weights.items(), key=lambda item: -item[1])]
    return render_template("home/how_it_works.html", terms=terms, total=sum(weights.values()))


@bp.get("/accessibilite")
@public
def accessibility() -> str:
    return render_template("home/accessibility.html")


@bp.get("/mes-donnees")
@requires(Ability.HOME_SEE)
def my_data() -> str:
    actor = current_actor()
    return render_template("home/my_data.html", held=own_data.held(actor), views=own_data.who_opened_letters_of(actor))


@bp.get("/mes-donnees/export")
@requires(Ability.HOME_SEE)
def export() -> Response:
    actor = current_actor()
    text = json.dumps(own_data.of_agent(actor), ensure_ascii=False, indent=2, default=str)
    name = f"mes-donnees-{clock.today().isoformat()}.json"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.get("/composants")
@public
def components() -> str:
    """The living page of components, in the demo only."""
    if current_app.config["ENV_NAME"] != "demo":
        raise NotFound()
    return render_template("components_page.html", **showcase.samples())
