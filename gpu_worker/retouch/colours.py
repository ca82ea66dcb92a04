"""Colours by name: for headlines, plain backgrounds and coloured lights."""

import numpy as np

from gpu_worker.pictures import srgb_to_linear

# sRGB, chosen to stand out on a small picture rather than to be the pure primaries.
COLOURS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "black": (14, 14, 16),
    "grey": (128, 130, 134),
    "yellow": (255, 222, 0),
    "gold": (245, 190, 65),
    "orange": (255, 132, 20),
    "red": (230, 30, 38),
    "pink": (255, 92, 158),
    "magenta": (226, 40, 190),
    "purple": (126, 62, 224),
    "blue": (34, 98, 240),
    "navy": (16, 30, 74),
    "cyan": (40, 212, 240),
    "teal": (10, 140, 140),
    "green": (36, 200, 84),
    "lime": (168, 240, 40),
    "beige": (226, 208, 180),
    "brown": (112, 72, 44),
    "warm": (255, 196, 130),
    "cool": (150, 196, 255),
}


def rgb_of(name: str) -> tuple[int, int, int]:
    """The sRGB colour called `name`; KeyError for an unknown one."""
    return COLOURS[name]


def linear_of(name: str) -> np.ndarray:
    """The same in linear light, float32 (3,), its largest channel 1 when used as a light."""
    return srgb_to_linear(np.array([[COLOURS[name]]], np.uint8))[0, 0]


def is_dark(name: str) -> bool:
    """Whether white stands out on it better than black."""
    red, green, blue = COLOURS[name]
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
