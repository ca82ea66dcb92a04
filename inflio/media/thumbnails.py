"""Sized copies of pictures: made once at first need, served for ever."""

import io

from django.core.files.storage import default_storage
from PIL import Image

from inflio.media import storage
from inflio.media.frames import frame_of
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
        data = scale(first_picture(asset), width)
        storage.write_once(name, data)
        return data


def first_picture(asset: Asset) -> bytes:
    """The encoded picture that stands for an asset: itself, or a frame of a video."""
    if not asset.is_video:
        return storage.read(asset.name)
    if not default_storage.exists(asset.name):
        raise FileNotFoundError(asset.name)
    with storage.local_path(asset.name) as path:
        return frame_of(path)


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
