"""On the roofs of a city: a bar with strings of bulbs, an evening reception."""

import numpy as np

from ..scene import Scene
from .boats import bar, face, rail, sofa
from .daylight import BLUE, DUSK, GOLDEN, LAMP_LIGHT, Day, day_sky, draw_day, scene_by_day
from .figures import DAY_CLOTHES, EVENING_CLOTHES, figure
from .foliage import crown
from .ground import Ground
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import polygon
from .skyline import city_lights, skyline

BULB_LIGHT = LAMP_LIGHT
CANDLE = (1.0, 0.52, 0.18)
FLOORS = ((0.30, 0.20, 0.12), (0.30, 0.29, 0.27), (0.20, 0.17, 0.15))
BOTTLES = ((0.9, 0.45, 0.10), (0.25, 0.55, 0.20), (0.85, 0.75, 0.5), (0.7, 0.15, 0.08), (0.35, 0.6, 0.75))


def roof_lens(rng: np.random.Generator) -> Lens:
    """Return the lens of a portrait on a roof or balcony, focused 2 m away."""
    return Lens(
        focal_mm=rng.uniform(56, 68), f_number=rng.uniform(1.6, 2.0), subject_m=2.0, eye_m=1.5,
        horizon=rng.uniform(0.44, 0.52), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip


def bar_scene(rng: np.random.Generator, view: View) -> Scene:
    """A rooftop bar among friends: strings of bulbs, plants, a lit bar, the city behind."""
    return _rooftop(rng, view, (GOLDEN, DUSK, DUSK, BLUE), DAY_CLOTHES, 0.75, 0.7)


def reception(rng: np.random.Generator, view: View) -> Scene:
    """An evening reception on a roof: candles, dark suits and dresses, the lights of the city."""
    return _rooftop(rng, view, (DUSK, BLUE, BLUE), EVENING_CLOTHES, 0.45, 0.25)


def _rooftop(rng, view: View, hours, clothes, strings: float, counter: float) -> Scene:
    day, lens = draw_day(rng, hours, (0.1, 0.36), False), roof_lens(rng)
    plate = Plate(view, lens)
    dark = day.hour.power < 0.5
    day_sky(rng, plate, day)
    skyline(rng, plate, day, rng.uniform(30, 60), 0.26 if dark else 0.04, rng.uniform(0.7, 1.2))
    if dark:
        city_lights(rng, plate, day, int(rng.integers(50, 110)), 0.28)
    z = rng.uniform(7.5, 10.5)
    warm = day.shade + np.float32(BULB_LIGHT) * (0.22 if dark else 0.06)
    _terrace(rng, plate, day, z, warm)
    _guests(rng, plate, day, z, warm, clothes)
    if rng.random() < counter:
        _bar_counter(rng, plate, day, z * 0.85, warm)
    if rng.random() < strings or not dark:
        bulb_chains(rng, plate, z, 1.1 if dark else 0.75)
    _candles(rng, plate, z, 1.0 if dark else 0.4)
    return scene_by_day(rng, plate, day, None, (1.0, 0.82, 0.6))


def _terrace(rng, plate: Plate, day: Day, z: float, warm: np.ndarray) -> None:
    """The floor, a glass or iron balustrade, planters and lounge seats before it."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(z))
    ground = Ground(layer, lens, far=z)
    tone = np.exp(0.12 * ground.noise(rng, 0.15, 8.0) + 0.08 * ground.noise(rng, 1.2))[..., None]
    ground.paint(layer, np.float32(FLOORS[rng.integers(3)]) * tone * warm * 1.2)
    half = 0.75 * z / lens.reach
    if rng.random() < 0.6:
        pane = np.float32(day.hour.horizon) * 0.10
        u, v = lens.project((-half, half), (1.05, 0.05), z)
        inside = (layer.v > v[0]) & (layer.v < v[1]) & (layer.u > -2)
        layer.rgb[...] = np.where(inside[..., None], layer.rgb * 0.85 + pane, layer.rgb)
        layer.alpha[...] = np.where(inside, np.maximum(layer.alpha, 0.15), layer.alpha)
        bar(layer, lens, (-half, 1.07, z), (half, 1.07, z), 0.05, warm)
    else:
        places = np.stack([np.linspace(-half, half, 41), np.zeros(41), np.full(41, z)], 1)
        rail(layer, lens, day, places, 1.05, 1)
    metre = lens.reach / (z - 0.5)
    for x in rng.uniform(-0.42, 0.42, rng.integers(2, 5)) * z / lens.reach:
        wide = rng.uniform(0.3, 0.6)
        face(
            layer,
            lens,
            x + wide * np.array((-1, 1, 1, -1)),
            (0.5, 0.5, 0, 0),
            z - 0.5,
            np.float32((0.10, 0.095, 0.09)) * warm * 2,
        )
        u, v = (float(place) for place in lens.project(x, 0.75, z - 0.5))
        tall = rng.uniform(0.35, 0.8)
        crown(
            rng,
            layer,
            (u, v - tall * 0.3 * metre),
            (wide * metre, tall * metre),
            day.weather.toward,
            day.weather.leaves,
            30,
            70,
            0.25,
            0.05 * metre,
        )
    if rng.random() < 0.75:
        side = rng.choice((-1, 1))
        a, b = sorted((side * half * 0.75, side * half * rng.uniform(0.05, 0.3)))
        sofa(rng, layer, lens, day, a, b, z - 1.2)
    plate.over(layer, cat_eye=False)


def _guests(rng, plate: Plate, day: Day, z: float, warm: np.ndarray, clothes) -> None:
    layer = Layer(plate.view, plate.lens.blur(z))
    for depth in np.sort(rng.uniform(z * 0.78, z * 0.96, rng.integers(2, 6)))[::-1]:
        x = rng.choice((-1, 1)) * rng.uniform(0.14, 0.42) * depth / plate.lens.reach
        edge = np.float32(day.hour.sun) * day.hour.power * 0.6 + np.float32(BULB_LIGHT) * 0.2
        figure(rng, layer, plate.lens, x, depth, warm * 1.25, edge, day.side, clothes)
    plate.over(layer, cat_eye=False)


def _bar_counter(rng, plate: Plate, day: Day, z: float, warm: np.ndarray) -> None:
    """A bar at one side with lit shelves of bottles under a roof."""
    lens, side = plate.lens, -day.side
    layer = Layer(plate.view, lens.blur(z))
    x0 = side * rng.uniform(0.2, 0.3) * z / lens.reach
    x1 = side * 0.8 * z / lens.reach
    span = np.array((x0, x1, x1, x0))
    face(layer, lens, span, (2.6, 2.6, 0, 0), z, np.float32((0.07, 0.055, 0.045)) * warm * 2)
    for y in (1.3, 1.65, 2.0):
        face(layer, lens, span, (y + 0.32, y + 0.32, y, y), z - 0.01, np.float32(BULB_LIGHT) * rng.uniform(0.35, 0.7))
        for x in np.arange(min(x0, x1) + 0.1, max(x0, x1), 0.11):
            tall, glass = rng.uniform(0.16, 0.29), np.float32(BOTTLES[rng.integers(len(BOTTLES))])
            px = x + np.array((-0.04, 0.04, 0.04, 0.015, 0.015, -0.015, -0.015, -0.04))
            py = y + tall * np.array((0, 0, 0.65, 0.75, 1, 1, 0.75, 0.65))
            face(layer, lens, px, py, z - 0.02, glass * rng.uniform(0.08, 0.4))
    face(layer, lens, span, (2.85, 2.85, 2.6, 2.6), z - 0.4, np.float32((0.12, 0.09, 0.07)) * warm * 2)
    face(layer, lens, span, (1.1, 1.1, 0, 0), z - 0.6, np.float32((0.16, 0.10, 0.06)) * warm * 1.6)
    face(layer, lens, span, 1.12, (z, z, z - 0.7, z - 0.7), np.float32((0.3, 0.22, 0.15)) * warm * 1.6)
    plate.over(layer)


def bulb_chains(rng, plate: Plate, z: float, level: float) -> None:
    """Strings of bulbs that hang above the terrace."""
    lens = plate.lens
    wires = Layer(plate.view, lens.blur(z))
    chains = []
    for depth in rng.uniform(6.0, z + 4.0, rng.integers(2, 5)):
        count = int(rng.integers(11, 19))
        share = np.linspace(-0.05, 1.05, count) + rng.normal(0, 0.005, count)
        half = 0.62 * depth / lens.reach
        low, tilt = rng.uniform(2.35, 2.75), rng.uniform(-0.35, 0.35)
        y = low + 1.6 * (share - 0.5) ** 2 + tilt * (share - 0.5)
        u, v = lens.project(-half + 2 * half * share, y, np.full(count, depth) + 2 * (share - 0.5))
        power = level * rng.uniform(0.7, 1.2) * np.exp(rng.normal(0, 0.15, (count, 1)))
        thick = 0.012 * lens.reach / depth
        polygon(wires, np.r_[u, u[::-1]], np.r_[v, v[::-1] + thick], (0.012, 0.012, 0.012))
        chains.append((u, v, lens.blur(depth) * rng.uniform(0.96, 1.04, count), power * np.float32(BULB_LIGHT)))
    plate.over(wires, cat_eye=False)
    for chain in chains:
        plate.lights(*chain)


def _candles(rng, plate: Plate, z: float, level: float) -> None:
    lens, count = plate.lens, int(rng.integers(6, 16))
    depth = rng.uniform(z * 0.5, z, count)
    u, v = lens.project(rng.uniform(-0.45, 0.45, count) * depth / lens.reach, rng.choice((0.12, 0.78), count), depth)
    blur = np.array([lens.blur(place) for place in depth]) * rng.uniform(0.85, 1.0, count)
    plate.lights(u, v, blur, level * np.exp(rng.normal(0, 0.4, (count, 1))) * np.float32(CANDLE))
