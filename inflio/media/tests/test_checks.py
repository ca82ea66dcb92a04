"""The configured certificate is proved at start-up, and two starters agree on one development certificate."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from inflio.media.checks import check_certificate
from inflio.media.credentials.certificate import make_development_key, signing_key


@pytest.fixture
def own(tmp_path, settings):
    """A development certificate and its key, as an operator would name them."""
    settings.VAR_DIR = tmp_path / "var"
    make_development_key(tmp_path / "own")
    settings.C2PA_CERT, settings.C2PA_KEY = str(tmp_path / "own/chain.pem"), str(tmp_path / "own/key.pem")
    return tmp_path / "own"


def messages() -> list[str]:
    return [error.msg for error in check_certificate(None)]


def test_a_certificate_of_the_operator_is_used(own, settings):
    assert messages() == []
    assert not signing_key().self_made
    assert not (settings.VAR_DIR / "credentials").exists()


def test_every_mistake_is_named(own, settings, tmp_path):
    settings.C2PA_KEY = ""
    assert messages() == ["INFLIO_C2PA_KEY is missing: the certificate and its key are only used together."]
    settings.C2PA_KEY = str(tmp_path / "nowhere.pem")
    assert "Cannot read" in messages()[0]
    (own / "key.pem").write_bytes(b"hello")
    settings.C2PA_KEY = str(own / "key.pem")
    assert "no PEM that can be read" in messages()[0]
    private = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (own / "key.pem").write_bytes(private)
    assert "is not the key of the first certificate" in messages()[0]


def test_an_unreadable_trust_list_is_named(own, settings):
    settings.C2PA_TRUST = "/nowhere/roots.pem"
    assert "INFLIO_C2PA_TRUST" in messages()[0]


def test_several_starters_agree_on_one_certificate(tmp_path):
    folder = tmp_path / "var" / "credentials"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_development_key, [folder] * 8))
    assert sorted(path.name for path in folder.parent.iterdir()) == ["credentials"]
    assert sorted(path.name for path in folder.iterdir()) == ["chain.pem", "key.pem"]
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    first = (folder / "chain.pem").read_bytes()
    make_development_key(folder)
    assert (folder / "chain.pem").read_bytes() == first
