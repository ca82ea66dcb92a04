"""Export: what is chosen, checked against the platform, made one picture after another, signed, and packed."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.exports.archive import stream_zip
from content.exports.captions import caption_of
from content.exports.crop import Frame, face_of, frame_for
from content.exports.encode import Encoded, encode
from content.exports.names import file_name
from content.exports.presets import EXTENSIONS, FORMATS, MIMES, ORIGINAL, PRESETS, Preset
from content.models import ContentItem
from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.credentials import Action, BadCertificate, Record, SigningFailed, sign_derivative, source_type_of
from inflio.media.models import Asset

log = logging.getLogger(__name__)
MOST = 500
REPORT = "not-exported.txt"
CROPS = {"face": "Around the face", "centre": "Around the middle"}


@dataclass(frozen=True)
class ExportOptions:
    """preset: a key of PRESETS or "original". form: a key of FORMATS. quality: 40-100. crop: a key of CROPS."""

    preset: str = ORIGINAL
    form: str = "jpeg"
    quality: int = 90
    crop: str = "face"
    captions: bool = False

    @property
    def target(self) -> Preset | None:
        """The platform's numbers; None for the original size."""
        return PRESETS.get(self.preset)


@dataclass(frozen=True)
class ExportedFile:
    """One finished file; `notes` are sentences about what was done to it."""

    name: str
    mime: str
    data: bytes
    notes: tuple[str, ...] = ()


class NotExported(Exception):
    """One picture cannot be exported; the message says why."""


def check_export(*, count: int, options: ExportOptions) -> None:
    """Raise InvalidInput when so many pictures cannot go out like this."""
    if count < 1:
        raise InvalidInput("Choose at least one picture to export.", code="nothing_chosen")
    if count > MOST:
        raise InvalidInput(f"One export takes at most {MOST} pictures; you chose {count}.", code="too_many")
    target = options.target
    if target is None:
        return
    place = f"{target.platform}: {target.title.lower()}"
    if count < target.least:
        raise InvalidInput(f"{place} needs at least {target.least} pictures; you chose {count}.", code="too_few")
    if target.most and count > target.most:
        raise InvalidInput(f"{place} takes at most {target.most} pictures; you chose {count}.", code="too_many")
    if options.form not in target.formats:
        taken = " or ".join(FORMATS[form] for form in target.formats)
        raise InvalidInput(f"{place} takes {taken}.", code="format")


def frame_of(asset: Asset, options: ExportOptions) -> Frame | None:
    """Where a picture is cut; None when nothing is cut off."""
    target = options.target
    if target is None:
        return None
    size, wanted = (asset.width, asset.height), (target.width, target.height)
    return frame_for(size, wanted, face=face_of(asset.provenance), centred=options.crop == "centre")


def notes_on(asset: Asset, options: ExportOptions) -> tuple[str, ...]:
    """What the person should know before the download, in sentences."""
    frame, notes = frame_of(asset, options), []
    if frame and frame.soft:
        notes.append(f"Enlarged {frame.scale:.1f} times to reach {options.target.width} pixels: it will look soft.")
    cut = frame and (frame.width, frame.height) != (asset.width, asset.height)
    if cut and options.crop == "face" and not frame.by_face:
        notes.append("The face is not measured, so it is taken to be in the upper middle.")
    return tuple(notes)


def export_picture(*, item: ContentItem, options: ExportOptions) -> ExportedFile:
    """Make one file: cut, sized, encoded, signed. Raises NotExported when its picture is missing or broken."""
    asset = item.asset
    if asset is None:
        raise NotExported("it is not finished")
    frame, target, notes = frame_of(asset, options), options.target, list(notes_on(asset, options))
    try:
        original = storage.read(asset.name)
        made = encode(
            original,
            form=options.form,
            quality=min(options.quality, target.quality) if target else options.quality,
            frame=frame,
            size=(target.width, target.height) if target else None,
            most_bytes=target.most_bytes if target else 0,
        )
    except FileNotFoundError:
        raise NotExported("its file is missing in storage") from None
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises for broken files
        raise NotExported(f"its file is damaged ({type(error).__name__})") from error
    if made.quality is not None and target and made.quality < min(options.quality, target.quality):
        notes.append(f"Saved at quality {made.quality} to stay under {target.most_bytes // 1_000_000} MB.")
    data = _signed(item, made, original, options, frame)
    if target and target.most_bytes and len(data) > target.most_bytes:
        raise NotExported(f"it stays over {target.most_bytes // 1_000_000} MB at the lowest quality")
    name = file_name(item, EXTENSIONS[options.form], "" if target is None else target.key)
    return ExportedFile(name, MIMES[options.form], data, tuple(notes))


def export_zip(*, items: Iterable[ContentItem], options: ExportOptions) -> Iterator[bytes]:
    """Stream a zip of the items; a picture that cannot be exported is named in a text file instead."""
    return stream_zip(_files(items, options))


def _files(items: Iterable[ContentItem], options: ExportOptions) -> Iterator[tuple[str, bytes]]:
    failed = []
    for item in items:
        try:
            file = export_picture(item=item, options=options)
        except NotExported as error:
            log.warning("Item %s was left out of an export: %s", item.pk, error)
            failed.append(f"{file_name(item, EXTENSIONS[options.form])}: {error}.")
            continue
        yield file.name, file.data
        if options.captions:
            yield f"{file.name.rsplit('.', 1)[0]}.txt", caption_of(item, file.notes).encode()
    if failed:
        lines = ["These pictures could not be exported:", "", *failed]
        yield REPORT, ("\n".join(lines) + "\n").encode()


def _signed(item: ContentItem, made: Encoded, original: bytes, options: ExportOptions, frame: Frame | None) -> bytes:
    """The file with its content credentials: what was done here, and what the original states."""
    asset, actions = item.asset, []
    if frame and (frame.width, frame.height) != (asset.width, asset.height):
        actions.append(Action("c2pa.cropped"))
    if frame and (frame.width, frame.height) != (made.width, made.height):
        actions.append(Action("c2pa.resized"))
    actions.append(Action("c2pa.transcoded"))
    method = asset.provenance.get("method")
    record = Record("Picture", item.engine, source_type_of(method) if method else None)
    try:
        return sign_derivative(
            made.data,
            MIMES[options.form],
            parent=original,
            parent_mime=asset.mime,
            actions=tuple(actions),
            record=record,
        )
    except (SigningFailed, BadCertificate) as error:
        log.exception("Item %s could not be signed", item.pk)
        raise NotExported("its content credentials could not be written") from error
