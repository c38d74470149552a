"""Loading the catalogue, suggesting a skill, and deciding what becomes of a suggestion."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from skillshare.ground import journal
from skillshare.ground.access import Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.organisation.models import Agent
from skillshare.skills import loading, mails, queries
from skillshare.skills.models import Family, Skill, SkillState, SkillSynonym
from skillshare.skills.search import normalise
from skillshare.skills.workflow import SKILL

ALREADY = {
    SkillState.ACTIVE: "Cette compétence est déjà au catalogue sous le nom « {} ».",
    SkillState.SUGGESTED: "Cette compétence est déjà suggérée (« {} ») : la médiation va l’examiner.",
    SkillState.MERGED: "Cette compétence a déjà été réunie à une autre : cherchez « {} » au catalogue.",
    SkillState.REJECTED: "La suggestion « {} » a déjà été examinée et n’a pas été retenue.",
}


def load_catalogue() -> int:
    """Bring the shipped catalogue into the database; may be repeated. Returns its number of skills."""
    return loading.load()


def suggest(agent: Agent, *, name: str, family: Family | str, definition: str, at: datetime) -> Skill:
    """Suggest a skill that the catalogue lacks; it matches nobody until somebody accepts it."""
    demand(agent, Ability.SKILL_SUGGEST)
    name, key = " ".join(name.split()), normalise(name)
    if not key:
        raise RuleBroken("name", "Donnez un nom à cette compétence.")
    _refuse_known(name, key)
    made = Skill(
        code=_free_code(key),
        name=name,
        key=key,
        family=Family(family),
        domain="",
        definition=definition.strip(),
        regulated_by="",
        state=SkillState.SUGGESTED,
        suggested_by_id=agent.id,
        suggested_at=at,
    )
    db.session.add(made)
    db.session.flush()
    journal.record("skill:suggest", actor=agent, at=at, subject=made)
    return made


def _refuse_known(name: str, key: str) -> None:
    known = queries.by_name(name) or queries.by_key(key)
    if known is not None:
        shown = known.merged_into.name if known.merged_into else known.name
        raise RuleBroken("name", ALREADY[known.state].format(shown))


def _free_code(key: str) -> str:
    """A stable code from the name: `-2`, `-3`… where another skill has it."""
    stem = key.replace(" ", "-")[:70]
    taken = set(db.session.scalars(sa.select(Skill.code).where(Skill.code.startswith(stem, autoescape=True))))
    codes = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 2))]
    return next(code for code in codes if code not in taken)


def curate(
    skill: Skill,
    *,
    actor: Agent,
    decision: str,
    into: Skill | None = None,
    note: str,
    at: datetime,
    domain: str = "",
    definition: str = "",
    regulated_by: str = "",
) -> None:
    """Decide on a suggestion: `accept` (in a domain), `merge` (into another, as its synonym) or `reject`.

    The note goes to whoever suggested it; a refusal has one (everybody gets an answer, with a reason).
    """
    demand(actor, Ability.SKILL_CURATE, skill)
    if decision == "accept":
        _check_domain(domain or skill.domain)
    elif decision == "merge":
        _check_target(skill, into)
    else:
        _check_note(note)
    detail = {"into": into.id} if decision == "merge" and into else {}
    move(SKILL, skill, decision, actor=actor, at=at, **detail)
    skill.curation_note = note.strip()
    if decision == "accept":
        skill.domain, skill.regulated_by = domain or skill.domain, regulated_by.strip()
        skill.definition = definition.strip() or skill.definition
    elif into is not None and decision == "merge":
        skill.merged_into_id = into.id
        into.synonyms.append(SkillSynonym(label=skill.name, key=skill.key))
    db.session.flush()
    queries.forget_index()
    mails.decided(skill, decision, at=at)


def _check_domain(domain: str) -> None:
    if domain not in queries.domains():
        raise RuleBroken("domain", "Choisissez le domaine où la ranger.")


def _check_target(skill: Skill, into: Skill | None) -> None:
    if into is None or into.state != SkillState.ACTIVE or into.id == skill.id:
        raise RuleBroken("into", "Choisissez une compétence du catalogue, par son nom exact.")


def _check_note(note: str) -> None:
    if not note.strip():
        raise RuleBroken("note", "Dites pourquoi : la personne qui l’a suggérée recevra votre réponse.")
