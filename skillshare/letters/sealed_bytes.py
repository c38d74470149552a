"""A sealed file read byte by byte: one seal, over all the file but itself, in its only possible encoding.

What passes is exactly what was sealed with the given certificate: nothing before, after, or in the room kept for
the seal can have changed. No PDF reader is involved, so a hostile file opens nothing.
"""

from __future__ import annotations

import hashlib
import re

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate

BYTE_RANGE = re.compile(rb"/ByteRange ?\[(\d{1,12}) (\d{1,12}) (\d{1,12}) (\d{1,12})\]")
NOT_A_SEAL = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)  # of asn1crypto, on any bytes

NOT_PDF = "Ce fichier n’est pas un PDF."
NO_SEAL = "Ce fichier ne porte aucun cachet : ce n’est pas une lettre signée."
APPENDED = "Le fichier a été complété après la signature."
CUT = "Le fichier est incomplet : la fin manque."
BAD_SEAL = "Le cachet a été altéré."
FOREIGN = "Le cachet n’est pas celui de l’employeur."
CHANGED = "Le cachet ne correspond pas au contenu : le fichier a été modifié."


class Refused(Exception):
    """Why a file is not an authentic letter, in French."""


def check(pdf: bytes, *, certificate_der: bytes) -> None:
    """Return where `pdf` is byte for byte what the holder of the certificate sealed; else raise Refused."""
    refuse_unless(pdf.startswith(b"%PDF-"), NOT_PDF)
    sealed, container = _split(pdf)
    signed, signature = _opened(container, certificate_der)
    _check_signature(certificate_der, signature, signed)
    refuse_unless(_digest_in(signed) == hashlib.sha256(sealed).digest(), CHANGED)


def refuse_unless(holds: bool, reason: str) -> None:
    if not holds:
        raise Refused(reason)


def _split(pdf: bytes) -> tuple[bytes, bytes]:
    """What the seal covers, and the seal in hexadecimal. The last range counts: any text may imitate the others."""
    ranges = BYTE_RANGE.findall(pdf)
    refuse_unless(bool(ranges), NO_SEAL)
    start, length, restart, rest = (int(number) for number in ranges[-1])
    refuse_unless(restart + rest >= len(pdf), APPENDED)
    refuse_unless(restart + rest == len(pdf), CUT)
    refuse_unless(start == 0 and length + 2 < restart, BAD_SEAL)
    refuse_unless(pdf[length:length + 1] == b"<" and pdf[restart - 1:restart] == b">", BAD_SEAL)
    return pdf[:length] + pdf[restart:], pdf[length + 1:restart - 1]


def _opened(container: bytes, certificate_der: bytes) -> tuple[bytes, bytes]:
    """The signed attributes and the signature, where the container holds them and the certificate alone."""
    try:
        signed_data = cms.ContentInfo.load(bytes.fromhex(container.decode("ascii")))["content"]
        holder = signed_data["certificates"][0].chosen.dump()
        signer = signed_data["signer_infos"][0]
        signed, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native
        expected = _encoded(certificate_der, signed, signature)
    except NOT_A_SEAL:
        raise Refused(BAD_SEAL) from None
    refuse_unless(holder == certificate_der, FOREIGN)
    refuse_unless(container == expected.hex().upper().encode().ljust(len(container), b"0"), BAD_SEAL)
    return signed, signature


def _encoded(certificate_der: bytes, signed: bytes, signature: bytes) -> bytes:
    """The only encoding of a seal: version numbers, names of algorithms and padding escape the signature."""
    certificate = Certificate.load(certificate_der)
    issuer = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = cms.SignerInfo({
        "version": "v1", "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(issuer)}),
        "digest_algorithm": {"algorithm": "sha256"}, "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signed_attrs": cms.CMSAttributes.load(signed), "signature": signature})
    signed_data = cms.SignedData({
        "version": "v1", "digest_algorithms": [{"algorithm": "sha256"}], "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices(name="certificate", value=certificate)], "signer_infos": [signer]})
    return cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump()


def _digest_in(signed: bytes) -> bytes:
    """The digest that the seal's holder signed; only called on authentic attributes."""
    found = [item["values"][0].native for item in cms.CMSAttributes.load(signed)
             if item["type"].native == "message_digest"]
    return found[0] if found else b""


def _check_signature(certificate_der: bytes, signature: bytes, signed: bytes) -> None:
    key = load_der_x509_certificate(certificate_der).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Refused(FOREIGN)
    try:
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Refused(BAD_SEAL) from None
