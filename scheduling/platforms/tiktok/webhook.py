"""TikTok's calls to us: whether they are TikTok's, and what they say.

Events are hints: whoever gets one reads the platform again, so that one that comes twice or late changes nothing.
developers.tiktok.com/doc/webhooks-verification, /doc/webhooks-events
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

TOLERANCE = 300  # seconds between the signature's time and ours


@dataclass(frozen=True)
class Event:
    """One event. `name`: post.publish.complete, .failed, .publicly_available ..., or authorization.removed."""

    name: str
    client_key: str
    open_id: str  # the account, as Channel.external_id
    at: datetime
    publish_id: str = ""
    post_id: str = ""
    reason: str = ""


def verify_webhook(body: bytes, header: str, secret: str, now: datetime) -> bool:
    """Whether `header` (TikTok-Signature: t=...,s=...) signs this body with the app's secret, and not long ago."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    stamp, given = parts.get("t", ""), parts.get("s", "")
    if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not given.isascii():
        return False
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        return False
    wanted = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, given.lower())


def sign_webhook(body: bytes, secret: str, now: datetime) -> str:
    """The header that TikTok would send with this body; the sandbox and tests use it."""
    stamp = str(int(now.timestamp()))
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},s={signature}"


def read_webhook(body: bytes) -> Event:
    """What a verified body says. Raises ValueError when it makes no sense."""
    try:
        found = json.loads(body)
        content = json.loads(found.get("content") or "{}")
        posts = content.get("publicaly_available_post_id") or content.get("post_id") or ""
        return Event(
            name=str(found["event"]),
            client_key=str(found.get("client_key", "")),
            open_id=str(found["user_openid"]),
            at=datetime.fromtimestamp(int(found["create_time"]), UTC),
            publish_id=str(content.get("publish_id", "")),
            post_id=str(posts[0] if isinstance(posts, list) else posts),
            reason=str(content.get("reason", "")),
        )
    except (AttributeError, IndexError, KeyError, OSError, OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"This is no event of TikTok: {error!r}") from error
