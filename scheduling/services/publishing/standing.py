"""May it go out now? Post, channel, approval, consent and time as they are at this moment, asked before each phase."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inflio.queue.leases import db_now
from personas.models import Persona
from personas.queries import consent_in_force
from scheduling.models import Channel, Post, Publication
from scheduling.services.publishing.ends import end_cancelled, end_missed, wait
from scheduling.services.publishing.runs import Run
from scheduling.services.reviewing.reviews import is_approved

CHECK_AGAIN = 60  # seconds between looks at what has to be mended


@dataclass(frozen=True)
class Obstacle:
    """What keeps a publication back for now, and can be mended."""

    code: str
    reason: str
    fix: str
    until: datetime | None = None


def may_go_on(run: Run) -> bool:
    """Whether the publication may go on; if not it was cancelled, missed, or waits for what has to be mended."""
    if _is_off(run.publication) and _ended_off(run):
        return False
    publication, now = run.publication, db_now()
    obstacle = obstacle_of(publication, now)
    if now > run.deadline:
        _miss(run, obstacle)
        return False
    if obstacle:
        until = min(obstacle.until or run.later(CHECK_AGAIN), run.later(5 * CHECK_AGAIN))
        wait(run, until, reason=obstacle.reason, fix=obstacle.fix)
        return False
    run.checked = time.monotonic()
    return True


def _is_off(publication: Publication) -> bool:
    """Whether it was taken off the calendar while a worker held it: its post, its channel, or its time."""
    post = publication.post
    if post.state in (Post.State.CANCELLED, Post.State.DRAFT, Post.State.CHANGES) or not publication.is_targeted:
        return True
    same_rule = publication.rule_version == post.rule_version  # what an older rule promised, or its user wants, stays
    return same_rule and not post.is_series and publication.occurrence_local != post.starts_local


def _ended_off(run: Run) -> bool:
    """End it, unless it was put back in this very moment."""
    with transaction.atomic():
        Post.objects.select_for_update(of=("self",), no_key=True).get(pk=run.publication.post_id)
        run.read_again()
        if _is_off(run.publication):
            end_cancelled(run)
            return True
    return False


def is_its_time(run: Run) -> bool:
    """Whether it may become public now; one that was prepared ahead waits for its minute."""
    if db_now() >= run.publication.due_at:
        return True
    wait(run, run.publication.due_at)
    return False


def obstacle_of(publication: Publication, now: datetime) -> Obstacle | None:
    """The first thing that keeps it back, or None; asks no platform."""
    post, channel = publication.post, publication.channel
    if channel.status != Channel.Status.ACTIVE:
        reason = channel.problem or f"The connection to {channel} has ended."
        return Obstacle("reconnect", reason, "Connect the account again.")
    if channel.paused_until and channel.paused_until > now:
        reason = f"{channel} rests: {channel.pause_reason or 'it failed several times in a row'}"
        return Obstacle("paused", reason, "See what is wrong on the channel's page.", channel.paused_until)
    if post.state != Post.State.SCHEDULED:
        state = post.get_state_display().lower()
        return Obstacle("not_scheduled", f"The post is not scheduled: it is “{state}”.", "Schedule it again.")
    if not is_approved(post):
        return Obstacle("not_approved", "Nobody has approved this post as it is now.", "Approve it.")
    return _persona_obstacle(post.persona)


def _persona_obstacle(persona: Persona) -> Obstacle | None:
    if persona.archived_at is not None:
        return Obstacle("archived", f"{persona} is archived.", "Restore the persona.")
    if persona.look != Persona.Look.ILLUSTRATED and consent_in_force(persona) is None:
        return Obstacle("no_consent", f"There is no consent for {persona}'s face any more.", "Declare it again.")
    return None


def _miss(run: Run, obstacle: Obstacle | None) -> None:
    """Say what kept it back until it was too late."""
    if obstacle:
        end_missed(run, code=obstacle.code, reason=obstacle.reason, fix=obstacle.fix)
    elif run.publication.reason:
        end_missed(run, code="late", reason=run.publication.reason, fix=run.publication.fix)
    else:
        end_missed(run, code="late", reason="Nothing was running at its time, and it is not sent late.")
