"""A video in YouTube's terms: what we say of one, whether one is ours, and what YouTube thinks of it."""

import re
from collections.abc import Mapping
from typing import Any

from scheduling.platforms.base import Look, Outgoing, PlatformError
from scheduling.platforms.youtube.errors import FAILED, REJECTED

TITLE, DESCRIPTION_BYTES = 100, 5000
PEOPLE = "22"  # the category "People & Blogs"
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.")  # how our files are named
PRIVACY = ("public", "unlisted", "private")


def video_body(post: Outgoing) -> dict[str, Any]:
    """The Video resource for a post. Raises PlatformError for what YouTube would refuse."""
    title, description = title_of(post), post.caption.strip()
    if not title:
        raise _invalid("invalidTitle", "The video needs a title.", "Write a title.")
    if len(title) > TITLE:
        raise _invalid("invalidTitle", "The title is too long for YouTube.", f"Use at most {TITLE} characters.")
    if len(description.encode()) > DESCRIPTION_BYTES:
        raise _invalid("invalidDescription", "The caption is too long for YouTube.", "Use at most 5,000 bytes.")
    if set("<>") & set(title + description):
        raise _invalid("invalidDescription", "YouTube takes no < and > in titles and captions.", "Take out < and >.")
    privacy = post.options.get("privacy_level") or "public"
    if privacy not in PRIVACY:
        raise _invalid("invalidPrivacy", "Nobody knows who may see this video.", "Pick public, unlisted or private.")
    snippet: dict[str, Any] = {"title": title, "description": description}
    snippet["categoryId"] = str(post.options.get("category") or PEOPLE)
    if post.options.get("tags"):
        snippet["tags"] = list(post.options["tags"])
    return {
        "snippet": snippet,
        "status": {
            # Left out, it would be public.
            "privacyStatus": privacy,
            "selfDeclaredMadeForKids": bool(post.options.get("made_for_kids", False)),
            "containsSyntheticMedia": bool(post.flags.get("containsSyntheticMedia", False)),
        },
        "paidProductPlacementDetails": {
            "hasPaidProductPlacement": bool(post.flags.get("hasPaidProductPlacement", False))
        },
    }


def title_of(post: Outgoing) -> str:
    """The title, or the beginning of the caption's first line."""
    if post.title.strip():
        return post.title.strip()
    lines = post.caption.strip().splitlines()
    return lines[0].strip()[:TITLE].strip() if lines else ""


def is_ours(video: Mapping[str, Any], post: Outgoing) -> bool | None:
    """Whether a video of the channel is this post; None: YouTube does not tell.

    Proof is the name of the uploaded file, which holds our key, or else the same title with exactly as many bytes.
    """
    details = video.get("fileDetails", {})
    name = str(details.get("fileName", ""))
    if name.startswith(post.key):
        return True
    if _KEY.match(name):
        return False  # another post of ours, perhaps with the same film
    same_title = _plain(video.get("snippet", {}).get("title", "")) == _plain(title_of(post))
    if details.get("fileSize"):
        if str(details["fileSize"]) != str(post.media[0].size):
            return False
        return True if same_title else None  # its owner may have given it another title at once
    still_read = video.get("processingDetails", {}).get("fileDetailsAvailability") == "inProgress"
    return None if same_title or still_read else False


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def verdict(video: Mapping[str, Any], remote_id: str, url: str, evidence: Mapping[str, Any] | None = None) -> Look:
    """What YouTube made of a video that surely arrived; an empty one has been taken away since."""
    status = video.get("status", {})
    state = status.get("uploadStatus", "deleted")
    told = {**(evidence or {}), "status": dict(status)}
    if state == "uploaded":
        return Look("working", remote_id, url, wait=15, evidence=told)
    if state == "processed":
        reason = "" if status.get("privacyStatus") != "private" else "It is private: only the channel's owner sees it."
        return Look("published", remote_id, url, reason=reason, evidence=told)
    if state == "failed":
        reason = FAILED.get(status.get("failureReason", ""), "YouTube could not process the video.")
        fix = "Export the video as MP4 (H.264) and post it again."
    elif state == "rejected":
        reason = REJECTED.get(status.get("rejectionReason", ""), "YouTube rejected the video.")
        fix = "Look in YouTube Studio for the details, or post another video."
    else:
        reason, fix = "The video was deleted on YouTube.", "Post it again if you want it back."
    return Look("refused", remote_id, url, reason=reason, fix=fix, evidence=told)


def _invalid(code: str, message: str, fix: str) -> PlatformError:
    return PlatformError(message, kind="invalid", code=code, fix=fix)
