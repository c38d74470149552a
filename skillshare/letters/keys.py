"""The key that seals letters: EC P-256 and a self-made certificate, an integrity seal and not a qualified signature."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner

KEY, CERTIFICATE = "seal_key.pem", "seal_certificate.pem"


@dataclass(frozen=True)
class SealKey:
    """Where the private key and its certificate lie; the key file has mode 0600."""

    key_path: Path
    certificate_path: Path

    def signer(self) -> SimpleSigner:
        signer = SimpleSigner.load(str(self.key_path), str(self.certificate_path))
        if signer is None:
            raise RuntimeError(f"{self.key_path} ne peut pas être lue.")
        return signer

    def certificate_der(self) -> bytes:
        certificate = x509.load_pem_x509_certificate(self.certificate_path.read_bytes())
        return certificate.public_bytes(serialization.Encoding.DER)


def ensure_seal_key(folder: Path, name: str) -> SealKey:
    """The seal key of `folder`, made for the employer `name` where there is none."""
    found = SealKey(folder / KEY, folder / CERTIFICATE)
    if not found.key_path.exists():
        _make(found, name)
    return found


def _make(paths: SealKey, name: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Cachet d’intégrité, {name}"[:64]),
                         x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64])])
    start = datetime.now(UTC) - timedelta(days=730)  # the demo's history is sealed in the past
    certificate = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
                   .public_key(key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(start).not_valid_after(start + timedelta(days=365 * 12))
                   .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                   .add_extension(_usage(), critical=True).sign(key, hashes.SHA256()))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                            serialization.NoEncryption())
    paths.certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    with open(os.open(paths.key_path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=True, content_commitment=True, key_encipherment=False,
                         data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
                         encipher_only=False, decipher_only=False)
