"""Pictures that are made at their time: started before the post is due, taken over when they are there."""

import contextlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DurationField, ExpressionWrapper, F, IntegerField, When
from django.db.models.functions import Cast

from content.models import ContentItem, Shoot
from content.services.items import save_items
from content.services.shoots import start_shoot
from inflio.common.errors import InflioError
from inflio.generation.models import Job
from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now
from scheduling.models import Post, Publication
from scheduling.services.history import log_event
from scheduling.services.publishing.ends import end_failed, wait
from scheduling.services.publishing.runs import Run

AT_ONCE = 20
LONGEST_LEAD = timedelta(days=2)
CHECK_AGAIN = 10  # seconds
ARGUMENTS = frozenset(
    ("look", "content_type", "style", "place", "setting", "details", "prompt", "aspect", "count", "seed", "engine")
)


def make_ahead() -> int:
    """Start the pictures of posts whose lead time has begun; a bounded number at a time. Returns how many."""
    now = db_now()
    lead = Cast("post__lead_minutes", IntegerField()) * timedelta(minutes=1)  # SQLite multiplies no other integers
    rows = Publication.objects.filter(
        state=Publication.State.SCHEDULED,
        due_at__gt=now - timedelta(hours=1),
        due_at__lte=now + LONGEST_LEAD,
        shoot=None,
        post__state=Post.State.SCHEDULED,
    )
    rows = rows.exclude(post__recipe={}).filter(due_at__lte=now + ExpressionWrapper(lead, DurationField()))
    # Those that cannot be made now, which have a reason, keep no other from its turn.
    turns = rows.order_by(Case(When(reason="", then=0), default=1), "?")
    return sum(_start(row) for row in turns.select_related("post__persona", "post__created_by")[:AT_ONCE])


def picture_is_there(run: Run) -> bool:
    """Whether the post has its pictures; if not it waits for them, or failed with them."""
    publication = run.publication
    if not publication.post.recipe or publication.generated_id:
        return True
    if publication.shoot_id is None and not _start(publication):
        # It says why, and is tried again until the post is missed: credits may be bought, a consent declared.
        fresh = Publication.objects.get(pk=publication.pk)
        wait(run, run.later(6 * CHECK_AGAIN), reason=fresh.reason, fix=fresh.fix)
        return False
    if item := take_picture(publication):
        run.take_over(generated=item)
        return True
    shoot = Publication.objects.select_related("shoot").get(pk=publication.pk).shoot
    jobs = Job.objects.filter(items__shoot=shoot).distinct()
    if shoot and jobs.filter(state__in=Job.OPEN).exists():
        wait(run, run.later(CHECK_AGAIN), reason="Its picture is being made.")
        return False
    why = next((job.error_message for job in jobs if job.error_message), "The picture that was made is gone.")
    end_failed(run, code="not_made", reason=f"Its picture could not be made: {why}", fix="Choose a picture by hand.")
    return False


def take_picture(publication: Publication) -> ContentItem | None:
    """Give a publication the best picture of its shoot, once there is one; it is kept in the gallery."""
    items = ContentItem.objects.filter(shoot__publications=publication).exclude(asset=None)
    item = items.order_by(F("asset__identity_score").desc(nulls_last=True), "position").first()
    if item is None:
        return None
    with contextlib.suppress(InflioError):  # a full gallery: the picture goes out, and stays a result for some weeks
        save_items(items=[item])
    Publication.objects.filter(pk=publication.pk, generated=None).update(generated=item)
    return item


def _start(publication: Publication) -> bool:
    """Start one shoot for all channels of this time; nothing is spent twice, and nothing when it cannot be made."""
    post = publication.post
    recipe: dict[str, Any] = {name: value for name, value in post.recipe.items() if name in ARGUMENTS}
    key = f"post:{post.pk}:{publication.occurrence_local:%Y%m%d%H%M}"
    same_time = Publication.objects.filter(post=post, occurrence_local=publication.occurrence_local, shoot=None)
    try:
        with transaction.atomic():
            shoot: Shoot = start_shoot(persona=post.persona, by=post.created_by, key=key, **({"count": 1} | recipe))
            same_time.update(shoot=shoot)
            log_event(post=post, text="Its picture is being made.", publication=publication)
    except InflioError as error:
        _tell(publication, error)
        return False
    return True


def _tell(publication: Publication, error: InflioError) -> None:
    reason = f"Its picture could not be made: {error.message}"
    Publication.objects.filter(pk=publication.pk).update(
        reason=reason[:500], fix="Mend this, or choose a picture by hand, before its time."
    )
    notify(
        workspace=publication.workspace,
        kind="post_not_made",
        title=f"The picture of “{publication.post}” could not be made",
        text=error.message,
        url=publication.post.get_absolute_url(),
        level=Notice.Level.BAD,
        key=f"not_made:{publication.pk}:{error.code}",
    )
