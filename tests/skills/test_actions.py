"""Loading, suggesting and curating skills."""

import pytest
import sqlalchemy as sa

from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.outbox import Message
from skillshare.skills import actions, queries
from skillshare.skills.models import Family, Skill, SkillNeighbour, SkillState, SkillSynonym
from tests import factories


def counts():
    return [
        db.session.scalar(sa.select(sa.func.count()).select_from(t))
        for t in (Skill, SkillSynonym, SkillNeighbour)
    ]


def suggestion(people, at, name="Soudure à l’arc"):
    return actions.suggest(people.bob, name=name, family="ingenuity", definition="Réparer une grille.", at=at)


def test_the_catalogue_loads_twice_the_same(both):
    loaded = actions.load_catalogue()
    once = counts()
    assert actions.load_catalogue() == loaded == once[0]
    db.session.flush()
    assert counts() == once
    assert not db.session.dirty and not db.session.new


def test_neighbours_have_both_halves(app):
    actions.load_catalogue()
    halves = {(a, b): w for a, b, w in queries.neighbours()}
    assert halves
    assert all(halves[(b, a)] == w for (a, b), w in halves.items())
    assert queries.graph().number_of_edges() * 2 == len(halves)


def test_words_of_everyday_find_the_catalogue_s_skill(app):
    actions.load_catalogue()
    assert queries.search("excel")[0].code == "tableur"
    assert queries.by_code("tableur").family == Family.PROFESSIONAL
    assert queries.by_name("EXCEL").code == "tableur"


def test_a_regulated_skill_names_its_title(app):
    actions.load_catalogue()
    assert queries.by_code("conduite-poids-lourd").is_regulated
    assert not queries.by_code("tableur").is_regulated


def test_a_skill_added_later_is_found_at_once(people):
    factories.skill("Tressage d’osier")
    assert queries.search("osier")[0].name == "Tressage d’osier"
    factories.skill("Taille de pierre")
    assert queries.search("taille de pierre")[0].name == "Taille de pierre"


def test_a_suggestion_matches_nothing_before_it_is_accepted(people, at):
    skill = suggestion(people, at)
    assert queries.search("soudure") == []
    actions.curate(
        skill, actor=people.mona, decision="accept", note="", at=at, domain="Bâtiments et maintenance"
    )
    assert queries.search("soudure") == [skill]


def test_a_known_name_is_not_suggested_again(people, at):
    suggestion(people, at)
    with pytest.raises(RuleBroken) as refused:
        suggestion(people, at, name="  soudure a l'ARC ")
    assert refused.value.field == "name"


def test_merging_makes_the_name_a_synonym(people, at):
    welding = factories.skill("Soudage")
    skill = suggestion(people, at)
    actions.curate(skill, actor=people.david, decision="merge", into=welding, note="Même geste.", at=at)
    assert queries.search("soudure à l’arc") == [welding]
    assert skill.state == SkillState.MERGED


def test_whoever_suggested_gets_the_answer(people, at):
    skill = suggestion(people, at)
    actions.curate(skill, actor=people.mona, decision="reject", note="C’est un loisir.", at=at)
    mail = db.session.scalars(sa.select(Message)).one()
    assert mail.recipient_id == people.bob.id
    assert "C’est un loisir." in mail.text


def test_a_refusal_says_why(people, at):
    with pytest.raises(RuleBroken) as refused:
        actions.curate(suggestion(people, at), actor=people.mona, decision="reject", note=" ", at=at)
    assert refused.value.field == "note"


def test_bob_does_not_curate(people, at):
    skill = suggestion(people, at)
    with pytest.raises(NotPermitted):
        actions.curate(skill, actor=people.bob, decision="reject", note="Non.", at=at)


def test_a_suggestion_is_decided_once(people, at):
    skill = suggestion(people, at)
    actions.curate(skill, actor=people.mona, decision="reject", note="Non.", at=at)
    with pytest.raises(TransitionNotAllowed):
        actions.curate(
            skill, actor=people.mona, decision="accept", note="", at=at, domain="Bâtiments et maintenance"
        )


def test_loading_keeps_what_curation_added(people, at):
    actions.load_catalogue()
    skill = suggestion(people, at, name="Feuilles à formules")
    actions.curate(
        skill, actor=people.mona, decision="merge", into=queries.by_code("tableur"), note="", at=at
    )
    actions.load_catalogue()
    assert queries.by_name("feuilles a formules").code == "tableur"
