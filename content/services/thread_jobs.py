"""The job behind a message: queued with its price, and its picture given to the message at the end."""

from content.models import Message
from content.services.limits import refuse_over_limits
from content.thumbnails.engines import KIND, by_operations, edit_params, price_of
from inflio.accounts.models import User
from inflio.generation import services as generation
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from personas import queries as personas
from personas.models import Persona
from personas.services import refuse_unready

ON_DONE = "content.tasks.thumbnail_ended"


def queue_message(message: Message, by: User | None) -> None:
    """Write a message down and queue its picture."""
    thread = message.thread
    persona = thread.persona
    refuse_unready(persona, engine=thread.engine)
    refuse_over_limits(workspace=thread.workspace, count=1, price=price_of(thread.engine))
    message.save()
    photoreal = persona.look == Persona.Look.PHOTOREAL
    shown = message.base if by_operations(thread.engine) else message.before
    message.job = generation.create_job(
        workspace=thread.workspace,
        kind=KIND,
        engine=thread.engine,
        title=f"{persona.name}: {message.text or 'thumbnail'}"[:200],
        subject=persona.reference,
        params=edit_params(thread, message),
        pictures=[shown, *(personas.reference_assets(persona) if photoreal else ())],
        threshold=persona.identity_threshold if photoreal else None,
        on_done=ON_DONE,
        idempotency_key=f"message:{message.pk}",
        by=by,
    )
    message.save(update_fields=["job", "updated_at"])


def finish_message(*, job: Job, ending: Ending) -> None:
    """Give a message its picture; called in the job's last transaction, whatever its end was."""
    if job.retry_of_id:
        Message.objects.filter(job=job.retry_of_id, asset=None).update(job=job)
    message = Message.objects.select_related("thread").filter(job=job, asset=None).first()
    if message is None or not ending.assets:
        return
    message.asset = ending.assets[0]
    if not by_operations(job.engine):
        # What another engine drew is a new base: there is no list of operations that leads to it.
        message.base, message.recipe = message.asset, []
    message.save(update_fields=["asset", "base", "recipe", "updated_at"])
