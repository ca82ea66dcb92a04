"""Write the source type into a picture and sign it, or a film: the last step, after which no byte may change."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import c2pa

from inflio.media.credentials import xmp
from inflio.media.credentials.context import borrow_tools
from inflio.media.credentials.record import Action, Record
from inflio.media.credentials.version import VERSION

MIMES = ("image/jpeg", "image/png", "image/webp")
FILM = "video/mp4"
PARENT_TITLE, PARENT_FILM = "The picture this was made from", "The film this was made from"


class SigningFailed(Exception):
    """A picture could not be signed: not of a format we know, or the library refused."""


def sign_picture(
    data: bytes, mime: str, record: Record, *, parent: bytes | None = None, parent_mime: str = ""
) -> bytes:
    """Return the file with XMP and a C2PA manifest that state `record`; its pixels stay as they are.

    With a `parent` the picture is an edit of it, and the parent's own manifest is kept inside. A picture that comes
    signed by another (cloud providers do that) is its own parent, so that their statement stays too. Raises
    SigningFailed, BadCertificate.
    """
    if mime not in MIMES:
        raise SigningFailed(f"Pictures of type {mime} cannot be signed; use JPEG, PNG or WebP.")
    actions = list(record.actions)
    if parent is None and b"jumb" in data and has_manifest(data, mime):
        parent, parent_mime = data, mime
        actions.append(Action("c2pa.edited.metadata", f"Received from {record.engine} and signed by Inflio."))
    source_type = record.source_type.iri if record.source_type else xmp.read_source_type(parent or b"", parent_mime)
    packet = xmp.make_packet(source_type=source_type, title=record.title, tool=f"Inflio {VERSION} ({record.engine})")
    signed = io.BytesIO()
    original = io.BytesIO(parent) if parent is not None else None
    try:
        stated = io.BytesIO(xmp.put_packet(data, mime, packet))
        _sign(stated, signed, mime, record, actions, original, parent_mime)
        return signed.getvalue()
    except (c2pa.C2paError, xmp.NotThatFormat) as error:
        raise SigningFailed(f"The picture could not be signed: {error}") from error


def sign_derivative(
    data: bytes, mime: str, *, parent: bytes, parent_mime: str, actions: tuple[Action, ...], record: Record
) -> bytes:
    """Sign a copy that was cropped, resized or converted: what was done, and the parent with all of its statements.

    Use names of the specification: c2pa.cropped, c2pa.resized, c2pa.transcoded, c2pa.color_adjustments. A `record`
    without a source type keeps the parent's.
    """
    stated = Record(record.title, record.engine, record.source_type, (*actions, *record.actions), record.how)
    return sign_picture(data, mime, stated, parent=parent, parent_mime=parent_mime)


def sign_film(source: Path, target: Path, record: Record, *, parent: Path, parent_mime: str) -> None:
    """Write the MP4 at `source` to `target` with a C2PA manifest: what was done to the `parent`, and its statements.

    The files are read and written piece by piece. Raises SigningFailed, BadCertificate.
    """
    try:
        with source.open("rb") as data, target.open("w+b") as signed, parent.open("rb") as original:
            _sign(data, signed, FILM, record, list(record.actions), original, parent_mime)
    except c2pa.C2paError as error:
        raise SigningFailed(f"The film could not be signed: {error}") from error


def has_manifest(data: bytes, mime: str) -> bool:
    """Whether the file carries C2PA data that can be read, valid or not."""
    try:
        with c2pa.Reader(mime, io.BytesIO(data), context=borrow_tools().context):
            return True
    except c2pa.C2paError:  # none, or too damaged to be kept
        return False


def _sign(
    source: BinaryIO,
    target: BinaryIO,
    mime: str,
    record: Record,
    actions: list[Action],
    parent: BinaryIO | None,
    parent_mime: str,
) -> None:
    tools = borrow_tools()
    when = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    agent = {"name": record.engine, "version": VERSION}
    done = [_action(action, agent, when) for action in actions]
    if parent is None:
        created = Action("c2pa.created", record.sentence, source_type=record.source_type)
        done.insert(0, _action(created, agent, when))
    manifest = {
        "claim_generator_info": [{"name": "Inflio", "version": VERSION}],
        "title": record.title,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": done}}],
    }
    with c2pa.Builder(json.dumps(manifest), context=tools.context) as builder:
        if parent is not None:
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)  # adds "opened" with the ingredient
            ingredient = {"title": PARENT_FILM if mime == FILM else PARENT_TITLE, "relationship": "parentOf"}
            builder.add_ingredient(ingredient, parent_mime, parent)
        builder.sign(tools.signer, mime, source, target)


def _action(action: Action, agent: dict, when: str) -> dict:
    stated = {"action": action.name, "when": when, "softwareAgent": agent}
    if action.description:
        stated["description"] = action.description
    if action.parameters:
        stated["parameters"] = action.parameters
    if action.source_type:
        stated["digitalSourceType"] = action.source_type.iri
    return stated
