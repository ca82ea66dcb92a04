"""What LinkedIn's refusals mean."""

import re
from datetime import UTC, datetime, timedelta

from scheduling.platforms.base import PlatformError
from scheduling.platforms.http import Reply, Wire

RECONNECT = "Connect the LinkedIn account again. LinkedIn asks for that every 60 days."
_ORIGINAL = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")


def code_of(reply: Reply) -> str:
    """LinkedIn's own word for what was wrong, such as DUPLICATE_POST; empty when the answer is not LinkedIn's."""
    body = reply.body
    inputs = body.get("errorDetails", {}).get("inputErrors", []) if isinstance(body.get("errorDetails"), dict) else []
    for one in inputs:
        if isinstance(one, dict) and one.get("code"):
            return str(one["code"])
    return str(body.get("code") or body.get("serviceErrorCode") or ("http" if body.get("message") else ""))


def refusal(wire: Wire, reply: Reply, *, now: datetime) -> PlatformError:
    """The error for a 4xx answer: nothing became public by that call."""
    code, status, answer = code_of(reply), reply.status, wire.cleaned(reply.text)

    def error(message: str, kind: PlatformError.Kind, fix: str, retry_after: float | None = None) -> PlatformError:
        word = code if code and code != "http" else f"http_{status}"
        return PlatformError(
            message, kind=kind, code=word, fix=fix, status=status, retry_after=retry_after, answer=answer
        )

    if status == 401:
        return error("LinkedIn no longer accepts our access to this account.", "reconnect", RECONNECT)
    if status == 426 or code in ("NONEXISTENT_VERSION", "VERSION_MISSING"):
        fix = (
            "Set INFLIO_LINKEDIN_VERSION to a version that LinkedIn supports now, such as the one of three months ago."
        )
        return error("LinkedIn has switched off the version of its API that we use.", "setup", fix)
    if status == 403:
        fix = "Connect the account again and allow posting. If it does not help, look for notices on LinkedIn."
        return error("LinkedIn does not let us post for this account.", "reconnect", fix)
    if status == 429:
        given = reply.headers.get("retry-after", "")
        midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
        wait = float(given) if given.isdigit() else (midnight - now).total_seconds()
        return error("LinkedIn takes no more posts from this account today.", "limit", "We go on when it does.", wait)
    if code == "DUPLICATE_POST":
        # It names the earlier post, but that may be one that nobody can see (LinkedIn keeps them for a day or two), so
        # it proves nothing about a post of ours whose fate is unknown. Sure is only that this call made none.
        original = _ORIGINAL.search(reply.text)
        where = f" LinkedIn means https://www.linkedin.com/feed/update/{original[0]}" if original else ""
        fix = f"Look at the profile: if the post is there, leave it. Else change a few words.{where}"
        return error("LinkedIn says that this text was posted before.", "invalid", fix)
    return error("LinkedIn did not accept the post.", "invalid", "Check the text and the files of the post.")
