"""The likeness of an edit is measured against the person's photos, never against the picture that was edited."""

from pathlib import Path

import pytest

from inflio.generation.engines import get_engine
from inflio.generation.engines.base import Output, Picture
from inflio.generation.engines.likeness import measured_against

BASE, *PHOTOS = (
    Picture(path, path.name)
    for path in sorted((Path(__file__).resolve().parents[3] / "demo" / "photos").glob("0[1-3]*.jpg"))
)


def output_of(picture: Picture, **facts) -> Output:
    return Output(picture.path.read_bytes(), "image/jpeg", "jpg", 1, 1, facts)


def test_base_never_vouches_for_itself():
    edited = output_of(BASE, base=BASE.sha256)
    assert measured_against(edited, (BASE, *PHOTOS)) == tuple(PHOTOS)
    assert measured_against(edited, (BASE,)) == (BASE,)


@pytest.mark.parametrize("name", ["embedded", "fal_nano_banana_2", "gemini"])
def test_every_engine_that_edits_leaves_the_base_out(name):
    engine, person = get_engine(name), tuple(PHOTOS)
    with_base = engine.score(output_of(BASE), (BASE, *person))
    without = engine.score(output_of(BASE), person)
    assert with_base > without > 0.5
    assert engine.score(output_of(BASE, base=BASE.sha256), (BASE, *person)) == without
