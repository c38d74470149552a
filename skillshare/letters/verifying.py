"""Whether a file is a letter sealed with the employer's key, unchanged; never an exception."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from dataclasses import dataclass
from typing import Any

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Verdict:
    """`reason_fr` says in one sentence what was found; `sha256` is of the bytes as given."""

    valid: bool
    reason_fr: str
    sha256: str
    number: str | None = None


def verify(pdf: bytes, *, certificate_der: bytes) -> Verdict:
    """Check that one signature covers the entire file, holds, and comes from the given certificate."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        reason = _fault(pdf, certificate_der)
    except Exception:  # a damaged file breaks its readers in countless ways; each means: not authentic
        reason = "Ce fichier n’est pas une lettre lisible, ou il a été abîmé."
    if reason:
        return Verdict(False, reason, sha256)
    number = attached_data(pdf).get("number")
    return Verdict(True, f"Lettre n° {number} : cachet d’intégrité valide, fichier inchangé.", sha256, number)


def _fault(pdf: bytes, certificate_der: bytes) -> str:
    signatures = list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    if not signatures:
        return "Ce fichier ne porte aucun cachet : ce n’est pas une lettre signée."
    if len(signatures) > 1:
        return "Ce fichier porte un cachet de trop : il a été modifié après la signature."
    signature = signatures[0]
    if signature.signer_cert.dump() != certificate_der:
        return "Le cachet n’est pas celui de l’employeur."
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(certificate_der)], allow_fetching=False,
                                other_certs=[], moment=None, best_signature_time=None)
    status = validate_pdf_signature(signature, signer_validation_context=trusted, skip_diff=True)
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return "Le fichier a été complété après la signature."
    if not (status.intact and status.valid and status.trusted):
        return "Le cachet ne correspond pas au contenu : le fichier a été modifié."
    return ""


def attached_data(pdf: bytes) -> dict[str, Any]:
    """The data attached to a letter."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name, attachment in document.attachments.items():
            if name.endswith(".json"):
                return json.loads(attachment.get_file().read_bytes())
    return {}
