"""The register of letters and the page of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, render_template, request, url_for

from skillshare.audit import letter_routes, queries
from skillshare.audit.anomalies import RULES
from skillshare.audit.export import register_csv
from skillshare.audit.sheet import filing_words, state_of
from skillshare.ground import clock
from skillshare.ground.access import Ability, requires
from skillshare.hr_file import queries as filings

bp = Blueprint("registry", __name__, url_prefix="/registre")
PAGE_SIZES = (15, 50, 100)
COLUMNS = (("Numéro", "number"), ("Agent", "agent"), ("D’où, vers où", ""), ("Période", "start"), ("Part", "load"),
           ("État, versement", ""), ("À regarder", ""))


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    letter_routes.register(app)


@bp.get("")
@requires(Ability.REGISTRY_SEE)
def index() -> Any:
    today = clock.today()
    filters = queries.filters_of(request.args, today=today)
    per_page = _per_page()
    page = queries.page_of(filters, request.args.get("page", 1, type=int), per_page, today=today)
    ids = [letter.id for letter in page.items]
    return render_template(
        "registry/index.html", page=page, asked=filters.values, sizes=PAGE_SIZES, views=queries.VIEWS,
        columns=_columns(filters, None if per_page == PAGE_SIZES[0] else per_page),
        counts=queries.view_counts(today), checked_at=queries.checked_at(), rules=RULES, states=queries.STATES,
        units=queries.labels_of_units(),
        broken=queries.anomalies_of(ids, today=today), filed=filings.of_letters(ids), state_of=state_of,
        filing_words=filing_words)


def _per_page() -> int:
    asked = request.args.get("per_page", PAGE_SIZES[0], type=int)
    return asked if asked in PAGE_SIZES else PAGE_SIZES[0]


def _columns(filters: queries.Filters, per_page: int | None) -> list[dict[str, Any]]:
    """The headings; following the link of the sorted one turns its order round."""
    words = {"": None, "-": "descending", "+": "ascending"}
    found = []
    for label, key in COLUMNS:
        now = "" if filters.sort.lstrip("-") != key else "-" if filters.sort.startswith("-") else "+"
        values: dict[str, Any] = filters.values | {"sort": f"-{key}" if now == "+" else key, "per_page": per_page}
        found.append({"label": label, "numeric": key == "load", "sort": words[now] if key else None,
                      "url": url_for("registry.index", **values) if key else None})
    return found


@bp.get("/export.csv")
@requires(Ability.REGISTRY_SEE)
def export() -> Response:
    today = clock.today()
    content = register_csv(queries.filters_of(request.args, today=today), today=today)
    return Response(content, mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="registre-{today.isoformat()}.csv"', "Cache-Control": "no-store"})
