"""Rooms by day and by evening: the lens of an indoor portrait and the light on the subject."""

import numpy as np

from ..scene import RGB, Scene
from .fittings import BULB
from .lighting import aim, mix, scaled
from .optics import Lens
from .plate import Plate
from .room import Room


def room_lens(rng: np.random.Generator, focal=(60, 68), f_number=(1.25, 1.45)) -> Lens:
    """Return the lens of an indoor portrait, focused about 1.9 m away."""
    return Lens(
        focal_mm=rng.uniform(*focal), f_number=rng.uniform(*f_number), subject_m=1.9, eye_m=rng.uniform(1.35, 1.5),
        horizon=rng.uniform(0.43, 0.49), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip


def room_scene(rng, plate: Plate, room: Room, side: float, daylight, wall, lamp: RGB = BULB) -> Scene:
    """Finish a room by daylight: key from the window's side, fill from walls, a lamp behind."""
    plate.glare(rng.uniform(0.05, 0.08), scaled(daylight, 0.002))
    key = room.light((0.0, 1.5, 2.0), (side, 0.0, -0.2))[0]
    return Scene(
        plate=plate.develop(rng.uniform(0.84, 1.02)),
        key=aim(side * rng.uniform(0.7, 1.0), 0.35, 0.75, mix(key / key.max(), daylight, 0.3), 0.95, 0.75),
        ambient=scaled(mix(daylight, np.asarray(wall) / np.max(wall), 0.5), 0.38),
        rims=(aim(-side * 0.8, 0.5, -0.7, lamp, 0.3, 0.4), aim(side * 0.85, 0.3, -0.6, daylight, 0.5, 0.6)),
        contrast=1.03,
        saturation=1.02,
        grain=0.010,
        vignette=0.15,
        bloom=0.16,
    )


def by_bulbs(rng: np.random.Generator, plate: Plate, side: float) -> Scene:
    """Finish a room in the evening, the subject lit by warm lamps."""
    plate.glare(rng.uniform(0.07, 0.11), scaled(BULB, 0.004))
    soft = mix(BULB, (1, 1, 1), 0.45)
    return Scene(
        plate=plate.develop(rng.uniform(0.95, 1.15)),
        key=aim(side * rng.uniform(0.5, 0.8), 0.45, 0.8, soft, 0.82, 0.7),
        ambient=scaled(mix(BULB, (1, 1, 1), 0.4), 0.27),
        rims=(aim(-side * 0.85, 0.5, -0.65, BULB, 0.6, 0.4), aim(side * 0.8, 0.5, -0.7, soft, 0.35, 0.5)),
        exposure=-0.03,
        contrast=1.05,
        saturation=1.03,
        grain=0.012,
        vignette=0.2,
        bloom=0.28,
    )
