"""Sized copies of pictures: made once at first need, served for ever."""

import io

from PIL import Image

from inflio.media import storage
from inflio.media.models import Asset

WIDTHS = (160, 320, 640, 1280)


def thumbnail_name(asset: Asset, width: int) -> str:
    """Storage path of the copy that is `width` pixels wide."""
    return f"{storage.thumbnail_folder(asset.name)}/{width}.webp"


def thumbnail(asset: Asset, width: int) -> bytes:
    """Return the WebP copy at most `width` pixels wide, making it if it is not there; width must be in WIDTHS."""
    if width not in WIDTHS:
        raise ValueError(f"width {width}: use one of {WIDTHS}")
    name = thumbnail_name(asset, width)
    try:
        return storage.read(name)
    except FileNotFoundError:
        data = scale(storage.read(asset.name), width)
        storage.write_once(name, data)
        return data


def scale(data: bytes, width: int) -> bytes:
    """Scale an encoded picture down to `width` pixels (never up) and return it as WebP."""
    with Image.open(io.BytesIO(data)) as picture:
        height = max(1, round(picture.height * width / picture.width))
        picture.draft("RGB", (width * 2, height * 2))
        if picture.width > width:
            small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        else:
            small = picture.convert("RGB")
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=3)
    return out.getvalue()
