"""Moves a conversation on in tests, as its worker would."""

from content.models import Message
from content.queries import threads as queries
from content.services import threads
from personas.tests.makers import end


def finish(thread, **how) -> Message:
    """End the open job of a conversation as its worker would."""
    message = queries.open_message(thread)
    end(with_seed(message.job), **({"score": 0.93} | how))
    message.refresh_from_db()
    return message


def with_seed(job):
    job.params["seed"] = job.pk
    job.save(update_fields=["params"])
    return job


def say(thread, text, by, **more) -> Message:
    message = threads.send_message(thread=thread, text=text, by=by, **more)
    if message.job_id and message.job.is_open:
        finish(thread)
        message.refresh_from_db()
    return message
