"""The engine's turns of a job: what is like the person is kept, what is missing is asked for again, at no charge."""

from contextlib import ExitStack
from dataclasses import dataclass, field

from django.conf import settings

from inflio.common.errors import Cancelled, InflioError, ProviderError
from inflio.generation.calls import JobCalls
from inflio.generation.engines.base import Engine, EngineRequest, Output, Picture, Progress, Result
from inflio.generation.finish import Made
from inflio.generation.keys import engine_of
from inflio.generation.models import Job
from inflio.generation.refusals import unsafe_reason
from inflio.generation.signing import sign_output
from inflio.media import services as media
from inflio.media import storage
from inflio.queue.leases import fenced


@dataclass
class Kept:
    """What a job has so far; it lies in Job.kept between turns, so that no turn is made or paid twice.

    best: the highest identity score that was refused; reasons: sentences about outputs that are missing.
    """

    turn: int = 0
    made: list[Made] = field(default_factory=list)
    best: float | None = None
    reasons: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, job: Job) -> "Kept":
        """As the job's row says."""
        saved = job.kept or {}
        made = [Made.from_json(item) for item in saved.get("made", ())]
        return cls(saved.get("turn", 0), made, saved.get("best"), list(saved.get("reasons", ())))

    def save(self, job: Job, token: str) -> None:
        """Write it to the row that `token` holds."""
        made = [item.as_json() for item in self.made]
        job.kept = {"turn": self.turn, "made": made, "best": self.best, "reasons": self.reasons}
        fenced(Job, job.pk, token, kept=job.kept, remakes=self.turn)

    def why(self, job: Job) -> list[str]:
        """Sentences that say why outputs are missing, each once."""
        words = list(dict.fromkeys(self.reasons))
        if self.best is not None:
            words.append(f"The likeness reached {self.best:.2f} and {job.threshold:.2f} is needed.")
        return words


def make_outputs(job: Job, token: str, report: Progress) -> tuple[Kept, Result]:
    """Run the engine until every output is there or the remakes are used up; raises InflioError when none is.

    Waiting passes through: the same turn goes on when the job is claimed again.
    """
    engine = engine_of(workspace=job.workspace, name=job.engine)
    capability = engine.capabilities[job.kind]
    threshold = job.threshold if capability.scored else None
    remakes = settings.MAX_REMAKES if capability.remakes is None else capability.remakes
    kept = Kept.of(job)
    with ExitStack() as stack:
        pictures = tuple(
            Picture(stack.enter_context(storage.local_path(asset.name)), asset.sha256) for asset in job.input_pictures()
        )
        while True:
            request = EngineRequest(
                job.kind, job.params, pictures, kept.turn, job.count - len(kept.made), JobCalls(job, token)
            )
            try:
                result = engine.run(request, report)
            except InflioError as error:
                if not kept.made or isinstance(error, Cancelled) or getattr(error, "retryable", False):
                    raise
                kept.reasons.append(error.message)
                result = Result()
                break
            if not result.outputs and not result.missing and threshold is None:
                break  # work without pictures, such as an analysis
            refused = _keep(job, kept, engine, request, result, threshold)
            if len(kept.made) >= job.count or kept.turn >= remakes or refused:  # the same words give the same again
                break
            kept.turn += 1
            kept.save(job, token)
            report(0.1, "Not close enough to the person, making it again" if not result.missing else "Asking again")
    job.remakes = kept.turn
    if not kept.made and (kept.reasons or kept.best is not None or threshold is not None):
        raise _nothing(job, kept)
    return kept, result


def _keep(
    job: Job, kept: Kept, engine: Engine, request: EngineRequest, result: Result, threshold: float | None
) -> bool:
    """Measure the outputs and store those that reach the threshold; True when one may not be kept at all."""
    kept.reasons += result.missing
    refused = False
    for output in result.outputs[: request.count]:
        if engine.provider and (reason := unsafe_reason(job, output)):
            kept.reasons.append(reason)
            refused = True
            continue
        score = engine.score(output, request.pictures) if threshold is not None else None
        if threshold is not None and (score is None or score < threshold):
            kept.best = max(kept.best or 0.0, score or 0.0)
        else:
            kept.made.append(_store(job, output, score))
    return refused


def _store(job: Job, output: Output, score: float | None) -> Made:
    output, marks = sign_output(job, output)
    file = media.store_file(
        workspace_id=job.workspace_id,
        data=output.data,
        mime=output.mime,
        extension=output.extension,
        width=output.width,
        height=output.height,
    )
    provenance = {"title": job.title, "engine": job.engine, "kind": job.kind, "ai_made": True, **output.facts, **marks}
    return Made(file, score, provenance)


def _nothing(job: Job, kept: Kept) -> InflioError:
    """The error of a job that has not one output."""
    if kept.best is None:
        words = " ".join(kept.why(job)) or "The engine made no picture."
        return ProviderError(words, retryable=False)
    return InflioError(
        f"The likeness reached {kept.best:.2f} and {job.threshold:.2f} is needed. "
        "Add sharper photos that look straight at the camera, then try again.",
        code="identity_too_low",
    )
