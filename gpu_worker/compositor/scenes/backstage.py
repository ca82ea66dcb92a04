"""Behind the scenes: a studio with its lamps, a dressing room, a film set at night."""

import numpy as np

from ..scene import Scene
from .lamps import BLACK, GREY_METAL, lamp_room
from .lighting import FLASH, TUNGSTEN, aim, mix, pool, scaled, tinted
from .noise import clouds
from .optics import Lens
from .plate import Layer, Plate, View
from .room import Room
from .shapes import box_mask, polygon, polygon_mask, soften

PAPERS = ((0.42, 0.42, 0.415), (0.24, 0.24, 0.245), (0.44, 0.35, 0.27), (0.16, 0.22, 0.26), (0.50, 0.27, 0.23))


def studio_lamps(rng: np.random.Generator, view: View) -> Scene:
    """A photo studio seen whole: the paper roll between its stands, a soft box, a strip light, cables."""
    side = _side(rng)
    lens = _lens(rng)
    room = lamp_room(lens, side, ((side * 1.3, 2.2, 4.2), FLASH, 3.0), ((-side * 1.7, 1.9, 5.0), FLASH, 1.0))
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(6.2))
    wall = np.float32(((0.10, 0.10, 0.105), (0.30, 0.29, 0.28), (0.045, 0.045, 0.05))[rng.integers(3)])
    layer.rgb[...] = wall * (0.35 + 0.8 * pool(layer, side * 0.2, 0.3, 0.7))[..., None]
    layer.alpha[...] = 1
    back, paper = 6.0, np.asarray(PAPERS[rng.integers(len(PAPERS))])
    wide, high, shift = rng.uniform(0.85, 1.15), rng.uniform(2.25, 2.5), rng.uniform(-0.3, 0.3)
    room.panel(layer, -4, 4, -2.0, 0.0, back + 0.2, wall * 0.6)
    corners = (shift - wide, shift + wide, shift + wide * 1.15, shift - wide * 1.15), (0.02, 0.02, 0.0, 0.0)
    room.panel(layer, shift - wide, shift + wide, 0.0, high, back, paper)
    room.face(layer, corners[0], corners[1], (back, back, 3.0, 3.0), paper * 1.05, (0, 1, -0.3))
    room.box(layer, shift - wide * 1.06, shift + wide * 1.06, high, high + 0.09, back - 0.05, back, GREY_METAL)
    for edge in (-1, 1):
        x = shift + edge * wide * 1.06
        room.stick(layer, (x, 0, back), (x, high + 0.15, back), 0.035, GREY_METAL)
    plate.over(layer, cat_eye=False)
    _soft_box(rng, plate, room, side * rng.uniform(0.75, 0.95), rng.uniform(1.9, 2.1), 4.4, side, 0.42)
    if rng.random() < 0.8:
        _strip(rng, plate, room, -side * rng.uniform(0.85, 1.05), 5.2)
    if rng.random() < 0.5:
        _ladder(plate, room, -side * rng.uniform(0.75, 0.95), 5.6)
    plate.glare(0.1, scaled(FLASH, 0.002))
    return Scene(
        plate=plate.develop(rng.uniform(0.85, 1.05)),
        key=aim(side * rng.uniform(0.7, 0.95), 0.45, 0.9, FLASH, 1.0, 0.7),
        ambient=scaled(FLASH, 0.25),
        rims=(aim(side * 0.85, 0.4, -0.6, FLASH, 0.8, 0.5), aim(-side * 0.85, 0.4, -0.7, FLASH, 0.5, 0.4)),
        contrast=1.06, saturation=0.96, grain=0.011, vignette=0.22, bloom=0.25,
    )  # fmt: skip


def dressing_room(rng: np.random.Generator, view: View) -> Scene:
    """Before a mirror framed by bulbs: their warm discs, the table with bottles, the dim room in the glass."""
    lens = Lens(focal_mm=70, f_number=1.6, subject_m=1.6, horizon=rng.uniform(0.42, 0.48), rotation=rng.uniform(0, 0.7))
    side = _side(rng)
    warm = mix(TUNGSTEN, (1, 1, 1), rng.uniform(0.25, 0.45))
    z, high, wide = 3.1, rng.uniform(1.95, 2.1), rng.uniform(0.5, 0.62)
    shift, low = -side * rng.uniform(0.0, 0.2), 0.85
    bulbs = [
        (shift + edge * wide, y) for edge in (-1, 1) for y in np.linspace(low + 0.1, high, int(rng.integers(5, 7)))
    ]
    bulbs += [(x, high + 0.09) for x in shift + np.linspace(-0.6, 0.6, int(rng.integers(4, 6))) * wide]
    lamps = tuple(((x, y, z - 0.1), warm, 0.10) for x, y in bulbs)
    room = lamp_room(lens, side, *lamps, ambient=0.07)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(z))
    wall = np.float32(((0.30, 0.10, 0.09), (0.10, 0.14, 0.13), (0.34, 0.29, 0.24), (0.09, 0.09, 0.12))[rng.integers(4)])
    glow = sum(pool(layer, *(float(c) for c in lens.project(x, y, z)), 0.16) for x, y in bulbs)
    layer.rgb[...] = wall * (0.06 + 0.36 * glow)[..., None] * np.float32(warm)
    layer.alpha[...] = 1
    (u0, u1), (v1, v0) = lens.project((shift - wide * 0.84, shift + wide * 0.84), (low, high - 0.06), z)
    glass = box_mask(layer, float(u0), float(v0), float(u1), float(v1), 0.004)
    dim = np.exp(0.35 * clouds(rng, layer, 0.3, 2)) * (0.02 + 0.05 * glow)
    layer.paint(
        box_mask(layer, float(u0) - 0.1, float(v0) - 0.1, float(u1) + 0.1, float(v1) + 0.02, 0.004) * 0.8, wall * 0.12
    )
    layer.paint(glass, dim[..., None] * np.float32(warm) * np.float32((0.9, 0.95, 1.0)))
    room.box(layer, -2.0, 2.0, 0.76, 0.82, z - 0.45, z, (0.34, 0.30, 0.26))
    plate.over(layer, cat_eye=False)
    layer = Layer(view, lens.blur(z - 0.3))
    for x in rng.uniform(-1.0, 1.0, int(rng.integers(8, 14))):
        tone = np.asarray(((0.5, 0.35, 0.3), (0.05, 0.05, 0.05), (0.45, 0.2, 0.22), (0.6, 0.55, 0.4))[rng.integers(4)])
        tall, size = rng.uniform(0.06, 0.2), rng.uniform(0.018, 0.035)
        room.turned(layer, x, 0.82, z - 0.3, (0, tall * 0.75, tall), (size, size, size * 0.5), tone, gloss=0.5)
    plate.over(layer)
    u, v = lens.project([x for x, _ in bulbs], [y for _, y in bulbs], z - 0.05)
    level = rng.uniform(2.2, 3.2) * np.exp(rng.normal(0, 0.08, len(bulbs)))
    plate.lights(u, v, 0.024, level[:, None] * np.float32(mix(warm, (1, 1, 1), 0.3)), soft=0.12)
    plate.glare(0.14, scaled(warm, 0.003))
    return Scene(
        plate=plate.develop(rng.uniform(0.85, 1.05)),
        key=aim(side * rng.uniform(0.4, 0.65), 0.3, 1.0, mix(warm, (1, 1, 1), 0.4), 0.92, 0.7),
        ambient=scaled(mix(warm, (1, 1, 1), 0.35), 0.24),
        rims=(aim(-0.9, 0.35, -0.6, warm, 1.0, 0.5), aim(0.9, 0.35, -0.6, warm, 0.9, 0.5)),
        exposure=-0.05, contrast=1.05, saturation=0.98, grain=0.013, vignette=0.2, bloom=0.3,
    )  # fmt: skip


def film_set(rng: np.random.Generator, view: View) -> Scene:
    """A film set at night: a large lamp in haze, monitors, a camera on its tripod, practical lights far off."""
    side = _side(rng)
    lens = Lens(f_number=1.6, subject_m=2.2, horizon=rng.uniform(0.46, 0.54), rotation=rng.uniform(0, 0.7))
    cold, warm = mix((0.62, 0.80, 1.0), (1, 1, 1), rng.random() * 0.4), mix(TUNGSTEN, (1, 1, 1), 0.2)
    beam, fill = (cold, warm) if rng.random() < 0.65 else (warm, cold)
    room = lamp_room(
        lens, side, ((side * 2.2, 3.0, 9.0), beam, 9.0), ((-side * 1.5, 1.4, 6.5), fill, 1.0), ambient=0.03
    )
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(16.0))
    lamp_u, lamp_v = side * rng.uniform(0.22, 0.34), rng.uniform(0.08, 0.2)
    haze = np.exp(0.35 * clouds(rng, layer, 0.16, 4, 0.55)) * 0.22 * pool(layer, lamp_u, lamp_v, 0.28)
    layer.rgb[...] = tinted((haze + 0.014, beam), (0.05 * pool(layer, -side * 0.35, 0.6, 0.3), fill))
    layer.alpha[...] = 1
    target = -side * rng.uniform(0.05, 0.3)
    cone = polygon_mask(layer, (lamp_u - 0.03, lamp_u + 0.03, target + 0.4, target - 0.25), (lamp_v, lamp_v, 1.2, 1.2))
    cone = soften(cone, layer, 0.03) * np.exp(-np.hypot(layer.u - lamp_u, layer.v - lamp_v) / 0.45)
    layer.rgb[...] += (0.3 * cone * np.exp(0.4 * clouds(rng, layer, 0.1, 4, 0.6)))[..., None] * np.float32(beam)
    floor = np.clip((layer.v - lens.horizon - 0.05) / 0.4, 0, 1) + 0 * layer.u
    layer.rgb[...] *= 1 - 0.5 * floor[..., None]
    plate.over(layer, cat_eye=False)
    layer = Layer(view, lens.blur(11.0))
    x = lamp_u * 11.0 / lens.reach
    room.stick(layer, (x, 0, 11.0), (x, 3.4, 11.0), 0.09, BLACK)
    for y in (0.55, 0.75):
        room.stick(layer, (x - 0.7, 0, 11.0), (x, y, 11.0), 0.05, BLACK)
        room.stick(layer, (x + 0.7, 0, 11.0), (x, y, 11.0), 0.05, BLACK)
    for shift in (-1.6, 1.9):
        room.box(layer, x + shift - 0.5, x + shift + 0.5, 0.0, rng.uniform(0.8, 1.7), 11.0, 11.6, (0.03, 0.03, 0.032))
    plate.over(layer)
    plate.lights([lamp_u], [lamp_v], 0.055, np.float32([mix(beam, (1, 1, 1), 0.5)]) * 2.6, soft=0.15)
    _far_lamps(rng, plate, lens, warm, cold)
    _monitor(rng, plate, room, -side * rng.uniform(0.24, 0.36) * 6.0 / lens.reach, 6.0)
    _camera(plate, room, side * rng.uniform(0.3, 0.4) * 5.0 / lens.reach, 5.0, -side)
    plate.glare(rng.uniform(0.14, 0.2), scaled(beam, 0.004))
    return Scene(
        plate=plate.develop(rng.uniform(0.95, 1.2)),
        key=aim(-side * rng.uniform(0.6, 0.9), 0.35, 0.85, mix(fill, (1, 1, 1), 0.55), 0.85, 0.5),
        ambient=scaled(mix(beam, (1, 1, 1), 0.3), 0.2),
        rims=(aim(side * 0.85, 0.6, -0.7, beam, 1.4, 0.3), aim(-side * 0.9, 0.3, -0.7, fill, 0.4, 0.5)),
        exposure=-0.12, contrast=1.08, saturation=0.98, grain=0.016, vignette=0.28, bloom=0.35,
    )  # fmt: skip


def _side(rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < 0.5 else 1.0


def _lens(rng: np.random.Generator) -> Lens:
    return Lens(
        focal_mm=rng.uniform(58, 66), f_number=2.2, subject_m=1.9, eye_m=1.4, horizon=rng.uniform(0.43, 0.49),
        rotation=rng.uniform(0, 0.7),
    )  # fmt: skip


def _soft_box(rng, plate: Plate, room: Room, x: float, y: float, z: float, side: float, size: float) -> None:
    """A soft box on its stand, turned a little towards the subject."""
    layer = Layer(plate.view, plate.lens.blur(z))
    room.stick(layer, (x + side * 0.1, 0, z), (x + side * 0.1, y, z), 0.03, GREY_METAL)
    for foot in (-0.4, 0.4):
        room.stick(layer, (x + foot, 0, z), (x + side * 0.1, 0.6, z), 0.022, GREY_METAL)
    inner, outer = x - side * size * 0.75, x + side * size * 0.6
    for grow, glow, tone in ((0.05, 0.0, 0.02), (0.0, rng.uniform(1.6, 2.4), 0.5)):
        corners = np.array((inner - side * grow, outer + side * grow, outer + side * grow, inner - side * grow))
        tall = np.array((size, size * 0.86, -size * 0.86, -size)) * 1.25 + np.array((1, 1, -1, -1)) * grow + y
        room.face(layer, corners, tall, z, (tone, tone, tone), glow=glow * np.float32(FLASH))
    plate.over(layer)


def _strip(rng, plate: Plate, room: Room, x: float, z: float) -> None:
    layer = Layer(plate.view, plate.lens.blur(z))
    low, high = rng.uniform(0.7, 0.9), rng.uniform(1.9, 2.2)
    room.stick(layer, (x, 0, z), (x, high, z), 0.03, GREY_METAL)
    room.box(layer, x - 0.15, x + 0.15, low - 0.04, high + 0.04, z, z + 0.1, (0.02, 0.02, 0.02))
    room.face(
        layer, (x - 0.11, x + 0.11, x + 0.11, x - 0.11), (high, high, low, low), z - 0.01, (0.3, 0.3, 0.3), glow=1.8
    )
    plate.over(layer)


def _ladder(plate: Plate, room: Room, x: float, z: float) -> None:
    layer = Layer(plate.view, plate.lens.blur(z))
    for edge in (-1, 1):
        room.stick(layer, (x + edge * 0.3, 0, z), (x + edge * 0.17, 1.7, z), 0.05, (0.35, 0.3, 0.2))
    for step in np.linspace(0.25, 1.6, 6):
        half = 0.3 - 0.13 * step / 1.7
        room.stick(layer, (x - half, step, z), (x + half, step, z), 0.05, (0.35, 0.3, 0.2))
    plate.over(layer)


def _far_lamps(rng, plate: Plate, lens: Lens, warm, cold) -> None:
    count = int(rng.integers(6, 14))
    u, v = rng.uniform(-0.5, 0.5, count), lens.horizon - rng.uniform(-0.02, 0.25, count)
    share = rng.random((count, 1))
    colour = np.float32(warm) * share + np.float32(cold) * (1 - share)
    plate.lights(
        u, v, lens.blur(60.0) * rng.uniform(0.8, 1.0, count), colour * np.exp(rng.normal(-1.9, 0.6, (count, 1)))
    )


def _monitor(rng, plate: Plate, room: Room, x: float, z: float) -> None:
    """A director's monitor on a stand, showing a bright face-like blob on a coloured ground."""
    layer = Layer(plate.view, plate.lens.blur(z))
    low, wide, high = rng.uniform(1.1, 1.25), 0.62, 0.36
    room.stick(layer, (x, 0, z), (x, low, z), 0.05, BLACK)
    room.box(layer, x - wide / 2 - 0.03, x + wide / 2 + 0.03, low - 0.03, low + high + 0.03, z, z + 0.1, BLACK)
    ground = np.float32(((0.10, 0.22, 0.36), (0.36, 0.20, 0.10), (0.16, 0.24, 0.20))[rng.integers(3)])
    corners = np.array((x - wide / 2, x + wide / 2, x + wide / 2, x - wide / 2))
    room.face(layer, corners, (low + high, low + high, low, low), z - 0.01, BLACK, glow=ground)
    turn = np.linspace(0, 2 * np.pi, 20)
    for size, y, tone in ((0.10, low + 0.05, 0.25), (0.07, low + 0.2, 0.7)):
        u, v = plate.lens.project(x + size * np.cos(turn), y + size * 1.2 * np.sin(turn), z - 0.02)
        polygon(layer, u, v, np.float32((1.0, 0.72, 0.55)) * tone)
    plate.over(layer)


def _camera(plate: Plate, room: Room, x: float, z: float, heading: float) -> None:
    """A film camera on a tripod, a dark shape with a lens."""
    layer = Layer(plate.view, plate.lens.blur(z))
    for foot in (-0.38, 0.05, 0.4):
        room.stick(layer, (x + foot, 0, z), (x, 1.15, z), 0.045, BLACK)
    room.box(layer, x - 0.19, x + 0.19, 1.17, 1.43, z, z + 0.2, (0.02, 0.02, 0.022))
    room.box(layer, *sorted((x + heading * 0.19, x + heading * 0.4)), 1.21, 1.36, z, z + 0.1, (0.03, 0.03, 0.032))
    room.box(layer, x - 0.12, x + 0.05, 1.43, 1.5, z, z + 0.1, (0.02, 0.02, 0.022))
    turn = np.linspace(0, 2 * np.pi, 14)
    polygon(
        layer, *plate.lens.project(x + 0.1 + 0.012 * np.cos(turn), 1.39 + 0.012 * np.sin(turn), z), (2.0, 0.08, 0.04)
    )
    plate.over(layer)
