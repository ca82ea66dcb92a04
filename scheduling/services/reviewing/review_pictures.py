"""Small pictures for people without an account: cut as the platform shows them, never the file itself."""

import io

from PIL import Image

from content.exports.crop import face_of, frame_for
from content.exports.presets import PRESETS
from inflio.media import thumbnails
from inflio.media.models import Asset

WIDTH = 640


def preview_picture(asset: Asset, preset: str = "") -> bytes:
    """A WebP of at most 640 pixels, cut by a preset around the face; a frame of a video. Raises FileNotFoundError."""
    data = thumbnails.thumbnail(asset, WIDTH)
    target = PRESETS.get(preset)
    if target is None or asset.is_video:
        return data
    with Image.open(io.BytesIO(data)) as picture:
        wanted = (target.width, target.height)
        frame = frame_for(picture.size, wanted, face=face_of(asset.provenance), centred=False)
        out = io.BytesIO()
        picture.crop(frame.box).save(out, "WEBP", quality=80)
    return out.getvalue()
