"""What each step of a need shows, reads and saves; and the same read without saving, for the live count."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.needs import actions, queries
from skillshare.needs.actions import Demand
from skillshare.needs.forms import ContextForm, PeriodForm, SkillsForm, skills_form
from skillshare.needs.models import Need, NeedSkill, NeedState, Remote
from skillshare.organisation.models import Agent
from skillshare.skills import queries as skills
from skillshare.skills.models import Skill

TITLES = ("Contexte", "Compétences", "Places, dates et lieu", "Relecture")
DEFAULT_LEVEL = 2
AnyStep = ContextForm | SkillsForm | PeriodForm


def form_of(need: Need, step: int, **given: Any) -> AnyStep:
    """The form of a step, filled from the need, then from what was posted."""
    if step == 1:
        lead = need.mission_lead
        names = tuple(name for name in actions.CONTEXT if name != "mission_lead_id")
        return ContextForm(data=_as_data(need, names) | {"mission_lead": lead.full_name if lead else ""}, **given)
    if step == 2:
        return skills_form(need.demands, **given)
    form = PeriodForm(data=_as_data(need, actions.PERIOD) | {"seats": len(need.seats)} | _likely_site(need), **given)
    form.offer_sites(queries.sites(need.unit))
    return form


def _as_data(need: Need, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(need, name) for name in names}


def _likely_site(need: Need) -> dict[str, Any]:
    """An undecided site is the mission lead's own, from the HR data (R19)."""
    untouched = need.starts_on is None and need.site_id is None
    return {"site_id": (need.mission_lead or need.requester).site_id} if untouched else {}


def save_context(need: Need, form: ContextForm, *, actor: Agent, at: datetime) -> None:
    """The lead is kept when the name shown is theirs: two people may share it."""
    shown, text = need.mission_lead, form.mission_lead.data
    if not text:
        lead = actor
    elif shown is not None and text == shown.full_name:
        lead = shown
    else:
        lead = actions.lead_named(need.unit, text)
    actions.save_context(need, actor=actor, at=at, mission_lead_id=lead.id, **form.values())


def save_skills(need: Need, form: SkillsForm, *, remove: int | None, actor: Agent, at: datetime) -> Skill | None:
    """Save the rows, less `remove`, plus the skill nearest to what was typed; returns that skill."""
    rows = form.demands(without=remove)
    added = nearest(form.add.data) if form.add.data else None
    if added is not None:
        rows.append(Demand(added.id, DEFAULT_LEVEL))
    actions.save_skills(need, actor=actor, at=at, demands=rows)
    return added


def nearest(text: str) -> Skill:
    """The skill of that name, else the nearest of the catalogue."""
    found = skills.by_name(text) or next(iter(skills.search(text, 1)), None)
    if found is None:
        raise RuleBroken("add", f"Aucune compétence proche de « {text} ». Essayez un autre mot, ou suggérez-la.")
    return found


def save_period(need: Need, form: PeriodForm, *, actor: Agent, at: datetime) -> None:
    seats = form.seats.data if need.state == NeedState.DRAFT else None
    values = form.values()
    actions.save_period(need, actor=actor, at=at, seats=seats, **(values | {"remote": Remote(values["remote"])}))


def preview(need: Need, posted: Any) -> None:
    """Write what is typed in a step on `need` in memory, as far as it is well formed; the caller rolls back."""
    step = posted.get("step", 0, type=int)
    if step not in (2, 3):
        return
    form = form_of(need, step, formdata=posted, meta={"csrf": False})
    if not form.validate():
        return
    if isinstance(form, SkillsForm):
        need.demands[:] = [_as_row(demand) for demand in form.demands()]
    elif isinstance(form, PeriodForm):
        for name, value in form.values().items():
            setattr(need, name, Remote(value) if name == "remote" else value)


def _as_row(demand: Demand) -> NeedSkill:
    return NeedSkill(skill=db.session.get_one(Skill, demand.skill_id), skill_id=demand.skill_id, level=demand.level,
                     required=demand.required, neighbours_allowed=demand.neighbours_allowed)
