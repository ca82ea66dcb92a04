"""A post's files as one channel gets them: cut, encoded, marked, signed, and kept so that the next time is free."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.core.files.storage import default_storage

from content.exports.crop import Frame, face_of, frame_for
from content.exports.encode import Encoded, encode
from content.exports.presets import PRESETS, Preset
from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.credentials import Action, BadCertificate, Record, SigningFailed, sign_derivative, source_type_of
from inflio.media.models import Asset
from inflio.media.services import create_asset, store_file
from scheduling.disclosure.mark import VERSION, draw_mark
from scheduling.models import Channel, Post, Publication
from scheduling.platforms.base import Rules
from scheduling.registry import platform_class
from scheduling.services.composing.videos import check_video
from scheduling.services.disclose import disclosure_of

QUALITY = 90
MIME = "image/jpeg"  # every platform takes it
MARKED = "The visible mark “AI” was put on the picture, as the law asks where it is published."


@dataclass(frozen=True)
class Shape:
    """How one channel wants a picture: size in pixels (None: as it is), highest quality, bytes (0: any)."""

    size: tuple[int, int] | None = None
    quality: int = QUALITY
    most_bytes: int = 0
    widest: int = 0
    lowest_ratio: float = 0
    highest_ratio: float = 0


def files_of(*, post: Post, publication: Publication | None = None) -> list[Asset]:
    """The post's files in their order, or the one that was made for this publication."""
    if publication is not None and publication.generated_id:
        return [publication.generated.asset] if publication.generated.asset else []
    return [row.asset for row in post.media.select_related("asset") if row.asset]


def prepare_media(*, publication: Publication) -> list[Asset]:
    """The files as this channel gets them; safe to repeat: what was made once is found again by its content.

    Raises InvalidInput with a sentence for the user when a file is missing, broken, or does not fit the platform.
    """
    post, channel = publication.post, publication.channel
    assets = files_of(post=post, publication=publication)
    rules = _rules_of(channel, post.format)
    target = next((row for row in post.targets.all() if row.channel_id == channel.pk), None)
    shape = shape_for(rules, target.crop if target else "")
    marked = disclosure_of(post=post, channel=channel).visible_mark
    prepared = []
    for asset in assets:
        if asset.is_video:
            prepared.append(check_video(asset, rules))
        else:
            mark = marked and asset.provenance.get("ai_made") is not False  # a real photo in between stays as it is
            prepared.append(prepare_picture(asset=asset, shape=shape, marked=mark))
    return prepared


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
    reference = _reference(asset, shape, marked)
    copies = Asset.objects.filter(workspace=asset.workspace_id, source=Asset.Source.DERIVED, reference=reference)
    for copy in copies.order_by("pk"):
        if default_storage.exists(copy.name):
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
    kept = ("title", "engine", "method", "ai_made", "kind")
    provenance = {name: asset.provenance[name] for name in kept if name in asset.provenance}
    return create_asset(
        workspace=asset.workspace,
        file=file,
        source=Asset.Source.DERIVED,
        provenance=provenance | {"marked": marked, "quality": made.quality},
        reference=reference,
        parent=asset,
    )


def _rules_of(channel: Channel, format: str) -> Rules | None:
    return None if channel.is_site else platform_class(channel.platform).capabilities.formats.get(format)


def _quality(preset: Preset) -> int:
    return min(QUALITY, preset.quality)


def _reference(asset: Asset, shape: Shape, marked: bool) -> str:
    """The name under which a copy is found again: of the content, the shape and the mark."""
    facts = [asset.sha256, asdict(shape), face_of(asset.provenance), VERSION if marked else 0]
    return f"copy:{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:48]}"


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
    method = asset.provenance.get("method")
    record = Record("Picture", asset.provenance.get("engine", "Inflio"), source_type_of(method) if method else None)
    try:
        return sign_derivative(
            made.data, MIME, parent=original, parent_mime=asset.mime, actions=tuple(actions), record=record
        )
    except (SigningFailed, BadCertificate) as error:
        message = "This picture's content credentials could not be written, so it was not made ready. Try again."
        raise InvalidInput(message, code="unsigned") from error
