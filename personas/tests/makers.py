"""Makes what the tests of personas need: photos as files, and ends of jobs as an engine would bring them."""

import base64
import io

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inflio.generation.finish import Made, end_job
from inflio.generation.models import Job
from inflio.media.services import store_file
from inflio.queue.leases import claim
from personas import services
from personas.models import Consent, Persona


def picture(number: int = 1, *, size: tuple[int, int] = (240, 300), mode: str = "RGB") -> Image.Image:
    """A picture of its own for each number: a gradient, no face."""
    rng = np.random.default_rng(number)
    small = Image.fromarray(rng.integers(0, 255, (4, 4, 3), dtype=np.uint8))
    return small.resize(size, Image.Resampling.BICUBIC).convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    """The picture as a file's content."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def upload(number: int = 1, name: str = "") -> SimpleUploadedFile:
    """A photo as a browser sends it."""
    return SimpleUploadedFile(name or f"photo-{number}.jpg", encoded(picture(number)), "image/jpeg")


def declare(persona: Persona, by, *, outside: bool = False) -> Consent:
    """Declare one's own face; with `outside` its photos may be sent to the companies behind the cloud engines too."""
    return services.declare_consent(persona=persona, by=by, face=Consent.Face.OWN, outside=outside)


def persona_with_photos(
    workspace, by, *, count: int = 5, name: str = "Ada", consent: bool = True, outside: bool = False
) -> Persona:
    """A persona with consent and photos that nobody has looked at."""
    persona = services.create_persona(workspace=workspace, name=name, by=by)
    for number in range(1, count + 1):
        services.add_photo(persona=persona, file=upload(number), by=by)
    if consent:
        declare(persona, by, outside=outside)
    return persona


def findings(persona: Persona, *, rejected: int = 0) -> dict:
    """What an engine says at the end of an analysis; the last `rejected` photos are no good."""
    photos = list(persona.photos.order_by("asset_id"))
    good = len(photos) - rejected
    facts = {str(photo.pk): _facts(rank) for rank, photo in enumerate(photos[:good], start=1)}
    facts |= {str(photo.pk): _refused() for photo in photos[good:]}
    return {"photos": facts, "grade": "good", "advice": ["Add one in daylight."], "consistency": 0.91, "usable": good}


def _facts(rank: int) -> dict:
    vector = np.full(128, rank, dtype=np.float32)
    scores = {"lighting": 0.8, "clarity": 0.7, "angle": 0.9, "overall": 0.8}
    found = {"problem": None, "message": "", "advice": [], **scores}
    return {**found, "rank": rank if rank <= 6 else None, "embedding": base64.b64encode(vector.tobytes()).decode()}


def _refused() -> dict:
    scores = {"lighting": 0.2, "clarity": 0.3, "angle": None, "overall": 0.1}
    found = {"problem": "no_face", "message": "No face was found.", "advice": ["Turn to the camera."], **scores}
    return {**found, "rank": None, "embedding": None}


def end(
    job: Job,
    *,
    state: str = Job.State.DONE,
    data: dict | None = None,
    score: float | None = None,
    pictures: int = 1,
    **why,
) -> Job:
    """End a job as its worker would; with `score` it has made that many pictures."""
    token = claim(Job, job.pk)
    made = tuple(_made(job, score) for _ in range(pictures)) if score is not None else ()
    end_job(job=Job.objects.get(pk=job.pk), token=token, state=state, made=made, data=data, **why)
    return Job.objects.get(pk=job.pk)


def _made(job: Job, score: float) -> Made:
    data = encoded(picture(job.pk + 1000, size=(256, 320)))
    file = store_file(
        workspace_id=job.workspace_id, data=data, mime="image/jpeg", extension="jpg", width=256, height=320
    )
    return Made(file, score, {"title": job.title, "engine": job.engine, "seed": job.params["seed"]})


def analysed(persona: Persona, *, rejected: int = 0, with_portraits: bool = False) -> Persona:
    """The persona after an analysis."""
    job = services.start_analysis(persona=persona, by=persona.created_by, with_portraits=with_portraits)
    end(job, data=findings(persona, rejected=rejected))
    persona.refresh_from_db()
    return persona
