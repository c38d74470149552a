"""Questions about the catalogue: what is near these words, which skills help towards which."""

from __future__ import annotations

from typing import Any

import networkx
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased, joinedload, selectinload

from skillshare.ground.extensions import db
from skillshare.organisation.models import Agent
from skillshare.skills.catalogue import Catalogue, load_catalogue
from skillshare.skills.models import Family, Skill, SkillNeighbour, SkillState, SkillSynonym
from skillshare.skills.search import SkillIndex, normalise

CACHE = "skills_index"
IS_ACTIVE = Skill.state == SkillState.ACTIVE


def index() -> SkillIndex:
    """The index of active skills, by `Skill.id`; built once per process, again when the catalogue changes."""
    version = _version()
    known = current_app.extensions.get(CACHE)
    if known is None or known[0] != version:
        entries = [
            (skill.id, skill.name, [synonym.label for synonym in skill.synonyms])
            for skill in db.session.scalars(_active().options(selectinload(Skill.synonyms)))
        ]
        known = current_app.extensions[CACHE] = (version, SkillIndex(entries))
    return known[1]


def forget_index() -> None:
    """Have the next search rebuild the index, whatever its version says."""
    current_app.extensions.pop(CACHE, None)


def _version() -> tuple[Any, ...]:
    """A value that moves whenever a name or synonym is added, withdrawn or rewritten."""
    skills = sa.select(
        sa.func.count(), sa.func.max(Skill.id), sa.func.sum(Skill.id), sa.func.sum(sa.func.length(Skill.name))
    ).where(IS_ACTIVE)
    synonyms = sa.select(sa.func.count(), sa.func.max(SkillSynonym.id))
    return (*db.session.execute(skills).one(), *db.session.execute(synonyms).one())


def _active() -> sa.Select[Any]:
    return sa.select(Skill).where(IS_ACTIVE).order_by(Skill.key, Skill.id)


def search(text: str, limit: int = 10) -> list[Skill]:
    """The active skills nearest to `text`, best first."""
    ids = [hit.id for hit in index().search(text, limit)]
    found = {skill.id: skill for skill in db.session.scalars(_active().where(Skill.id.in_(ids)))}
    return [found[id] for id in ids if id in found]


def browse(family: Family | None = None, domain: str = "") -> sa.Select[Any]:
    """The active skills by name, to be paged; both filters are optional."""
    query = _active().options(selectinload(Skill.synonyms))
    if family is not None:
        query = query.where(Skill.family == family)
    return query.where(Skill.domain == domain) if domain else query


def by_code(code: str) -> Skill | None:
    return db.session.scalars(sa.select(Skill).where(Skill.code == code)).one_or_none()


def by_name(text: str) -> Skill | None:
    """The active skill of exactly this name or synonym, whatever the case and accents."""
    key = normalise(text)
    owners = sa.select(SkillSynonym.skill_id).where(SkillSynonym.key == key)
    query = _active().where(sa.or_(Skill.key == key, Skill.id.in_(owners)))
    return db.session.scalars(query.order_by(None).order_by(Skill.key != key)).first() if key else None


def by_key(key: str) -> Skill | None:
    """The skill of this normalised name, in any state."""
    return db.session.scalars(sa.select(Skill).where(Skill.key == key)).one_or_none()


def domains() -> list[str]:
    """The domains of the shipped catalogue, in its order."""
    return list(catalogue().domains)


def catalogue() -> Catalogue:
    """The shipped catalogue, read once per process."""
    known = current_app.extensions.get("skills_catalogue")
    if known is None:
        known = current_app.extensions["skills_catalogue"] = load_catalogue()
    return known


def neighbours() -> list[tuple[int, int, float]]:
    """Every directed half (skill_id, neighbour_id, weight) between active skills, in a stable order."""
    other = aliased(Skill)
    query = (
        sa.select(SkillNeighbour.skill_id, SkillNeighbour.neighbour_id, SkillNeighbour.weight)
        .join(Skill, Skill.id == SkillNeighbour.skill_id)
        .join(other, other.id == SkillNeighbour.neighbour_id)
        .where(IS_ACTIVE, other.state == SkillState.ACTIVE)
        .order_by(SkillNeighbour.skill_id, SkillNeighbour.neighbour_id)
    )
    return [(skill_id, neighbour_id, weight) for skill_id, neighbour_id, weight in db.session.execute(query)]


def graph() -> networkx.Graph:
    """The active skills' ids, with an edge and its `weight` between neighbours."""
    net = networkx.Graph()
    net.add_nodes_from(db.session.scalars(sa.select(Skill.id).where(IS_ACTIVE).order_by(Skill.id)))
    net.add_weighted_edges_from(neighbours())
    return net


def suggested() -> sa.Select[Any]:
    """The suggestions that wait for a decision, oldest first, with who made them; to be paged."""
    return (sa.select(Skill).where(Skill.state == SkillState.SUGGESTED)
            .options(joinedload(Skill.suggested_by).joinedload(Agent.unit)).order_by(Skill.suggested_at, Skill.id))
