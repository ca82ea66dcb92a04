"""Train a model on a persona's photos: who may, with which photos, what it came to."""

import secrets
from datetime import timedelta

from django.db import transaction

from inflio.accounts.models import User
from inflio.billing.models import CreditAccount
from inflio.billing.plans import PLANS
from inflio.common.errors import Conflict, InflioError, InvalidInput
from inflio.generation import services as generation
from inflio.generation.finish import Ending
from inflio.generation.keys import key_for
from inflio.generation.models import Job
from inflio.queue.leases import db_now
from personas import queries
from personas.models import Persona, ProviderErasure, TrainedModel
from personas.queries.training import ENGINE, TRAINING_WINDOW, photos_to_train, trainings_counted
from personas.services.activity import log_activity
from personas.services.erasure import erase_trained_models
from personas.services.portraits import refuse_unready

PROVIDER = "replicate"
STEPS = 1000
MIN_PHOTOS, MAX_PHOTOS = 10, 15
Status = TrainedModel.Status


@transaction.atomic
def train_model(*, persona: Persona, by: User | None, key: str = "", retry_of: Job | None = None) -> TrainedModel:
    """Reserve the price and queue a training with the 10-15 best photos; the same `key` gives the same training.

    Raises Conflict without a consent in force, while one runs or over the plan's limit, InvalidInput for too few good
    photos, NeedsKey, NotEnoughCredits; nothing is spent then.
    """
    persona = Persona.objects.locked(persona)
    click = f"training:{persona.pk}:{key}" if key else ""
    if click and (job := queries.job_of_click(persona, click)):
        return job.trained_model
    refuse_untrainable(persona)
    photos = photos_to_train(persona)[:MAX_PHOTOS]
    refuse_too_few(len(photos))
    CreditAccount.objects.select_for_update(no_key=True).get(workspace=persona.workspace_id)  # two tabs, one limit
    refuse_over_limit(persona)
    word, name = new_trigger_word(), _model_name(persona)
    job = generation.create_job(
        workspace=persona.workspace,
        kind="training",
        engine=ENGINE,
        title=f"{persona.name}: trained model",
        subject=persona.reference,
        params={"trigger_word": word, "model_name": name, "steps": STEPS},
        pictures=[photo.asset for photo in photos],
        on_done="personas.tasks.training_ended",
        idempotency_key=click,
        by=by,
        retry_of=retry_of,
    )
    trained = TrainedModel.objects.create(
        persona=persona,
        provider=PROVIDER,
        trigger_word=word,
        model_name=name,
        steps=STEPS,
        photo_count=len(photos),
        job=job,
        created_by=by,
    )
    log_activity(persona=persona, text=f"Training of a model started with {len(photos)} photos", by=by)
    return trained


@transaction.atomic
def cancel_training(*, persona: Persona, by: User | None) -> None:
    """Stop the training that is under way; raises Conflict when there is none."""
    trained = queries.open_training(persona)
    if trained is None or trained.job is None:
        raise Conflict("No training is under way.")
    log_activity(persona=persona, text="Training of a model cancelled", by=by)
    generation.cancel_job(job=trained.job)


@transaction.atomic
def retry_training(*, trained: TrainedModel, by: User | None) -> TrainedModel:
    """Train again after a failure, with the photos of today; a second click gives the training of the first."""
    if not trained.can_retry:
        raise Conflict("Only a training that failed or was cancelled can be tried again.")
    return train_model(persona=trained.persona, by=by, key=f"retry:{trained.pk}", retry_of=trained.job)


def finish_training(*, job: Job, ending: Ending) -> None:
    """Take over what an ended training came to; called in the job's last transaction, whatever its end was.

    Where the persona or its consent has gone meanwhile, what came of it is deleted at the provider.
    """
    trained = TrainedModel.objects.select_related("persona").filter(job=job).first()
    if trained is None:
        return
    calls = {call.slot.split("~")[0]: call for call in job.calls.order_by("pk")}
    files, call = calls.get("files"), calls.get("training")
    trained.owner = (files.answer.get("owner") or "") if files else ""
    trained.usd = (call.usd or call.usd_expected) if call and call.charged else None
    trained.counts = job.state == Job.State.DONE or (job.state == Job.State.CANCELLED and trained.usd is not None)
    trained.ended_at = job.finished_at
    if job.state == Job.State.DONE:
        trained.status = Status.READY
        trained.version, trained.weights_url = ending.data["version"], ending.data["weights"][:500]
        text = "Trained model finished"
    else:
        trained.status = Status.CANCELLED if job.state == Job.State.CANCELLED else Status.FAILED
        trained.reason = job.error_message
        text = f"Training of a model failed: {job.error_message}" if trained.status == Status.FAILED else ""
    trained.save()
    if text:
        log_activity(persona=trained.persona, text=text)
    if trained.provider not in queries.companies_allowed(trained.persona):
        erase_trained_models(persona=trained.persona, why="The consent was withdrawn while it trained.")


def refuse_untrainable(persona: Persona) -> None:
    """Raise Conflict when no model may be trained of this persona now."""
    refuse_unready(persona, engine=ENGINE)
    if persona.look != Persona.Look.PHOTOREAL:
        raise Conflict("A model is trained on photos, and this persona is drawn from a description.", code="no_photos")
    if queries.open_training(persona):
        raise Conflict("A model is being trained already.", code="training_open")


def refuse_too_few(count: int) -> None:
    """Raise InvalidInput when there are too few good photos."""
    if count < MIN_PHOTOS:
        missing = MIN_PHOTOS - count
        here = "There is 1 good photo" if count == 1 else f"There are {count} good photos"
        more = "1 more is missing" if missing == 1 else f"{missing} more are missing"
        raise InvalidInput(
            f"{here} and a training takes {MIN_PHOTOS} to {MAX_PHOTOS}: {more}. Add them and have them looked at.",
            code="too_few",
        )


def refuse_over_limit(persona: Persona) -> None:
    """Raise Conflict when the plan's trainings of the last 24 hours are used up; call it before the job is made."""
    plan = PLANS[CreditAccount.objects.get(workspace=persona.workspace_id).plan]
    rows = trainings_counted(persona.workspace_id)
    if len(rows) < plan.trainings_per_day:
        return
    frees = rows[-plan.trainings_per_day].created_at + TRAINING_WINDOW
    allowed = "1 training" if plan.trainings_per_day == 1 else f"{plan.trainings_per_day} trainings"
    raise Conflict(
        f"The {plan.name} plan has {allowed} in 24 hours. The next one can start in {_spoken(frees - db_now())}; "
        "a larger plan has more.",
        code="training_limit",
    )


def training_obstacle(persona: Persona) -> InflioError | None:
    """Why no training can start now, as the error it would end with; None when one can."""
    try:
        refuse_untrainable(persona)
        refuse_too_few(len(photos_to_train(persona)))
        refuse_over_limit(persona)
        key_for(workspace=persona.workspace, provider=PROVIDER)
    except InflioError as error:
        return error
    return None


def new_trigger_word() -> str:
    """A word that no other model and no text uses, such as user_48213077_trigger."""
    while True:
        word = f"user_{secrets.randbelow(90_000_000) + 10_000_000}_trigger"
        if not TrainedModel.objects.filter(trigger_word=word).exists():
            return word


def _model_name(persona: Persona) -> str:
    """The persona's one model at the provider; a new name after it was deleted there."""
    last = persona.trained_models.exclude(status=Status.DELETED).order_by("-pk").first()
    if last and not ProviderErasure.objects.filter(model_name=last.model_name).exists():
        return last.model_name
    return f"inflio-persona-{persona.pk}-{secrets.token_hex(4)}"


def _spoken(wait: timedelta) -> str:
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = round(minutes / 60)
    return "1 hour" if hours == 1 else f"{hours} hours"
