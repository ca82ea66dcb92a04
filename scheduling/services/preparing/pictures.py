"""Pictures on their way out: cut to a platform's shape, encoded under its limit, marked and signed."""

from dataclasses import asdict, dataclass

from content.exports.crop import Frame, face_of, frame_for
from content.exports.encode import Encoded, encode
from content.exports.presets import PRESETS, Preset
from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.credentials import Action, BadCertificate, SigningFailed, sign_derivative
from inflio.media.models import Asset
from inflio.media.services import store_file
from scheduling.disclosure.mark import VERSION, draw_mark
from scheduling.platforms.base import Rules
from scheduling.services.preparing.copies import find_copy, keep_copy, record_of, reference_of

QUALITY = 90
MIME = "image/jpeg"  # every platform takes it
MARKED = "The visible mark “AI” was put on the picture."


@dataclass(frozen=True)
class Shape:
    """How one channel wants a picture: size in pixels (None: as it is), highest quality, bytes (0: any)."""

    size: tuple[int, int] | None = None
    quality: int = QUALITY
    most_bytes: int = 0
    widest: int = 0
    lowest_ratio: float = 0
    highest_ratio: float = 0


def shape_for(rules: Rules | None, crop: str = "") -> Shape:
    """The size and limits of a format; `crop` is a preset chosen instead of the platform's. None: a page of ours."""
    preset = PRESETS.get(crop) or PRESETS.get(rules.preset if rules else "")
    limits = [limit for limit in (rules.most_bytes if rules else 0, preset.most_bytes if preset else 0) if limit]
    most_bytes = min(limits, default=0)
    if preset:
        return Shape((preset.width, preset.height), _quality(preset), most_bytes)
    ratio = rules.ratio if rules else None
    return Shape(
        most_bytes=most_bytes,
        widest=rules.widest if rules else 0,
        lowest_ratio=ratio.lowest if ratio else 0,
        highest_ratio=ratio.highest if ratio else 0,
    )


def prepare_picture(*, asset: Asset, shape: Shape, marked: bool) -> Asset:
    """One picture in this shape, with or without the mark; made at most once for each content."""
    reference = reference_of(asset.sha256, asdict(shape), face_of(asset.provenance), VERSION if marked else 0)
    if copy := find_copy(asset, reference):
        return copy
    frame = _frame(asset, shape)
    original = _original(asset)
    made = _encoded(asset, original, shape, frame, marked)
    data = _signed(asset, original, made, frame, marked)
    if shape.most_bytes and len(data) > shape.most_bytes:
        limit = shape.most_bytes // 1_000_000
        raise InvalidInput(f"This picture stays over {limit} MB, which is too large here. Choose another one.")
    file = store_file(
        workspace_id=asset.workspace_id, data=data, mime=MIME, extension="jpg", width=made.width, height=made.height
    )
    return keep_copy(asset, file, reference, marked=marked, quality=made.quality)


def _quality(preset: Preset) -> int:
    return min(QUALITY, preset.quality)


def _frame(asset: Asset, shape: Shape) -> Frame | None:
    """Where the picture is cut, around the face; None when nothing is."""
    size, face = (asset.width, asset.height), face_of(asset.provenance)
    if shape.size:
        return frame_for(size, shape.size, face=face, centred=False)
    ratio = asset.width / asset.height
    nearest = max(ratio, shape.lowest_ratio)
    nearest = min(nearest, shape.highest_ratio) if shape.highest_ratio else nearest
    if abs(nearest - ratio) < 0.001:
        return None
    return frame_for(size, (round(nearest * 10_000), 10_000), face=face, centred=False)


def _original(asset: Asset) -> bytes:
    try:
        return storage.read(asset.name)
    except FileNotFoundError:
        message = "A picture of this post is missing in storage. Choose another one."
        raise InvalidInput(message, code="media_missing") from None


def _encoded(asset: Asset, original: bytes, shape: Shape, frame: Frame | None, marked: bool) -> Encoded:
    size = shape.size
    if size is None and shape.widest:
        width, height = (frame.width, frame.height) if frame else (asset.width, asset.height)
        size = (shape.widest, max(1, round(height * shape.widest / width))) if width > shape.widest else None
    try:
        return encode(
            original,
            form="jpeg",
            quality=shape.quality,
            frame=frame,
            size=size,
            most_bytes=shape.most_bytes,
            draw=draw_mark if marked else None,
        )
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises for broken files
        message = "A picture of this post is damaged and cannot be opened. Choose another one."
        raise InvalidInput(message, code="media_broken") from error


def _signed(asset: Asset, original: bytes, made: Encoded, frame: Frame | None, marked: bool) -> bytes:
    """The file with its content credentials: what was done here, and all that the original states."""
    cut = (frame.width, frame.height) if frame else (asset.width, asset.height)
    actions = []
    if cut != (asset.width, asset.height):
        actions.append(Action("c2pa.cropped"))
    if cut != (made.width, made.height):
        actions.append(Action("c2pa.resized"))
    if marked:
        actions.append(Action("c2pa.addedText", MARKED))
    actions.append(Action("c2pa.transcoded"))
    record = record_of(asset, "Picture")
    try:
        return sign_derivative(
            made.data, MIME, parent=original, parent_mime=asset.mime, actions=tuple(actions), record=record
        )
    except (SigningFailed, BadCertificate) as error:
        message = "This picture's content credentials could not be written, so it was not made ready. Try again."
        raise InvalidInput(message, code="unsigned") from error
