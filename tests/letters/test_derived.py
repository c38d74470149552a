"""The acts that follow a signed letter."""

from dataclasses import replace
from datetime import date

import pytest

from skillshare.letters.compiling import compile_letter
from skillshare.letters.content import LetterData
from skillshare.letters.derived import attestation_of, early_end_of
from tests.letters.examples import SIGNED, STEPS, example_letter


def ended_early(letter):
    return early_end_of(letter, effective_on=date(2027, 4, 30), initiative="l’agent", reason="Retour souhaité.",
                        dated=date(2027, 4, 20), steps=STEPS)


def test_an_early_end_refers_to_its_letter_and_is_not_signed_yet(run):
    act = ended_early(example_letter(**SIGNED))
    assert (act.number, act.verify, act.signature.at, act.state) == (None, None, None, "to_sign")
    said = " ".join(run(compile_letter(act), "pdftotext", "-layout").split())
    assert "lettre de mission n° 2027-0042 du 18 février 2027" in said
    assert "vendredi 30 avril 2027, au lieu du jeudi 27 mai 2027" in said
    assert "Service de la commande publique, à sa quotité de travail de 90" in said


def test_an_attestation_tells_facts_and_no_mark(run):
    act = attestation_of(example_letter(**SIGNED), ended_on=date(2027, 5, 27), days=25, hours=175, dated=date(2027, 6, 1))
    assert LetterData.from_json(act.to_dict()) == act
    said = " ".join(run(compile_letter(act), "pdftotext", "-layout").split())
    assert "n° 2027-0042 du 18 février 2027" in said and "320 dossiers contrôlés" in said
    assert "25 jours, soit 175 h" in said and "ni note" in said


def test_an_attestation_says_that_the_application_issued_it_and_claims_no_signature(run):
    act = attestation_of(example_letter(**SIGNED), ended_on=date(2027, 5, 27), days=25, hours=175, dated=date(2027, 6, 1))
    issued = replace(act, state="issued", number="2027-0042-ATT", verify=SIGNED["verify"])
    said = " ".join(run(compile_letter(issued), "pdftotext").split())
    assert "Délivrée par l’application le 1er juin 2027, après la fin de la mission" in said and "sans nouvelle signature" in said
    assert "signée le 18 février 2027 à 14 h 32 par Mme Hélène Marchand" in said
    assert "Validé dans l’application" not in said and "Signature à venir" not in said


def test_only_an_attestation_is_issued():
    with pytest.raises(ValueError, match="état de lettre"):
        example_letter(**SIGNED | {"state": "issued"}).validate()


def test_only_a_signed_letter_is_followed():
    with pytest.raises(ValueError, match="Seule une lettre signée"):
        ended_early(example_letter())
