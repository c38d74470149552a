"""What the form of an offer shows, and what its add and remove buttons do: nothing is stored by these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skillshare.offers import queries
from skillshare.offers.actions import MOST_SKILLS, MOST_WINDOWS, USUAL_KM, usual_load
from skillshare.offers.forms import ANYWHERE, DISTANCES, ONLY_SITES, OfferForm
from skillshare.offers.models import Offer, Visibility
from skillshare.organisation.models import Agent
from skillshare.skills import queries as skills
from skillshare.skills.models import Skill, SkillState

DEFAULT_LEVEL = 2
SUGGESTED = 6
BUTTONS = ("add_skill", "pick", "remove_skill", "add_window", "remove_window")


def form_for(agent: Agent, offer: Offer | None) -> OfferForm:
    """The form of the live offer, else prefilled from the last one or from the HR data (R19)."""
    source = offer or queries.last_ended(agent)
    form = OfferForm(data=_shown(queries.with_details(source)) if source is not None else _first(agent))
    form.offer_places(queries.sites(agent), known_km=source.max_km if source is not None else None)
    if not form.is_submitted() and not form.windows.entries:
        form.windows.append_entry()
    return form


def _first(agent: Agent) -> dict[str, Any]:
    return {"highest_load": usual_load(agent), "place": str(USUAL_KM), "visibility": Visibility.MATCHING.value}


def _shown(offer: Offer) -> dict[str, Any]:
    active = [row for row in offer.skills if row.skill.state == SkillState.ACTIVE]
    is_live = offer.state in queries.LIVE
    return {
        "skills": [{"skill_id": row.skill_id, "level": row.level} for row in active],
        "windows": [{"starts_on": row.starts_on, "ends_on": row.ends_on} for row in offer.windows] if is_live else [],
        "highest_load": min(offer.highest_load, max(1, offer.agent.working_time)),
        "place": _place(offer), "site_ids": [row.site_id for row in offer.sites], "remote": offer.remote,
        "visibility": offer.visibility.value, "note": offer.note,
    }


def _place(offer: Offer) -> str:
    if offer.max_km is None:
        return ONLY_SITES if offer.sites else ANYWHERE
    return str(offer.max_km or DISTANCES[0])


def press(form: OfferForm, buttons: Mapping[str, Any]) -> list[Skill] | None:
    """Do what a row button says, on the form alone. Returns the skills to pick from, or None if no row button.

    A skill typed and not yet added is added first, so that saving or pressing Enter loses no word.
    """
    typed = "add_skill" if (form.add.data or "").strip() else None
    pressed = next((name for name in BUTTONS if name in buttons), typed)
    if pressed is None:
        return None
    value = str(buttons.get(pressed, ""))
    number = int(value) if value.isdecimal() and len(value) < 10 else 0
    if pressed == "add_skill":
        return _add_named(form)
    if pressed == "pick":
        _add(form, number)
    elif pressed == "remove_skill":
        form.skills.entries[:] = [row for row in form.skills.entries if row.form.key != number]
    elif pressed == "add_window":
        _add_window(form)
    else:
        form.windows.entries[:] = [row for at, row in enumerate(form.windows.entries) if at != number]
    return []


def _add_named(form: OfferForm) -> list[Skill]:
    words = (form.add.data or "").replace("\0", " ").strip()[:120]
    exact = skills.by_name(words)
    if exact is not None:
        _add(form, exact.id)
        return []
    near = skills.search(words, 5)
    if not near:
        form.add.errors = [f"Rien ne ressemble à « {words} » : essayez un autre mot, ou suggérez la compétence."
                           if words else "Écrivez une compétence."]
    return near


def _add(form: OfferForm, skill_id: int) -> None:
    if any(row.form.key == skill_id for row in form.skills):
        form.add.errors = ["Cette compétence est déjà dans votre offre."]
    elif len(form.skills.entries) >= MOST_SKILLS:
        form.add.errors = [f"Gardez au plus {MOST_SKILLS} compétences."]
    else:
        form.skills.append_entry({"skill_id": skill_id, "level": DEFAULT_LEVEL})
        form.add.data = ""
        form.add.raw_data = None


def _add_window(form: OfferForm) -> None:
    if len(form.windows.entries) >= MOST_WINDOWS:
        form.windows.errors = [f"Gardez au plus {MOST_WINDOWS} périodes."]
    else:
        form.windows.append_entry()


def names(form: OfferForm) -> dict[int, Skill]:
    """The skills of the form's rows by id; a row whose skill left the catalogue has none."""
    return queries.active_skills([row.form.key for row in form.skills])


def suggestions(agent: Agent, form: OfferForm) -> list[Skill]:
    """Skills near the agent's job of the HR file, not yet in the form."""
    known = {row.form.key for row in form.skills}
    return [skill for skill in skills.search(agent.job, SUGGESTED) if skill.id not in known] if agent.job else []
