"""What Instagram's errors mean for a user: kind, sentence and what to do, by subcode and code.

From developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes, read in June 2026.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from scheduling.platforms.base import PlatformError
from scheduling.platforms.http import Reply, Wire

LIMIT_SECONDS = 3600.0  # when a limit says nothing of its end
NOT_THERE = {2207006, 2207008, 2207020}  # a container that is gone, not ready, or used up
# At a publish these do not prove that nothing happened: a container that is public already is refused in their words.
DOUBTFUL_CODES = {-2, -1, 1, 2}


class Known(NamedTuple):
    """A known error."""

    kind: PlatformError.Kind
    text: str
    fix: str = "Nothing to do: we try again by ourselves."


_REDO = "Nothing to do: we prepare the post anew and try again."
_FETCH = "Instagram could not fetch the file from this site."
SUBCODES: Mapping[int, Known] = {
    2207001: Known("container", "Instagram had an error of its own while it prepared the post.", _REDO),
    2207003: Known("container", "Instagram took too long to fetch the file.", _REDO),
    2207032: Known("container", "Instagram could not prepare the post.", _REDO),
    2207053: Known("container", "Instagram could not take in the file.", _REDO),
    2207020: Known("container", "What was prepared has expired at Instagram.", _REDO),
    2207006: Known("container", "Instagram does not know any more what was prepared.", _REDO),
    2207008: Known("container", "Instagram says that what was prepared is not ready or has expired.", _REDO),
    2207027: Known("later", "Instagram is still working on the file."),
    2207042: Known(
        "limit",
        "This account has reached Instagram's number of posts for 24 hours.",
        "Nothing to do: it goes out when Instagram takes posts again. Plan fewer posts a day for this account.",
    ),
    2207051: Known(
        "blocked",
        "Instagram has restricted this account from posting to protect its community.",
        "Wait some days, post less often and less alike, then try again.",
    ),
    2207050: Known(
        "blocked",
        "Instagram has restricted this account.",
        "Open the Instagram app, log in there and follow what it asks for; then try again.",
    ),
    2207052: Known(
        "setup",
        _FETCH,
        "Whoever runs this installation must see that its public address can be reached from the internet by https.",
    ),
    2207026: Known("invalid", "Instagram does not take the format of this video.", "Use an MP4 with H.264 and AAC."),
    2207004: Known("invalid", "The picture is too large for Instagram.", "Use a JPEG of at most 8 MB."),
    2207005: Known("invalid", "Instagram does not take the format of this picture.", "Use a JPEG."),
    2207009: Known(
        "invalid",
        "The picture is too tall or too wide for Instagram.",
        "Crop it to a shape between 4:5 and 1.91:1.",
    ),
    2207010: Known(
        "invalid", "The caption is too long for Instagram.", "Shorten it to 2,200 characters and at most 30 hashtags."
    ),
    2207023: Known("invalid", "Instagram does not know this kind of post.", "Choose another format for this post."),
    2207028: Known("invalid", "Instagram does not take these files as one post.", "Use 2 to 10 pictures or videos."),
    2207040: Known("invalid", "The caption mentions too many accounts.", "Mention at most 20 accounts with @."),
    2207057: Known(
        "invalid", "The chosen cover lies outside the video.", "Choose a cover within the length of the video."
    ),
}
_RECONNECT = "Connect this Instagram account again."
_RIGHT = "Connect this Instagram account again and leave every permission switched on."
_BUSY = Known("limit", "Instagram takes no more requests for now.", "Nothing to do: we go on in a while.")
CODES: Mapping[int, Known] = {
    190: Known("reconnect", "Instagram does not accept our access to this account any more.", _RECONNECT),
    102: Known("reconnect", "Instagram has ended our access to this account.", _RECONNECT),
    10: Known("reconnect", "Instagram does not allow us to do this for this account.", _RIGHT),
    200: Known("reconnect", "Instagram does not allow us to do this for this account.", _RIGHT),
    3: Known(
        "setup", "Our registration at Meta lacks a permission.", "Whoever runs this installation must ask Meta for it."
    ),
    101: Known(
        "setup", "Meta does not accept our keys.", "Whoever runs this installation must check the Instagram keys."
    ),
    4: _BUSY,
    17: _BUSY,
    32: _BUSY,
    613: _BUSY,
    9: SUBCODES[2207042],
    25: SUBCODES[2207050],
    9004: SUBCODES[2207052],
    9007: SUBCODES[2207027],
    1: Known("later", "Instagram had an error of its own."),
    2: Known("later", "Instagram is not available for a moment."),
    -1: Known("container", "Instagram had an error of its own.", _REDO),
    -2: Known("container", "Instagram took too long.", _REDO),
    24: SUBCODES[2207006],
    352: SUBCODES[2207026],
    36000: SUBCODES[2207004],
    36001: SUBCODES[2207005],
    36003: SUBCODES[2207009],
    36004: SUBCODES[2207010],
}
_UNKNOWN = Known("invalid", "Instagram refused this.", "Read Instagram's words in the details and change the post.")


def error_in(reply: Reply) -> Mapping[str, Any]:
    """The error in an answer; empty when there is none."""
    error = reply.body.get("error")
    return error if isinstance(error, Mapping) else {}


def problem(reply: Reply, wire: Wire) -> PlatformError:
    """The error of an answer that says no, in words for the user."""
    error = error_in(reply)
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    known = SUBCODES.get(subcode) or CODES.get(code) or (_BUSY if reply.status == 429 else _UNKNOWN)
    if known is _UNKNOWN and error.get("is_transient"):
        known = CODES[2]
    said = str(error.get("error_user_msg") or error.get("error_user_title") or "") if known is _UNKNOWN else ""
    return PlatformError(
        f"{known.text} It says: {said}" if said else known.text,
        kind=known.kind,
        code=f"{code}/{subcode}" if subcode else str(code or f"http_{reply.status}"),
        fix=known.fix,
        status=reply.status,
        retry_after=_wait(reply) if known.kind == "limit" else None,
        answer=wire.cleaned(reply.text),
    )


def ended(subcode: int, status: str, answer: str) -> PlatformError:
    """The error of a container that ended badly, by the subcode in its status."""
    known = SUBCODES.get(subcode) or Known("container", "Instagram could not prepare the post.", _REDO)
    code = str(subcode) if subcode else "container_error"
    return PlatformError(known.text, kind=known.kind, code=code, fix=known.fix, answer=answer or status)


def is_doubtful(reply: Reply) -> bool:
    """Whether this refusal of a publish may come although the post is public.

    One without an error of Meta's may come from anything in between, which tells nothing of what Instagram did.
    """
    error = error_in(reply)
    if not error:
        return reply.status != 429
    transient = bool(error.get("is_transient")) and _number(error.get("code")) not in (4, 17, 32, 613)
    return transient or _number(error.get("code")) in DOUBTFUL_CODES or _number(error.get("error_subcode")) in NOT_THERE


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _wait(reply: Reply) -> float:
    """Seconds until a limit ends, as the answer tells."""
    header = reply.headers.get("x-business-use-case-usage", "")
    try:
        minutes = [use["estimated_time_to_regain_access"] for uses in json.loads(header).values() for use in uses]
        return max(minutes) * 60.0 or LIMIT_SECONDS
    except (ValueError, KeyError, TypeError, AttributeError):
        return LIMIT_SECONDS
