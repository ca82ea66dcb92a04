"""Edits by the embedded engine: refused before money moves, and measured against the person, never against the base."""

from pathlib import Path

import pytest

from inflio.common.errors import InvalidInput
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import EngineRequest, Picture

PHOTOS = sorted((Path(__file__).resolve().parents[3] / "demo" / "photos").glob("0[1-3]*.jpg"))


def pictures() -> tuple[Picture, ...]:
    return tuple(Picture(path, path.name) for path in PHOTOS)


def request(**params) -> EngineRequest:
    return EngineRequest("edit", {"base": PHOTOS[0].name, "operations": [], "photo": "", **params}, pictures())


def test_unknown_edit_is_refused_before_anything_is_spent():
    engine = get_engine("embedded")
    assert "does not know the edit" in engine.refusal("edit", {"operations": [{"op": "melt"}]}, 3)
    assert engine.refusal("edit", {"operations": [{"op": "mirror"}]}, 3) is None
    assert engine.refusal("edit", {"operations": []}, 0) is not None


def test_edit_reports_a_preview_and_is_measured():
    engine, seen = get_engine("embedded"), []
    result = engine.run(
        request(operations=[{"op": "aspect", "to": "16:9"}, {"op": "text", "text": "HI"}]),
        lambda fraction, stage, finding=None, preview=None: seen.append(preview),
    )
    assert [preview[:2] for preview in seen if preview] == [b"\xff\xd8"]
    output = result.outputs[0]
    assert (output.width, output.height) == (1280, 720)
    assert output.facts["method"] == "retouch"
    assert engine.score(output, pictures()) > 0.85


def test_edit_that_the_picture_does_not_allow_is_said_in_a_sentence():
    with pytest.raises(InvalidInput, match="no more pixels") as refusal:
        get_engine("embedded").run(request(operations=[{"op": "zoom", "by": 0.5}]), lambda *_, **__: None)
    assert refusal.value.code == "edit_refused"
    with pytest.raises(InvalidInput, match="is gone"):
        get_engine("embedded").run(request(base="another"), lambda *_, **__: None)


def test_edit_of_a_drawn_picture_still_says_that_it_was_drawn():
    result = get_engine("embedded").run(request(base_method="generated"), lambda *_, **__: None)
    assert result.outputs[0].facts["method"] == "generated"
