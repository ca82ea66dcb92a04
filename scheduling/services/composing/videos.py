"""Videos on their way out: they pass as they are, after a look at whether they may and whether they fit."""

from django.core.files.storage import default_storage

from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.frames import frame_of
from inflio.media.models import Asset
from inflio.safety.services import check_output
from scheduling.platforms.base import Rules

LOOKED_AT = (0.1, 0.5, 0.9)  # of its length
NAMES = {"video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM"}


def check_video(asset: Asset, rules: Rules | None) -> Asset:
    """The video itself; raises InvalidInput when it is missing or does not fit, Unsafe when it may not be published."""
    if not default_storage.exists(asset.name):
        raise InvalidInput("The video of this post is missing in storage. Choose another one.", code="media_missing")
    if rules is not None:
        _check_fit(asset, rules)
    _check_safety(asset)
    return asset


def _check_fit(asset: Asset, rules: Rules) -> None:
    seconds = asset.provenance.get("seconds") or 0
    if "video" not in rules.kinds:
        raise InvalidInput("This platform takes no video in this kind of post. Choose another kind.", code="kind")
    if asset.mime not in rules.mimes:
        taken = " or ".join(NAMES.get(mime, mime) for mime in rules.mimes if mime.startswith("video/"))
        raise InvalidInput(f"This video has to be {taken} here. Save it so and add it again.", code="mime")
    if rules.most_bytes and asset.size > rules.most_bytes:
        limit = rules.most_bytes // 1_000_000
        raise InvalidInput(f"This video is too large here: the limit is {limit} MB.", code="too_heavy")
    if seconds < rules.shortest_seconds:
        raise InvalidInput(f"This video is too short here: at least {rules.shortest_seconds:g} seconds.", code="short")
    if rules.longest_seconds and seconds > rules.longest_seconds:
        raise InvalidInput(f"This video is too long here: at most {rules.longest_seconds:g} seconds.", code="too_long")


def _check_safety(asset: Asset) -> None:
    """Judge three frames of an uploaded video, once; only workers publish, and only they load the checks."""
    if asset.source != Asset.Source.UPLOAD or asset.provenance.get("judged"):
        return
    length = asset.provenance.get("seconds") or 0
    with storage.local_path(asset.name) as path:
        for share in LOOKED_AT:
            try:
                frame = frame_of(path, at_ms=round(length * share * 1000))
            except FileNotFoundError as error:
                message = "The video of this post is damaged and cannot be opened. Choose another one."
                raise InvalidInput(message, code="media_broken") from error
            check_output(workspace=asset.workspace, user=None, data=frame)
    asset.provenance = asset.provenance | {"judged": True}
    asset.save(update_fields=["provenance", "updated_at"])
