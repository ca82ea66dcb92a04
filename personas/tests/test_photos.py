"""Photos: what is refused and with which sentence, and what is stored."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inflio.common.errors import Conflict, InvalidInput
from inflio.media import storage
from inflio.media.models import Asset
from personas import services
from personas.models import ReferencePhoto
from personas.tests.makers import encoded, findings, persona_with_photos, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(workspace, alice):
    return services.create_persona(workspace=workspace, name="Ada", by=alice)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds nearly nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bomb() -> bytes:
    """Some kilobytes that unpack to 192 million pixels."""
    return encoded(Image.new("1", (16_000, 12_000)), "PNG")


def animated(kind: str) -> bytes:
    frames = [picture(1), picture(2)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


BAD = {
    "empty": ("photo.jpg", lambda: b"", "empty", "This file is empty"),
    "corrupt": ("photo.jpg", lambda: encoded(picture())[:600], "corrupt", "This photo is damaged"),
    "renamed text": ("photo.jpg", lambda: b"dear diary, " * 99, "not_a_picture", "This is not a photo we can read"),
    "svg": ("photo.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg", "are not photos"),
    "svg renamed": ("photo.jpg", lambda: b"<?xml version='1.0'?><svg/>", "svg", "are not photos"),
    "animated gif": ("photo.gif", lambda: animated("GIF"), "not_a_picture", "This is not a photo we can read"),
    "animated webp": ("photo.webp", lambda: animated("WEBP"), "animated", "This picture is animated"),
    "100 megapixels": ("photo.png", lambda: png_header(10_000, 10_000), "too_large", "has 100 megapixels"),
    "bomb": ("photo.png", bomb, "too_large", "too many pixels|megapixels"),
    "tiny": ("photo.jpg", lambda: encoded(picture(size=(90, 120))), "too_small", "only 90 x 120 pixels"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_photo_gets_its_own_sentence(empty, alice, case):
    name, make, code, sentence = BAD[case]
    with pytest.raises(InvalidInput, match=sentence) as refused:
        services.add_photo(persona=empty, file=SimpleUploadedFile(name, make()), by=alice)
    assert refused.value.code == code
    assert not empty.photos.exists()
    assert not Asset.objects.exists()


def test_too_heavy_file_is_refused_before_it_is_read(empty, alice, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    with pytest.raises(InvalidInput, match="the limit is"):
        services.add_photo(persona=empty, file=upload(), by=alice)


def stored(photo: ReferencePhoto) -> Image.Image:
    image = Image.open(io.BytesIO(storage.read(photo.asset.name)))
    image.load()
    return image


def test_wrong_extension_is_judged_by_its_content(empty, alice):
    file = SimpleUploadedFile("photo.png", encoded(picture()))
    photo = services.add_photo(persona=empty, file=file, by=alice)
    assert photo.asset.name.endswith(".jpg")
    assert stored(photo).format == "JPEG"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_other_formats_are_stored_as_jpeg(empty, alice, kind):
    file = SimpleUploadedFile(f"photo.{kind.lower()}", encoded(picture(), kind))
    photo = services.add_photo(persona=empty, file=file, by=alice)
    assert (stored(photo).format, stored(photo).size) == ("JPEG", (240, 300))


def test_transparency_becomes_white(empty, alice):
    clear = Image.new("RGBA", (240, 300), (255, 0, 0, 0))
    photo = services.add_photo(persona=empty, file=SimpleUploadedFile("a.png", encoded(clear, "PNG")), by=alice)
    assert min(stored(photo).getpixel((120, 150))) > 250


def test_rotated_photo_is_stored_upright_without_metadata(empty, alice):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)  # GPS latitude
    data = encoded(picture(size=(300, 240)), "JPEG", exif=exif)
    assert b"SecretCamera" in data
    photo = services.add_photo(persona=empty, file=SimpleUploadedFile("a.jpg", data), by=alice)
    assert stored(photo).size == (240, 300)
    assert not stored(photo).getexif()
    assert b"SecretCamera" not in storage.read(photo.asset.name)


def test_same_file_twice_is_refused_and_the_first_is_kept(empty, alice):
    first = services.add_photo(persona=empty, file=upload(1, "a.jpg"), by=alice)
    with pytest.raises(InvalidInput, match="already here as a.jpg") as refused:
        services.add_photo(persona=empty, file=upload(1, "b.jpg"), by=alice)
    assert refused.value.code == "same_photo"
    assert list(empty.photos.all()) == [first]


def test_same_picture_with_other_metadata_is_refused(empty, alice):
    services.add_photo(persona=empty, file=upload(1), by=alice)
    exif = Image.Exif()
    exif[0x010E] = "the same pixels, another file"
    again = SimpleUploadedFile("b.jpg", encoded(picture(1), "JPEG", exif=exif))
    with pytest.raises(InvalidInput, match="already here"):
        services.add_photo(persona=empty, file=again, by=alice)


def test_same_photo_may_serve_two_personas(empty, workspace, alice):
    other = services.create_persona(workspace=workspace, name="Eve", by=alice)
    services.add_photo(persona=empty, file=upload(1), by=alice)
    kept = services.add_photo(persona=other, file=upload(1), by=alice)
    services.remove_photo(photo=empty.photos.get(), by=alice)
    assert storage.read(kept.asset.name)


def test_twenty_first_photo_is_refused(workspace, alice):
    persona = persona_with_photos(workspace, alice, count=20)
    with pytest.raises(InvalidInput, match="There are 20 photos already") as refused:
        services.add_photo(persona=persona, file=upload(21), by=alice)
    assert refused.value.code == "too_many"
    assert persona.photos.count() == 20


def test_removed_photo_leaves_no_file(empty, alice, django_capture_on_commit_callbacks):
    photo = services.add_photo(persona=empty, file=upload(), by=alice)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_photo(photo=photo, by=alice)
    assert not empty.photos.exists()
    assert not Asset.objects.exists()
    with pytest.raises(FileNotFoundError):
        storage.read(photo.asset.name)


def test_photo_cannot_go_while_it_is_looked_at(persona, alice):
    services.start_analysis(persona=persona, by=alice)
    with pytest.raises(Conflict, match="being looked at"):
        services.remove_photo(photo=persona.photos.first(), by=alice)


def test_photo_added_after_the_analysis_waits(ready, alice):
    photo = services.add_photo(persona=ready, file=upload(9), by=alice)
    assert photo.verdict == ReferencePhoto.Verdict.WAITING
    assert findings(ready)["usable"] == 6


def test_archived_persona_takes_no_photo(empty, alice):
    services.archive_persona(persona=empty, by=alice)
    with pytest.raises(Conflict, match="archived"):
        services.add_photo(persona=empty, file=upload(), by=alice)
