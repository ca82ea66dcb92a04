"""Export: sizes, cuts, formats, captions, credentials, and a zip that streams whatever happens."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from content.exports.archive import stream_zip
from content.exports.crop import face_of, frame_for
from content.exports.encode import encode
from content.exports.names import file_name
from content.exports.presets import PRESETS
from content.services import items
from content.services.exports import (
    REPORT,
    ExportOptions,
    NotExported,
    check_export,
    export_picture,
    export_zip,
    notes_on,
)
from content.tests.gallery_makers import finished_item, finished_items, plain_persona
from inflio.common.errors import InvalidInput
from inflio.media.credentials import read_credentials
from personas.tests.makers import encoded


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def unzipped(pieces) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    return archive


SIZES = st.tuples(st.integers(1, 4000), st.integers(1, 4000))
SHARE = st.floats(0.01, 0.98)


@given(size=SIZES, wanted=SIZES, face=st.none() | st.tuples(SHARE, SHARE, SHARE, SHARE), centred=st.booleans())
def test_frame_lies_inside_and_has_the_shape(size, wanted, face, centred):
    frame = frame_for(size, wanted, face=face, centred=centred)
    left, top, right, bottom = frame.box
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    # As exact as whole pixels allow, and as large as it can be.
    assert abs(frame.width / frame.height - wanted[0] / wanted[1]) <= wanted[0] / wanted[1] / min(
        frame.width, frame.height
    ) + 1 / min(frame.width, frame.height)
    assert frame.width == size[0] or frame.height == size[1]


def test_frame_follows_the_face_and_stays_inside():
    right = frame_for((1600, 900), (1080, 1350), face=(0.7, 0.1, 0.1, 0.2), centred=False)
    middle = frame_for((1600, 900), (1080, 1350), face=(0.7, 0.1, 0.1, 0.2), centred=True)
    assert right.left <= 0.75 * 1600 <= right.left + right.width
    assert right.left == round(0.75 * 1600 - right.width / 2)
    assert middle.left == (1600 - middle.width) // 2
    edge = frame_for((1600, 900), (1080, 1350), face=(0.95, 0.1, 0.05, 0.2), centred=False)
    assert edge.left + edge.width == 1600
    assert right.by_face
    assert not middle.by_face


def test_unmeasured_face_is_taken_to_be_above_the_middle():
    frame = frame_for((1000, 3000), (1000, 1000), face=None, centred=False)
    assert frame.top < 1000
    assert not frame.by_face


@pytest.mark.parametrize(
    "face", [None, "0,0,1,1", [0.1, 0.1, 0.2], [0.1, 0.1, 0.2, True], [2, 0, 0.1, 0.1], [0.1, 0.1, 0, 0], ["a"] * 4]
)
def test_face_that_is_no_box_is_none(face):
    assert face_of({"face": face}) is None


@pytest.mark.django_db
@pytest.mark.parametrize("preset", [key for key in PRESETS if key != "master_large"])
def test_preset_gives_its_exact_size_and_format(persona, preset):
    target = PRESETS[preset]
    item = finished_item(persona, size=(640, 800))
    file = export_picture(item=item, options=ExportOptions(preset=preset, form=target.formats[0]))
    image = opened(file.data)
    assert image.size == (target.width, target.height)
    assert image.format.lower() == target.formats[0]
    assert not target.most_bytes or len(file.data) <= target.most_bytes


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "ending"), [("jpeg", "jpg"), ("png", "png"), ("webp", "webp")])
def test_original_size_in_every_format(persona, form, ending):
    file = export_picture(item=finished_item(persona), options=ExportOptions(form=form))
    image = opened(file.data)
    assert (image.format.lower(), image.size) == (form, (240, 300))
    assert file.name.endswith(f".{ending}")
    assert file.mime == f"image/{form}"


@pytest.mark.django_db
def test_cut_shows_the_face(persona):
    wide = Image.new("RGB", (800, 400), "white")
    wide.paste((200, 0, 0), (600, 50, 700, 150))  # stands for the face
    item = finished_item(persona, size=(800, 400), provenance={"face": [0.75, 0.125, 0.125, 0.25]})
    path = default_storage.path(item.asset.name)
    with open(path, "wb") as handle:
        handle.write(encoded(wide, quality=95))
    red = {}
    for crop in ("face", "centre"):
        image = opened(export_picture(item=item, options=ExportOptions("ig_feed_square", crop=crop)).data)
        red[crop] = sum(1 for pixel in image.resize((90, 90)).get_flattened_data() if pixel[0] > 150 and pixel[1] < 80)
    assert red["face"] > 300
    assert red["centre"] < red["face"] / 2


@pytest.mark.django_db
def test_enlarging_is_said_beforehand(persona):
    small = finished_item(persona, size=(400, 500))
    large = finished_item(persona, number=2, size=(1080, 1350), provenance={"face": [0.4, 0.2, 0.2, 0.2]})
    options = ExportOptions("ig_feed_portrait")
    assert "Enlarged 2.7 times" in notes_on(small.asset, options)[0]
    assert notes_on(large.asset, options) == ()
    square = ExportOptions("ig_feed_square")
    assert "not measured" in " ".join(notes_on(small.asset, square))
    assert "not measured" not in " ".join(notes_on(large.asset, square))
    assert notes_on(small.asset, ExportOptions()) == ()


def test_quality_falls_until_the_file_fits():
    noisy = Image.effect_noise((900, 900), 90).convert("RGB")
    data = encoded(noisy, "PNG")
    free = encode(data, form="jpeg", quality=95, frame=None, size=None)
    tight = encode(data, form="jpeg", quality=95, frame=None, size=None, most_bytes=len(free.data) // 2 + 400_000)
    assert tight.quality < 95
    assert len(tight.data) <= len(free.data) // 2


def test_transparent_pictures_get_a_white_ground_in_jpeg():
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    made = encode(encoded(clear, "PNG"), form="jpeg", quality=90, frame=None, size=None)
    assert opened(made.data).getpixel((5, 5)) == (255, 255, 255)
    kept = encode(encoded(clear, "PNG"), form="webp", quality=90, frame=None, size=None)
    assert opened(kept.data).mode == "RGBA"


@pytest.mark.django_db
def test_export_keeps_and_adds_to_the_credentials(persona):
    item = finished_item(persona, size=(640, 800))
    first = export_picture(item=item, options=ExportOptions("ig_feed_square"))
    report = read_credentials(first.data, first.mime)
    assert report is not None
    assert b"compositeSynthetic" in first.data
    assert b"c2pa.cropped" in first.data
    assert b"c2pa.resized" in first.data
    plain = export_picture(item=item, options=ExportOptions())
    assert b"c2pa.cropped" not in plain.data
    assert b"c2pa.transcoded" in plain.data


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "options", "sentence"),
    [
        (0, ExportOptions(), "at least one"),
        (501, ExportOptions(), "at most 500 pictures; you chose 501"),
        (1, ExportOptions("ig_carousel"), "at least 2"),
        (11, ExportOptions("ig_carousel"), "at most 10 pictures; you chose 11"),
        (36, ExportOptions("tt_photo"), "at most 35"),
        (1, ExportOptions("ig_feed_square", "png"), "takes JPEG"),
        (1, ExportOptions("li_image", "webp"), "takes JPEG or PNG"),
    ],
)
def test_what_a_platform_does_not_take_is_said(count, options, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check_export(count=count, options=options)


@pytest.mark.django_db
def test_zip_holds_every_picture_and_its_caption(persona):
    rows = finished_items(persona, 3, prompt="On the beach")
    items.tag_items(items=rows[:1], names=["blue hour"])
    archive = unzipped(export_zip(items=rows, options=ExportOptions("ig_feed_square", captions=True)))
    names = archive.namelist()
    assert len(names) == len(set(names)) == 6
    pictures = [name for name in names if name.endswith(".jpg")]
    assert all(name.startswith("ada-lifestyle-travel-") and "ig_feed_square" in name for name in pictures)
    assert {opened(archive.read(name)).size for name in pictures} == {(1080, 1080)}
    caption = archive.read(names[1]).decode()
    assert caption.startswith("On the beach\n\n#bluehour #ai\n")
    assert "made with AI" in caption


@pytest.mark.django_db
def test_zip_goes_on_without_a_missing_and_a_broken_file(persona):
    good, missing, broken, cut_short = finished_items(persona, 4)
    default_storage.delete(missing.asset.name)
    with open(default_storage.path(broken.asset.name), "wb") as handle:
        handle.write(b"not a picture")
    path = default_storage.path(cut_short.asset.name)
    with open(path, "rb") as handle:
        data = handle.read()
    with open(path, "wb") as handle:
        handle.write(data[: len(data) // 2])
    archive = unzipped(export_zip(items=[missing, broken, cut_short, good], options=ExportOptions()))
    assert [name for name in archive.namelist() if name != REPORT] == [file_name(good, "jpg")]
    report = archive.read(REPORT).decode()
    assert f"{file_name(missing, 'jpg')}: its file is missing" in report
    assert f"{file_name(broken, 'jpg')}: its file is damaged" in report
    assert file_name(cut_short, "jpg") in report
    with pytest.raises(NotExported):
        export_picture(item=missing, options=ExportOptions())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\r\nX: y', "Зоя", "😀", "CON", "x" * 80])
def test_hostile_names_give_plain_file_names(workspace, alice, name):
    item = finished_item(plain_persona(workspace, alice, name), look="nowhere/../x")
    made = file_name(item, "jpg")
    assert made.isascii()
    assert not set(made) & set('/\\"\r\n:* ')
    assert len(made) < 120


def test_zip_comes_piece_by_piece():
    asked = []

    def files():
        for number in range(5):
            asked.append(number)
            yield f"{number}.txt", bytes([number]) * 1000

    pieces = stream_zip(files())
    first = next(pieces)
    assert asked == [0]
    assert 1000 < len(first) < 1200
    archive = unzipped([first, *pieces])
    assert [len(archive.read(name)) for name in archive.namelist()] == [1000] * 5
