"""Whether a file is a letter sealed with the employer's key, unchanged; never an exception."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from skillshare.letters.sealed_bytes import BAD_SEAL, Refused, check, refuse_unless

KINDS = {"attestation": "Attestation", "early_end": "Fin anticipée"}
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Verdict:
    """`reason_fr` says in one sentence what was found; `sha256` is of the bytes as given."""

    valid: bool
    reason_fr: str
    sha256: str
    number: str | None = None
    signed_at: datetime | None = None


def verify(pdf: bytes, *, certificate_der: bytes) -> Verdict:
    """Check that one seal covers the entire file, holds, and was made by the given certificate.

    The bytes are checked first; a PDF reader then only opens what was sealed here, and confirms that other
    readers will see a certified file.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        check(pdf, certificate_der=certificate_der)
        signed_at = _as_readers_see_it(pdf, certificate_der)
    except Refused as refusal:
        return Verdict(False, str(refusal), sha256)
    data = read_attached_data(pdf)
    number = data.get("number")
    reason = f"{KINDS.get(str(data.get('kind')), 'Lettre')} n° {number} : cachet d’intégrité valide, fichier inchangé."
    return Verdict(True, reason, sha256, number, signed_at)


def _as_readers_see_it(pdf: bytes, certificate_der: bytes) -> datetime:
    """The seal's own date. Its certificate is judged at that date, so that a letter outlives its certificate."""
    signatures = list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    refuse_unless(len(signatures) == 1, BAD_SEAL)
    sealed_at = signatures[0].self_reported_timestamp
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(certificate_der)], allow_fetching=False,
                                moment=sealed_at)
    status = validate_pdf_signature(signatures[0], signer_validation_context=trusted)
    certified = status.docmdp_ok and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    refuse_unless(bool(certified and status.bottom_line), BAD_SEAL)
    return sealed_at


def read_attached_data(pdf: bytes) -> dict[str, Any]:
    """The data attached to a letter, {} where there is none. Raises pikepdf.PdfError on what is not a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name, attachment in document.attachments.items():
            if name.endswith(".json"):
                data: dict[str, Any] = json.loads(attachment.get_file().read_bytes())
                return data
    return {}
