"""Add and remove a persona's photos; each file is judged by itself, so one bad one never costs the others."""

from pathlib import PurePath

from django.db import transaction

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.media import services as media
from inflio.media import storage
from inflio.media.intake import CleanPicture, clean_upload
from inflio.media.models import Asset
from personas.limits import MAX_PHOTOS
from personas.models import Persona, ReferencePhoto
from personas.services.activity import log_activity
from personas.services.personas import refuse_archived


def add_photo(*, persona: Persona, file, by: User | None) -> ReferencePhoto:
    """Store one uploaded photo, re-encoded and without its metadata.

    `file` has `name`, `size`, `read` and `seek`. Raises InvalidInput with a sentence for this file.
    """
    _refuse_full(persona)  # before the work of decoding, and again under the lock
    picture = clean_upload(file)
    file.seek(0)
    upload_sha256 = storage.sha256(file.read())
    return _insert(persona, picture, upload_sha256, PurePath(file.name or "photo").name[-120:], by)


@transaction.atomic
def _insert(persona: Persona, picture: CleanPicture, upload_sha256: str, name: str, by: User | None) -> ReferencePhoto:
    persona = Persona.objects.locked(persona)
    refuse_archived(persona)
    _refuse_full(persona)
    content_sha256 = storage.sha256(picture.data)
    for photo in persona.photos.select_related("asset"):
        if upload_sha256 == photo.upload_sha256 or content_sha256 == photo.asset.sha256:
            raise InvalidInput(
                f"This photo is already here as {photo}. Choose another one: different photos show the face better.",
                code="same_photo",
            )
    file = media.store_file(
        workspace_id=persona.workspace_id,
        data=picture.data,
        mime=picture.mime,
        extension=picture.extension,
        width=picture.width,
        height=picture.height,
    )
    asset = media.create_asset(
        workspace=persona.workspace,
        file=file,
        source=Asset.Source.UPLOAD,
        provenance={"title": f"Photo of {persona.name}", "ai_made": False},
        reference=persona.reference,
    )
    photo = ReferencePhoto.objects.create(persona=persona, asset=asset, original_name=name, upload_sha256=upload_sha256)
    log_activity(persona=persona, text=f"Photo added: {name}", by=by)
    return photo


@transaction.atomic
def remove_photo(*, photo: ReferencePhoto, by: User | None) -> None:
    """Delete a photo with its file and measurements; raises Conflict while the photos are being looked at."""
    persona = Persona.objects.locked(photo.persona)
    if persona.status == Persona.Status.ANALYZING:
        raise Conflict("The photos are being looked at. Wait for the end, or cancel the analysis first.")
    photo.delete()
    media.delete_assets(assets=[photo.asset])
    log_activity(persona=persona, text=f"Photo removed: {photo}", by=by)


def _refuse_full(persona: Persona) -> None:
    if persona.photos.count() >= MAX_PHOTOS:
        raise InvalidInput(
            f"There are {MAX_PHOTOS} photos already, and more do not help. Remove one first.", code="too_many"
        )
