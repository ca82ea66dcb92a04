"""Make, change, archive and delete personas."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inflio.accounts.models import User, Workspace
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation import services as generation
from inflio.generation.models import Job
from inflio.media import services as media
from inflio.media.models import Asset
from inflio.safety.services import check_prompt
from personas.limits import THRESHOLD_HIGHEST, THRESHOLD_LOWEST
from personas.models import Persona
from personas.services.activity import log_activity
from personas.services.erasure import erase_trained_models

NAME_LENGTH = 80


@transaction.atomic
def create_persona(
    *,
    workspace: Workspace,
    name: str,
    by: User | None,
    description: str = "",
    look: str = Persona.Look.PHOTOREAL,
    attributes: dict | None = None,
    key: str = "",
) -> Persona:
    """Make a persona. One from a description alone is ready at once; a photoreal one waits for its photos.

    The same `key` (a form's own) gives the same persona. Raises InvalidInput when the name is missing or too long, or
    when an illustrated one has no description.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)  # so that a double click makes one
    if key and (made := Persona.objects.filter(workspace=workspace, creation_key=key).first()):
        return made
    description = description.strip()
    if look == Persona.Look.ILLUSTRATED and not description:
        raise InvalidInput("Describe the person: hair, face, clothes, mood.", code="description_missing")
    check_prompt(workspace=workspace, user=by, text=_own_words(name, description, attributes))
    illustrated = look == Persona.Look.ILLUSTRATED
    persona = Persona.objects.create(
        workspace=workspace,
        name=_clean_name(name),
        description=description,
        look=look,
        status=Persona.Status.READY if illustrated else Persona.Status.PENDING_UPLOAD,
        attributes=attributes or {},
        identity_threshold=settings.IDENTITY_THRESHOLD,
        created_by=by,
        creation_key=key,
    )
    log_activity(persona=persona, text="Persona created", by=by)
    return persona


@transaction.atomic
def update_persona(
    *,
    persona: Persona,
    by: User | None,
    name: str | None = None,
    description: str | None = None,
    attributes: dict | None = None,
    identity_threshold: float | None = None,
) -> Persona:
    """Change what is given and log each change; raises InvalidInput for a value that cannot be used."""
    persona = Persona.objects.locked(persona)
    check_prompt(workspace=persona.workspace, user=by, text=_own_words(name, description, attributes))
    changes = []
    if name is not None and (name := _clean_name(name)) != persona.name:
        changes.append(f"Renamed from {persona.name} to {name}")
        persona.name = name
    if description is not None and (description := description.strip()) != persona.description:
        if not description and persona.look == Persona.Look.ILLUSTRATED:
            raise InvalidInput("An illustrated persona is drawn from its description.", code="description_missing")
        changes.append("Description changed")
        persona.description = description
    if attributes is not None and attributes != persona.attributes:
        changes.append("Character changed")
        persona.attributes = attributes
    if identity_threshold is not None and identity_threshold != persona.identity_threshold:
        if not THRESHOLD_LOWEST <= identity_threshold <= THRESHOLD_HIGHEST:
            raise InvalidInput(f"Choose a likeness between {THRESHOLD_LOWEST} and {THRESHOLD_HIGHEST}.")
        changes.append(f"Least likeness set to {identity_threshold:.2f}")
        persona.identity_threshold = identity_threshold
    persona.save()
    for text in changes:
        log_activity(persona=persona, text=text, by=by)
    return persona


@transaction.atomic
def archive_persona(*, persona: Persona, by: User | None) -> Persona:
    """Take a persona out of the gallery and cancel what is being made; everything is kept."""
    generation.cancel_jobs_of(subject=persona.reference)
    persona = Persona.objects.locked(persona)
    if persona.archived_at is None:
        persona.archived_at = timezone.now()
        persona.save(update_fields=["archived_at", "updated_at"])
        log_activity(persona=persona, text="Archived", by=by)
    return persona


@transaction.atomic
def restore_persona(*, persona: Persona, by: User | None) -> Persona:
    """Bring an archived persona back into the gallery."""
    persona = Persona.objects.locked(persona)
    if persona.archived_at is not None:
        persona.archived_at = None
        persona.save(update_fields=["archived_at", "updated_at"])
        log_activity(persona=persona, text="Restored from the archive", by=by)
    return persona


@transaction.atomic
def delete_persona(*, persona: Persona) -> None:
    """Delete a persona with its photos, measurements, pictures, files, consents and log.

    Its jobs stay as lines of the history, without their content: the credits' reasons refer to them.
    """
    generation.cancel_jobs_of(subject=persona.reference)  # before the lock: a job that ends locks in this order
    persona = Persona.objects.locked(persona)
    generation.cancel_jobs_of(subject=persona.reference)
    jobs = Job.objects.filter(subject=persona.reference)
    owned = Q(reference=persona.reference) | Q(made_by__in=jobs) | Q(photo_of__persona=persona)
    erase_trained_models(persona=persona, why="The persona was deleted.")
    assets = list(Asset.objects.filter(owned, workspace=persona.workspace_id).distinct())
    persona.delete()
    media.delete_assets(assets=assets)
    jobs.update(params={}, findings={})


def refuse_archived(persona: Persona) -> None:
    """Raise Conflict for a persona that rests in the archive."""
    if persona.archived_at is not None:
        raise Conflict(f"{persona} is archived. Restore it first.", code="archived")


def _own_words(name: str | None, description: str | None, attributes: dict | None) -> str:
    """What a user wrote about a persona, as one text to judge; parts end with a stop so that no rule joins them."""
    details = [f"aged {value}" if key == "age" else str(value) for key, value in (attributes or {}).items()]
    return ". ".join(part.strip() for part in (name or "", description or "", *details) if part.strip())


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Give the persona a name.", code="name_missing")
    if len(name) > NAME_LENGTH:
        raise InvalidInput(f"Use a name of at most {NAME_LENGTH} characters.", code="name_too_long")
    return name
