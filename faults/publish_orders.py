"""Makes what the publishing trials publish: channels on the sandbox, and posts whose time is now.

Usage: python -m faults.publish_orders '{"platforms": ["instagram"], "channels": 3, "posts": 10, "first": 1}'
`first` numbers the posts; each goes to one channel, and its words hold its number: “Trial 7.” is looked for later.
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django
import httpx

OPTIONS = {
    "instagram": {},
    "tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True},
    "youtube": {"privacy_level": "public"},
    "linkedin": {},
}
VIDEO = ("tiktok", "youtube")


def order(
    *,
    platforms: list[str],
    channels: int,
    posts: int,
    first: int = 1,
    comment: str = "",
    due: str = "",
    marked: bool = True,
) -> None:
    """Make `posts` posts, platform by platform and channel by channel in turn, due now or at a whole minute.

    Films that are not `marked` get the visible mark on the way.
    """
    from django.db import transaction  # noqa: PLC0415 - Django is set up in main

    from scheduling.models import Post, PostMedia, PostTarget, Publication  # noqa: PLC0415
    from scheduling.services.timing.waiting import begins  # noqa: PLC0415

    persona = _persona(drawn=marked)
    rows = [_channel(persona, platform, number) for number in range(channels) for platform in platforms]
    files = {platform: _file(persona, platform in VIDEO) for platform in platforms}
    due_at = datetime.fromisoformat(due) if due else datetime.now(UTC)
    local = due_at.replace(second=0, microsecond=0, tzinfo=None)
    with transaction.atomic():
        for number in range(first, first + posts):
            channel = rows[number % len(rows)]
            post = Post.objects.create(
                workspace=persona.workspace,
                persona=persona,
                title=f"Trial {number}",
                caption=f"Trial {number}.",
                format="video" if channel.platform in VIDEO else "image",
                state=Post.State.SCHEDULED,
                starts_local=local,
                tzid="UTC",
            )
            PostMedia.objects.create(post=post, asset=files[channel.platform], position=0, alt_text="A trial")
            options = OPTIONS[channel.platform]
            stated = {"mark_in_video": marked} if channel.platform in VIDEO else {}
            comment_here = comment if channel.platform == "instagram" else ""
            PostTarget.objects.create(post=post, channel=channel, options=options | stated, first_comment=comment_here)
            Publication.objects.create(
                workspace=persona.workspace,
                post=post,
                channel=channel,
                occurrence_local=local,
                due_at=due_at,
                available_at=begins(due_at) if due else due_at - timedelta(seconds=1),
            )


def _persona(*, drawn: bool):
    from inflio.accounts.models import User  # noqa: PLC0415
    from inflio.accounts.services import create_workspace  # noqa: PLC0415
    from personas.models import Consent, Persona  # noqa: PLC0415
    from personas.services import declare_consent  # noqa: PLC0415

    if persona := Persona.objects.first():
        return persona
    user = User.objects.create_user("trial@example.com", "a long trial password", name="Trial")
    workspace = create_workspace(owner=user, name="Trial", kind=User.Role.BUSINESS).workspace
    look = Persona.Look.ILLUSTRATED if drawn else Persona.Look.PHOTOREAL  # what is drawn needs no mark
    persona = Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=user)
    if not drawn:
        declare_consent(persona=persona, by=user, face=Consent.Face.OWN)
    return persona


def _channel(persona, platform: str, number: int):
    from django.conf import settings  # noqa: PLC0415

    from inflio.common.crypto import seal  # noqa: PLC0415
    from scheduling.models import Channel  # noqa: PLC0415
    from scheduling.services.connecting.tokens import PURPOSE  # noqa: PLC0415

    name = f"trial-{platform}-{number}"
    if channel := Channel.objects.filter(handle=name).first():
        return channel
    account = {"platform": platform, "id": str(7_000_000 + hash_of(name)), "handle": name}
    token = httpx.post(f"{settings.SANDBOX_URL}/_sandbox/accounts", json=account).json()["access_token"]
    return Channel.objects.create(
        workspace=persona.workspace,
        persona=persona,
        platform=platform,
        sandbox=True,
        external_id=account["id"],
        handle=name,
        access_token=seal(token, purpose=PURPOSE),
        access_expires_at=datetime.now(UTC) + timedelta(days=30),
    )


def hash_of(name: str) -> int:
    """A number of six digits that a name always has."""
    return sum(place * ord(letter) for place, letter in enumerate(name, start=1)) * 97 % 1_000_000


def _file(persona, video: bool):
    from inflio.media.models import Asset  # noqa: PLC0415
    from inflio.media.services import create_asset, store_file  # noqa: PLC0415
    from scheduling.tests.platforms import jpeg, mp4  # noqa: PLC0415

    mime = "video/mp4" if video else "image/jpeg"
    if asset := Asset.objects.filter(workspace=persona.workspace, mime=mime, source=Asset.Source.ENGINE).first():
        return asset
    size = (540, 960) if video else (1080, 1350)
    data = mp4(3.5, *size) if video else jpeg(*size)
    file = store_file(
        workspace_id=persona.workspace_id,
        data=data,
        mime=mime,
        extension="mp4" if video else "jpg",
        width=size[0],
        height=size[1],
    )
    made = {"method": "trial"} | ({"seconds": 3.5} if video else {})
    return create_asset(workspace=persona.workspace, file=file, source=Asset.Source.ENGINE, provenance=made)


if __name__ == "__main__":
    django.setup()
    order(**json.loads(sys.argv[1]))
