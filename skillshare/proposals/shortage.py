"""The funnel and the smallest changes of an open seat, in French."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.typography import date_fr, percent_fr
from skillshare.needs.models import Need
from skillshare.skills.models import Skill

FEW = 5


def funnel_steps(counts: Mapping[str, int], need: Need) -> list[dict[str, Any]]:
    """The steps `sk.funnel` draws: the criterion that removes most is marked and said in words.

    Nothing is drawn after the criterion that leaves nobody."""
    labels = _labels(need, in_full="level" in counts)
    steps: list[dict[str, Any]] = [{"label": labels[name], "count": counts[name]} for name in labels if name in counts]
    empty = next((n for n, step in enumerate(steps) if step["count"] == 0), len(steps))
    steps = steps[: empty + 1]
    drops = [before["count"] - after["count"] for before, after in pairwise(steps)]
    if drops and max(drops) > 0:
        worst = steps[drops.index(max(drops)) + 1]
        worst["blocking"] = True
        worst["note"] = "C’est ce critère qui réduit le plus le vivier."
    return steps


def counts_of(facts: Mapping[str, Any]) -> Mapping[str, int]:
    """The counts of a stored diagnosis: in full where the seat was looked at in detail."""
    told: Mapping[str, int] = facts.get("stages") or facts["funnel"]
    return told


def _labels(need: Need, *, in_full: bool) -> dict[str, str]:
    load = percent_fr(need.load) if need.load else "ce temps"
    return {
        "offers": "Offres publiées, hors de votre service",
        "skills": "ont les compétences indispensables" + (", quel qu’en soit le niveau" if in_full else ""),
        "level": "et au niveau demandé",
        "dates": "et sont libres sur toute la période",
        "load": f"et peuvent donner {load} de leur temps",
        "place": "et acceptent le lieu",
        "commitments": "et n’ont pas d’autre engagement",
        "caps": "et dont le service a encore du plafond",
        "elsewhere": "et ne sont pas mieux employés ailleurs",
    }


def how_many(count: int) -> str:
    """« moins de 5 agents », « 11 agents », « aucun agent »: 1 to 4 people are never counted out."""
    if count == 0:
        return "aucun agent"
    return "moins de 5 agents" if count < FEW else f"{count} agents"


def what_stops(facts: Mapping[str, Any]) -> str:
    """Why nobody was proposed although some agents pass every criterion."""
    if facts.get("blocked_by_caps"):
        return "Des agents conviennent, mais leurs services ont atteint leur plafond de prêt sur ces dates."
    if facts.get("taken_elsewhere"):
        return "Des agents conviennent, mais le plan qui pourvoit le plus de places les propose ailleurs."
    return ""


def change_lines(facts: Mapping[str, Any], need: Need, seat_id: int) -> list[dict[str, str]]:
    """The smallest changes as `sk.changes` draws them: what to change, what it would give, which one it is."""
    changes = facts.get("changes", ())
    names = _names([change["skill_id"] for change in changes if "skill_id" in change])
    now = how_many(facts["funnel"]["caps"])
    return [{"title": _change(change, need, names), "value": f"{seat_id}-{rank}",
             "detail": f"{how_many(change['eligible'])} pourraient répondre ; aujourd’hui, {now}"}
            for rank, change in enumerate(changes)][:3]


def _change(change: Mapping[str, Any], need: Need, names: Mapping[int, str]) -> str:
    skill = names.get(change.get("skill_id", 0), "")
    if change["kind"] == "load":
        return f"Passer de {percent_fr(need.load)} à {percent_fr(change['to'])}"
    if change["kind"] == "neighbours":
        return f"Accepter une compétence voisine de « {skill} »"
    if change["kind"] == "level":
        return f"Demander « {skill} » au niveau {change['to']}"
    if change["kind"] == "skill":
        return f"Souhaiter « {skill} » sans l’exiger"
    if change["kind"] in ("later", "earlier") and need.starts_on:
        by = timedelta(days=change["days"] if change["kind"] == "later" else -change["days"])
        return f"Commencer le {date_fr(need.starts_on + by, weekday=False)}, pour la même durée"
    return "Permettre toute la mission à distance"


def _names(skill_ids: list[int]) -> dict[int, str]:
    query = sa.select(Skill.id, Skill.name).where(Skill.id.in_(skill_ids))
    return {row.id: row.name for row in db.session.execute(query)}
