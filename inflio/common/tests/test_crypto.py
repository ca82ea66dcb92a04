"""Sealed texts: readable with the same secret and purpose, and with nothing else."""

import pytest

from inflio.common.crypto import Unreadable, seal, unseal


def test_unseal_reads_what_was_sealed():
    sealed = seal("key:ü", purpose="p")
    assert "key" not in sealed
    assert unseal(sealed, purpose="p") == "key:ü"


def test_seal_never_looks_the_same_twice():
    assert seal("x", purpose="p") != seal("x", purpose="p")


def test_unseal_refuses_another_purpose_a_change_and_another_secret(settings):
    sealed = seal("x", purpose="p")
    for text, purpose in ((sealed, "q"), (sealed[:-4] + "AAA=", "p"), ("ü", "p"), ("", "p")):
        with pytest.raises(Unreadable):
            unseal(text, purpose=purpose)
    settings.SECRET_KEY = "another"
    with pytest.raises(Unreadable):
        unseal(sealed, purpose="p")


def test_unseal_still_reads_with_an_older_secret(settings):
    sealed = seal("x", purpose="p")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new"
    assert unseal(sealed, purpose="p") == "x"
