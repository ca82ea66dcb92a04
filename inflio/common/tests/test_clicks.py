"""A form's key is kept as it was sent, as far as every database can keep it."""

import pytest
from django.test import RequestFactory

from inflio.common.clicks import click_key


@pytest.mark.parametrize(
    ("sent", "kept"),
    [({"key": "a1b2"}, "a1b2"), ({"key": "k" * 41}, "k" * 40), ({}, "")],
)
def test_click_key_is_what_a_row_can_keep(sent, kept):
    assert click_key(RequestFactory().post("/", sent)) == kept
