"""TikTok's error codes and reasons of failure in plain words: what happened, what helps, and who can do it.

Codes of Direct Post, Photo and creator_info, and fail_reasons of Get Post Status, as of November 2026
(developers.tiktok.com/doc/content-posting-api-reference-direct-post, -photo-post and -get-video-status).
"""

from dataclasses import dataclass

from scheduling.platforms.base import PlatformError

HOUR = 3600.0
RECONNECT = "Connect the TikTok account again."


@dataclass(frozen=True)
class Meaning:
    """What a code stands for; `kind` as in PlatformError, `retry_after` in seconds."""

    kind: PlatformError.Kind
    text: str
    fix: str
    retry_after: float | None = None


_TOO_MANY = Meaning(
    "limit",
    "TikTok takes no more posts of this account from apps today.",
    "It is tried again later; post less often, or in the TikTok app.",
    HOUR,
)
_BANNED = Meaning(
    "blocked",
    "TikTok has banned this account from posting.",
    "Open the TikTok app, look under Account status, and appeal there.",
)
_NO_PERMISSION = Meaning(
    "reconnect",
    "TikTok was not allowed to let Inflio do this with the account.",
    "Connect the account again and leave every permission switched on.",
)
_SETTINGS = Meaning(
    "invalid",
    "TikTok does not accept the settings of this post.",
    "Open the post, check its TikTok choices and the caption, and save it again.",
)
_NO_TOKEN = Meaning("reconnect", "TikTok no longer accepts the connection to this account.", RECONNECT)
_LATER = Meaning("later", "TikTok has a problem of its own.", "It is tried again by itself.")

# Answers of calls: error.code
CODES: dict[str, Meaning] = {
    "invalid_param": _SETTINGS,
    "invalid_params": _SETTINGS,
    "invalid_file_upload": Meaning(
        "invalid", "TikTok does not take a file like this.", "Use an MP4 video, or JPEG or WebP pictures."
    ),
    "app_version_check_failed": Meaning(
        "blocked",
        "The TikTok app of this account is too old for posts from outside.",
        "Update the TikTok app on the phone that uses this account.",
    ),
    "access_token_invalid": _NO_TOKEN,
    "access_token_expired": _NO_TOKEN,
    "scope_not_authorized": _NO_PERMISSION,
    "scope_permission_missed": _NO_PERMISSION,
    "token_not_authorized_for_specified_publish_id": Meaning(
        "reconnect", "This post was sent with another TikTok account.", RECONNECT
    ),
    "spam_risk_too_many_posts": _TOO_MANY,
    "spam_risk_too_many_pending_share": Meaning(
        "limit",
        "Too many posts of this account wait in TikTok already.",
        "Finish or delete what waits in the inbox of the TikTok app; it is tried again later.",
        HOUR,
    ),
    "spam_risk_user_banned_from_posting": _BANNED,
    "spam_risk": Meaning(
        "blocked",
        "TikTok takes this post for spam.",
        "Change the caption and the media, and wait a day before you post from this account again.",
    ),
    "reached_active_user_cap": Meaning(
        "limit",
        "This installation has reached TikTok's number of accounts that may post in 24 hours.",
        "It is tried again later; whoever runs this installation can ask TikTok for a higher number.",
        HOUR,
    ),
    "unaudited_client_can_only_post_to_private_accounts": Meaning(
        "setup",
        "TikTok has not audited this installation yet: it may only post to private accounts, for the owner only.",
        "Set the account to private in the TikTok app and choose “Only you”, or let TikTok audit the app.",
    ),
    "url_ownership_unverified": Meaning(
        "setup",
        "TikTok does not know that the address of the media belongs to this installation.",
        "Whoever runs this installation adds its address under “URL properties” in TikTok's developer portal.",
    ),
    "privacy_level_option_mismatch": Meaning(
        "invalid",
        "The account does not offer who is chosen to see this post.",
        "Open the post and choose again who can see it on TikTok.",
    ),
    "invalid_publish_id": Meaning(
        "container", "TikTok does not know this upload any more.", "It is uploaded again by itself."
    ),
    "rate_limit_exceeded": Meaning("limit", "TikTok asks to slow down.", "It is tried again in a minute.", 60.0),
    "internal_error": _LATER,
}

# Why a post that was taken did not come out: status/fetch's fail_reason.
FAIL_REASONS: dict[str, Meaning] = {
    "file_format_check_failed": Meaning(
        "invalid",
        "TikTok cannot read the format of the file.",
        "Use an MP4 video with H.264, or JPEG or WebP pictures.",
    ),
    "duration_check_failed": Meaning(
        "invalid", "The video is too short or too long for this account.", "Cut the video and post it again."
    ),
    "frame_rate_check_failed": Meaning(
        "invalid",
        "The video has too few or too many pictures a second.",
        "Use a video with 23 to 60 pictures a second.",
    ),
    "picture_size_check_failed": Meaning(
        "invalid",
        "The picture is too small or too large for TikTok.",
        "Use a video of 360 to 4096 pixels a side, or pictures of at most 1080 × 1920.",
    ),
    "internal": Meaning("later", "TikTok failed while it worked on the post.", "It is sent anew by itself."),
    "video_pull_failed": Meaning(
        "later", "TikTok could not fetch the video from this installation.", "It is sent anew by itself."
    ),
    "photo_pull_failed": Meaning(
        "later", "TikTok could not fetch the pictures from this installation.", "It is sent anew by itself."
    ),
    "auth_removed": Meaning(
        "reconnect", "The connection to TikTok was removed while it worked on the post.", RECONNECT
    ),
    "spam_risk": CODES["spam_risk"],
    "spam_risk_text": Meaning(
        "invalid",
        "TikTok takes the caption for spam.",
        "Change the caption, its hashtags and links, and post it again.",
    ),
    "spam_risk_too_many_posts": _TOO_MANY,
    "spam_risk_user_banned_from_posting": _BANNED,
    "publish_cancelled": Meaning(
        "invalid", "The post was cancelled on TikTok.", "Post it again if that was not meant."
    ),
}

# Answers of the token endpoint: error (developers.tiktok.com/doc/oauth-error-handling).
OAUTH: dict[str, Meaning] = {
    "access_denied": Meaning("reconnect", "Access to the TikTok account was not allowed.", RECONNECT),
    "invalid_grant": Meaning("reconnect", "The connection to TikTok has ended.", RECONNECT),
    "invalid_scope": Meaning(
        "setup",
        "This installation asks TikTok for permissions that it does not have.",
        "Whoever runs this installation adds the scopes to the app in TikTok's developer portal.",
    ),
    **dict.fromkeys(
        ("invalid_client", "unauthorized_client"),
        Meaning(
            "setup",
            "TikTok does not accept this installation's client key and secret.",
            "Whoever runs this installation checks the key and the secret of its TikTok app.",
        ),
    ),
    **dict.fromkeys(
        ("invalid_request", "unsupported_grant_type", "unsupported_response_type"),
        Meaning(
            "setup", "TikTok does not understand how this installation asks.", "Whoever runs it looks for an update."
        ),
    ),
    **dict.fromkeys(("server_error", "temporarily_unavailable"), _LATER),
}


def error_of(
    code: str,
    meanings: dict[str, Meaning] = CODES,
    *,
    said: str = "",
    status: int | None = None,
    answer: str = "",
    retry_after: float | None = None,
) -> PlatformError:
    """A refusal in plain words. A code that is new to us becomes "invalid" and shows what TikTok said."""
    meaning = meanings.get(code)
    if meaning is None:
        text = f"TikTok refused: {said or code}"[:400]
        meaning = Meaning("invalid", text, "Check the post and its TikTok choices, or post it in the TikTok app.")
    wait = retry_after if retry_after is not None else meaning.retry_after
    return PlatformError(
        meaning.text,
        kind=meaning.kind,
        code=code or "unknown",
        fix=meaning.fix,
        status=status,
        retry_after=wait,
        answer=answer,
    )


def failure_of(reason: str) -> PlatformError:
    """A fail_reason in plain words."""
    return error_of(reason, FAIL_REASONS, said=f"the post failed ({reason or 'no reason given'})")
