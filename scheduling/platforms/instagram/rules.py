"""What Instagram takes, as data (developers.facebook.com, reference ig-user/media, read in November 2026)."""

from scheduling.platforms.base import Capabilities, Ratio, Rules
from scheduling.platforms.instagram.insights import ACCOUNT_METRICS, POST_METRICS

MB = 1_000_000
_PICTURE = Rules(
    most_bytes=8 * MB,
    ratio=Ratio(0.8, 1.91),
    widest=1440,
    preset="ig_feed_portrait",
    hashtags=30,
    mentions=20,
    alt_text=1000,
    first_comment=True,
)
CAPABILITIES = Capabilities(
    formats={
        "image": _PICTURE,
        "carousel": Rules(
            least=2,
            most=10,
            kinds=("image", "video"),
            mimes=("image/jpeg", "video/mp4", "video/quicktime"),
            most_bytes=300 * MB,
            ratio=Ratio(0.8, 1.91),
            widest=1920,
            shortest_seconds=3,
            longest_seconds=60,
            preset="ig_carousel",
            hashtags=30,
            mentions=20,
            alt_text=1000,
            first_comment=True,
        ),
        "video": Rules(
            kinds=("video",),
            mimes=("video/mp4", "video/quicktime"),
            most_bytes=300 * MB,
            ratio=Ratio(0.01, 10.0),
            widest=1920,
            shortest_seconds=3,
            longest_seconds=900,
            hashtags=30,
            mentions=20,
            first_comment=True,
            cover=True,
        ),
        "story": Rules(
            kinds=("image", "video"),
            mimes=("image/jpeg", "video/mp4", "video/quicktime"),
            most_bytes=100 * MB,
            widest=1920,
            shortest_seconds=3,
            longest_seconds=60,
            preset="ig_story_img",
            caption=0,
        ),
    },
    ai_flag=frozenset({"image", "carousel", "video", "story"}),
    # Meta's field for paid partnerships exists only with Facebook Login: the caption says it here.
    paid_flag=frozenset(),
    metrics=tuple(dict.fromkeys(POST_METRICS.values())),
    account_metrics=tuple(dict.fromkeys(ACCOUNT_METRICS.values())),
    can_be_looked_up=True,
    needs_public_media=True,
)
