"""What YouTube's refusals mean, by the reason it gives, and what its verdicts on a video mean."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling.platforms.base import PlatformError
from scheduling.platforms.http import Reply, Wire

PACIFIC = ZoneInfo("America/Los_Angeles")  # where Google's day ends
CHANNEL_PAUSE = 6 * 3600.0  # seconds; a channel's own limit counts a moving 24 hours
RECONNECT = "Connect the YouTube channel again and leave every box ticked."

_EDIT = {
    "invalidTitle": "Give it a title of at most 100 characters, without < and >.",
    "invalidDescription": "Shorten the caption to 5,000 bytes and take out < and >.",
    "invalidTags": "Use fewer or shorter tags.",
    "invalidCategoryId": "Pick another category.",
    "invalidPublishAt": "Set the privacy to private, or leave out YouTube's own publishing time.",
    "invalidVideoMetadata": "Check title, caption and settings of the post.",
    "invalidFilename": "Rename the video file.",
    "mediaBodyRequired": "Pick the video again: the file is empty.",
    "forbiddenPrivacySetting": "Pick another privacy setting.",
    "forbiddenLicenseSetting": "Pick another licence.",
}
_OWNER = {
    "youtubeSignupRequired": "Create a YouTube channel for this Google account, then connect it again.",
    "authenticatedUserAccountClosed": "The YouTube account is closed: open it again on YouTube, or use another one.",
    "authenticatedUserAccountSuspended": "YouTube has suspended the account: log in on YouTube to see why.",
    "accountDelegationForbidden": "Log in as the owner of the channel and connect it again.",
    "forbidden": "Log in on YouTube and check whether the channel may upload videos.",
}
_SETUP = {
    "accessNotConfigured": "Turn on the YouTube Data API v3 for this project in the Google Cloud console.",
    "SERVICE_DISABLED": "Turn on the YouTube Data API v3 for this project in the Google Cloud console.",
}
_TOKEN = {"authError", "unauthorized", "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}

FAILED = {
    "conversion": "YouTube could not convert the video.",
    "invalidFile": "YouTube could not read the file as a video.",
    "emptyFile": "The file arrived empty.",
    "tooSmall": "The file is too small to be a video.",
    "codec": "YouTube does not know the video's codec.",
    "uploadAborted": "The upload was broken off.",
}
REJECTED = {
    "copyright": "YouTube rejected it because of a copyright claim.",
    "inappropriate": "YouTube rejected it as inappropriate.",
    "duplicate": "YouTube rejected it: the channel has this very video already.",
    "termsOfUse": "YouTube rejected it for breaking its terms of use.",
    "uploaderAccountSuspended": "YouTube rejected it: the account is suspended.",
    "length": "YouTube rejected it: the channel may not upload videos this long.",
    "claim": "YouTube rejected it because somebody claims it as theirs.",
    "uploaderAccountClosed": "YouTube rejected it: the account is closed.",
    "trademark": "YouTube rejected it because of a trademark.",
    "legal": "YouTube rejected it after a legal complaint.",
}


def reason_of(reply: Reply) -> str:
    """Google's word for what was wrong, such as quotaExceeded; empty when the answer is not one of Google's."""
    error = reply.body.get("error")
    if not isinstance(error, dict):
        return ""
    for one in [*(error.get("errors") or []), *(error.get("details") or [])]:
        if isinstance(one, dict) and one.get("reason"):
            return str(one["reason"])
    return str(error.get("status") or "")


def until_pacific_midnight(now: datetime) -> float:
    """Seconds until Google's day ends and its daily buckets are full again."""
    local = now.astimezone(PACIFIC)
    end = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return end.timestamp() - now.timestamp()


def refusal(wire: Wire, reply: Reply, *, now: datetime) -> PlatformError:
    """The error for a 4xx answer: nothing became public by that call."""
    reason = reason_of(reply)
    status, answer = reply.status, wire.cleaned(reply.text)

    def error(message: str, kind: PlatformError.Kind, fix: str, retry_after: float | None = None) -> PlatformError:
        code = reason or f"http_{status}"
        return PlatformError(
            message, kind=kind, code=code, fix=fix, status=status, retry_after=retry_after, answer=answer
        )

    if status == 401 and reason not in _OWNER or reason in _TOKEN:
        return error("YouTube no longer accepts our access to this channel.", "reconnect", RECONNECT)
    if reason in ("quotaExceeded", "dailyLimitExceeded"):
        wait = until_pacific_midnight(now)
        fix = "It goes on after midnight Pacific time. Whoever runs this installation can ask Google for more uploads."
        return error("All uploads that YouTube allows this installation today are used.", "limit", fix, wait)
    if reason == "uploadLimitExceeded":
        fix = "Wait until tomorrow, or verify the channel on YouTube to raise its limit."
        return error("The channel has reached YouTube's limit of uploads for a day.", "limit", fix, CHANNEL_PAUSE)
    if status == 429 or reason in ("rateLimitExceeded", "userRateLimitExceeded"):
        given = reply.headers.get("retry-after", "")
        wait = float(given) if given.isdigit() else 60.0
        return error("YouTube asks us to slow down.", "limit", "Nothing to do: we go on by ourselves.", wait)
    if reason in _SETUP:
        return error("This installation is not set up for YouTube yet.", "setup", _SETUP[reason])
    if reason in _OWNER or (status == 403 and reason not in _EDIT):
        fix = _OWNER.get(reason, _OWNER["forbidden"])
        return error("YouTube does not let this account upload.", "blocked", fix)
    fix = _EDIT.get(reason, "Check title, caption and settings of the post.")
    return error("YouTube did not accept the post.", "invalid", fix)
