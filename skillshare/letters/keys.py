"""The key that seals letters: EC P-256 and a self-made certificate, an integrity seal and not a qualified signature."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner

KEY, CERTIFICATE = "seal_key.pem", "seal_certificate.pem"
# A self-made certificate attests no date, and a demo seals in its own past and future: bounds as wide as is useful.
VALID_FROM, VALID_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


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


def ensure_seal_key(folder: Path, name: str = "bourse de compétences") -> SealKey:
    """The seal key of `folder`, made for the employer `name` where there is none.

    Several processes may start together: each step publishes a whole file once, and the first one wins.
    """
    found = _paths(folder)
    if not found.key_path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _publish(found.key_path, _new_key())
    if not found.certificate_path.exists():
        _publish(found.certificate_path, _certificate(found.key_path.read_bytes(), name))
    return found


def _paths(folder: Path) -> SealKey:
    return SealKey(folder / KEY, folder / CERTIFICATE)


def _publish(path: Path, content: bytes) -> None:
    """Write `path` whole, readable by its owner alone, unless another process just did."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def _certificate(key_pem: bytes, name: str) -> bytes:
    key = serialization.load_pem_private_key(key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("La clé du cachet doit être une clé EC P-256.")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _cut(f"Cachet d’intégrité, {name}")),
                         x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(name))])
    certificate = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
                   .public_key(key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(VALID_FROM).not_valid_after(VALID_UNTIL)
                   .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                   .add_extension(_usage(), critical=True).sign(key, hashes.SHA256()))
    return certificate.public_bytes(serialization.Encoding.PEM)


def _cut(name: str) -> str:
    """What a certificate takes of a name: 64 characters in X.520, bytes of UTF-8 in what writes it."""
    return name.encode()[:64].decode(errors="ignore")


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=True, content_commitment=True, key_encipherment=False,
                         data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
                         encipher_only=False, decipher_only=False)
