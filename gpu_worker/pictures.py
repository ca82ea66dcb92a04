"""Decode any photo to upright RGB, encode pictures without metadata, convert sRGB to linear light and back.

Pixels are `numpy.uint8` arrays of shape (height, width, 3) in sRGB unless a name says `linear`.
"""

import io
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_PIXELS = 60_000_000
# Pictures with transparency are laid on this light grey, as most viewers show them.
PAPER = (245, 245, 245)


class PictureError(Exception):
    """A file isn't a photo we can use; `code` names the reason, the message is one sentence for its owner.

    Codes: empty, unsupported, damaged, animated, too_many_pixels.
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def read_picture(source: str | Path | bytes, max_side: int | None = None) -> np.ndarray:
    """Decode to upright RGB uint8 (h, w, 3); content decides the format, not the file's name.

    With `max_side` (pixels) the longest side is at most that; a JPEG is then decoded at reduced size.
    Wide-gamut photos are converted to sRGB. Raises PictureError; OSError where a path can't be read.
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not content:
        raise PictureError("empty", "This file is empty: choose the photo again.")
    with _open_image(content) as image:
        if max_side:
            image.draft("RGB", _size_within(image.size, max_side))
        rgb = np.asarray(_to_rgb(_load_upright(image)))
    return fit_within(rgb, max_side) if max_side else rgb


def fit_within(rgb: np.ndarray, max_side: int) -> np.ndarray:
    """The same picture with its longest side at most `max_side` pixels; never enlarged."""
    height, width = rgb.shape[:2]
    if max(height, width) <= max_side:
        return rgb
    return cv2.resize(rgb, _size_within((width, height), max_side), interpolation=cv2.INTER_AREA)


def encode_jpeg(rgb: np.ndarray, quality: int = 92) -> bytes:
    """JPEG with full colour resolution (4:4:4) and no metadata of any kind."""
    return _encode(rgb, "JPEG", quality=quality, subsampling=0, optimize=True)


def encode_png(rgb: np.ndarray) -> bytes:
    """PNG without metadata."""
    return _encode(rgb, "PNG")


def srgb_to_linear(rgb: np.ndarray) -> np.ndarray:
    """sRGB uint8, at least one-dimensional, to linear light float32 in 0-1 of the same shape."""
    return cv2.LUT(_rows(rgb), _linear_of_byte()).reshape(rgb.shape)


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    """Linear float32 (clipped to 0-1) to sRGB uint8 of the same shape; exact inverse of srgb_to_linear."""
    steps = cv2.multiply(_rows(linear), 65535.0, dtype=cv2.CV_16U)  # saturates, that is: clips
    return cv2.LUT(steps, _byte_of_linear()).reshape(linear.shape)


def _rows(pixels: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(pixels).reshape(pixels.shape[0], -1)


def _size_within(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    scale = max_side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _open_image(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise PictureError(
            "unsupported", "This file is not a photo we can read: use a JPEG, PNG, WebP or HEIC picture."
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise PictureError("animated", "This picture moves: choose a still photo.")
    return image


def _too_many_pixels() -> PictureError:
    limit = MAX_PIXELS // 1_000_000
    return PictureError("too_many_pixels", f"This picture has over {limit} megapixels: choose a smaller version.")


def _load_upright(image: Image.Image) -> Image.Image:
    try:
        image.load()
        return ImageOps.exif_transpose(image)
    except Exception as error:  # decoders of four formats fail in as many ways as files can be broken
        raise PictureError("damaged", "This photo is damaged or incomplete: choose another copy.") from error


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        image = Image.new("RGB", image.size, PAPER)
        image.paste(layered, mask=layered.getchannel("A"))
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(source).lower():
                target = ImageCms.createProfile("sRGB")
                image = ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            return image.convert("RGB")  # an unusable profile: viewers ignore it too
    return image.convert("RGB")


def _encode(rgb: np.ndarray, image_format: str, **options: int | bool) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(buffer, image_format, **options)
    return buffer.getvalue()


@cache
def _linear_of_byte() -> np.ndarray:
    encoded = np.arange(256, dtype=np.float64) / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@cache
def _byte_of_linear() -> np.ndarray:
    linear = np.arange(65536, dtype=np.float64) / 65535.0
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(encoded * 255.0).astype(np.uint8)
