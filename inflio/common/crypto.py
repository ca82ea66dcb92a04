"""Secrets at rest: text sealed with keys that are derived from SECRET_KEY, one for each purpose."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A sealed text was made with another SECRET_KEY, for another purpose, or was changed."""


def seal(text: str, *, purpose: str) -> str:
    """Return `text` encrypted and signed; only `unseal` with the same purpose reads it."""
    return _box(purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, purpose: str) -> str:
    """Return what was sealed; raises Unreadable. Keys of SECRET_KEY_FALLBACKS still read."""
    try:
        return _box(purpose).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable(f"a sealed {purpose} cannot be read with this installation's secret key") from error


def _box(purpose: str) -> MultiFernet:
    return MultiFernet([_fernet(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str, purpose: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"inflio:{purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
