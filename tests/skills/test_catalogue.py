"""The classification of skills shipped with the product, and the rules of its file."""

import re
from collections import Counter
from dataclasses import FrozenInstanceError

import pytest

from skillshare.skills.catalogue import FAMILIES, CatalogueError, Neighbour, graph, load_catalogue
from skillshare.skills.search import SkillIndex, normalise

HEAD = """
domains = ["Bureautique"]
[families]
professional = { label = "Parcours professionnel", definition = "Du métier." }
ingenuity = { label = "Ingéniosité", definition = "Du savoir-faire." }
exotic = { label = "Compétence exotique", definition = "D’ailleurs." }
[levels]
1 = { name = "notions", definition = "Un." }
2 = { name = "pratique", definition = "Deux." }
3 = { name = "maîtrise", definition = "Trois." }
4 = { name = "expertise", definition = "Quatre." }
"""
TABLEUR = """
[[skill]]
code = "tableur"
name = "Tableur"
family = "professional"
domain = "Bureautique"
definition = "Calculer dans un tableau."
synonyms = ["Excel", "Calc"]
neighbours = [{ code = "relecture", weight = 0.5 }]
regulated = false
"""
RELECTURE = """
[[skill]]
code = "relecture"
name = "Relecture"
family = "ingenuity"
domain = "Bureautique"
definition = "Corriger un texte."
synonyms = ["orthographe", "grammaire"]
neighbours = []
regulated = false
"""
BROKEN = [
    ('code = "relecture"', 'code = "Relecture !"', "slug"),
    ('code = "relecture"', 'code = "tableur"', "given twice"),
    ('"ingenuity"', '"loisir"', "unknown family"),
    ('"Bureautique"', '"Bricolage"', "unknown domain"),
    ("un texte.", "un texte. Bien.", "one sentence"),
    ('"orthographe", "grammaire"', '"orthographe"', "two to six synonyms"),
    ('"grammaire"', '"EXCEL"', "already belongs to tableur"),
    ('"grammaire"', '"relecture"', "already belongs to relecture"),
    ("regulated = false", "regulated = true", "go together"),
    ("regulated = false", 'regulated = false\nregulated_by = "Permis B"', "go together"),
    ("regulated = false", 'regulated = false\ngrade = "A"', "unknown keys"),
    ('definition = "Corriger un texte."', "", "missing keys"),
    ("neighbours = []", 'neighbours = [{ code = "velo", weight = 0.5 }]', "unknown neighbour velo"),
    ("neighbours = []", 'neighbours = [{ code = "tableur", weight = 1.5 }]', "between 0 and 1"),
    ("neighbours = []", 'neighbours = [{ code = "tableur", weight = 0.4 }]', "two weights"),
    ("neighbours = []", 'neighbours = [{ code = "relecture", weight = 0.4 }]', "its own neighbour"),
]


@pytest.fixture(scope="module")
def shipped():
    return load_catalogue()


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "catalogue.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_catalogue_is_wide(shipped):
    families = Counter(skill.family for skill in shipped.skills)
    assert len(shipped.skills) >= 200
    assert families["ingenuity"] >= 35 and families["exotic"] >= 35
    assert {skill.domain for skill in shipped.skills} == set(shipped.domains)


def test_families_and_levels_come_in_order(shipped):
    assert tuple(family.code for family in shipped.families) == FAMILIES
    assert [level.name for level in shipped.levels] == ["notions", "pratique", "maîtrise", "expertise"]


def test_skills_have_two_neighbours_on_average_and_links_go_both_ways(shipped):
    net = graph(shipped)
    assert 2 * net.number_of_edges() >= 2 * net.number_of_nodes() == 2 * len(shipped.skills)
    for skill in shipped.skills:
        for near in skill.neighbours:
            assert Neighbour(skill.code, near.weight) in shipped.skill(near.code).neighbours
            assert net.edges[skill.code, near.code]["weight"] == near.weight


def test_no_diploma_and_no_grade_is_named(shipped):
    words = r"\b(diplômes?|grades?|CAP|BEP|BTS|bac|baccalauréat|licence|master|doctorat|catégorie [ABC])\b"
    for skill in shipped.skills:
        for text in (skill.name, skill.definition, *skill.synonyms, skill.regulated_by or ""):
            assert not re.search(words, text, re.IGNORECASE), skill.code


def test_every_text_is_in_typographic_french_and_fits_the_database(shipped):
    for skill in shipped.skills:
        texts = (skill.name, skill.definition, *skill.synonyms, skill.regulated_by or "")
        assert "'" not in "".join(texts), skill.code
        assert max(len(skill.name), *map(len, skill.synonyms), len(skill.regulated_by or "")) <= 120
        assert len(skill.definition) <= 400 and len(skill.code) <= 80


def test_no_two_skills_share_a_name_or_a_synonym(shipped):
    said = Counter(normalise(text) for skill in shipped.skills for text in (skill.name, *skill.synonyms))
    assert [text for text, times in said.items() if times > 1] == []


def test_every_name_and_synonym_leads_to_its_own_skill(shipped):
    index = SkillIndex((skill.code, skill.name, skill.synonyms) for skill in shipped.skills)
    for skill in shipped.skills:
        for text in (skill.name, *skill.synonyms):
            assert index.search(text, limit=1)[0].id == skill.code, text


def test_a_regulated_skill_says_by_what(shipped):
    assert shipped.skill("conduite-chariot").regulated_by == "CACES R489"
    assert shipped.skill("tableur").regulated is False and shipped.skill("tableur").regulated_by is None


def test_an_unknown_code_is_a_key_error(shipped):
    with pytest.raises(KeyError):
        shipped.skill("lancer-de-hache")


def test_a_skill_is_frozen(shipped):
    with pytest.raises(FrozenInstanceError):
        shipped.skills[0].name = "Autre"


def test_a_link_written_once_is_read_from_both_sides(written):
    catalogue = load_catalogue(written(HEAD + TABLEUR + RELECTURE))
    assert catalogue.skill("relecture").neighbours == (Neighbour("tableur", 0.5),)


@pytest.mark.parametrize(("before", "after", "rule"), BROKEN)
def test_a_broken_rule_names_the_skill(written, before, after, rule):
    assert before in RELECTURE
    with pytest.raises(CatalogueError, match=rule) as caught:
        load_catalogue(written(HEAD + TABLEUR + RELECTURE.replace(before, after)))
    assert caught.value.code in after or caught.value.code == "relecture"


def test_levels_and_families_must_be_complete(written):
    with pytest.raises(CatalogueError, match="levels"):
        load_catalogue(written(HEAD.replace("\n4 =", "\n5 =")))
    with pytest.raises(CatalogueError, match="families"):
        load_catalogue(written(HEAD.replace("exotic =", "loisirs =")))
