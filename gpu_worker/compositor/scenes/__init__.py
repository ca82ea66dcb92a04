"""Rendered places for portraits, each defocused as a fast portrait lens would show it."""

import zlib
from collections.abc import Callable

import numpy as np

from ..scene import Scene
from . import city_night, dark_room, outdoors, studio, workspace
from .places import PLACES
from .plate import View
from .sets import SETS

SCENES: dict[str, Callable[[np.random.Generator, View], Scene]] = {
    "studio": studio.render,
    "outdoors": outdoors.render,
    "city_night": city_night.render,
    "dark_room": dark_room.render,
    "workspace": workspace.render,
    **PLACES,
    **SETS,
}


def render_scene(name: str, seed: int, width: int, height: int) -> Scene:
    """Return the place `name` as a picture of width x height pixels.

    Each seed is another variation; the same name, seed and size give the same bytes, and the same seed at another
    size gives the same composition. Raises KeyError for an unknown name and ValueError for a size below 16 pixels.
    """
    if min(width, height) < 16:
        raise ValueError(f"A scene needs at least 16 x 16 pixels, not {width} x {height}.")
    rng = np.random.default_rng([seed % 2**63, zlib.crc32(name.encode())])
    return SCENES[name](rng, View(width, height))
