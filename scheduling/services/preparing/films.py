"""Films on their way out: they pass as they are, after a look at whether they may and fit, or with the mark on them."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import av
from django.core.files.storage import default_storage

from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.burn import burn_in
from inflio.media.credentials import Action, BadCertificate, Record, SigningFailed, sign_film
from inflio.media.frames import frame_of
from inflio.media.models import Asset
from inflio.media.video import keep_film, probe_video
from inflio.safety.services import check_output
from scheduling.disclosure.mark import VERSION, mark_for
from scheduling.platforms.base import Rules
from scheduling.services.preparing.copies import find_copy, keep_copy, record_of, reference_of

PIXELS_A_SECOND = 25_000_000  # a third of what two cores do when nothing else runs (benchmarks/films.py)
LOOKED_AT = (0.1, 0.5, 0.9)  # of its length
NAMES = {"video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM"}
BROKEN = "The video of this post is damaged and cannot be opened. Choose another one."
DONE = (
    Action("c2pa.addedText", "The visible mark “AI” was put on the film."),
    Action("c2pa.transcoded"),
)


def prepare_film(
    *, asset: Asset, rules: Rules | None, marked: bool, on_frame: Callable[[], object] = lambda: None
) -> Asset:
    """The film itself, or its copy with the mark, which is made once; that takes about as long as it plays.

    `on_frame` is called after each frame that is marked. Raises InvalidInput when it is missing or does not fit, Unsafe
    when it may not be published.
    """
    check_video(asset, rules)
    if not marked:
        return asset
    copy = find_copy(asset, _reference(asset)) or _marked(asset, 0, on_frame)
    if limit := _limit_passed(copy, rules):  # nearly every film fits everywhere, and is marked once for all channels
        copy = find_copy(asset, _reference(asset, limit)) or _marked(asset, limit, on_frame)
    if rules is not None:
        _check_fit(copy, rules)
    return copy


def marking_seconds(asset: Asset, rules: Rules | None) -> float:
    """How long the mark will take on a busy machine; 0 when a copy is there that fits the rules."""
    copy = find_copy(asset, _reference(asset))
    if copy and (not (limit := _limit_passed(copy, rules)) or find_copy(asset, _reference(asset, limit))):
        return 0
    frames = (asset.provenance.get("seconds") or 0) * (asset.provenance.get("fps") or 30)
    return frames * asset.width * asset.height / PIXELS_A_SECOND


def _limit_passed(copy: Asset, rules: Rules | None) -> int:
    """The most bytes that the rules allow, where the copy has more; else 0."""
    return rules.most_bytes if rules and 0 < rules.most_bytes < copy.size else 0


def _reference(asset: Asset, most_bytes: int = 0) -> str:
    return reference_of(asset.sha256, "film", most_bytes, VERSION)


def _marked(asset: Asset, most_bytes: int, on_frame: Callable[[], object]) -> Asset:
    badge, place = mark_for((asset.width, asset.height))
    given = {"seconds": asset.provenance.get("seconds") or 0, "most_bytes": most_bytes, "on_frame": on_frame}
    with storage.local_path(asset.name) as original, tempfile.TemporaryDirectory() as folder:
        burnt, signed = Path(folder) / "burnt.mp4", Path(folder) / "signed.mp4"
        try:
            burn_in(original, burnt, badge=badge, place=place, **given)
        except (av.FFmpegError, ValueError) as error:
            raise InvalidInput(BROKEN, code="media_broken") from error
        _sign(asset, original, burnt, signed)
        facts = probe_video(signed)
        with signed.open("rb") as file:
            kept = keep_film(workspace_id=asset.workspace_id, file=file, facts=facts)
    return keep_copy(asset, kept, _reference(asset, most_bytes), marked=True, **facts.as_kept())


def _sign(asset: Asset, original: Path, burnt: Path, signed: Path) -> None:
    known = record_of(asset, "Film")
    record = Record(known.title, known.engine, known.source_type, DONE)
    try:
        sign_film(burnt, signed, record, parent=original, parent_mime=asset.mime)
    except (SigningFailed, BadCertificate) as error:
        message = "This film's content credentials could not be written, so it was not made ready. Try again."
        raise InvalidInput(message, code="unsigned") from error


def check_video(asset: Asset, rules: Rules | None) -> None:
    """Raise InvalidInput when the film is missing or does not fit, Unsafe when it may not be published."""
    if not default_storage.exists(asset.name):
        raise InvalidInput("The video of this post is missing in storage. Choose another one.", code="media_missing")
    if rules is not None:
        _check_fit(asset, rules)
    _check_safety(asset)


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
                raise InvalidInput(BROKEN, code="media_broken") from error
            check_output(workspace=asset.workspace, user=None, data=frame)
    asset.provenance = asset.provenance | {"judged": True}
    asset.save(update_fields=["provenance", "updated_at"])
