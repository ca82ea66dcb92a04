"""Rooms of business: a glass office above the city, a lobby with columns, a boardroom, a library, a quiet office."""

from dataclasses import replace

import numpy as np

from ..scene import Scene
from .fittings import BLACK, BRASS, BULB, STEEL, chair, desk_lamp, plant, screen
from .furnishing import picture, shelf_load
from .ground import Ground
from .interior import Plan, light_up, shell, side_windows
from .lighting import aim, mix, scaled
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer, Plate, View
from .room import Room
from .shapes import box_mask, polygon

STONES = ((0.50, 0.47, 0.43), (0.36, 0.35, 0.34), (0.58, 0.56, 0.53), (0.20, 0.19, 0.185))
WALNUT, OAK, EBONY = (0.16, 0.09, 0.05), (0.40, 0.27, 0.15), (0.04, 0.03, 0.026)
SKIES = (  # zenith, horizon, daylight in the room
    ((0.34, 0.52, 0.86), (0.84, 0.88, 0.92), (0.93, 0.97, 1.0)),
    ((0.50, 0.56, 0.72), (1.0, 0.80, 0.60), (1.0, 0.88, 0.74)),
    ((0.62, 0.66, 0.70), (0.86, 0.88, 0.90), (0.96, 0.98, 1.0)),
    ((0.10, 0.17, 0.36), (0.62, 0.46, 0.46), (0.78, 0.82, 1.0)),
)
GLASS_TOWERS = ((0.20, 0.27, 0.34), (0.30, 0.34, 0.38), (0.14, 0.18, 0.23), (0.40, 0.38, 0.35), (0.24, 0.30, 0.32))


def glass_office(rng: np.random.Generator, view: View) -> Scene:
    """High above a city: glass from floor to ceiling, the towers beyond, a table and chairs."""
    zenith, horizon, day = SKIES[rng.integers(len(SKIES))]
    side, dim = _side(rng), 1.0 if max(zenith) > 0.4 else 0.6
    lens = _lens(rng, f_number=1.8)
    plan = _plan(
        rng, side, back=rng.uniform(5.5, 7.0), ceiling=3.0, wall=(0.5, 0.5, 0.5), wood=(0.22, 0.2, 0.18), day=day
    )
    plate = Plate(view, lens)
    _city(rng, plate, zenith, horizon, lit=dim < 1)
    room = _lit(lens, plan, power=8.0 * dim, ambient=0.3 * dim)
    layer = Layer(view, lens.blur(plan.back))
    reach = 0.7 * plan.back / lens.reach
    _floor(rng, layer, room, plan, np.float32(horizon) * 0.4)
    room.box(
        layer, -reach, reach, plan.ceiling - 0.25, plan.ceiling + 2.0, plan.back - 0.1, plan.back, (0.35, 0.35, 0.35)
    )
    step, bar = rng.uniform(1.1, 1.7), rng.uniform(0.05, 0.08)
    for x in np.arange(-reach + rng.uniform(0, step), reach, step):
        room.box(layer, x - bar / 2, x + bar / 2, 0.0, plan.ceiling, plan.back - 0.12, plan.back, (0.05, 0.05, 0.055))
    room.box(layer, -reach, reach, 0.0, 0.1, plan.back - 0.12, plan.back, (0.05, 0.05, 0.055))
    plate.over(layer)
    _meeting(rng, plate, room, rng.uniform(3.9, 4.8), -side)
    plate.glare(rng.uniform(0.06, 0.1), scaled(day, 0.003))
    scene = _scene(rng, plate, side, day, key=0.95, fill=0.42, exposure=rng.uniform(0.85, 1.0))
    behind = (aim(-side * 0.9, 0.4, -0.7, day, 0.75, 0.7), aim(side * 0.9, 0.4, -0.7, day, 0.6, 0.7))
    return replace(scene, rims=behind, bloom=0.22)


def lobby(rng: np.random.Generator, view: View) -> Scene:
    """A tall hall of stone: two rows of columns, a polished floor, light coving, a reception desk far off."""
    side = _side(rng)
    stone = np.asarray(STONES[rng.integers(len(STONES))]) * rng.uniform(0.9, 1.1)
    _, _, day = SKIES[rng.integers(3)]
    lens = _lens(rng, f_number=2.0)
    plan = _plan(rng, side, back=rng.uniform(14, 18), ceiling=5.2, wall=stone * 0.9, wood=stone * 0.75, day=day)
    lamps = tuple(((x, 4.6, z), mix(BULB, (1, 1, 1), 0.45), 2.2) for z in (6.0, 10.0, 14.0) for x in (-1.8, 1.8))
    room = _lit(lens, plan, power=16.0, ambient=0.22, lamps=lamps)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(plan.back))
    shell(rng, layer, room, plan, False)
    warm = np.float32(BULB) * rng.uniform(0.5, 1.0)
    wall = (np.asarray(WALNUT), np.asarray(OAK), stone * 0.6)[rng.integers(3)]
    for x in np.arange(-2.6, 2.6, 0.22):
        room.panel(layer, x, x + 0.2, 0.0, 3.2, plan.back - 0.1, wall * rng.uniform(0.85, 1.15))
    room.face(layer, (-2.6, 2.6, 2.6, -2.6), (3.32, 3.32, 3.2, 3.2), plan.back - 0.1, (0, 0, 0), glow=2.5 * warm)
    room.box(layer, -1.5, 1.5, 0.0, 1.1, plan.back - 1.6, plan.back - 1.0, stone * 0.5)
    room.face(layer, (-1.5, 1.5, 1.5, -1.5), (0.08, 0.08, 0.0, 0.0), plan.back - 1.62, (0, 0, 0), glow=1.5 * warm)
    side_windows(rng, layer, room, plan, side * 4.2)
    _mirror_floor(layer, lens, plan.back, rng.uniform(0.25, 0.5))
    plate.over(layer, cat_eye=False)
    middle, thick = rng.uniform(-0.25, 0.25), rng.uniform(0.26, 0.38)
    for z in np.arange(plan.back - 2.5, 4.2, -rng.uniform(2.4, 3.2)):
        layer = Layer(view, lens.blur(z))
        for edge in (-1, 1):
            x = middle + edge * rng.uniform(1.45, 1.55) * (1.0 + 0.03 * z)
            room.floor_shadow(layer, x, z, thick * 2, thick * 2, 0.4)
            room.box(layer, x - thick, x + thick, 0.0, 6.0, z, z + 2 * thick, stone)
        plate.over(layer)
    plate.glare(rng.uniform(0.05, 0.09), scaled(day, 0.002))
    return _scene(rng, plate, side, day, key=0.95, fill=0.34, exposure=rng.uniform(0.85, 1.05), edge=BULB)


def boardroom(rng: np.random.Generator, view: View) -> Scene:
    """A long table with chairs, panelled walls, a screen at the end and lamps above."""
    side = _side(rng)
    wood = np.asarray((WALNUT, OAK, EBONY)[rng.integers(3)])
    _, _, day = SKIES[rng.integers(3)]
    lens = _lens(rng, f_number=1.8)
    wall = (wood * 1.3, np.asarray((0.30, 0.31, 0.33)), np.asarray((0.10, 0.12, 0.15)))[rng.integers(3)]
    plan = _plan(rng, side, back=rng.uniform(7.5, 9.0), ceiling=3.1, wall=wall, wood=(0.16, 0.15, 0.145), day=day)
    lamps = tuple(((0.0, 2.3, z), mix(BULB, (1, 1, 1), 0.35), 0.5) for z in (4.5, 5.7, 6.9))
    room = _lit(lens, plan, power=9.0, ambient=0.2, lamps=lamps)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(plan.back))
    shell(rng, layer, room, plan, False)
    for x in np.arange(-3.6, 3.6, rng.uniform(0.5, 0.9)):
        room.panel(layer, x, x + 0.02, 0.0, plan.ceiling, plan.back - 0.02, wall * 0.3)
    if rng.random() < 0.6:
        screen(rng, room, layer, -side * rng.uniform(0.4, 0.9), 0.95, plan.back - 0.2, rng.uniform(1.5, 1.9))
    else:
        x = -side * rng.uniform(0.5, 1.0)
        picture(rng, room, layer, x - 0.7, x + 0.7, 1.1, 2.1, plan.back - 0.1)
    side_windows(rng, layer, room, plan, side * 0.55 * plan.back / lens.reach * 0.9)
    plate.over(layer, cat_eye=False)
    far, near = plan.back - 1.6, 3.6
    shift = -side * rng.uniform(0.15, 0.45)
    layer = Layer(view, lens.blur(far - 1.2))
    for z in np.arange(far, near, -0.95):
        for edge in (-1, 1):
            _high_chair(rng, room, layer, shift + edge * 0.98, z)
    x, z = np.array((-0.6, 0.6, 0.72, -0.72)) + shift, np.array((far, far, near, near))
    light = room.light((shift, 0.75, (far + near) / 2), (0, 1, 0))[0]
    polygon(layer, *lens.project(x, 0.75, z), wood * 1.4 * light + 0.06 * np.float32(day))
    room.panel(layer, shift - 0.72, shift + 0.72, 0.68, 0.75, near, wood)
    plate.over(layer, cat_eye=False)
    layer = Layer(view, lens.blur(5.2))
    for z in (6.6, 5.4, 4.2):
        glow = np.float32(mix(BULB, (1, 1, 1), 0.3)) * rng.uniform(2.0, 3.5)
        room.stick(layer, (shift, 2.28, z), (shift, 4.0, z), 0.012, BLACK)
        room.turned(layer, shift, 2.12, z, (0, 0.1, 0.16), (0.16, 0.13, 0.03), BRASS if rng.random() < 0.5 else BLACK)
        turn = np.linspace(0, 2 * np.pi, 16)
        polygon(layer, *lens.project(shift + 0.15 * np.cos(turn), 2.11 + 0.02 * np.sin(turn), z), glow)
    plate.over(layer)
    plate.glare(rng.uniform(0.05, 0.08), scaled(day, 0.002))
    return _scene(rng, plate, side, day, key=0.95, fill=0.32, exposure=rng.uniform(0.9, 1.1), edge=BULB)


def library(rng: np.random.Generator, view: View) -> Scene:
    """Shelves of books from wall to wall in warm light."""
    side = _side(rng)
    wood = np.asarray((WALNUT, WALNUT, OAK, (0.5, 0.49, 0.47))[rng.integers(4)]) * rng.uniform(0.85, 1.15)
    lens = _lens(rng, f_number=1.6)
    plan = _plan(rng, side, back=rng.uniform(4.8, 5.6), ceiling=3.2, wall=wood * 0.5, wood=wood, day=(1.0, 0.92, 0.80))
    warm = mix(BULB, (1, 1, 1), 0.25)
    lamps = (
        ((-side * 1.2, 2.4, plan.back - 1.2), warm, rng.uniform(1.4, 2.4)),
        ((side * 0.6, 2.6, plan.back - 1.4), warm, 0.8),
    )
    room = _lit(lens, plan, power=6.0, ambient=0.22, lamps=lamps)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(plan.back))
    shell(rng, layer, room, plan, False)
    reach, step = 0.62 * plan.back / lens.reach, rng.uniform(0.34, 0.4)
    edges = np.arange(-reach - rng.uniform(0, 0.8), reach + 0.9, rng.uniform(0.85, 1.05))
    for y in np.arange(0.12, plan.ceiling - 0.1, step):
        for x0, x1 in zip(edges[:-1], edges[1:], strict=True):
            room.shadow(layer, x0, x1, y + step * 0.5, y + step, plan.back, 0.08, 0.5)
            shelf_load(rng, room, layer, x0 + 0.03, x1, y + 0.02, plan.back - 0.2, step - 0.04, "books")
        room.box(layer, edges[0], edges[-1], y - 0.018, y + 0.018, plan.back - 0.3, plan.back, wood)
    for x in edges:
        room.box(layer, x - 0.025, x + 0.025, 0.0, plan.ceiling, plan.back - 0.32, plan.back, wood)
    plate.over(layer, cat_eye=False)
    if rng.random() < 0.7:
        z = plan.back - 1.5
        layer = Layer(view, lens.blur(z))
        x = -side * rng.uniform(0.5, 0.75) * z / lens.reach * 0.5
        room.box(layer, *sorted((x - side * 1.2, x + side * 0.35)), 0.7, 0.75, z, z + 0.6, wood * 1.2)
        desk_lamp(rng, room, layer, x, 0.75, z + 0.2)
        plate.over(layer)
    plate.glare(rng.uniform(0.04, 0.07), scaled(warm, 0.002))
    scene = _scene(rng, plate, side, (1.0, 0.93, 0.84), key=0.95, fill=0.3, exposure=rng.uniform(0.9, 1.15), edge=BULB)
    return replace(scene, contrast=1.04)


def quiet_office(rng: np.random.Generator, view: View) -> Scene:
    """A bright room with little in it: a plain wall, daylight, a plant, a picture, a chair."""
    side = _side(rng)
    _, _, day = SKIES[rng.integers(3)]
    wall = np.asarray(((0.66, 0.65, 0.63), (0.62, 0.60, 0.56), (0.52, 0.55, 0.55), (0.60, 0.55, 0.49))[rng.integers(4)])
    lens = _lens(rng, f_number=1.6)
    wood = np.asarray((OAK, (0.52, 0.42, 0.3), (0.5, 0.48, 0.46))[rng.integers(3)])
    plan = _plan(rng, side, back=rng.uniform(5.2, 6.5), ceiling=3.0, wall=wall, wood=wood, day=day)
    room = _lit(lens, plan, power=10.0, ambient=0.34)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(plan.back))
    shell(rng, layer, room, plan, False)
    half = 0.4 * plan.back / lens.reach
    x = -side * half * rng.uniform(0.3, 0.7)
    if rng.random() < 0.65:
        room.shadow(layer, x - 0.4, x + 0.45, 1.25, 2.2, plan.back, 0.06, 0.3)
        picture(rng, room, layer, x - 0.4, x + 0.4, 1.3, 2.25, plan.back - 0.03)
    else:
        for y in (1.25, 1.7):
            room.shadow(layer, x - 0.7, x + 0.7, y - 0.2, y, plan.back, 0.06, 0.35)
            shelf_load(rng, room, layer, x - 0.65, x + 0.7, y + 0.02, plan.back - 0.2, 0.36, "objects")
            room.box(layer, x - 0.7, x + 0.7, y - 0.02, y + 0.02, plan.back - 0.25, plan.back, wood)
    side_windows(rng, layer, room, plan, side * half * rng.uniform(0.85, 1.05))
    plate.over(layer, cat_eye=False)
    z = plan.back - rng.uniform(0.9, 1.4)
    layer = Layer(view, lens.blur(z))
    x = -side * 0.4 * z / lens.reach * rng.uniform(0.65, 0.95)
    room.floor_shadow(layer, x, z, 0.5, 0.4, 0.4)
    if rng.random() < 0.6:
        plant(rng, room, layer, (x, 0.0, z), 0.17, rng.uniform(1.0, 1.5))
    else:
        room.box(layer, *sorted((x - side * 0.9, x + side * 0.4)), 0.68, 0.73, z, z + 0.7, wood * 1.1)
        chair(rng, room, layer, x, z - 0.3)
        plant(rng, room, layer, (x - side * 0.3, 0.73, z + 0.3), 0.06, 0.35)
    plate.over(layer)
    plate.glare(rng.uniform(0.06, 0.1), scaled(day, 0.004))
    return _scene(rng, plate, side, day, key=0.95, fill=0.5, exposure=rng.uniform(0.95, 1.1), contrast=1.0)


def _side(rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < 0.5 else 1.0


def _lens(rng: np.random.Generator, f_number: float) -> Lens:
    return Lens(
        focal_mm=rng.uniform(60, 72), f_number=f_number, subject_m=1.9, eye_m=rng.uniform(1.35, 1.5),
        horizon=rng.uniform(0.42, 0.5), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip


def _plan(rng: np.random.Generator, side: float, *, back: float, ceiling: float, wall, wood, day) -> Plan:
    frame = ((0.03, 0.03, 0.032), (0.4, 0.4, 0.39))[rng.integers(2)]
    return Plan(side, back, ceiling, np.asarray(wall, float), np.asarray(wood, float), day, frame)


def _lit(lens: Lens, plan: Plan, *, power: float, ambient: float, lamps=()) -> Room:
    x = plan.side * 0.45 * plan.back / lens.reach
    window = (x, x, 0.6, plan.ceiling - 0.2, plan.back - 0.6, 2.5)
    return light_up(lens, plan, window, power, lamps, ambient)


def _scene(rng, plate: Plate, side: float, day, *, key, fill, exposure, edge=None, contrast=1.04) -> Scene:
    return Scene(
        plate=plate.develop(exposure),
        key=aim(side * rng.uniform(0.65, 0.95), 0.4, 0.85, mix(day, (1, 1, 1), 0.4), key, 0.75),
        ambient=scaled(mix(day, (1, 1, 1), 0.4), fill),
        rims=(
            aim(side * 0.85, 0.3, -0.6, day, 0.55, 0.6),
            aim(-side * 0.85, 0.45, -0.7, mix(edge or day, (1, 1, 1), 0.3), 0.4, 0.5),
        ),
        contrast=contrast,
        grain=0.009,
        vignette=0.14,
        bloom=0.14,
    )


def _city(rng: np.random.Generator, plate: Plate, zenith, horizon, lit: bool) -> None:
    """Sky and the towers of a city as seen from one of them; the horizon is at eye level."""
    layer = Layer(plate.view, plate.lens.blur(800.0))
    up = np.clip((plate.lens.horizon - layer.v) / 0.5, 0, 1) ** 0.7 + 0 * layer.u
    sky = np.float32(horizon) * (1 - up[..., None]) + np.float32(zenith) * up[..., None]
    layer.rgb[...] = sky * np.exp(0.12 * clouds(rng, layer, 0.2, 4, 0.55, 2.5))[..., None]
    layer.alpha[...] = 1
    for air in (0.78, 0.55, 0.3):
        shine = np.exp(0.25 * smooth(rng, layer, 0.15, 0.5))
        floors = 0.9 + 0.16 * np.sign(np.sin(layer.v * 420 * (1.3 - air))) + 0.1 * np.sign(np.sin(layer.u * 340))
        rooms = 0.7 * lit * (rng.random(layer.pixels.shape[:2]) < 0.1)[..., None] * np.float32((1.0, 0.75, 0.45))
        u = -0.75
        while u < 0.75:
            wide = rng.uniform(0.05, 0.15) * (1.5 - air)
            top = plate.lens.horizon - rng.uniform(-0.05, 0.26) * (1.25 - 0.5 * air)
            tone = np.float32(GLASS_TOWERS[rng.integers(len(GLASS_TOWERS))]) * (0.5 if lit else 1.0)
            seen = box_mask(layer, u, top, u + wide, 1.3)
            body = (floors * shine)[..., None] * tone * (0.6 + 0.5 * np.float32(horizon))
            layer.paint(seen, (body + rooms) * (1 - air) + np.float32(horizon) * air * 0.9)
            u += wide * rng.uniform(0.7, 1.8)
    plate.over(layer, cat_eye=False)


def _floor(rng, layer: Layer, room: Room, plan: Plan, sheen) -> None:
    ground = Ground(layer, room.lens, far=plan.back)
    tone = np.exp(0.08 * ground.noise(rng, 1.2))[..., None]
    light = room.light((0.0, 0.0, plan.back - 1.5), (0, 1, 0))[0]
    near = np.clip((plan.back - ground.z) / 4.0, 0, 1)[..., None]
    ground.paint(layer, plan.wood * tone * light + sheen * (1 - 0.6 * near))


def _mirror_floor(layer: Layer, lens: Lens, far: float, shine: float) -> None:
    """Let the polished floor mirror, blurred, what stands above its far edge."""
    edge = lens.horizon + lens.reach * lens.eye_m / far
    row = int(round(float(layer.xy(0, edge)[1])))
    rows = layer.pixels.shape[0]
    count = min(row, rows - row)
    if count <= 2:
        return
    fade = np.linspace(shine, 0.3 * shine, count, dtype=np.float32)[:, None, None]
    mirrored = layer.rgb[row - count : row][::-1]
    layer.rgb[row : row + count] += fade * (mirrored - layer.rgb[row : row + count])


def _meeting(rng, plate: Plate, room: Room, z: float, edge: float) -> None:
    """A table with two chairs at one side of the frame."""
    layer = Layer(plate.view, plate.lens.blur(z))
    reach = 0.4 * z / plate.lens.reach
    x0, x1 = sorted((edge * reach * 0.1, edge * reach * 1.8))
    room.floor_shadow(layer, (x0 + x1) / 2, z + 0.4, (x1 - x0) / 2, 0.5, 0.4)
    for x in (edge * reach * rng.uniform(0.45, 0.6), edge * reach * rng.uniform(0.95, 1.1)):
        _high_chair(rng, room, layer, x, z + 0.8)
    room.box(layer, x0, x1, 0.70, 0.74, z, z + 0.8, np.asarray((WALNUT, OAK, (0.5, 0.5, 0.5))[rng.integers(3)]))
    room.box(layer, x0 + 0.1, x0 + 0.16, 0.0, 0.7, z + 0.1, z + 0.16, STEEL)
    if rng.random() < 0.5:
        plant(rng, room, layer, (edge * reach * 0.75, 0.74, z + 0.3), 0.06, 0.3)
    plate.over(layer)


def _high_chair(rng, room: Room, layer: Layer, x: float, z: float) -> None:
    """A conference chair with a high back."""
    leather = np.asarray((0.035, 0.034, 0.036)) * rng.uniform(0.8, 2.0)
    room.stick(layer, (x, 0.05, z), (x, 0.45, z), 0.06, STEEL)
    room.box(layer, x - 0.24, x + 0.24, 0.43, 0.5, z - 0.45, z, leather * 1.3)
    for inset, tone in ((0.0, 0.8), (0.025, 1.2), (0.07, 1.5)):
        corners = np.array((-0.25 + inset, 0.25 - inset, 0.23 - inset, -0.23 + inset)) + x
        room.face(layer, corners, (1.12 - inset, 1.12 - inset, 0.5 + inset, 0.5 + inset), z, leather * tone)
