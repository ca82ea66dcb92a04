"""The certificate pictures are signed with: the operator's, or one made here once for development."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

CURVES = {"secp256r1": b"es256", "secp384r1": b"es384", "secp521r1": b"es512"}
YEARS = 10
PEM = serialization.Encoding.PEM


class BadCertificate(Exception):
    """The configured certificate cannot sign pictures; the message says which file and why."""


@dataclass(frozen=True)
class SigningKey:
    """chain: PEM, the signing certificate first. key: PKCS#8 PEM. algorithm: in C2PA's spelling. anchor: its root."""

    chain: bytes
    key: bytes
    algorithm: bytes
    anchor: bytes
    self_made: bool


def signing_key() -> SigningKey:
    """The operator's certificate (C2PA_CERT and C2PA_KEY), else the development one; raises BadCertificate."""
    if settings.C2PA_CERT or settings.C2PA_KEY:
        return _configured(settings.C2PA_CERT, settings.C2PA_KEY)
    folder = settings.VAR_DIR / "credentials"
    if not (folder / "key.pem").exists():
        make_development_key(folder)
    return _read(folder / "chain.pem", folder / "key.pem", self_made=True)


def trust_anchors() -> str:
    """PEM of every root whose signatures count as trusted: ours, and those of the operator's list."""
    anchors = signing_key().anchor.decode()
    if settings.C2PA_TRUST:
        try:
            anchors += "\n" + Path(settings.C2PA_TRUST).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise BadCertificate(f"INFLIO_C2PA_TRUST: cannot read {settings.C2PA_TRUST}: {error}") from error
    return anchors


def make_development_key(folder: Path) -> None:
    """Make a root and a signing certificate in `folder`, whole or not at all; the first of several makers wins.

    The root's key is thrown away: nothing else can ever be signed with it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".credentials-"))
    try:
        root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root, leaf = _issue_root(root_key), _issue_leaf(leaf_key, root_key)
        private = leaf_key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        _write(draft / "chain.pem", leaf.public_bytes(PEM) + root.public_bytes(PEM))
        _write(draft / "key.pem", private)
        draft.rename(folder)  # fails when another process was first: then its key is the key
    except OSError:
        if not (folder / "key.pem").exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _configured(certificate: str, key: str) -> SigningKey:
    if not certificate or not key:
        missing = "INFLIO_C2PA_KEY" if certificate else "INFLIO_C2PA_CERT"
        raise BadCertificate(f"{missing} is missing: the certificate and its key are only used together.")
    return _read(Path(certificate), Path(key), self_made=False)


def _read(chain_file: Path, key_file: Path, *, self_made: bool) -> SigningKey:
    chain, key = _content(chain_file), _content(key_file)
    try:
        certificates = x509.load_pem_x509_certificates(chain)
        private = serialization.load_pem_private_key(key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadCertificate(f"{chain_file} or {key_file} is no PEM that can be read: {error}") from error
    _check(certificates[0], private, chain_file, key_file)
    pkcs8 = private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return SigningKey(chain, pkcs8, _algorithm(private, key_file), certificates[-1].public_bytes(PEM), self_made)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadCertificate(f"Cannot read {path}: {error.strerror}.") from error


def _check(leaf: x509.Certificate, private, chain_file: Path, key_file: Path) -> None:
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    if leaf.public_key().public_bytes(PEM, spki) != private.public_key().public_bytes(PEM, spki):
        raise BadCertificate(f"{key_file} is not the key of the first certificate in {chain_file}.")
    if not leaf.not_valid_before_utc <= datetime.now(UTC) <= leaf.not_valid_after_utc:
        raise BadCertificate(
            f"{chain_file} is valid from {leaf.not_valid_before_utc:%Y-%m-%d} to {leaf.not_valid_after_utc:%Y-%m-%d}, "
            "which is not today."
        )


def _algorithm(private, key_file: Path) -> bytes:
    if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in CURVES:
        return CURVES[private.curve.name]
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return b"ed25519"
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= 2048:
        return b"ps256"
    raise BadCertificate(f"{key_file}: use a key on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more.")


def _issue_root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return (
        _builder("Inflio development root", "Inflio development root", key, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _issue_leaf(key: ec.EllipticCurvePrivateKey, root_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return (
        _builder("Inflio development signer", "Inflio development root", key, root_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _builder(subject: str, issuer: str, key, issuer_key) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Inflio (self-made certificate)")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    names += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def serial_of(chain: bytes) -> str:
    """Serial number of the signing certificate, as C2PA reports write it."""
    return str(x509.load_pem_x509_certificates(chain)[0].serial_number)
