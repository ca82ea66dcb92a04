"""What its user decides about a publication: try it again, or say whether it went out."""

from django.db import transaction

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import db_now
from inflio.queue.wake import wake
from scheduling.models import Post, Publication
from scheduling.services.history import log_event
from scheduling.services.timing.times import lock_post

State = Publication.State
ANEW = {
    "state": State.SCHEDULED,
    "rule_version": 0,  # its user wants it now, whatever the post's times are
    "payload": {},
    "progress": {},
    "container_id": "",
    "prepare_tries": 0,
    "attempt": 0,
    "publish_started_at": None,
    "accepted_at": None,
    "unknown_since": None,
    "absences": 0,
    "looks": 0,
    "code": "",
    "reason": "",
    "fix": "",
    "problems": [],
    "dispatched_at": None,
    "lease_token": "",
    "lease_until": None,
}


@transaction.atomic
def retry_publication(*, publication: Publication, by: User | None) -> Publication:
    """Publish a failed or missed one now, with the post as it is now; a double click is harmless.

    Its time becomes now, so that it has the whole grace again. Raises Conflict when it is neither failed nor missed,
    its post is not scheduled, or was given another time.
    """
    publication.refresh_from_db()
    if publication.is_open:
        return publication
    if publication.post.state != Post.State.SCHEDULED:
        raise Conflict("Schedule the post again first: it is not scheduled now.", code="not_scheduled")
    now, post = db_now(), lock_post(publication.post)
    _refuse_other_time(publication, post)
    rows = Publication.objects.filter(pk=publication.pk, state__in=(State.FAILED, State.MISSED))
    # A picture that could not be made is asked for anew; one that is there stays.
    shoot = {} if publication.generated_id else {"shoot": None}
    if not rows.update(**ANEW, **shoot, due_at=now, available_at=now):
        raise Conflict("Only a publication that failed or was missed can be tried again.", code="not_over")
    log_event(post=publication.post, by=by, text=f"Tried again on {publication.channel}.", publication=publication)
    wake("publication", publication.pk)
    publication.refresh_from_db()
    return publication


@transaction.atomic
def settle_publication(
    *, publication: Publication, by: User | None, went_out: bool, remote_url: str = ""
) -> Publication:
    """Say what the user saw of one that needs attention: it is public, at this address, or it is not: publish it.

    Safe to repeat. Raises InvalidInput for an address that is none, Conflict when it needs no decision.
    """
    remote_url = remote_url.strip()
    if remote_url and not (remote_url.startswith(("https://", "http://")) and len(remote_url) <= 500):
        raise InvalidInput("Paste the whole address of the post, beginning with https://.", code="address")
    publication.refresh_from_db()
    now = db_now()
    rows = Publication.objects.filter(pk=publication.pk, state=State.ATTENTION)
    if went_out:
        if publication.state == State.PUBLISHED:
            return publication
        seen = {"published_at": publication.publish_started_at or now, "readback_at": now, "remote_url": remote_url}
        clean = {"code": "", "reason": "", "fix": ""}
        changed = rows.update(state=State.PUBLISHED, **seen, **clean)
        text = f"Seen on {publication.channel}: it is public."
    else:
        if publication.is_open:
            return publication
        if publication.post.state != Post.State.SCHEDULED:
            raise Conflict("Schedule the post again first: it is not scheduled now.", code="not_scheduled")
        changed = rows.update(**ANEW, due_at=now, available_at=now)
        text = f"Not seen on {publication.channel}: it is published anew."
    if not changed:
        raise Conflict("This publication needs no decision any more.", code="settled")
    log_event(post=publication.post, by=by, text=text, publication=publication)
    if not went_out:
        wake("publication", publication.pk)
    publication.refresh_from_db()
    return publication


def _refuse_other_time(publication: Publication, post: Post) -> None:
    """A post with one time that was moved goes out at its new time only: here as well would be twice."""
    if post.is_series:
        return
    others = post.publications.filter(channel=publication.channel_id).exclude(pk=publication.pk)
    over = (State.FAILED, State.MISSED, State.CANCELLED)
    if others.exclude(state__in=over).exists() or others.filter(occurrence_local=post.starts_local).exists():
        raise Conflict("This post was given another time. See on its page what became of it.", code="other_time")
