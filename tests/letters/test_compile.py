"""The composed letter: archivable, tagged, two pages at most, and saying what the domain says."""

import io
import json
import random
from dataclasses import replace

import pikepdf
import pytest

from skillshare.letters import blocks
from skillshare.letters.compiling import LetterRefused, LetterTooLong, compile_letter
from skillshare.letters.shape import UNDRAWABLE
from skillshare.letters.verifying import read_attached_data
from tests.letters.examples import EVERY_ACT, SIGNED, example_letter


@pytest.fixture(scope="module", params=EVERY_ACT)
def act(request):
    """Each kind and state: its data and its open PDF."""
    letter = EVERY_ACT[request.param]()
    pdf = compile_letter(letter)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        yield letter, pdf, document


def elements(node, found=None):
    """Every element of the structure tree, in reading order."""
    found = [] if found is None else found
    if isinstance(node, pikepdf.Array):
        for child in node:
            elements(child, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append(node)
        if "/K" in node:
            elements(node.K, found)
    return found


def of_kind(document, kind):
    return [e for e in elements(document.Root.StructTreeRoot) if str(e.S) == f"/{kind}"]


def attributes(element):
    held = element.get("/A", pikepdf.Array([]))
    return held if isinstance(held, pikepdf.Array) else [held]


def words(run, letter):
    return " ".join(run(compile_letter(letter), "pdftotext", "-layout").split())


def test_an_act_is_tagged_titled_and_in_french(act):
    root = act[2].Root
    assert root.MarkInfo.Marked and "/StructTreeRoot" in root
    assert str(root.Lang) == "fr-FR" and root.ViewerPreferences.DisplayDocTitle
    assert "/JavaScript" not in root.get("/Names", {}) and "/OpenAction" not in root


def test_an_act_declares_pdf_a_and_pdf_ua(act):
    with act[2].open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
    assert act[2].Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_every_font_is_embedded_and_copies_as_text(act):
    fonts = [font for page in act[2].pages for font in page.Resources.Font.values()]
    assert fonts
    for font in fonts:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/ToUnicode" in font and {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_every_figure_is_described_and_every_header_cell_scoped(act):
    assert all(str(figure.get("/Alt", "")) for figure in of_kind(act[2], "Figure"))
    assert all(any("/Scope" in attribute for attribute in attributes(cell)) for cell in of_kind(act[2], "TH"))


def test_headings_never_skip_a_level(act):
    kinds = [str(e.S) for e in elements(act[2].Root.StructTreeRoot)]
    levels = [int(kind[2:]) for kind in kinds if kind in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_attached_data_is_the_data(act):
    assert read_attached_data(act[1]) == json.loads(act[0].to_json())
    (attachment,) = act[2].attachments.keys()
    assert str(act[2].attachments[attachment].obj.AFRelationship) == "/Data"


def test_same_data_same_bytes(composed):
    assert compile_letter(example_letter(**SIGNED)) == composed
    assert compile_letter(example_letter(**SIGNED).to_dict()) == composed


def test_a_letter_has_its_23_rubrics_in_order(composed):
    with pikepdf.open(io.BytesIO(composed)) as document:
        assert len(of_kind(document, "H3")) == 23 and len(document.pages) == 2


def test_pay_is_worded_as_the_domain_says(run):
    said = words(run, example_letter(**SIGNED))
    assert "éléments liés à l’exercice des fonctions (NBI, astreintes) suivent" in said


def test_validating_in_the_application_is_not_called_an_electronic_signature(run):
    said = words(run, example_letter(**SIGNED))
    assert "Validé dans l’application par Mme Hélène" in said and "cachet d’intégrité" in said
    assert "électroniquement" not in said


def test_an_electronic_signature_is_named_where_a_process_is_configured(run):
    signature = replace(example_letter().signature, electronic=True, process="parapheur agréé")
    said = words(run, example_letter(**SIGNED, signature=signature))
    assert "Signé électroniquement" in said and "parapheur agréé" in said and "Validé dans" not in said


def test_a_stand_in_is_named_with_whom_they_replace(run):
    assert "suppléante de M. Paul Ferrand" in words(run, example_letter())


def test_a_draft_says_so_and_has_no_code(run):
    said = words(run, example_letter())
    assert "Projet, sans effet" in said and "Signature à venir" in said and "Vérifier cet acte" not in said


def test_what_people_write_is_never_markup(run):
    hostile = "#panic() *gras* $x$ <a> @b \\ [c] // d `e` ${f} {{ g }}"
    said = words(run, example_letter(purpose=replace(example_letter().purpose, context=hostile)))
    assert "#panic() *gras* $x$ <a> @b \\ [c] // d `e` ${f} {{ g }}" in said


def test_every_accepted_sign_is_drawn(run):
    signs = [chr(code) for code in range(0x20, 0x2300) if not UNDRAWABLE.match(chr(code)) and code != 0xad]
    lines = [" ".join(signs[i:i + 100]) for i in range(0, len(signs), 100)]
    for part in (lines[:8], lines[8:]):
        purpose = replace(example_letter().purpose, results=tuple(part))
        assert "□" not in run(compile_letter(example_letter(purpose=purpose)), "pdftotext")


def test_a_sign_without_a_glyph_is_refused_before_composing():
    with pytest.raises(LetterRefused, match="ne peut pas imprimer : ☑"):
        compile_letter(example_letter(place="Rivage ☑"))


@pytest.mark.parametrize("seed", range(6))
def test_random_texts_make_two_pages_or_are_refused(seed):
    dice = random.Random(seed)
    letter = example_letter(**SIGNED)

    def fill(block):
        return replace(block, **{
            name: _prose(dice, dice.randint(1, spec.metadata["longest"])) for name, spec in block.__dataclass_fields__.items()
            if isinstance(getattr(block, name), str) and "longest" in spec.metadata and name not in ("code", "family")})

    drawn = replace(letter, **{name: fill(getattr(letter, name)) for name in (
        "employer", "agent", "home", "host", "purpose", "workplace", "clauses", "notices", "signature")
        if dice.random() < 0.6})
    try:
        pdf = compile_letter(drawn)
    except LetterTooLong:
        return
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) <= 2


def _prose(dice, length):
    text = ""
    while len(text) < length:
        text += "".join(dice.choice("aéuioxbcdrstm' -") for _ in range(dice.randint(2, 16))) + " "
    return text[:length].strip() or "a"


def test_texts_all_at_their_bounds_need_a_third_page():
    clauses = blocks.Clauses(**dict.fromkeys(blocks.Clauses.__dataclass_fields__, "mot " * (blocks.MAX_CLAUSE // 4)))
    with pytest.raises(LetterTooLong, match="raccourcissez"):
        compile_letter(example_letter(clauses=clauses))
