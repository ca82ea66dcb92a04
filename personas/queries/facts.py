"""Single facts about a persona, its jobs and its pictures."""

from django.db.models import Q, QuerySet

from inflio.accounts.models import Workspace
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas.models import Consent, Persona, Portrait

BODY_EXTENTS = ("face", "shoulders", "chest", "waist", "knees", "full")  # as the analysis names them, widest last


def consent_in_force(persona: Persona) -> Consent | None:
    """The declaration that allows the use of the face now."""
    return Consent.objects.filter(persona=persona, withdrawn_at=None).select_related("user", "outside_by").first()


def has_references(persona: Persona) -> bool:
    """Whether an analysis has chosen photos that portraits can be made from."""
    return persona.photos.filter(rank__isnull=False).exists()


def body_shown(persona: Persona) -> str:
    """How much of the person the reference photo that shows most of them shows; "" where no analysis has said so."""
    found = set(persona.photos.filter(rank__isnull=False).values_list("body", flat=True))
    return next((extent for extent in reversed(BODY_EXTENTS) if extent in found), "")


def reference_assets(persona: Persona) -> list[Asset]:
    """The pictures of the reference photos, best first."""
    photos = persona.photos.filter(rank__isnull=False).order_by("rank").select_related("asset")
    return [photo.asset for photo in photos]


def persona_of_job(job: Job) -> Persona | None:
    """The persona a job was made for; None when it is gone."""
    return persona_of_subject(job.workspace_id, job.subject)


def persona_of_subject(workspace: Workspace | int, subject: str) -> Persona | None:
    """The persona that is the subject of jobs, None for another kind of subject and for one that is gone."""
    kind, _, pk = subject.partition(":")
    return Persona.objects.filter(workspace=workspace, pk=pk).first() if kind == "persona" else None


def job_of_click(persona: Persona, key: str) -> Job | None:
    """The job that the same click made before."""
    return Job.objects.filter(workspace=persona.workspace_id, idempotency_key=key).first()


def jobs_of_click(persona: Persona, prefix: str) -> list[Job]:
    """The jobs that the same click made before, oldest first."""
    rows = Job.objects.filter(workspace=persona.workspace_id, idempotency_key__startswith=prefix)
    return list(rows.order_by("pk"))


def open_scenarios(persona: Persona) -> set[str]:
    """The scenarios that are being made now, also those tried again on the page of jobs."""
    rows = Job.objects.filter(subject=persona.reference, state__in=Job.OPEN, params__has_key="scenario")
    return set(rows.values_list("params__scenario", flat=True))


def portraits_to_make(portraits: list[Portrait], busy: set[str]) -> list[Portrait]:
    """The portraits that have no picture, or all of them when none is missing; never one that is being made."""
    missing = [portrait for portrait in portraits if portrait.asset_id is None]
    return [portrait for portrait in missing or portraits if portrait.scenario not in busy]


def newest_job(portrait: Portrait) -> Job | None:
    """The last job of a portrait, also one that was tried again on the page of jobs."""
    rows = Job.objects.filter(subject=portrait.persona.reference, params__scenario=portrait.scenario)
    return rows.order_by("-pk").first()


def pictures_of(portrait: Portrait) -> QuerySet[Asset]:
    """Every picture made for a portrait, or copied with it from another persona, newest first."""
    subject = portrait.persona.reference
    made = Q(made_by__subject=subject, made_by__params__scenario=portrait.scenario)
    copied = Q(reference=subject, source=Asset.Source.ENGINE, provenance__scenario=portrait.scenario)
    rows = Asset.objects.filter(made | copied, workspace=portrait.persona.workspace_id)
    return rows.distinct().order_by("-pk")
