"""Decoding and encoding of pictures: every format upright in sRGB, every broken file a plain sentence."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from gpu_worker.pictures import (
    MAX_PIXELS,
    PictureError,
    encode_jpeg,
    encode_png,
    fit_within,
    linear_to_srgb,
    read_picture,
    srgb_to_linear,
)

ORIENTATION = 0x0112


def quarters(width: int = 64, height: int = 32) -> np.ndarray:
    """Red, green, blue and grey quarters, so that any turn or mirroring shows."""
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[: height // 2, : width // 2] = (200, 30, 30)
    rgb[: height // 2, width // 2 :] = (30, 200, 30)
    rgb[height // 2 :, : width // 2] = (30, 30, 200)
    rgb[height // 2 :, width // 2 :] = (120, 120, 120)
    return rgb


def save(image: Image.Image, image_format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def refusal(content: bytes) -> PictureError:
    with pytest.raises(PictureError) as caught:
        read_picture(content)
    return caught.value


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_read_picture_of_every_format_shows_the_same(image_format):
    content = save(Image.fromarray(quarters(256, 128)), image_format, quality=95)
    rgb = read_picture(content)
    assert rgb.shape == (128, 256, 3)
    assert rgb.dtype == np.uint8
    assert np.abs(rgb.astype(int) - quarters(256, 128)).mean() < 4


# How a camera stores a picture that the tag's number then turns upright again.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("max_side", [None, 64])
def test_read_picture_turns_every_exif_orientation_upright(orientation, max_side):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = Image.fromarray(quarters(256, 128)).transpose(STORED[orientation])
    rgb = read_picture(save(stored, "JPEG", exif=exif, quality=95), max_side)
    assert rgb.shape == ((128, 256, 3) if max_side is None else (32, 64, 3))
    assert np.abs(fit_within(rgb, 64).astype(int) - quarters()).mean() < 6


def test_read_picture_from_a_path_with_the_wrong_extension(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(save(Image.fromarray(quarters()), "JPEG"))
    assert read_picture(path).shape == (32, 64, 3)


def test_read_picture_from_a_missing_path_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "none.jpg")


def test_read_picture_never_enlarges():
    assert read_picture(encode_png(quarters()), 1000).shape == (32, 64, 3)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_read_picture_of_every_mode_is_rgb(mode):
    if mode == "I;16":
        image = Image.fromarray(np.full((8, 8), 102 * 257, np.uint16))
    else:
        image = Image.new("RGB", (8, 8), (102, 102, 102)).convert(mode)
    rgb = read_picture(save(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert rgb.shape == (8, 8, 3)
    assert np.abs(rgb.astype(int) - 102).max() <= 3


def test_read_picture_lays_transparency_on_light_paper():
    assert read_picture(save(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG")).min() > 240


def test_read_picture_converts_a_colour_profile_to_srgb():
    lab_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    swapped = save(Image.new("RGB", (8, 8), (90, 160, 90)), "PNG", icc_profile=swap_profile())
    plain = save(Image.new("RGB", (8, 8), (90, 160, 90)), "PNG")
    unusable = save(Image.new("RGB", (8, 8), (90, 160, 90)), "PNG", icc_profile=lab_profile)
    garbage = save(Image.new("RGB", (8, 8), (90, 160, 90)), "PNG", icc_profile=b"garbage")
    assert np.abs(read_picture(swapped).astype(int) - read_picture(plain)).max() > 20
    assert np.array_equal(read_picture(unusable), read_picture(plain))
    assert np.array_equal(read_picture(garbage), read_picture(plain))


def swap_profile() -> bytes:
    """sRGB with the primaries of red and green exchanged and another name: clearly another colour space."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * 20, 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = (
        bytes(profile[green + 4 : green + 12]),
        bytes(profile[red + 4 : red + 12]),
    )
    name = "sRGB".encode("utf-16-be")
    return bytes(profile).replace(name, "xRGB".encode("utf-16-be")).replace(b"sRGB built-in", b"xRGB built-in")


def test_read_picture_of_an_empty_file():
    assert refusal(b"").code == "empty"


@pytest.mark.parametrize(
    "content", [b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x00" * 4096]
)
def test_read_picture_of_something_else(content):
    error = refusal(content)
    assert error.code == "unsupported"
    assert "JPEG, PNG, WebP or HEIC" in str(error)


def test_read_picture_of_a_gif_is_not_supported():
    assert refusal(save(Image.fromarray(quarters()), "GIF")).code == "unsupported"


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_read_picture_of_half_a_file(image_format):
    noise = np.random.default_rng(1).integers(0, 255, (128, 128, 3), np.uint8)
    content = save(Image.fromarray(noise), image_format)
    assert refusal(content[: len(content) // 2]).code in ("damaged", "unsupported")


@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_read_picture_of_an_animation(image_format):
    frames = [Image.fromarray(quarters()), Image.fromarray(quarters()[::-1].copy())]
    content = save(frames[0], image_format, save_all=True, append_images=frames[1:])
    assert refusal(content).code == "animated"


@pytest.mark.parametrize("side", [8000, 10_000, 20_000])
def test_read_picture_of_a_decompression_bomb_is_refused_before_decoding(side):
    assert side * side > MAX_PIXELS
    content = save(Image.new("1", (side, side)), "PNG")
    assert len(content) < 100_000
    assert refusal(content).code == "too_many_pixels"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_read_picture_of_a_corrupted_file_reads_or_refuses(data):
    image_format = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "HEIF"]))
    content = bytearray(save(Image.fromarray(quarters(96, 96)), image_format))
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=12)):
        content[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(PictureError):
        rgb = read_picture(bytes(content))
        assert rgb.ndim == 3
        assert rgb.dtype == np.uint8


def test_encode_jpeg_keeps_colour_edges_and_has_no_metadata():
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, ::2] = (220, 20, 20)
    rgb[:, 1::2] = (20, 20, 220)
    content = encode_jpeg(rgb, quality=95)
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert "icc_profile" not in image.info
    assert np.abs(read_picture(content).astype(int) - rgb).mean() < 6  # halved colour would give about 50


def test_encode_jpeg_of_a_mirrored_view():
    assert read_picture(encode_jpeg(quarters()[:, ::-1])).shape == (32, 64, 3)


def test_linear_light_and_back_is_exact():
    every_byte = np.arange(256, dtype=np.uint8).reshape(4, 64)
    linear = srgb_to_linear(every_byte)
    assert linear.dtype == np.float32
    assert linear.shape == (4, 64)
    assert linear.min() == 0
    assert linear.max() == 1
    assert np.array_equal(linear_to_srgb(linear), every_byte)


def test_linear_light_of_middle_grey_and_out_of_range():
    assert srgb_to_linear(np.uint8([188]))[0] == pytest.approx(0.503, abs=0.002)
    assert linear_to_srgb(np.float32([-1, 0.2140, 5])).tolist() == [0, 127, 255]


def test_linear_light_keeps_the_shape_of_pictures():
    rgb = np.random.default_rng(2).integers(0, 255, (5, 7, 3), np.uint8)
    assert np.array_equal(linear_to_srgb(srgb_to_linear(rgb[:, ::-1])), rgb[:, ::-1])
