"""A room lit by nothing but its lamps."""

import numpy as np

from .optics import Lens
from .room import Room

BLACK, GREY_METAL = (0.012, 0.012, 0.013), (0.10, 0.10, 0.105)


def lamp_room(lens: Lens, side: float, *lamps, ambient: float = 0.12) -> Room:
    """A room lit by lamps of (place, colour, power) only."""
    places = np.array([place for place, _, _ in lamps])
    colours = np.array([np.asarray(colour) * power for _, colour, power in lamps])
    return Room(lens, places, colours, np.full(len(lamps), 0.4), np.full(3, ambient), side)
