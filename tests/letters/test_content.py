"""What keeps data from becoming a letter, said in French."""

import json
from dataclasses import replace
from datetime import date

import pytest

from skillshare.letters import blocks
from skillshare.letters.content import LetterData
from skillshare.letters.shape import undrawable
from tests.letters.examples import EVERY_ACT, SIGNED, example_early_end, example_letter


def refusal(letter: LetterData) -> str:
    with pytest.raises(ValueError) as refused:
        letter.validate()
    return str(refused.value)


@pytest.mark.parametrize("act", EVERY_ACT)
def test_an_act_survives_its_own_json(act):
    letter = EVERY_ACT[act]()
    letter.validate()
    assert LetterData.from_json(json.loads(letter.to_json())) == letter


def test_the_json_does_not_depend_on_the_order_of_keys():
    letter = example_letter()
    turned = dict(reversed(letter.to_dict().items()))
    assert LetterData.from_json(turned).to_json() == letter.to_json()


def test_signs_that_fonts_cannot_draw_are_named():
    letter = example_letter()
    refused = refusal(replace(letter, purpose=replace(letter.purpose, context="Merci 😀 漢")))
    assert refused == "Le contexte contient des signes que la lettre ne peut pas imprimer : 😀 漢"


def test_names_of_europe_and_vietnam_are_drawn():
    assert undrawable("Nguyễn Đặng, Łukasz Żółć, Ștefan, Αθηνά, Тургенев, Œuvré, Kelaññ") == ""


@pytest.mark.parametrize(("part", "name", "longest"), [
    ("purpose", "title", blocks.MAX_TITLE), ("purpose", "context", blocks.MAX_CONTEXT),
    ("clauses", "means", blocks.MAX_CLAUSE), ("agent", "name", blocks.MAX_NAME)])
def test_a_text_is_refused_one_character_above_its_bound(part, name, longest):
    letter = example_letter()
    block = getattr(letter, part)
    replace(letter, **{part: replace(block, **{name: "a" * longest})}).validate()
    refused = refusal(replace(letter, **{part: replace(block, **{name: "a" * (longest + 1)})}))
    assert f"{longest + 1} caractères pour {longest} au plus" in refused


def test_a_mission_does_not_end_before_it_starts():
    period = replace(example_letter().period, ends_on=date(2027, 3, 1))
    assert refusal(example_letter(period=period)) == "La mission finit avant de commencer."


def test_the_load_never_exceeds_the_working_time():
    load = blocks.Load(share=60, weekly_hours=21, home_share=50)
    assert refusal(example_letter(load=load)) == "La quotité de la mission dépasse le temps de travail de l’agent."


def test_a_mission_is_ended_early_within_its_dates():
    assert "fin anticipée" in refusal(example_early_end(effective_on=date(2027, 5, 28)))


def test_a_signed_letter_has_number_and_code():
    assert "porte un numéro" in refusal(example_letter(**SIGNED | {"number": None}))


def test_a_loan_to_another_employer_is_another_act():
    assert "mise à disposition" in refusal(example_letter(regime="external"))


def test_every_fault_is_told_at_once():
    period = replace(example_letter().period, ends_on=date(2027, 3, 1))
    assert len(refusal(example_letter(period=period, place="漢", recipients=())).splitlines()) == 3


@pytest.mark.parametrize(("path", "value", "said"), [
    (("surprise",), 1, "surprise"), (("dated",), "hier", "La date « hier »"), (("agent",), [], "mal formé"),
    (("period", "days"), "beaucoup", "days"), (("recipients",), "l'agent", "Une liste"), (("version",), True, "version")])
def test_json_of_another_shape_is_refused_in_french(path, value, said):
    data = example_letter().to_dict()
    block = data
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    with pytest.raises(ValueError, match=said):
        LetterData.from_json(data)
