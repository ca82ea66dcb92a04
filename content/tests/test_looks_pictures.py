"""The Create page shows a sample picture of every look."""

from content.categories import LOOKS
from content.templatetags.compose import look_picture


def test_every_look_has_its_sample_picture():
    assert [look for look in LOOKS if not look_picture(look)] == []


def test_look_without_a_picture_has_no_address():
    assert look_picture("luxury.moon") == ""
