"""Drives an adapter as publishing does, step by step, with what was saved and nothing else; no Django here."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scheduling.platforms.base import Doubt, Look, Media, Outgoing, Platform, PlatformError

CALLS = 60  # more than any test needs; a test that takes more has lost its way


def outgoing(key: str, format: str, *files: tuple[str, bytes], **changes: Any) -> Outgoing:
    """A post with these files: (mime, bytes)."""
    media = tuple(
        Media(
            kind="video" if mime.startswith("video/") else "image",
            mime=mime,
            size=len(data),
            width=360,
            height=640,
            url="http://127.0.0.1/not-needed",
            open=lambda data=data: io.BytesIO(data),
            seconds=3.5 if mime.startswith("video/") else None,
            alt_text="" if mime.startswith("video/") else f"Picture {number}",
        )
        for number, (mime, data) in enumerate(files, 1)
    )
    values = {"caption": f"Out before the city wakes. {key}", "title": f"Morning walk {key}"} | changes
    return Outgoing(key=key, format=format, media=media, **values)


@dataclass
class Story:
    """How it ended: "published", "refused" or "attention", and what happened on the way."""

    end: str = ""
    remote_id: str = ""
    url: str = ""
    progress: Mapping[str, Any] = field(default_factory=dict)
    errors: list[PlatformError] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)  # of publish
    looks: list[Look] = field(default_factory=list)


def drive(build: Callable[[], Platform], post: Outgoing, progress: Mapping[str, Any] | None = None) -> Story:
    """Prepare, publish and look until it is over; each call has a new adapter and the progress as the row keeps it."""
    story, ready, since = Story(progress=progress or {}), False, datetime.now(UTC)
    for _ in range(CALLS):
        try:
            if not ready:
                step = build().prepare(post, story.progress)
                story.progress, ready = saved(step.progress), step.ready
                continue
            sent = build().publish(post, story.progress)
        except PlatformError as error:
            story.errors.append(error)
            if not error.retryable:
                story.end = "refused"
                return story
            story.progress, ready = ({} if error.kind == "container" else story.progress), False
            continue
        except Doubt as doubt:
            if not ready:
                continue
            story.doubts.append(doubt.message)
            look = settle(build, post, story, since)
        else:
            story.progress = saved(sent.progress)
            look = Look("published", sent.remote_id, sent.url) if sent.final else settle(build, post, story, since)
        if look.outcome in ("absent", "gone"):
            story.progress, ready = (story.progress if look.outcome == "absent" else {}), look.outcome == "absent"
            continue
        story.end = {"unclear": "attention"}.get(look.outcome, look.outcome)
        story.remote_id, story.url = look.remote_id, look.url
        return story
    raise AssertionError(f"not over after {CALLS} calls: {story}")


def settle(build: Callable[[], Platform], post: Outgoing, story: Story, since: datetime) -> Look:
    """Look until the platform has made up its mind."""
    for _ in range(CALLS):
        try:
            look = build().look(post, story.progress, since)
        except PlatformError as error:
            story.errors.append(error)
            if not error.retryable:
                raise
            continue
        story.looks.append(look)
        if look.outcome != "working":
            return look
    raise AssertionError("still working")


def saved(progress: Mapping[str, Any]) -> dict[str, Any]:
    """What comes back from a JSON column."""
    return json.loads(json.dumps(dict(progress)))
