"""The mark burnt into a film: there in every frame, nothing else changed, times and sound as they were."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from inflio.media.burn import burn_in
from inflio.media.tests.films import film, noise, sideways
from inflio.media.video import probe_video

BADGE = Image.new("RGBA", (40, 24), (255, 40, 40, 255))
PLACE = (130, 20)


@pytest.fixture
def burnt(tmp_path):
    def make(data: bytes, place: tuple[int, int] = PLACE, **how) -> tuple[Path, Path]:
        source, target = tmp_path / "before.mp4", tmp_path / "after.mp4"
        source.write_bytes(data)
        burn_in(source, target, badge=BADGE, place=place, **how)
        return source, target

    return make


def frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as opened:
        return [
            np.rot90(one.to_ndarray(format="rgb24"), one.rotation // 90).astype(int) for one in opened.decode(video=0)
        ]


def packets(path: Path, kind: str) -> list[tuple]:
    with av.open(str(path)) as opened:
        stream = getattr(opened.streams, kind)[0]
        found = [one for one in opened.demux(stream) if one.dts is not None]
        return [(round(float(one.pts * one.time_base), 4), bytes(one) if kind == "audio" else b"") for one in found]


@pytest.mark.parametrize("full_range", [False, True], ids=["16-235", "0-255"])
def test_mark_is_in_every_frame_and_nothing_else_changes(burnt, full_range):
    before, after = (frames(path) for path in burnt(film(full_range=full_range)))
    assert len(before) == len(after) == 10
    mask = np.zeros(before[0].shape[:2], bool)
    mask[PLACE[1] : PLACE[1] + 24, PLACE[0] : PLACE[0] + 40] = True
    near = np.zeros_like(mask)
    near[PLACE[1] - 12 : PLACE[1] + 36, PLACE[0] - 12 : PLACE[0] + 52] = True  # the codec smears a little
    for old, new in zip(before, after, strict=True):
        assert abs(new[mask].mean(0) - (255, 40, 40)).max() < 12
        assert abs(new[~near] - old[~near]).mean() < 2
        assert abs(new[~near] - old[~near]).max() < 12


def test_half_transparent_mark_lets_the_film_through(tmp_path):
    source, target = tmp_path / "a.mp4", tmp_path / "b.mp4"
    source.write_bytes(film())
    veil = Image.new("RGBA", (40, 24), (255, 255, 255, 128))
    burn_in(source, target, badge=veil, place=PLACE)
    old, new = frames(source)[4], frames(target)[4]
    inside = np.s_[PLACE[1] + 6 : PLACE[1] + 18, PLACE[0] + 6 : PLACE[0] + 34]
    assert abs(new[inside].mean() - (old[inside].mean() + 255) / 2) < 6


def test_times_and_sound_stay(burnt):
    before, after = burnt(film(seconds=2, sound="aac"))
    assert sorted(packets(after, "video")) == sorted(packets(before, "video"))
    assert packets(after, "audio") == packets(before, "audio")
    facts, was = probe_video(after), probe_video(before)
    assert facts == was
    assert facts.faststart


def test_phone_film_is_turned_upright_and_marked_where_it_is_seen(burnt):
    before, after = burnt(sideways())
    with av.open(str(after)) as opened:
        assert next(opened.decode(video=0)).rotation == 0
    assert (probe_video(after).width, probe_video(after).height) == (180, 320)
    inside = np.s_[PLACE[1] + 4 : PLACE[1] + 20, PLACE[0] + 4 : PLACE[0] + 36]
    assert abs(frames(after)[3][inside].mean((0, 1)) - (255, 40, 40)).max() < 12
    assert abs(frames(after)[3][100:] - frames(before)[3][100:]).mean() < 2


def test_file_is_held_under_a_limit(tmp_path):
    source, target = tmp_path / "noise.mp4", tmp_path / "small.mp4"
    source.write_bytes(noise(crf=12))
    limit = source.stat().st_size // 3
    burn_in(source, target, badge=BADGE, place=PLACE, seconds=4, most_bytes=limit)
    assert 0 < target.stat().st_size <= limit


@pytest.mark.parametrize("keep", [0.2, 0.6])
def test_film_that_breaks_off_is_an_error(burnt, keep):
    data = film(seconds=3)
    with pytest.raises((av.FFmpegError, ValueError)):
        burnt(data[: int(len(data) * keep)], PLACE)
