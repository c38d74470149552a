"""The seal and its key: archivable as before, dated by the act, valid for independent readers."""

import io
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest

from skillshare.letters.compiling import compile_letter
from skillshare.letters.keys import CERTIFICATE, KEY, ensure_seal_key
from skillshare.letters.seal import TOOLTIP, seal
from skillshare.letters.verifying import read_attached_data, verify
from tests.letters.conftest import SEALED_AT
from tests.letters.examples import EVERY_ACT


@pytest.fixture(scope="module")
def document(sealed):
    with pikepdf.open(io.BytesIO(sealed)) as document:
        yield document


def test_the_field_is_invisible_described_and_tagged(document):
    (field,) = document.Root.AcroForm.Fields
    assert [float(x) for x in field.Rect] == [0, 0, 0, 0] and str(field.TU) == str(field.Contents) == TOOLTIP
    assert "/AP" not in field and int(field.F) == 132
    numbers = document.Root.StructTreeRoot.ParentTree
    leaves = [numbers] if "/Nums" in numbers else list(numbers.Kids)
    tree = {int(leaf.Nums[i]): leaf.Nums[i + 1] for leaf in leaves for i in range(0, len(leaf.Nums), 2)}
    element = tree[int(field.StructParent)]
    assert str(element.S) == "/Form" and str(element.Alt) == TOOLTIP and element.K.Obj.objgen == field.objgen


def test_the_form_asks_nothing_of_readers(document):
    form = document.Root.AcroForm
    assert int(form.SigFlags) == 3 and "/NeedAppearances" not in form and "/DR" not in form
    assert str(document.pages[-1].obj.Tabs) == "/S"


def test_the_seal_certifies_that_nothing_may_change(document):
    (field,) = document.Root.AcroForm.Fields
    assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
    assert int(field.V.Reference[0].TransformParams.P) == 1
    assert document.Root.Perms.DocMDP.objgen == field.V.objgen


def test_a_sealed_letter_keeps_its_marks_and_data(document, composed, sealed):
    with pikepdf.open(io.BytesIO(composed)) as before:
        assert document.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert document.Root.MarkInfo.Marked and str(document.Root.Lang) == "fr-FR"
    assert read_attached_data(sealed) == read_attached_data(composed)


@pytest.mark.parametrize("act", EVERY_ACT)
def test_every_act_can_be_sealed(act, key):
    sealed = seal(compile_letter(EVERY_ACT[act]()), key=key, reason="acte", name="Rivage", at=SEALED_AT)
    verdict = verify(sealed, certificate_der=key.certificate_der())
    assert verdict.valid, verdict.reason_fr


def test_the_seal_is_dated_by_the_act(sealed, key):
    assert verify(sealed, certificate_der=key.certificate_der()).signed_at == SEALED_AT


def test_poppler_finds_the_signature_valid_over_the_total_document(sealed, run):
    said = run(sealed, "pdfsig", expect=0)
    assert "Signature is Valid" in said and "Total document signed" in said


def test_poppler_finds_a_changed_letter_invalid(sealed, run):
    changed = bytearray(sealed)
    changed[sealed.index(b"stream\n") + 20] ^= 1
    assert "Signature is Valid" not in run(bytes(changed), "pdfsig", expect=0)


def test_qpdf_finds_a_sealed_letter_clean(sealed, run):
    assert "No syntax or stream encoding errors found" in run(sealed, "qpdf", "--check")


def test_an_employer_of_a_long_name_has_a_key_that_seals(tmp_path, composed):
    name = "Établissement public départemental des collèges et de la forêt de l’Étang-aux-Épées"
    key = ensure_seal_key(tmp_path, name)
    sealed = seal(composed, key=key, reason="acte", name=name, at=SEALED_AT)
    assert verify(sealed, certificate_der=key.certificate_der()).valid


def test_only_the_owner_reads_the_key(key):
    assert stat.S_IMODE(os.stat(key.key_path).st_mode) == 0o600


def test_processes_that_start_together_share_one_key(tmp_path):
    with ThreadPoolExecutor(16) as threads:
        keys = list(threads.map(lambda _: ensure_seal_key(tmp_path / "keys", "Rivage").certificate_der(), range(16)))
    assert len(set(keys)) == 1 and {p.name for p in (tmp_path / "keys").iterdir()} == {KEY, CERTIFICATE}


def test_a_key_made_without_its_certificate_is_completed(tmp_path, composed):
    key = ensure_seal_key(tmp_path, "Rivage")
    secret = key.key_path.read_bytes()
    key.certificate_path.unlink()
    again = ensure_seal_key(tmp_path, "Rivage")
    sealed = seal(composed, key=again, reason="acte", name="Rivage", at=SEALED_AT)
    assert again.key_path.read_bytes() == secret and verify(sealed, certificate_der=again.certificate_der()).valid
