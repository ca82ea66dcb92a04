"""Edits as facts about pixels: light falls where it was asked for, words spare the face, there and back is exact."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gpu_worker import studio
from gpu_worker.compositor.subject import prepare_subject
from gpu_worker.identity import embed_face, find_faces, score_identity
from gpu_worker.pictures import read_picture
from gpu_worker.retouch.layout import missing_letters, set_headline
from gpu_worker.retouch.person import Person, find_face
from gpu_worker.retouch.recipe import Headline, RetouchRefused, fold, weaken_light
from gpu_worker.retouch.render import Source, render

PHOTOS = sorted((Path(__file__).resolve().parents[2] / "demo" / "photos").glob("0[1-6]*.jpg"))
WIDE = {"op": "aspect", "to": "16:9"}
LIKENESS = 0.85


@pytest.fixture(scope="module")
def made() -> studio.Made:
    photos = [studio.Photo(path, path.name) for path in PHOTOS]
    return studio.portrait(
        photos, scenario="casual_friendly", seed=4, width=1024, height=1280, on_stage=lambda *_: None
    )


@pytest.fixture(scope="module")
def source(made) -> Source:
    rgb = read_picture(made.data)
    photo = next(path for path in PHOTOS if path.name.startswith(made.facts["photo"]))
    original = prepare_subject(read_picture(photo))
    return Source(rgb, Person(find_face(rgb), prepare_subject(rgb)), lambda: [original])


@pytest.fixture(scope="module")
def references() -> list[np.ndarray]:
    pictures = [read_picture(path) for path in PHOTOS]
    return [embed_face(picture, find_faces(picture)[0]) for picture in pictures]


def edit(source, *operations, scale=0.5):
    return render(source, fold([WIDE, *operations]), scale)


def light(**given):
    return {"op": "light", **given}


def halves_of_face(rgb) -> tuple[float, float]:
    """Mean brightness of the face's left and right half."""
    x, y, w, h = (round(value) for value in find_face(rgb))
    face = rgb[y : y + h, x : x + w].mean(axis=2)
    return float(face[:, : w // 2].mean()), float(face[:, w // 2 :].mean())


def test_light_from_a_side_brightens_that_half_of_the_face(source):
    base = halves_of_face(edit(source))
    left = halves_of_face(edit(source, light(**{"from": "left"})))
    right = halves_of_face(edit(source, light(**{"from": "right"})))
    assert left[0] / left[1] > 1.08 * base[0] / base[1]
    assert right[1] / right[0] > 1.08 * base[1] / base[0]


def test_light_comes_from_the_named_side_of_a_mirrored_picture_too(source):
    plain = halves_of_face(edit(source, {"op": "mirror"}))
    left = halves_of_face(edit(source, {"op": "mirror"}, light(**{"from": "left"})))
    assert left[0] / left[1] > 1.08 * plain[0] / plain[1]


def test_dramatic_light_darkens_what_is_behind(source):
    base, dramatic = edit(source), edit(source, light(drama=0.5))
    assert dramatic[:, :60].mean() < 0.9 * base[:, :60].mean()


@pytest.mark.parametrize(
    "operations",
    [
        [light(**{"from": "left"}), {"op": "tone", "what": "temperature", "by": 0.4}],
        [light(**{"from": "right", "drama": 0.5})],
        [light(**{"from": "left", "drama": 0.5, "colour": "blue"})],
        [light(rim="blue", drama=0.5)],
        [{"op": "grade", "name": "cinematic"}, {"op": "tone", "what": "contrast", "by": 0.4}],
        [{"op": "grade", "name": "black_white"}],
        [{"op": "blur", "by": 0.6}],
        [{"op": "mirror"}],
        [{"op": "background", "colour": "red"}, {"op": "text", "text": "WHY?"}],
        [{"op": "background", "look": "luxury.yacht", "place": ""}, {"op": "grade", "name": "sunset"}],
    ],
)
def test_face_stays_the_same_person(source, references, operations):
    assert score_identity(edit(source, *operations, scale=1.0), references) >= LIKENESS


def test_weaker_light_of_a_remake_is_nearer_to_the_person(source, references):
    recipe = fold([WIDE, light(**{"from": "top", "drama": 1.0})])
    scores = [score_identity(render(source, weaken_light(recipe, remake), 0.5), references) for remake in range(3)]
    assert scores == sorted(scores)
    assert scores[2] > scores[0]


def test_mirror_twice_is_the_same_picture(source):
    assert np.array_equal(edit(source, {"op": "mirror"}, {"op": "mirror"}), edit(source))
    assert np.array_equal(edit(source, {"op": "mirror"})[:, ::-1], edit(source))


def test_same_recipe_gives_the_same_bytes_and_opposite_edits_cancel(source):
    closer, wider = {"op": "zoom", "by": 1.25}, {"op": "zoom", "by": 0.8}
    tones = [{"op": "tone", "what": "exposure", "by": sign * 0.35} for sign in (1, -1)]
    assert np.array_equal(edit(source, closer, wider, *tones), edit(source))


def test_crop_keeps_the_whole_face_and_makes_it_larger(source):
    far, near = find_face(edit(source)), find_face(edit(source, {"op": "zoom", "by": 1.2}))
    assert near[3] > 1.1 * far[3]
    assert near[0] > 0
    assert near[1] > -2
    assert near[0] + near[2] < 640
    assert near[1] + near[3] < 362


@pytest.mark.parametrize(("aspect", "size"), [("1:1", (1080, 1080)), ("9:16", (1920, 1080)), ("16:9", (720, 1280))])
def test_format_is_what_was_asked_for_and_shows_the_face(source, aspect, size):
    rgb = render(source, fold([{"op": "aspect", "to": aspect}]))
    assert rgb.shape == (*size, 3)
    assert len(find_faces(rgb)) == 1


def test_wider_than_the_picture_is_refused_with_the_way_out(source):
    with pytest.raises(RetouchRefused, match="no more pixels"):
        edit(source, {"op": "zoom", "by": 0.8})
    wide = find_face(edit(source, {"op": "background", "colour": "teal"}, {"op": "zoom", "by": 0.8}))
    assert wide[3] < find_face(edit(source, {"op": "background", "colour": "teal"}))[3]


def test_closer_than_the_face_is_refused(source):
    with pytest.raises(RetouchRefused, match="cut the face"):
        edit(source, {"op": "zoom", "by": 2.0})


@pytest.mark.parametrize("place", ["", "left", "right", "bottom"])
@pytest.mark.parametrize("words", ["BITCOIN 100K?", "Ärger für 5 €", "¿Mañana? ¡Sí!"])
def test_headline_never_covers_the_face(source, place, words):
    background = {"op": "background", "colour": "navy"}
    operation = {"op": "text", "text": words, "colour": "yellow", "by": 2.0} | ({"place": place} if place else {})
    # A headline changes where the person stands, so what it covers is seen by what is yellow.
    rgb = edit(source, background, operation).astype(int)
    yellow = (rgb[..., 0] > 215) & (rgb[..., 1] > 180) & (rgb[..., 2] < 70)
    x, y, w, h = (round(value) for value in find_face(rgb.astype(np.uint8)))
    assert yellow.sum() > 0.006 * yellow.size
    assert not yellow[max(0, y) : y + h, max(0, x) : x + w].any()


def test_letters_that_no_font_has_are_named():
    assert missing_letters("Ä ñ € Ş Č Ж Ω") == ""
    assert missing_letters("100 日") == "日"
    with pytest.raises(RetouchRefused, match="日"):
        set_headline(Headline("日"), (1280, 720), None, None)


def test_headline_without_room_is_refused_and_says_what_helps():
    face, head = (20.0, 100.0, 400.0, 500.0), (0.0, 10.0, 470.0, 600.0)
    with pytest.raises(RetouchRefused, match="on the left without covering the face"):
        set_headline(Headline("TOO MUCH", place="left"), (1280, 720), face, head)
    assert set_headline(Headline("TOO MUCH"), (1280, 720), face, head).box[0] > 420


def test_background_is_blurred_and_the_face_is_not(source):
    sharp, soft = edit(source), edit(source, {"op": "blur", "by": 1.0})
    x, y, w, h = (round(value) for value in find_face(sharp))
    face = np.s_[y + h // 4 : y + 3 * h // 4, x + w // 4 : x + 3 * w // 4]
    assert np.abs(sharp[face].astype(int) - soft[face]).mean() < 1.5
    corner = np.s_[: sharp.shape[0] // 3, : sharp.shape[1] // 6]
    assert (
        np.abs(np.diff(soft[corner].astype(int), axis=1)).mean()
        < 0.7 * np.abs(np.diff(sharp[corner].astype(int), axis=1)).mean()
    )


def test_preview_is_the_same_picture_in_small(source):
    operations = [WIDE, light(**{"from": "left"}), {"op": "text", "text": "NOW", "colour": "red"}]
    full, small = render(source, fold(operations)), render(source, fold(operations), 0.25)
    assert small.shape == (180, 320, 3)
    reduced = np.asarray(Image.fromarray(full).resize((320, 180), Image.Resampling.LANCZOS)).astype(int)
    assert np.abs(reduced - small).mean() < 5


def test_picture_without_a_face_can_be_toned_but_not_lit():
    rng = np.random.default_rng(1)
    plain = Source(rng.integers(60, 180, (400, 640, 3), dtype=np.uint8), None)
    assert render(plain, fold([WIDE, {"op": "tone", "what": "exposure", "by": 0.4}])).mean() > 130
    with pytest.raises(RetouchRefused, match="no face was found"):
        render(plain, fold([WIDE, light(**{"from": "left"})]))


@pytest.mark.parametrize(
    "operation", [{"op": "melt"}, {"op": "tone", "what": "mood", "by": 1}, {"op": "text", "by": 2}]
)
def test_unknown_operations_are_refused(operation):
    with pytest.raises(RetouchRefused):
        fold([operation])


def test_studio_shows_a_first_look_before_the_picture(made, tmp_path):
    base = tmp_path / "base.jpg"
    base.write_bytes(made.data)
    seen = []
    photos = [studio.Photo(path, path.name) for path in PHOTOS]
    edited = studio.retouch(
        studio.Photo(base, "base"),
        photos,
        operations=[WIDE, {"op": "background", "scenario": "casual_friendly", "seed": 4}],
        made_from=made.facts["photo"],
        on_stage=lambda fraction, stage, preview=None: seen.append((fraction, preview)),
    )
    assert [fraction for fraction, _ in seen] == sorted(fraction for fraction, _ in seen)
    previews = [preview for _, preview in seen if preview]
    assert [read_picture(preview).shape for preview in previews] == [(180, 320, 3)]
    assert (edited.width, edited.height) == (1280, 720)
    assert studio.likeness(edited.data, photos) >= LIKENESS
