"""The embedded check: adults pass, bare bodies and young-looking faces do not, each with its own sentence."""

from pathlib import Path

import pytest

from gpu_worker import safety
from gpu_worker.pictures import encode_jpeg, read_picture
from gpu_worker.tests.test_safety import draw_body
from inflio.safety.checks import embedded, inspect_picture

CHECKS = ("inflio.safety.checks.embedded.EmbeddedCheck",)
PHOTO = (Path(__file__).resolve().parents[3] / "demo" / "photos" / "01_front.jpg").read_bytes()


def test_a_photo_of_an_adult_passes():
    assert inspect_picture(PHOTO, CHECKS) is None


def test_a_bare_body_is_refused_as_sexual():
    finding = inspect_picture(encode_jpeg(draw_body((180, 40, 50), (150, 100, 75))), CHECKS)
    assert finding.category == "sexual"
    assert finding.scores["nudity"] >= embedded.SEXUAL
    assert "undressed" in finding.reason


def test_a_face_below_the_limit_is_refused_as_minor(monkeypatch):
    age = safety.youngest_face(read_picture(PHOTO, embedded.WORKING_SIDE))
    monkeypatch.setattr(embedded, "ADULT", age + 1)  # no picture of a child belongs in this project
    finding = inspect_picture(PHOTO, CHECKS)
    assert finding.category == "minor"
    assert finding.scores["age"] == pytest.approx(age, abs=0.1)
    assert "under 18" in finding.reason
