"""Pages of the catalogue: search, browse, suggest, curate."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, flash, jsonify, redirect, render_template, request, url_for

from skillshare.ground import clock
from skillshare.ground.access import Ability, current_actor, requires
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.forms import give_back
from skillshare.ground.paging import Page, paginate
from skillshare.ground.typography import fr
from skillshare.skills import actions, queries
from skillshare.skills.forms import CurateForm, SuggestForm
from skillshare.skills.models import FAMILY_LABELS, Family, Skill

bp = Blueprint("skills", __name__, url_prefix="/competences")
LONGEST_SEARCH = 120
MOST_FOUND = 50


def register(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/recherche")
@requires(Ability.SKILL_SEARCH)
def search():
    """The ten nearest skills, for the fields that complete what one types."""
    return jsonify([_as_json(skill) for skill in queries.search(_words())])


def _words() -> str:
    return request.args.get("q", "")[:LONGEST_SEARCH].replace("\0", " ")


def _as_json(skill: Skill) -> dict[str, Any]:
    label = FAMILY_LABELS[skill.family]
    return {
        "id": skill.id,
        "code": skill.code,
        "name": skill.name,
        "label": skill.name,
        "detail": label,
        "family": skill.family.value,
        "family_label": label,
        "definition": skill.definition,
        "regulated": skill.is_regulated,
    }


@bp.get("")
@requires(Ability.SKILL_SEARCH)
def index():
    family = next((f for f in Family if f.value == request.args.get("family")), None)
    domain = request.args.get("domain", "") if request.args.get("domain") in queries.domains() else ""
    words = _words().strip()
    page = (
        _found(words, family, domain)
        if words
        else paginate(queries.browse(family, domain), request.args.get("page", 1, type=int), per_page=30)
    )
    return render_template(
        "skills/index.html",
        page=page,
        q=words,
        family=family.value if family else "",
        domain=domain,
        families=list(FAMILY_LABELS.items()),
        domain_choices=[(name, name) for name in queries.domains()],
        definitions=queries.catalogue().families,
    )


def _found(words: str, family: Family | None, domain: str) -> Page:
    """What the words find, on one page, the nearest first."""
    found = [
        skill
        for skill in queries.search(words, MOST_FOUND)
        if family in (None, skill.family) and domain in ("", skill.domain)
    ]
    return Page(found, 1, 1, len(found), MOST_FOUND)


@bp.route("/suggerer", methods=["GET", "POST"])
@requires(Ability.SKILL_SUGGEST)
def suggest():
    form = SuggestForm(name=_words() or None)
    if form.validate_on_submit():
        try:
            made = actions.suggest(
                current_actor(),
                name=form.name.data,
                family=form.family.data,
                definition=form.definition.data,
                at=clock.now(),
            )
            flash(
                fr(f"Merci. « {made.name} » attend l’avis de la médiation. Sa réponse viendra par courriel."),
                "ok",
            )
            return redirect(url_for("skills.index"))
        except RuleBroken as error:
            give_back(form, error)
    definitions = {family.code: family.definition for family in queries.catalogue().families}
    return render_template(
        "skills/suggest.html", form=form, definitions=definitions
    ), 422 if form.errors else 200


@bp.get("/suggestions")
@requires(Ability.SKILL_CURATE)
def curation():
    page = paginate(queries.suggested(), request.args.get("page", 1, type=int))
    return render_template("skills/curation.html", page=page)


def _suggestion(skill_id: int) -> Skill | None:
    return db.session.get(Skill, skill_id)


@bp.route("/suggestions/<int:skill_id>", methods=["GET", "POST"])
@requires(Ability.SKILL_CURATE, load=_suggestion)
def decide(skill: Skill):
    form = CurateForm(obj=None, definition=skill.definition)
    form.offer_domains(queries.domains())
    if form.validate_on_submit():
        try:
            actions.curate(
                skill,
                actor=current_actor(),
                decision=form.decision.data,
                into=queries.by_name(form.into.data or ""),
                note=form.note.data or "",
                at=clock.now(),
                domain=form.domain.data or "",
                definition=form.definition.data or "",
                regulated_by=form.regulated_by.data or "",
            )
            flash(fr(f"La décision sur « {skill.name} » est enregistrée."), "ok")
            return redirect(url_for("skills.curation"))
        except RuleBroken as error:
            give_back(form, error)
    near = [found.name for found in queries.search(skill.name, 5)]
    return render_template(
        "skills/decide.html", form=form, skill=skill, near=near
    ), 422 if form.errors else 200
