"""Makes what the tests of scheduling need: channels, posts and publications as the services would leave them."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from content.models import ContentItem
from inflio.accounts.models import User, Workspace
from inflio.common.crypto import seal
from inflio.media.models import Asset
from inflio.media.services import create_asset, store_file
from inflio.media.video import store_video
from personas.models import Persona
from personas.tests.makers import encoded, picture
from scheduling.models import Channel, Post, PostMedia, PostTarget, Publication
from scheduling.tests.clips import short_clip

TOKEN_PURPOSE = "channel token"  # what the tokens of a channel are sealed for
_numbers = count(1)


def illustrated_persona(workspace: Workspace, by: User) -> Persona:
    """An illustrated persona, which needs no photos."""
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=by)


def channel(persona: Persona, platform: str = "instagram", **changes) -> Channel:
    """A connected sandbox account with a token that is good for a month."""
    number = next(_numbers)
    values = {
        "external_id": f"{platform}-{number}",
        "handle": f"ada{number}",
        "name": "Ada",
        "sandbox": platform != "site",
        "persona": persona,
        "access_token": seal(f"token-{number}", purpose=TOKEN_PURPOSE),
        "access_expires_at": datetime.now(UTC) + timedelta(days=30),
        "connected_by": persona.created_by,
    } | changes
    return Channel.objects.create(workspace=persona.workspace, platform=platform, **values)


def end_access(channel: Channel, *, renewing: timedelta | None = None) -> None:
    """Let its access token be over, and be renewed at its next use, unless another worker does so for that long."""
    now = datetime.now(UTC)
    Channel.objects.filter(pk=channel.pk).update(
        access_expires_at=now - timedelta(minutes=5),
        refresh_token=seal("refresh-1", purpose=TOKEN_PURPOSE),
        renewing_until=now + renewing if renewing else None,
    )


def gallery_item(persona: Persona, number: int = 1, *, size: tuple[int, int] = (1024, 1280)) -> ContentItem:
    """A saved picture of a persona."""
    data = encoded(picture(number, size=size))
    file = store_file(
        workspace_id=persona.workspace_id, data=data, mime="image/jpeg", extension="jpg", width=size[0], height=size[1]
    )
    made = {"method": "composite", "seed": number}
    asset = create_asset(workspace=persona.workspace, file=file, source=Asset.Source.ENGINE, provenance=made)
    return ContentItem.objects.create(
        workspace=persona.workspace,
        persona=persona,
        asset=asset,
        engine="embedded",
        look="portrait.headshot",
        saved=True,
    )


def video_item(persona: Persona) -> ContentItem:
    """A saved film of a persona, 3.5 seconds and upright, that every platform takes."""
    asset = store_video(workspace=persona.workspace, file=BytesIO(short_clip()), by=persona.created_by)
    return ContentItem.objects.create(
        workspace=persona.workspace,
        persona=persona,
        asset=asset,
        engine="embedded",
        look="portrait.headshot",
        saved=True,
    )


def post(persona: Persona, *channels: Channel, pictures: int = 1, **changes) -> Post:
    """A scheduled post for tomorrow 09:30 in Paris, with pictures and these channels, and no publications yet."""
    values = {
        "title": "Morning walk",
        "caption": "Out before the city wakes.",
        "state": Post.State.SCHEDULED,
        "starts_local": (datetime.now() + timedelta(days=1)).replace(hour=9, minute=30, second=0, microsecond=0),
        "tzid": "Europe/Paris",
        "created_by": persona.created_by,
    } | changes
    row = Post.objects.create(workspace=persona.workspace, persona=persona, **values)
    for position in range(pictures):
        item = gallery_item(persona, position + 1)
        PostMedia.objects.create(post=row, asset=item.asset, item=item, position=position, alt_text="Ada on a bridge")
    for one in channels:
        PostTarget.objects.create(post=row, channel=one)
    return row


def publication(post: Post, channel: Channel, *, due_at: datetime | None = None, **changes) -> Publication:
    """One publication of a post, on one of its channels; due a second ago unless told otherwise."""
    PostTarget.objects.get_or_create(post=post, channel=channel)
    due_at = due_at or datetime.now(UTC) - timedelta(seconds=1)
    values = {"occurrence_local": post.starts_local, "due_at": due_at, "available_at": due_at} | changes
    return Publication.objects.create(workspace=post.workspace, post=post, channel=channel, **values)
