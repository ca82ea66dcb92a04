"""Words keep what was meant, and lose what nothing can hold."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inflio.common.text import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("pasted\vfrom Word", "pasted\nfrom Word"),
        ("a\0b\x07c\x1bd\ud800e\ufffff", "abcdef"),
        ("tab\tand\nline, é, 漢字, 👩🏽‍🚀", "tab\tand\nline, é, 漢字, 👩🏽‍🚀"),
    ],
)
def test_words_stay_and_control_characters_go(typed, kept):
    assert clean_text(typed) == kept


@given(st.text(st.characters()))
def test_clean_text_fits_into_every_feed(text):
    cleaned = clean_text(text)
    root = ElementTree.Element("words")
    root.text = cleaned
    assert (ElementTree.fromstring(ElementTree.tostring(root, encoding="utf-8")).text or "") == cleaned
    assert clean_text(cleaned) == cleaned
