"""Nothing but the bytes that were sealed is taken for a letter, and every refusal is a French sentence."""

import io
import random
from dataclasses import replace

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from skillshare.letters import sealed_bytes
from skillshare.letters.compiling import compile_letter
from skillshare.letters.seal import seal
from skillshare.letters.verifying import read_attached_data, verify
from tests.letters.conftest import SEALED_AT
from tests.letters.examples import SIGNED, example_letter

REASONS = {value for name, value in vars(sealed_bytes).items() if name.isupper() and isinstance(value, str)}


@pytest.fixture(scope="module")
def verdict_of(key):
    certificate = key.certificate_der()
    return lambda pdf: verify(pdf, certificate_der=certificate)


def refused(verdict) -> str:
    assert not verdict.valid and verdict.number is None
    assert verdict.reason_fr in REASONS
    return verdict.reason_fr


def test_a_sealed_letter_is_valid_and_says_its_number(sealed, verdict_of):
    verdict = verdict_of(sealed)
    assert verdict.valid and verdict.number == "2027-0042"
    assert verdict.reason_fr == "Lettre n° 2027-0042 : cachet d’intégrité valide, fichier inchangé."
    assert read_attached_data(sealed)["agent"]["staff_number"] == "204117"


def test_a_bit_flipped_anywhere_is_refused(sealed, verdict_of):
    dice = random.Random(7)
    for position in range(dice.randrange(60), len(sealed), 150):
        changed = bytearray(sealed)
        changed[position] ^= 1 << dice.randrange(8)
        refused(verdict_of(bytes(changed)))


def test_a_byte_changed_in_the_seal_itself_or_its_padding_is_refused(sealed, verdict_of):
    dice = random.Random(11)
    for position in range(sealed.rindex(b"/Contents <"), len(sealed), 5):
        changed = bytearray(sealed)
        changed[position] = dice.choice([byte for byte in b"0aAfF9 >" if byte != sealed[position]])
        refused(verdict_of(bytes(changed)))


def test_the_seal_written_in_lower_case_is_refused(sealed, verdict_of):
    start = sealed.rindex(b"/Contents <") + 11
    end = sealed.index(b">", start)
    assert refused(verdict_of(sealed[:start] + sealed[start:end].lower() + sealed[end:])) == sealed_bytes.BAD_SEAL


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"<script>", b"0" * 4096])
def test_appended_content_is_refused(sealed, verdict_of, tail):
    assert refused(verdict_of(sealed + tail)) == sealed_bytes.APPENDED


def test_an_incremental_overlay_is_refused(sealed, verdict_of):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"1 0 0 rg 0 0 300 300 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    assert refused(verdict_of(out.getvalue())) == sealed_bytes.APPENDED


def rewritten(sealed, change):
    with pikepdf.open(io.BytesIO(sealed)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("change", [
    lambda d: None, lambda d: d.pages.reverse(), lambda d: d.pages.__delitem__(1),
    lambda d: d.pages[0].contents_add(b"1 0 0 rg 0 0 300 300 re f"), lambda d: d.pages.append(d.pages[0])],
    ids=["saved again", "pages swapped", "page removed", "overlay", "page added"])
def test_a_letter_saved_again_with_or_without_change_is_refused(sealed, verdict_of, change):
    refused(verdict_of(rewritten(sealed, change)))


def test_a_letter_sealed_by_somebody_else_under_the_same_name_is_refused(composed, foreign_key, verdict_of):
    foreign = seal(composed, key=foreign_key, reason="Lettre", name="Département du Rivage", at=SEALED_AT)
    assert refused(verdict_of(foreign)) == sealed_bytes.FOREIGN


def test_a_second_signature_on_a_sealed_letter_is_refused(sealed, foreign_key, verdict_of):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    signer = signers.PdfSigner(signers.PdfSignatureMetadata(field_name="other"), signer=foreign_key.signer())
    signer._enforce_certification_constraints = lambda reader: None
    assert refused(verdict_of(signer.sign_pdf(writer).getvalue())) == sealed_bytes.FOREIGN


def test_the_seal_of_another_letter_is_refused(sealed, key, verdict_of):
    other = compile_letter(example_letter(**SIGNED | {"number": "2027-0043"}))
    other = seal(other, key=key, reason="Lettre de mission n° 2027-0042", name="Département du Rivage", at=SEALED_AT)
    cut = [pdf.rindex(b"/Contents <") + 11 for pdf in (sealed, other)]
    borrowed, own = (pdf[at:pdf.index(b">", at)] for pdf, at in zip((sealed, other), cut, strict=True))
    # the room kept for a seal varies by a few bytes from one to the next, all of them padding
    moved = other[:cut[1]] + borrowed.rstrip(b"0").ljust(len(own), b"0") + other[cut[1] + len(own):]
    assert verdict_of(other).valid and refused(verdict_of(moved)) == sealed_bytes.CHANGED


def test_a_cut_letter_is_refused(sealed, verdict_of):
    assert refused(verdict_of(sealed[:-1])) == sealed_bytes.CUT
    for length in range(0, len(sealed), len(sealed) // 60):
        refused(verdict_of(sealed[:length]))


def test_a_letter_never_sealed_is_refused(composed, verdict_of):
    assert refused(verdict_of(composed)) == sealed_bytes.NO_SEAL


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"PK\x03\x04", b"\x00" * 100, b"%PDF-1.7 /ByteRange [0 0 0 0]"])
def test_what_is_no_letter_at_all_is_refused(content, verdict_of):
    refused(verdict_of(content))


def test_random_seals_are_refused_without_an_exception(sealed, verdict_of):
    dice = random.Random(3)
    start = sealed.rindex(b"/Contents <") + 11
    length = sealed.index(b">", start) - start
    genuine = bytes.fromhex(sealed[start:start + length].decode())
    for _ in range(300):
        forged = bytearray(genuine)
        for at in dice.sample(range(1100), dice.randint(1, 40)):
            forged[at] ^= dice.randrange(1, 256)  # never the byte that was there
        refused(verdict_of(sealed[:start] + forged.hex().upper().encode() + sealed[start + length:]))


def test_words_that_imitate_a_seal_do_not_spoil_a_letter(key, verdict_of):
    purpose = replace(example_letter().purpose, title="/ByteRange [0 1 2 3] et /Contents <00>")
    pdf = compile_letter(example_letter(**SIGNED, purpose=purpose))
    assert verdict_of(seal(pdf, key=key, reason="Lettre", name="Rivage", at=SEALED_AT)).valid
