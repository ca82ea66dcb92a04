"""A villa's terrace with its pool."""

import numpy as np

from ..scene import Scene
from .boats import face
from .daylight import DAY, GOLDEN, MORNING, Day, day_sky, draw_day, scene_by_day
from .garden_plants import STONE, cypress, palm
from .ground import Ground
from .landscape import bushes, finish, lawn, tree_line
from .lighting import mix
from .optics import Lens
from .plate import Layer, Plate, View
from .sea import coastline, sea
from .viewpoint import BOUGAINVILLEA

WHITE = (0.70, 0.685, 0.65)
WINDOW_GLOW = (1.0, 0.70, 0.38)


def garden_lens(rng: np.random.Generator, eye_m: float = 1.5, focal=(60, 74)) -> Lens:
    """Return the lens of a portrait in a garden, focused 2 m away."""
    return Lens(
        focal_mm=rng.uniform(*focal), f_number=rng.uniform(1.7, 2.1), subject_m=2.0, eye_m=eye_m,
        horizon=rng.uniform(0.43, 0.51), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip


def pool_terrace(rng: np.random.Generator, view: View) -> Scene:
    """A terrace with a pool, loungers and parasols, the villa at one side, palms or cypresses, the sea beyond."""
    day, lens = draw_day(rng, (GOLDEN, GOLDEN, MORNING, DAY), (-0.02, 0.3), False), garden_lens(rng, 1.6, (52, 62))
    plate = Plate(view, lens)
    side = -day.side if rng.random() < 0.75 else day.side
    day_sky(rng, plate, day)
    if rng.random() < 0.6:
        coastline(rng, plate, day, 6000.0, rng.uniform(200, 500), (0.10, 0.13, 0.16))
        sea(rng, plate, day, 30.0, metres=100.0)
    else:
        tree_line(rng, plate, day.weather, rng.uniform(40, 60), rng.uniform(5, 9))
        lawn(rng, plate, day.weather)
    _pool(rng, plate, day)
    _tall_plants(rng, plate, day, side)
    _villa(rng, plate, day, side)
    _loungers(rng, plate, day, -side)
    if rng.random() < 0.6:
        bushes(rng, plate, day.weather, rng.uniform(5.5, 7), rng.uniform(0.9, 1.3), BOUGAINVILLEA[rng.integers(4)], 0.3)
    return scene_by_day(rng, plate, day, None, (1.0, 0.95, 0.88))


def _pool(rng, plate: Plate, day: Day) -> None:
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(10.0))
    far = rng.uniform(17, 22)
    ground = Ground(layer, lens, far=far)
    sun = np.float32(day.hour.sun) * day.hour.power
    tiles = np.exp(0.08 * ground.noise(rng, 0.6) + 0.06 * ground.noise(rng, 2.0))[..., None]
    stone = np.float32(mix(STONE, WHITE, rng.uniform(0, 0.8))) * tiles * (day.shade + 0.42 * sun)
    near, end, half = rng.uniform(4.6, 5.6), far - 0.6, rng.uniform(2.4, 3.6)
    shift = rng.uniform(-1.0, 1.0)
    inside = (ground.z > near) & (ground.z < end) & (np.abs(ground.x - shift) < half)
    rim = (ground.z > near - 0.4) & (ground.z < end + 0.4) & (np.abs(ground.x - shift) < half + 0.4)
    ripples = 0.5 * ground.noise(rng, 0.7, 0.5) + 0.4 * ground.noise(rng, 0.3, 0.5)
    mirror = np.clip(
        0.18 + 0.42 / (1 + (np.maximum(ground.v - lens.horizon, 0) / 0.1) ** 1.5) + 0.08 * ripples, 0, 0.9
    )[..., None]
    sky = np.float32(mix(day.hour.zenith, day.hour.horizon, 0.5)) * 0.95
    tint = np.float32(((0.04, 0.36, 0.40), (0.05, 0.30, 0.42), (0.02, 0.22, 0.30))[rng.integers(3)])
    water = tint * (day.shade * 1.5 + 0.35 * sun) * np.exp(0.18 * ripples)[..., None] * (1 - mirror) + sky * mirror
    colour = np.where(rim[..., None], np.float32(WHITE) * (day.shade + 0.45 * sun), stone)
    ground.paint(layer, np.where(inside[..., None], water, colour))
    plate.over(layer)
    if day.hour.glow > 0.15:
        count = 70
        z = rng.uniform(near, end, count)
        u, v = lens.project(shift + rng.uniform(-half, half, count), 0, z)
        weight = np.exp(-(((u - day.weather.sun[0]) / 0.2) ** 2))
        blur = np.array([lens.blur(place) for place in z])
        plate.lights(
            u,
            v,
            blur,
            (0.22 * day.hour.glow * weight * np.exp(rng.normal(0, 0.7, count)))[:, None] * np.float32(day.hour.sun),
        )


def _tall_plants(rng, plate: Plate, day: Day, side: float) -> None:
    lens = plate.lens
    kind = rng.integers(2)
    for z in (rng.uniform(20, 24), rng.uniform(12, 15)):
        layer = Layer(plate.view, lens.blur(z))
        for _ in range(rng.integers(1, 4)):
            x = rng.choice((-side, -side, side)) * rng.uniform(0.2, 0.46) * z / lens.reach
            if kind:
                cypress(rng, layer, lens, day, x, z, rng.uniform(5, 8))
            else:
                palm(rng, layer, lens, day, x, z, rng.uniform(4.0, 6.5))
        finish(plate, layer, day.weather, z, cat_eye=False)


def _villa(rng, plate: Plate, day: Day, side: float) -> None:
    """A flat-roofed white house in perspective with tall glass doors and a roof over its terrace."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(10.0))
    x, start, end, tall = (
        side * rng.uniform(2.5, 3.3),
        rng.uniform(7.5, 9.0),
        rng.uniform(19, 23),
        rng.uniform(3.2, 3.8),
    )
    sun = np.float32(day.hour.sun) * day.hour.power
    wall = np.float32(WHITE) * (day.shade + (0.75 * sun if side != day.side else 0.05 * sun))
    face(layer, lens, x, (tall, tall, 0, 0), (end, start, start, end), wall)
    glow = np.float32(WINDOW_GLOW) * rng.uniform(0.25, 0.6)
    sky = np.float32(mix(day.hour.zenith, day.hour.horizon, 0.5)) * 0.3
    for near in np.arange(start + 0.6, end - 2.4, 2.9):
        inner = x - side * 0.01
        face(layer, lens, inner, (2.6, 2.6, 0.05, 0.05), (near + 2.2, near, near, near + 2.2), glow * 0.55 + sky)
        face(
            layer,
            lens,
            inner,
            (2.6, 2.6, 0.05, 0.05),
            (near + 1.15, near + 1.05, near + 1.05, near + 1.15),
            (0.03, 0.03, 0.03),
        )
    front = (x, x + side * 9, x + side * 9, x)
    face(layer, lens, front, (tall, tall, 0, 0), start, np.float32(WHITE) * day.shade * 0.95)
    roof = x - side * rng.uniform(0.5, 0.9)
    face(
        layer,
        lens,
        (roof, x + side * 9, x + side * 9, roof),
        tall,
        (end, end, start - 0.5, start - 0.5),
        np.float32(WHITE) * (day.shade * 0.7 + 0.1 * np.float32(WINDOW_GLOW)),
    )
    face(layer, lens, roof, (tall + 0.28, tall + 0.28, tall, tall), (end, start - 0.5, start - 0.5, end), wall)
    face(
        layer,
        lens,
        (roof, x + side * 9, x + side * 9, roof),
        (tall + 0.28, tall + 0.28, tall, tall),
        start - 0.5,
        np.float32(WHITE) * day.shade,
    )
    plate.over(layer)
    z = np.arange(start + 0.4, end, 2.2)
    u, v = lens.project(np.full(z.size, (roof + x) / 2), tall - 0.03, z)
    blur = np.array([lens.blur(place) for place in z])
    plate.lights(u, v, blur, np.tile(np.float32(WINDOW_GLOW) * rng.uniform(0.5, 1.0), (z.size, 1)))


def _loungers(rng, plate: Plate, day: Day, side: float) -> None:
    lens, sun = plate.lens, np.float32(day.hour.sun) * day.hour.power
    layer = Layer(plate.view, lens.blur(8.0))
    cloth = np.float32(((0.70, 0.68, 0.64), (0.55, 0.48, 0.38), (0.10, 0.22, 0.30))[rng.integers(3)])
    shade = np.float32(((0.66, 0.63, 0.56), (0.56, 0.42, 0.22), (0.70, 0.69, 0.66))[rng.integers(3)])
    for z in (rng.uniform(12, 13), rng.uniform(9, 10), rng.uniform(6.6, 7.4)):
        x = side * rng.uniform(0.26, 0.34) * z / lens.reach
        face(
            layer,
            lens,
            x + np.array((0, 1.9, 1.9, 0)) * side,
            0.38,
            (z + 0.65, z + 0.65, z, z),
            cloth * (day.shade + 0.45 * sun),
        )
        face(layer, lens, x + np.array((0, 1.9, 1.9, 0)) * side, (0.38, 0.38, 0.3, 0.3), z, cloth * day.shade * 0.8)
        back = x + np.array((1.2, 1.9, 1.9, 1.2)) * side
        face(layer, lens, back, (0.45, 0.95, 0.9, 0.4), (z + 0.6, z + 0.6, z, z), cloth * (day.shade + 0.25 * sun))
        if rng.random() < 0.5:
            middle = x + 1.5 * side
            face(
                layer,
                lens,
                middle + np.array((-0.03, 0.03, 0.03, -0.03)),
                (2.5, 2.5, 0, 0),
                z + 0.9,
                np.float32(STONE) * day.shade,
            )
            for a, b, tone in ((-1, -0.2, 0.75), (-0.2, 0.5, 0.95), (0.5, 1, 1.2)):
                face(
                    layer,
                    lens,
                    middle + 1.5 * np.array((a, 0, b)),
                    (2.2, 2.75, 2.2),
                    z + 0.9,
                    shade * (day.shade + 0.3 * sun) * tone,
                )
    plate.over(layer)
