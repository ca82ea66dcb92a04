"""A balcony at home."""

import numpy as np

from ..scene import Scene
from .boats import bar, face
from .daylight import GOLDEN, MORNING, SOFT, Day, day_sky, draw_day, scene_by_day
from .foliage import crown
from .ground import Ground
from .houses import OLD_SHUTTERS, OLD_TOWN, row
from .plate import Layer, Plate, View
from .rooftop import bulb_chains, roof_lens
from .shapes import cover
from .skyline import skyline


def balcony(rng: np.random.Generator, view: View) -> Scene:
    """A balcony at home: iron rail, potted plants, the houses across the street in the sun."""
    day, lens = draw_day(rng, (GOLDEN, GOLDEN, MORNING, SOFT), (-0.05, 0.25)), roof_lens(rng)
    plate = Plate(view, lens)
    day_sky(rng, plate, day)
    if rng.random() < 0.6:
        skyline(rng, plate, day, 12.0, 0.04, 0.35, 2)
    layer = Layer(view, lens.blur(20.0))
    street, z = row(rng, 46.0, OLD_TOWN), rng.uniform(20, 28)
    drop, edge = rng.uniform(5.5, 8.5), rng.uniform(0.2, 0.75)
    height = (np.arange(street.albedo.shape[0], 0, -1, dtype=np.float32) / street.albedo.shape[0])[:, None, None]
    lit = np.clip((height - edge * 0.6) / 0.08, 0, 1)
    picture = street.lit(day.shade + lit * (day.on_wall(0.6) - day.shade), 0.3)
    picture[..., :3] += picture[..., 3:] * np.float32(day.hour.horizon) * 0.05
    u, v = lens.project((-23, 23, 23, -23), np.array((street.tall, street.tall, 0, 0)) - drop, z)
    cover(layer, picture, u, v)
    below = layer.v > v[2]
    layer.paint((below & (layer.u > -2)).astype(np.float32), day.shade * 0.22)
    plate.over(layer, cat_eye=False)
    _own_side(rng, plate, day)
    return scene_by_day(rng, plate, day, None, (1.0, 0.9, 0.78))


def _own_side(rng, plate: Plate, day: Day) -> None:
    """The balcony itself: rail with flower boxes, plants on the floor, the house wall at one side, bulbs."""
    lens, z = plate.lens, rng.uniform(3.9, 4.6)
    layer = Layer(plate.view, lens.blur(z))
    sun, half = np.float32(day.hour.sun) * day.hour.power, 0.75 * z / lens.reach
    ground = Ground(layer, lens, far=z)
    tone = np.exp(0.1 * ground.noise(rng, 0.3))[..., None]
    ground.paint(layer, np.float32((0.36, 0.26, 0.18)) * tone * (day.shade + 0.35 * sun))
    iron = np.float32((0.025, 0.025, 0.028)) * (day.shade * 2 + 0.4 * sun)
    for x in np.arange(-half, half, 0.12):
        bar(layer, lens, (x, 0, z), (x + 1e-3, 1.0, z), 0.018, iron)
    bar(layer, lens, (-half, 1.02, z), (half, 1.02, z), 0.06, iron * 1.4)
    metre = lens.reach / (z - 0.1)
    for x in np.arange(-half, half, 0.62) + rng.uniform(0, 0.4):
        if rng.random() < 0.55:
            face(
                layer,
                lens,
                x + 0.28 * np.array((-1, 1, 1, -1)),
                (0.98, 0.98, 0.8, 0.8),
                z - 0.1,
                np.float32((0.34, 0.16, 0.09)) * day.shade * 1.3,
            )
            u, v = (float(place) for place in lens.project(x, 1.08, z - 0.1))
            size = rng.uniform(0.12, 0.24)
            crown(
                rng,
                layer,
                (u, v),
                (0.3 * metre, size * metre),
                day.weather.toward,
                day.weather.leaves,
                20,
                50,
                0.3,
                0.035 * metre,
            )
    side = -day.side if rng.random() < 0.7 else day.side
    wall = side * rng.uniform(0.22, 0.33) * z / lens.reach
    light = day.shade + (0.5 * sun if side != day.side else 0)
    face(layer, lens, wall, (4, 4, 0, 0), (z + 0.2, 1.2, 1.2, z + 0.2), np.float32((0.60, 0.54, 0.46)) * light)
    shutter, inner = np.float32(OLD_SHUTTERS[rng.integers(len(OLD_SHUTTERS))]) * 1.6, wall - side * 0.02
    near, far = z - 1.7, z - 0.5
    face(layer, lens, inner, (2.5, 2.5, 0.05, 0.05), (far, near, near, far), shutter * light)
    for low, high in ((0.2, 1.15), (1.35, 2.35)):
        frame = (far - 0.12, near + 0.12, near + 0.12, far - 0.12)
        face(layer, lens, inner - side * 0.01, (high, high, low, low), frame, shutter * light * 0.7)
    if rng.random() < 0.65:
        foot = (wall - side * 0.05, z - 0.3)
        for y in np.arange(0.9, 2.9, 0.28):
            place = (foot[0] + rng.normal(0, 0.06), y, foot[1])
            u, v = (float(part) for part in lens.project(*place))
            size = (rng.uniform(0.16, 0.28) * metre, 0.2 * metre)
            crown(rng, layer, (u, v), size, day.weather.toward, day.weather.leaves, 16, 50, 0.3, 0.045 * metre, 0.2)
    if rng.random() < 0.7:
        x = -side * rng.uniform(0.28, 0.38) * z / lens.reach
        face(
            layer,
            lens,
            x + 0.2 * np.array((-1, 1, 0.75, -0.75)),
            (0.4, 0.4, 0, 0),
            z - 0.4,
            np.float32((0.4, 0.2, 0.11)) * (day.shade + 0.2 * sun),
        )
        u, v = (float(place) for place in lens.project(x, 0.95, z - 0.4))
        crown(
            rng,
            layer,
            (u, v),
            (0.38 * metre, 0.6 * metre),
            day.weather.toward,
            day.weather.leaves,
            36,
            70,
            0.24,
            0.05 * metre,
            0.2,
        )
    plate.over(layer)
    if rng.random() < 0.4:
        bulb_chains(rng, plate, z - 0.5, 0.7)
