"""What every page needs around its content: the employer's name and the links this person may open."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import current_actor
from skillshare.home.queries import Overview, overview

# label, endpoint, blueprints it is the place of, marks of which one is enough (none: everybody).
ITEMS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Accueil", "home.index", (), ()),
    ("Équipe", "team.index", ("team",), ("manager",)),
    ("Besoins", "needs.index", ("needs", "needs_page"), ()),
    ("Mon offre", "offers.mine", ("offers",), ()),
    ("Signatures", "desk.index", ("desk",), ("signatory",)),
    ("Appariements", "runs.index", ("runs",), ("mediator", "hr", "administrator")),
    ("Lettres", "registry.index", ("registry", "letters"), ("hr", "auditor")),
    ("Versements", "filings.index", ("filings",), ("hr", "auditor")),
    ("Compétences", "skills.index", ("skills",), ("mediator",)),
    ("Administration", "admin.journal", ("admin",), ("administrator", "auditor")),
)


def present_overview() -> Overview | None:
    """What awaits the signed-in person, asked once per request."""
    actor = current_actor()
    if actor is None:
        return None
    if "overview" not in g or g.overview[0] != actor.id:
        g.overview = (actor.id, overview(actor, clock.today()))
    found: Overview = g.overview[1]
    return found


def links(found: Overview) -> list[dict[str, Any]]:
    return [{"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint or request.blueprint in places,
             "count": found.total if endpoint == "home.index" else 0}
            for label, endpoint, places, marks in ITEMS
            if (not marks or found.marks.intersection(marks))]


def register(app: Flask) -> None:
    """Add `employer_name` and `navigation` to every page."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        found = present_overview()
        return {"employer_name": app.config["EMPLOYER_NAME"], "navigation": links(found) if found else []}
