"""Numbers from outside: what is none, or fits no column, is nothing, and never an error."""

import pytest

from inflio.common.params import read_key


@pytest.mark.parametrize(("text", "key"), [("7", 7), ("007", 7), ("0", 0), ("9" * 18, 10**18 - 1)])
def test_whole_numbers_are_read(text, key):
    assert read_key(text) == key


@pytest.mark.parametrize("text", ["", " 7", "-1", "+1", "1.0", "1_0", "²", "٣", "\0", "9" * 19, "9" * 4400])
def test_anything_else_is_nothing(text):
    assert read_key(text) is None
