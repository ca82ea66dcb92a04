"""What we conclude from YouTube's words about a video, and from the hour in California."""

from datetime import datetime
from uuid import uuid4

import pytest

from scheduling.platforms.youtube.errors import until_pacific_midnight
from scheduling.platforms.youtube.videos import is_ours
from scheduling.tests.driving import outgoing


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"fileDetails": {"fileName": "holiday.mp4", "fileSize": "10"}}, False),
        ({"fileDetails": {"fileName": f"{uuid4()}.mp4", "fileSize": "{size}"}}, False),  # another post with this film
        ({"fileDetails": {"fileName": "unknown", "fileSize": "{size}"}}, True),  # the name got lost on the way
        ({"fileDetails": {"fileName": "unknown", "fileSize": "{size}"}, "snippet": {"title": "Renamed"}}, None),
        ({"fileDetails": {}}, None),
        ({"fileDetails": {}, "snippet": {"title": "Another"}}, False),
        ({"fileDetails": {}, "snippet": {"title": "Another"}, "processingDetails": {"x": 0}}, None),
    ],
)
def test_video_is_ours_by_name_or_by_title_and_size_else_nobody_knows(change, expected):
    clip = b"a film"
    short = outgoing(str(uuid4()), "video", ("video/mp4", clip))
    video = {
        "snippet": {"title": short.title},
        "fileDetails": {"fileName": f"{short.key}.mp4", "fileSize": "1"},
    } | change
    if video["fileDetails"].get("fileSize") == "{size}":
        video["fileDetails"] = video["fileDetails"] | {"fileSize": str(len(clip))}
    if "processingDetails" in video:
        video["processingDetails"] = {"fileDetailsAvailability": "inProgress"}
    assert is_ours(video, short) is expected


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2026-11-21T07:59:00+00:00", 1 / 60),
        ("2026-11-21T08:00:00+00:00", 24),
        ("2026-11-01T07:00:00+00:00", 25),  # clocks go back that day
        ("2027-03-14T08:00:00+00:00", 23),  # and forward
    ],
)
def test_googles_day_ends_at_midnight_pacific(now, hours):
    assert until_pacific_midnight(datetime.fromisoformat(now)) == pytest.approx(hours * 3600)
