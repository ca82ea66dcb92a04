"""Every upload is judged by its content and stored as a clean JPEG; each fault has its own sentence."""

import io
import zlib

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inflio.common.errors import InvalidInput
from inflio.media.intake import KEEP_LONG_SIDE, clean_upload


def photo(width=400, height=300) -> Image.Image:
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    rows = np.tile(ramp, (height, 1))
    return Image.fromarray(np.dstack([rows, rows // 2, 255 - rows]))


def upload(picture: Image.Image, form: str, name="photo.jpg", **options) -> SimpleUploadedFile:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return SimpleUploadedFile(name, out.getvalue())


def opened(clean) -> Image.Image:
    return Image.open(io.BytesIO(clean.data))


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header promises a size that its few bytes of data do not hold."""
    out = io.BytesIO()
    Image.new("L", (300, 300)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_clean_upload_takes_each_format_and_returns_jpeg(form):
    clean = clean_upload(upload(photo(), form))
    assert opened(clean).format == "JPEG"
    assert (clean.width, clean.height) == (400, 300)


def test_clean_upload_believes_the_content_not_the_name():
    assert clean_upload(upload(photo(), "PNG", name="photo.jpg")).mime == "image/jpeg"


def test_clean_upload_turns_a_rotated_photo_upright_and_drops_exif():
    picture = photo()
    exif = picture.getexif()
    exif[0x0112] = 6  # rotate 90 degrees clockwise to view
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Camera of alice"
    clean = clean_upload(upload(picture, "JPEG", exif=exif))
    assert (clean.width, clean.height) == (300, 400)
    assert not opened(clean).getexif()
    assert b"alice" not in clean.data


def test_clean_upload_lays_transparency_on_white():
    picture = Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    assert opened(clean_upload(upload(picture, "PNG"))).getpixel((150, 150)) == (255, 255, 255)


def test_clean_upload_scales_a_large_photo_down():
    clean = clean_upload(upload(photo(4000, 3000), "JPEG"))
    assert clean.width == KEEP_LONG_SIDE
    assert clean.height == pytest.approx(KEEP_LONG_SIDE * 3 / 4, abs=1)


def frames(form: str) -> SimpleUploadedFile:
    extra = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    return upload(photo(300, 300), form, save_all=True, append_images=extra)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (lambda: SimpleUploadedFile("a.jpg", b""), "empty"),
        (lambda: SimpleUploadedFile("a.jpg", b"Dear diary, " * 50), "not_a_picture"),
        (lambda: SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 not really a JPEG"), "corrupt"),
        (lambda: SimpleUploadedFile("a.png", upload(photo(), "PNG").read()[:900]), "corrupt"),
        (lambda: SimpleUploadedFile("a.jpg", upload(photo(), "JPEG").read()[:700]), "corrupt"),
        (lambda: SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "svg"),
        (lambda: SimpleUploadedFile("a.jpg", b"<?xml version='1.0'?><svg/>"), "svg"),
        (lambda: frames("PNG"), "animated"),
        (lambda: frames("WEBP"), "animated"),
        (lambda: frames("GIF"), "not_a_picture"),
        (lambda: SimpleUploadedFile("a.png", png_header(10_000, 10_000)), "too_large"),
        (lambda: SimpleUploadedFile("a.png", png_header(60_000, 60_000)), "too_large"),
        (lambda: upload(photo(100, 100), "JPEG"), "too_small"),
    ],
)
def test_clean_upload_refuses_with_its_own_sentence(file, code):
    with pytest.raises(InvalidInput) as caught:
        clean_upload(file())
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_clean_upload_refuses_a_heavy_file(settings):
    settings.UPLOAD_MAX_BYTES = 1000
    with pytest.raises(InvalidInput, match="the limit is"):
        clean_upload(upload(photo(), "PNG"))
