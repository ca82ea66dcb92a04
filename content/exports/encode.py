"""Cut, size and encode one picture; Pillow, no Django."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from content.exports.crop import Frame

LOWEST_QUALITY = 40
STEP = 8
SIGNATURE_ROOM = 400_000  # bytes kept free under a platform's limit for credentials, which are added last


@dataclass(frozen=True)
class Encoded:
    """A file's content, its size in pixels, and the quality it has in the end (None for PNG)."""

    data: bytes
    width: int
    height: int
    quality: int | None


def encode(
    data: bytes,
    *,
    form: str,
    quality: int,
    frame: Frame | None,
    size: tuple[int, int] | None,
    most_bytes: int = 0,
    draw: Callable[[Image.Image], Image.Image] | None = None,
) -> Encoded:
    """Decode, cut to `frame`, scale to `size` (width, height), `draw` on it, encode as `form` ("jpeg", "png", "webp").

    With `most_bytes` the quality is lowered until the file fits. Raises OSError for data that is no picture.
    """
    with Image.open(io.BytesIO(data)) as source:
        picture = _flat(source, form)
    if frame:
        picture = picture.crop(frame.box)
    if size and picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if draw:
        picture = draw(picture)
    if form == "png":
        return Encoded(_save(picture, form, 0), *picture.size, None)
    room = most_bytes - SIGNATURE_ROOM if most_bytes else 0
    content = _save(picture, form, quality)
    while room and len(content) > room and quality > LOWEST_QUALITY:
        quality = max(LOWEST_QUALITY, quality - STEP)
        content = _save(picture, form, quality)
    return Encoded(content, *picture.size, quality)


def _flat(source: Image.Image, form: str) -> Image.Image:
    """RGB, on white where it is transparent and the format cannot be."""
    if form == "jpeg" and source.has_transparency_data:
        rgba = source.convert("RGBA")
        ground = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(ground, rgba).convert("RGB")
    return source.convert("RGBA" if source.has_transparency_data else "RGB")


def _save(picture: Image.Image, form: str, quality: int) -> bytes:
    out = io.BytesIO()
    if form == "jpeg":
        picture.save(
            out, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=0 if quality > 90 else 2
        )
    elif form == "webp":
        picture.save(out, "WEBP", quality=quality, method=4)
    else:
        picture.save(out, "PNG", compress_level=6)
    return out.getvalue()
