"""The places of the looks "editorial", "portrait" and "story" by name, and the floor that whole figures stand on."""

from collections.abc import Callable

import numpy as np

from ..scene import Scene
from . import backdrops, backstage, dark_places, hard_light, offices, travel
from .plate import View

SETS: dict[str, Callable[[np.random.Generator, View], Scene]] = {
    "coloured_paper": backdrops.coloured_paper,
    "gel_gradient": backdrops.gel_gradient,
    "painted_canvas": backdrops.painted_canvas,
    "dark_backdrop": backdrops.dark_backdrop,
    "grey_paper": backdrops.grey_paper,
    "high_key": backdrops.high_key,
    "window_wall": backdrops.window_wall,
    "two_colours": backdrops.two_colours,
    "cyclorama": backdrops.cyclorama,
    "sunlit_wall": hard_light.sunlit_wall,
    "colour_blocks": hard_light.colour_blocks,
    "concrete_wall": hard_light.concrete_wall,
    "projected_pattern": hard_light.projected_pattern,
    "split_light": hard_light.split_light,
    "glass_office": offices.glass_office,
    "lobby": offices.lobby,
    "boardroom": offices.boardroom,
    "library": offices.library,
    "quiet_office": offices.quiet_office,
    "train": travel.train,
    "misty_road": travel.misty_road,
    "dusk_hill": travel.dusk_hill,
    "dawn_window": travel.dawn_window,
    "studio_lamps": backstage.studio_lamps,
    "dressing_room": backstage.dressing_room,
    "film_set": backstage.film_set,
    "dark_gym": dark_places.dark_gym,
    "neon_room": dark_places.neon_room,
}
