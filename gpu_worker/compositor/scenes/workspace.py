"""A bright workplace (home office, studio, loft, workshop) with daylight from a window and warm lamps."""

import numpy as np

from ..scene import Scene
from .fittings import BLACK, BRASS, BULB, STEEL, chair, desk_lamp, pendant, plant, screen
from .furnishing import WHITE, jars, picture, shelf_load, stack, tools, vase
from .interior import Plan, back_window, light_up, shell, side_windows, sun_patch
from .lighting import aim, mix, scaled
from .optics import Lens
from .plate import Layer, Plate, View
from .room import Room

WALLS = (
    (0.66, 0.64, 0.60), (0.60, 0.55, 0.48), (0.42, 0.45, 0.40),
    (0.30, 0.35, 0.38), (0.62, 0.54, 0.46), (0.20, 0.24, 0.22),
)  # fmt: skip
BRICK = (0.33, 0.17, 0.11)
WOODS = ((0.40, 0.26, 0.14), (0.24, 0.14, 0.075), (0.52, 0.39, 0.25), (0.55, 0.53, 0.50), (0.09, 0.065, 0.05))
DAYLIGHTS = ((1.0, 0.97, 0.92), (0.92, 0.97, 1.0), (1.0, 0.90, 0.76))
FRAMES = ((0.6, 0.6, 0.58), (0.03, 0.03, 0.032), (0.36, 0.24, 0.13))
KINDS = ("office", "office", "loft", "workshop")
METALS = (BLACK, BRASS, (0.5, 0.49, 0.46), (0.10, 0.16, 0.15), STEEL)


def render(rng: np.random.Generator, view: View) -> Scene:
    side = -1.0 if rng.random() < 0.5 else 1.0
    kind = KINDS[rng.integers(len(KINDS))]
    brick = kind == "loft" and rng.random() < 0.6
    plan = Plan(
        side=side,
        back=rng.uniform(6.0, 8.5),
        ceiling=rng.uniform(2.9, 3.6),
        wall=np.asarray(BRICK if brick else WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.9, 1.1),
        wood=np.asarray(WOODS[rng.integers(len(WOODS))]),
        daylight=DAYLIGHTS[rng.integers(len(DAYLIGHTS))],
        frame=FRAMES[rng.integers(len(FRAMES))],
    )
    lens = Lens(
        focal_mm=rng.uniform(60, 70), f_number=rng.uniform(1.4, 1.8), subject_m=1.9, eye_m=rng.uniform(1.3, 1.5),
        horizon=rng.uniform(0.42, 0.50), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip
    plate = Plate(view, lens)
    room = _draw(rng, plate, plan, kind, brick)
    plate.glare(rng.uniform(0.04, 0.08), scaled(plan.daylight, 0.002))
    key = room.light((0.0, 1.5, 2.0), (side, 0.0, -0.2))[0]
    return Scene(
        plate=plate.develop(rng.uniform(0.78, 0.98)),
        key=aim(side * rng.uniform(0.7, 1.0), 0.35, 0.75, key, 0.95, 0.75),
        ambient=scaled(mix(plan.daylight, plan.wall / plan.wall.max(), 0.5), 0.36),
        rims=(aim(-side * 0.8, 0.5, -0.7, BULB, 0.3, 0.4), aim(side * 0.85, 0.3, -0.6, plan.daylight, 0.5, 0.6)),
        exposure=0.0,
        contrast=1.02,
        saturation=1.0,
        grain=0.010,
        vignette=0.15,
        bloom=0.15,
    )


def _draw(rng: np.random.Generator, plate: Plate, plan: Plan, kind: str, brick: bool) -> Room:
    lens, side = plate.lens, plan.side
    half = 0.4 * plan.back / lens.reach  # half the width of the back wall that a portrait format shows
    behind = kind == "loft" or rng.random() < 0.45
    inner, low, high = side * half * rng.uniform(0.12, 0.4), rng.uniform(0.7, 1.0), plan.ceiling - rng.uniform(0.2, 0.6)
    wall_x = side * half * rng.uniform(0.72, 0.95)
    if behind:
        window = (inner, side * (half + 1.2), low, high, plan.back - 0.05, plan.back - 0.4)
    else:
        window = (wall_x, wall_x, 0.8, high, plan.back - 0.8, plan.back - 4.0)
    warm = (-side * half * rng.uniform(0.4, 0.9), rng.uniform(1.4, 2.2), plan.back - rng.uniform(0.5, 1.0))
    power = rng.uniform(6.0, 9.0) * (0.8 if behind else 1.0)
    room = light_up(lens, plan, window, power, ((warm, BULB, rng.uniform(0.1, 0.4)),), rng.uniform(0.16, 0.24))
    layer = Layer(plate.view, lens.blur(plan.back))
    shell(rng, layer, room, plan, brick)
    if rng.random() < 0.45:
        sun_patch(rng, layer, room, plan, plan.wall)
    if behind:
        back_window(rng, layer, room, plan, *sorted((inner, side * (half + 1.5))), low, high)
    shelf_in = -side * half * rng.uniform(0.18, 0.45)
    x0, x1 = sorted((shelf_in, -side * (half * 1.35)))
    if kind == "workshop":
        _tool_wall(rng, layer, room, plan, x0, x1)
    else:
        _shelves(rng, layer, room, plan, x0, x1, kind)
    if not behind:
        _wall_art(rng, layer, room, plan, side * half * rng.uniform(0.25, 0.45))
        side_windows(rng, layer, room, plan, wall_x)
    plate.over(layer, cat_eye=False)
    _middle(rng, plate, room, plan, kind, half)
    _near(rng, plate, room, plan)
    return room


def _wall_art(rng, layer: Layer, room: Room, plan: Plan, x: float) -> None:
    wide, high, low = rng.uniform(0.35, 0.7), rng.uniform(0.45, 0.9), rng.uniform(1.3, 1.6)
    room.shadow(layer, x - wide / 2, x + wide / 2 + 0.03, low - 0.06, low + high, plan.back, 0.06, 0.4)
    picture(rng, room, layer, x - wide / 2, x + wide / 2, low, low + high, plan.back)


def _shelves(rng, layer: Layer, room: Room, plan: Plan, x0: float, x1: float, kind: str) -> None:
    """Boards on the wall or a bookcase, loaded."""
    z, case, step = plan.back - 0.3, rng.random() < 0.5, rng.uniform(0.34, 0.46)
    levels = np.arange(
        rng.uniform(0.1, 0.3) if case else rng.uniform(1.0, 1.3), rng.uniform(2.2, plan.ceiling - 0.2), step
    )
    style = "books" if rng.random() < 0.55 else "objects"
    if case:
        room.shadow(layer, x0 - 0.15, x1 + 0.15, 0, levels[-1] + step + 0.05, plan.back, 0.15, 0.45)
        room.panel(layer, x0, x1, 0.05, levels[-1] + step, plan.back - 0.02, plan.wood * rng.uniform(0.3, 0.6))
    for y in levels:
        room.shadow(layer, x0, x1, y + step * 0.45, y + step, plan.back, 0.09, 0.5)
        shelf_load(rng, room, layer, x0 + 0.03, x1, y + 0.02, z + 0.08, step - 0.05, style)
        if not case:
            room.shadow(layer, x0, x1, y - 0.2, y, plan.back, 0.06, 0.5)
        room.box(layer, x0, x1, y - 0.015, y + 0.015, z, plan.back, plan.wood)
    if case:
        edges = np.linspace(x0, x1, max(2, round((x1 - x0) / rng.uniform(0.7, 1.0)) + 1))
        room.box(layer, x0, x1, levels[-1] + step - 0.015, levels[-1] + step + 0.015, z, plan.back, plan.wood)
        for x in edges:
            room.box(layer, x - 0.015, x + 0.015, 0, levels[-1] + step, z, plan.back, plan.wood)


def _tool_wall(rng, layer: Layer, room: Room, plan: Plan, x0: float, x1: float) -> None:
    """A board with tools over a shelf of jars, timber leaning in the corner."""
    board = (plan.wood * 0.9 + 0.06, np.asarray(WHITE), np.asarray((0.13, 0.14, 0.14)))[rng.integers(3)]
    low = rng.uniform(1.1, 1.3)
    room.shadow(layer, x0 - 0.05, x1 + 0.05, low - 0.1, 2.4, plan.back, 0.06, 0.4)
    room.panel(layer, x0, x1, low, 2.35, plan.back - 0.03, board)
    tools(rng, room, layer, x0, x1, low, 2.3, plan.back - 0.05)
    shelf_load(rng, room, layer, x0, x1, 2.45, plan.back - 0.2, 0.4, "workshop")
    room.box(layer, x0, x1, 2.40, 2.44, plan.back - 0.3, plan.back, plan.wood)
    start = x0 if plan.side > 0 else x1
    for _ in range(rng.integers(3, 8)):
        x, wide = start + plan.side * rng.uniform(-0.1, 0.4), rng.uniform(0.04, 0.14)
        lean, tall = rng.uniform(0.02, 0.12), rng.uniform(1.2, 2.4)
        tone = np.asarray((0.45, 0.31, 0.17)) * np.exp(rng.normal(0, 0.25))
        room.face(layer, (x + lean, x + lean + wide, x + wide, x), (tall, tall, 0, 0), plan.back - 0.3, tone)


def _middle(rng, plate: Plate, room: Room, plan: Plan, kind: str, half: float) -> None:
    """A desk or bench in front of the back wall and what stands on it; lamps above."""
    z = plan.back - rng.uniform(0.9, 1.8)
    layer = Layer(plate.view, plate.lens.blur(z))
    reach, top = half * z / plan.back, rng.uniform(0.72, 0.92)
    x0, x1 = sorted((-plan.side * reach * rng.uniform(-0.3, 0.1), -plan.side * reach * 1.4))
    if rng.random() < 0.35:
        x0, x1 = -reach * 1.4, reach * 1.4
    room.floor_shadow(layer, (x0 + x1) / 2, z + 0.4, (x1 - x0) * 0.5, 0.5, 0.45)
    if rng.random() < 0.75:
        x = plan.side * reach * rng.uniform(0.6, 0.95)
        room.floor_shadow(layer, x - 0.12 * plan.side, z + 0.6, 0.34, 0.22, 0.6)
        plant(rng, room, layer, (x, 0.0, z + 0.6), 0.16, rng.uniform(0.7, 1.3))
    for x in (x0 + 0.1, x1 - 0.1):
        room.box(layer, x - 0.025, x + 0.025, 0, top, z + 0.1, z + 0.15, BLACK)
    room.box(layer, x0, x1, top - 0.04, top, z, z + 0.75, plan.wood * 1.05)
    middle = -plan.side * reach * rng.uniform(0.5, 0.8)
    for place in np.arange(x0 + 0.1, x1 - 0.1, rng.uniform(0.25, 0.4)):
        thing, where = rng.integers(5), (place + rng.uniform(-0.08, 0.08), top, z + 0.25)
        if thing == 0:
            vase(rng, room, layer, *where, rng.uniform(0.35, 0.75))
        elif thing == 1:
            stack(rng, room, layer, where[0], 0.24, top, z + 0.15)
        elif thing == 2:
            plant(rng, room, layer, where, 0.06, rng.uniform(0.2, 0.35))
        elif thing == 3:
            jars(rng, room, layer, where[0], 0.22, top, z + 0.25)
    if kind != "workshop":
        screen(rng, room, layer, middle, top, z + 0.35, rng.uniform(0.5, 0.7))
        if rng.random() < 0.7:
            chair(rng, room, layer, middle + rng.uniform(-0.2, 0.2), z - 0.25)
    desk_lamp(rng, room, layer, middle + rng.choice((-1, 1)) * rng.uniform(0.42, 0.55), top, z + 0.2)
    if rng.random() < 0.7:
        _pendants(rng, layer, room, z - 0.3, reach, plan.ceiling)
    plate.over(layer)


def _pendants(rng, layer: Layer, room: Room, z: float, reach: float, ceiling: float) -> None:
    count, shade, glow = int(rng.integers(1, 4)), int(rng.integers(4)), rng.uniform(1.5, 4.0)
    start, metal = rng.choice((-1, 1)) * reach * rng.uniform(0.45, 0.8), METALS[rng.integers(len(METALS))]
    y, step = min(rng.uniform(2.05, 2.35), ceiling - 0.5), rng.uniform(0.45, 0.7)
    for index in range(count):
        place = (start - np.sign(start) * index * step, y + rng.choice((0, 0.12)), z)
        pendant(rng, room, layer, place, shade, metal, glow)


def _near(rng, plate: Plate, room: Room, plan: Plan) -> None:
    """A large plant or a lamp closer behind the subject, at the edge of the frame."""
    if rng.random() < 0.5:
        return
    z, side = rng.uniform(3.9, 4.9), rng.choice((-1, 1))
    layer = Layer(plate.view, plate.lens.blur(z))
    x = side * rng.uniform(0.33, 0.42) * z / plate.lens.reach
    stand = rng.uniform(0.35, 0.6)
    room.floor_shadow(layer, x - 0.15 * plan.side, z, 0.4, 0.3, 0.5)
    for leg in (-0.13, 0.13):
        room.stick(layer, (x + leg, 0, z), (x + leg * 0.8, stand, z), 0.03, plan.wood)
    plant(rng, room, layer, (x, stand, z), 0.15, rng.uniform(0.6, 1.0), int(rng.integers(1, 3)))
    plate.over(layer)
