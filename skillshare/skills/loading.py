"""Bringing the database in step with the shipped catalogue; what curation added stays."""

from __future__ import annotations

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.skills import catalogue, queries
from skillshare.skills.models import Family, Skill, SkillNeighbour, SkillState, SkillSynonym
from skillshare.skills.search import normalise


def load() -> int:
    """Insert or update every shipped skill; repeating it changes nothing. Returns how many there are."""
    shipped = catalogue.load_catalogue()
    skills = _write_skills(shipped)
    db.session.flush()
    _write_synonyms(shipped, skills)
    _write_neighbours(shipped, skills)
    db.session.flush()
    queries.forget_index()
    return len(shipped.skills)


def _write_skills(shipped: catalogue.Catalogue) -> dict[str, Skill]:
    known = list(db.session.scalars(sa.select(Skill)))
    by_code, by_key = {skill.code: skill for skill in known}, {skill.key: skill for skill in known}
    written = {}
    for row in shipped.skills:
        skill = by_code.get(row.code) or by_key.get(normalise(row.name))
        if skill is None:
            skill = Skill()
            db.session.add(skill)
        # A suggestion of the same name becomes the catalogue's skill: the row is kept, with its author.
        skill.code, skill.name, skill.key = row.code, row.name, normalise(row.name)
        skill.family, skill.domain, skill.definition = Family(row.family), row.domain, row.definition
        skill.regulated_by, skill.state, skill.merged_into_id = (
            row.regulated_by or "",
            SkillState.ACTIVE,
            None,
        )
        written[row.code] = skill
    return written


def _write_synonyms(shipped: catalogue.Catalogue, skills: dict[str, Skill]) -> None:
    known = {synonym.key: synonym for synonym in db.session.scalars(sa.select(SkillSynonym))}
    for row in shipped.skills:
        for label in row.synonyms:
            synonym = known.get(normalise(label))
            if synonym is None:
                synonym = SkillSynonym(key=normalise(label))
                db.session.add(synonym)
            synonym.label, synonym.skill_id = label, skills[row.code].id


def _write_neighbours(shipped: catalogue.Catalogue, skills: dict[str, Skill]) -> None:
    """Neighbours come from the file alone: those it no longer names go."""
    known = {
        (half.skill_id, half.neighbour_id): half for half in db.session.scalars(sa.select(SkillNeighbour))
    }
    for row in shipped.skills:
        for near in row.neighbours:
            ends = (skills[row.code].id, skills[near.code].id)
            half = known.pop(ends, None)
            if half is None:
                half = SkillNeighbour(skill_id=ends[0], neighbour_id=ends[1])
                db.session.add(half)
            half.weight = near.weight
    for gone in known.values():
        db.session.delete(gone)
