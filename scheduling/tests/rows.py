"""One row of everything that posting keeps, as a used workspace has it."""

from datetime import UTC, datetime, timedelta

from inflio.accounts.models import User
from inflio.common.crypto import seal
from inflio.media.models import Asset
from personas.models import Persona
from scheduling.models import (
    Channel,
    ConnectState,
    Metric,
    OccurrenceChange,
    PageAddress,
    Post,
    PostEvent,
    PostMedia,
    PostTarget,
    Publication,
    PublishAttempt,
    Review,
    ReviewLink,
    SchedulingSettings,
    Slot,
)

SECRET = "HIDDENSECRET"


def fill_scheduling(*, persona: Persona, picture: Asset, by: User, number: int = 1) -> Publication:
    """Give a persona's workspace an account, a page, a post that is out, a review and a slot; returns what is out."""
    own, now = {"workspace": persona.workspace}, datetime.now(UTC)
    mark = f"{persona.pk}-{number}"
    channel = Channel.objects.create(
        **own,
        platform="instagram",
        sandbox=True,
        external_id=f"178-{mark}",
        handle=f"ada{mark}",
        persona=persona,
        access_token=seal(SECRET, purpose="channel token"),
        refresh_token=seal(SECRET, purpose="channel token"),
        access_expires_at=now + timedelta(days=30),
        connected_by=by,
    )
    PageAddress.objects.create(channel=channel, slug=f"ada-{mark}")
    ConnectState.objects.create(**own, user=by, platform="tiktok", nonce=f"{SECRET}-{mark}", verifier=SECRET)
    SchedulingSettings.objects.get_or_create(workspace=persona.workspace)
    Slot.objects.create(**own, persona=persona, weekday=number % 7, time="09:30", tzid="Europe/Paris")
    start = datetime(2026, 11, 21, 9, 30)
    post = Post.objects.create(
        **own, persona=persona, title="Morning walk", caption="Out early.", starts_local=start, created_by=by
    )
    PostMedia.objects.create(post=post, asset=picture, position=0, alt_text="Ada on a bridge")
    PostTarget.objects.create(post=post, channel=channel)
    OccurrenceChange.objects.create(post=post, occurrence_local=start, skipped=True)
    publication = Publication.objects.create(
        **own,
        post=post,
        channel=channel,
        occurrence_local=start,
        due_at=now,
        state=Publication.State.PUBLISHED,
        published_at=now,
        remote_id=f"m-{mark}",
        progress={"upload_url": f"https://example.com/{SECRET}"},
    )
    PublishAttempt.objects.create(
        publication=publication, token=SECRET, phase="publish", outcome="done", started_at=now
    )
    PostEvent.objects.create(post=post, publication=publication, by=by, text="Published.")
    link = ReviewLink.objects.create(
        **own, token_hash=f"{SECRET}{mark}", name="Client", expires_at=now + timedelta(days=7), created_by=by
    )
    link.posts.add(post)
    Review.objects.create(post=post, decision="approved", content_version=1, link=link, by_name="Client")
    Metric.objects.create(
        channel=channel, publication=publication, name="views", day=now.date(), value=7, measured_at=now
    )
    return publication
