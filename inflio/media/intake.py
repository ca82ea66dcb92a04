"""Uploaded pictures: judged by their content, decoded within limits, turned upright, re-encoded without metadata."""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from inflio.common.errors import InvalidInput

register_heif_opener()
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
KEEP_LONG_SIDE = 2560  # pixels; more than any output needs
MIN_SIDE = 200
JPEG_QUALITY = 93


@dataclass(frozen=True)
class CleanPicture:
    """A safe JPEG made from an upload: sRGB, upright, no metadata."""

    data: bytes
    width: int
    height: int
    mime: str = "image/jpeg"
    extension: str = "jpg"


def clean_upload(file) -> CleanPicture:
    """Return the picture in an uploaded file; raises InvalidInput with a sentence for the user.

    `file` is a Django UploadedFile or any binary file object with `size`.
    """
    if not file.size:
        raise InvalidInput("This file is empty. Choose the photo again.", code="empty")
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise InvalidInput(
            f"This file is {file.size / 1048576:.0f} MB; the limit is {limit} MB. Save it smaller.", code="too_heavy"
        )
    file.seek(0)
    data = file.read()
    _refuse_known_other(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit below is lower
            return _decode(data)
    except InvalidInput:
        raise
    except Image.DecompressionBombError as error:
        raise InvalidInput(_too_many_pixels(), code="too_large") from error
    except UnidentifiedImageError as error:
        raise InvalidInput(
            "This is not a photo we can read. Use a JPEG, PNG, WebP or HEIC file.", code="not_a_picture"
        ) from error
    except (OSError, SyntaxError, ValueError, MemoryError, EOFError, IndexError, RuntimeError) as error:
        raise InvalidInput(
            "This photo is damaged and cannot be opened. Export it again or choose another one.", code="corrupt"
        ) from error


def _refuse_known_other(data: bytes) -> None:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        raise InvalidInput(
            "Drawings and web pages (SVG, HTML) are not photos. Use a JPEG, PNG, WebP or HEIC file.", code="svg"
        )


def _decode(data: bytes) -> CleanPicture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "HEIF":
            raise InvalidInput("This picture is animated. Choose a still photo.", code="animated")
        if picture.width * picture.height > settings.UPLOAD_MAX_PIXELS:
            raise InvalidInput(_too_many_pixels(picture.width, picture.height), code="too_large")
        if min(picture.size) < MIN_SIDE:
            raise InvalidInput(
                f"This photo is only {picture.width} x {picture.height} pixels. Use one of at least "
                f"{MIN_SIDE} pixels on each side; 1000 or more works best.",
                code="too_small",
            )
        picture.draft("RGB", (KEEP_LONG_SIDE, KEEP_LONG_SIDE))
        flat = _flatten(_to_srgb(ImageOps.exif_transpose(picture)))
    flat.thumbnail((KEEP_LONG_SIDE, KEEP_LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=False)
    return CleanPicture(out.getvalue(), flat.width, flat.height)


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Convert a wide-gamut photo (phones save Display P3) so that skin keeps its colour without the profile."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB")) or picture
    except ImageCms.PyCMSError:  # a broken profile says nothing: read the numbers as sRGB, as browsers do
        return picture


def _flatten(picture: Image.Image) -> Image.Image:
    """Return 8-bit sRGB on white; transparency has no place in a photo of a face."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        picture = Image.alpha_composite(white, rgba)
    return picture.convert("RGB")


def _too_many_pixels(width: int | None = None, height: int | None = None) -> str:
    limit = settings.UPLOAD_MAX_PIXELS // 1_000_000
    measured = f" has {width * height / 1e6:.0f} megapixels" if width and height else " has too many pixels"
    return f"This photo{measured}; the limit is {limit} megapixels. Save it smaller and try again."
