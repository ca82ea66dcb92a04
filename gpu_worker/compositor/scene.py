"""The contract between a rendered scene and the subject placed in it: a plate plus the light that falls there."""

from dataclasses import dataclass, field

import numpy as np

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """One light as the subject sees it.

    direction: unit vector from the subject towards the light; x right, y up, z towards the camera.
    colour: linear-light RGB, normalised so that its largest channel is 1.
    intensity: relative strength, 1 = as strong as the key of a well exposed studio portrait.
    softness: 0 (bare bulb) to 1 (overcast sky).
    """

    direction: tuple[float, float, float]
    colour: RGB = (1.0, 1.0, 1.0)
    intensity: float = 1.0
    softness: float = 0.5


@dataclass(frozen=True)
class Scene:
    """A background as the camera records it, and everything needed to put a person into it.

    plate: float32 (height, width, 3), linear light (not sRGB-encoded), 0 = black, 1 = display white;
        already defocused as its depth asks.
    foreground: float32 (height, width, 4) or None, linear, premultiplied alpha: what lies in front of the
        subject (defocused leaves, a flare, haze).
    ambient: fill light reaching the subject from all sides, linear RGB.
    key: the main light on the face; rims: lights from behind that draw an edge.
    exposure: stops by which the subject is darker (-) or brighter (+) than a neutral exposure.
    contrast: 1 = neutral, >1 harder tone curve over the whole picture.
    saturation: 1 = neutral, over the whole picture.
    grain: standard deviation of film grain in display units (0.01 is subtle).
    vignette: 0 none to 1 strong.
    bloom: 0 none to 1 strong glow around highlights.
    """

    plate: np.ndarray
    key: Light
    ambient: RGB = (0.35, 0.35, 0.35)
    rims: tuple[Light, ...] = field(default=())
    foreground: np.ndarray | None = None
    exposure: float = 0.0
    contrast: float = 1.0
    saturation: float = 1.0
    grain: float = 0.012
    vignette: float = 0.2
    bloom: float = 0.1
