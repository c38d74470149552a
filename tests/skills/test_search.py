"""Searching skills with the words, plurals and mistakes of everyday typing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillshare.skills.catalogue import load_catalogue
from skillshare.skills.search import Hit, SkillIndex, normalise

ENTRIES = [(skill.code, skill.name, skill.synonyms) for skill in load_catalogue().skills]
INDEX = SkillIndex(ENTRIES)
FIRST_HITS = {
    "langue des signes": "langue-des-signes",
    "signes": "langue-des-signes",
    "lsf": "langue-des-signes",
    "excel": "tableur",
    "exel": "tableur",
    "tableurs": "tableur",
    "je sais utiliser Excel": "tableur",
    "marchés publics": "marches-publics",
    "marche public": "marches-publics",
    "relecture": "relecture",
    "orthografe": "relecture",
    "tenir un planning": "tenue-planning",
    "réparer un vélo": "reparation-velo",
    "reparations de velos": "reparation-velo",
    "power point": "presentation",
    "cuisinnier": "cuisine-collective",
    "aide logement": "aides-au-logement",
    "L’ACCUEIL CALME": "accueil-calme",
    "médiatrice": "mediation",
    "secourisme": "premiers-secours",
    "plomberi": "plomberie",
    "photos": "photographie",
    "camions": "conduite-poids-lourd",
    "tabl": "tableur",
    "tableu": "tableur",
    "secouris": "premiers-secours",
    "vélos": "reparation-velo",
    "VELO": "reparation-velo",
    "soud": "soudure",
    "pein": "peinture-revetements",
    "cuis": "cuisine-collective",
    "vid": "video-production",
    "angl": "anglais",
    "archiv": "archivage",
    "sono": "sonorisation",
    "table de mixage": "sonorisation",
    "mixage": "sonorisation",
    "tronço": "elagage",
    "electrisien": "electricite",
    "chaufeur": "conduite-vehicule-service",
    "menuisier": "menuiserie",
    "recruter": "recrutement",
    "paye": "gestion-paie",
    "nettoyages": "entretien-locaux",
    "marches publiques": "marches-publics",
    "standar": "accueil-telephonique",
    "traducteurs": "traduction-ecrite",
    "publipostaje": "publipostage",
    "Drône": "drone",
    "sig": "sig",
    "rsa": "instruction-rsa",
    "plan": "strategie-communication",
}


@pytest.mark.parametrize(("typed", "code"), FIRST_HITS.items())
def test_everyday_words_find_the_right_skill_first(typed, code):
    assert INDEX.search(typed)[0].id == code


@pytest.mark.parametrize("typed", ["", "   ", "?!", "de la", "zzzz", "qwxkj"])
def test_nothing_near_gives_nothing(typed):
    assert INDEX.search(typed) == []


def test_normalise_folds_accents_case_punctuation_and_ligatures():
    assert normalise("  L’Œuvre d’ART : été, « n°\u202f3 » ") == "l oeuvre d art ete n 3"


def test_a_hit_says_which_words_matched_as_written():
    assert INDEX.search("EXCEL")[0] == Hit("tableur", 100.0, "Excel")


def test_a_skill_comes_once_and_the_limit_holds():
    ids = [hit.id for hit in INDEX.search("conduite", limit=5)]
    assert len(ids) == len(set(ids)) == 5
    assert INDEX.search("conduite", limit=0) == []


def test_a_short_word_is_never_corrected():
    assert SkillIndex([(1, "RSA", [])]).search("RSB") == []


def test_an_exact_word_comes_before_the_beginning_of_another():
    index = SkillIndex([(1, "Vélotypie", []), (2, "Réparation de vélo", [])])
    assert [hit.id for hit in index.search("vélo")] == [2, 1]


def test_a_name_begun_comes_before_a_synonym_begun_before_likeness_alone():
    index = SkillIndex([(1, "Sonorisation", ["table de mixage"]), (2, "Tableur", []), (3, "Relevé", ["cabl"])])
    assert [hit.id for hit in index.search("tabl")] == [2, 1, 3]


def test_an_index_may_be_empty():
    assert SkillIndex([]).search("excel") == []


def test_results_do_not_depend_on_the_order_of_the_entries():
    shuffled = random.Random(7).sample(ENTRIES, len(ENTRIES))
    other = SkillIndex(shuffled)
    for typed in ("accueil", "conduite", "médiation", "anim", "permis", "interprete"):
        assert other.search(typed) == INDEX.search(typed)


@given(st.text(max_size=60))
def test_any_text_gives_sorted_scores(text):
    scores = [hit.score for hit in INDEX.search(text)]
    assert scores == sorted(scores, reverse=True) and all(50 <= score <= 100 for score in scores)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
