"""Figures of Instagram by our names; what it does not give is left out, never counted as 0."""

from collections.abc import Callable, Mapping
from typing import Any

from scheduling.platforms.base import PlatformError
from scheduling.platforms.http import Reply

Get = Callable[..., Reply]
# Instagram's names and ours. "impressions" ended in April 2025: "views" replaced it.
POST_METRICS: Mapping[str, str] = {
    "views": "views",
    "reach": "reach",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "saved": "saves",
    "total_interactions": "interactions",
    "ig_reels_avg_watch_time": "average_watch_ms",
    "replies": "replies",
}
ACCOUNT_METRICS: Mapping[str, str] = {
    "followers_count": "followers",
    "media_count": "posts",
    "views": "views",
    "reach": "reach",
    "accounts_engaged": "engaged",
    "total_interactions": "interactions",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "saves": "saves",
}
# Asking for a metric that a kind of post does not have fails the whole call.
ASKED: Mapping[str, str] = {
    "FEED": "views,reach,likes,comments,shares,saved,total_interactions",
    "REELS": "views,reach,likes,comments,shares,saved,total_interactions,ig_reels_avg_watch_time",
    "STORY": "views,reach,replies,shares,total_interactions",
}
ASKED_OF_ACCOUNT = "views,reach,accounts_engaged,total_interactions,likes,comments,shares,saves"


def post_figures(get: Get, remote_id: str) -> dict[str, int]:
    """Figures of one post. Raises PlatformError."""
    product = get(remote_id, fields="media_product_type").body.get("media_product_type", "FEED")
    return _figures(get, f"{remote_id}/insights", POST_METRICS, metric=ASKED.get(product, ASKED["FEED"]))


def account_figures(get: Get, account: str) -> dict[str, int]:
    """Followers and posts now, and the sums of the last day. Raises PlatformError."""
    profile = get("me", fields="followers_count,media_count").body
    figures = {ACCOUNT_METRICS[name]: profile[name] for name in ("followers_count", "media_count") if name in profile}
    day = {"metric": ASKED_OF_ACCOUNT, "period": "day", "metric_type": "total_value"}
    return figures | _figures(get, f"{account}/insights", ACCOUNT_METRICS, **day)


def _figures(get: Get, path: str, names: Mapping[str, str], **asked: str) -> dict[str, int]:
    try:
        rows = get(path, **asked).body.get("data") or []
    except PlatformError as error:
        if error.code == "10":  # "Not enough viewers for the media to show insights"
            return {}
        raise
    found = {names[row["name"]]: _value(row) for row in rows if row.get("name") in names}
    return {name: value for name, value in found.items() if value is not None}


def _value(row: Mapping[str, Any]) -> int | None:
    if "total_value" in row:
        value = row["total_value"].get("value")
    else:
        value = row["values"][-1].get("value") if row.get("values") else None
    return int(value) if isinstance(value, int | float) else None
