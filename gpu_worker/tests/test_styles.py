"""Styles: natural changes nothing, each other one changes the picture its own way, and all keep the person."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.compositor.grade import style_scene, tone
from gpu_worker.compositor.picture import render_picture
from gpu_worker.compositor.scenes import render_scene
from gpu_worker.compositor.styles import STYLES
from gpu_worker.compositor.subject import prepare_subject
from gpu_worker.identity import analyse_photo, score_identity
from gpu_worker.pictures import read_picture

FRONT = Path(__file__).parents[2] / "demo" / "photos" / "01_front.jpg"


@pytest.fixture(scope="module")
def made():
    """One picture in each style, and the reference's embedding."""
    front = read_picture(FRONT, 1280)
    subject = prepare_subject(front)
    pictures = {
        style: render_picture([subject], "portrait.professional", 3, 512, 640, style=style).rgb for style in STYLES
    }
    return pictures, analyse_photo(front).embedding


def test_there_are_seven_and_natural_comes_first():
    assert list(STYLES) == ["natural", "minimal", "luxury", "bold", "vintage", "moody", "bright"]
    assert all(style.key == key and style.title for key, style in STYLES.items())


def test_natural_changes_nothing():
    scene = render_scene("grey_paper", 1, 32, 32)
    styled = style_scene(scene, "natural")
    assert (styled.contrast, styled.saturation, styled.grain) == (scene.contrast, scene.saturation, scene.grain)
    rgb = np.arange(768, dtype=np.uint8).reshape(16, 16, 3)
    assert tone(rgb, "natural") is rgb


@pytest.mark.parametrize("style", STYLES)
def test_each_keeps_the_person(made, style):
    pictures, reference = made
    assert score_identity(pictures[style], [reference]) >= 0.85


def test_each_looks_like_its_name(made):
    pictures, _ = made
    light = {style: float(rgb.mean()) for style, rgb in pictures.items()}
    colour = {style: float(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)[..., 1].mean()) for style, rgb in pictures.items()}
    darkest = {style: float(np.percentile(rgb, 1)) for style, rgb in pictures.items()}
    assert light["moody"] < light["natural"] - 2
    assert light["bright"] > light["natural"] + 5
    assert colour["bold"] > colour["natural"] > colour["minimal"]
    assert darkest["vintage"] > darkest["natural"] + 8
    warmth = {style: float(rgb[..., 0].mean() - rgb[..., 2].mean()) for style, rgb in pictures.items()}
    assert warmth["luxury"] > warmth["moody"]


@pytest.mark.parametrize("style", STYLES)
def test_tones_stay_in_order(style):
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    toned = tone(ramp, style).astype(int)
    assert (np.diff(toned, axis=1) >= 0).all()
    assert toned.max() > 220
