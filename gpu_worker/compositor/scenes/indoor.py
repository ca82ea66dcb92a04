"""Furniture of homes, cafés and shops, in metres, lit by a Room: sofas, tables, chairs, lamps, curtains, rugs."""

import cv2
import numpy as np

from .fittings import BLACK, BULB
from .ground import Ground
from .noise import smooth
from .plate import Layer
from .room import Room
from .shapes import polygon

FABRICS = (
    (0.56, 0.52, 0.45), (0.34, 0.33, 0.31), (0.20, 0.25, 0.22), (0.42, 0.27, 0.17),
    (0.15, 0.20, 0.27), (0.60, 0.58, 0.54), (0.46, 0.36, 0.30),
)  # fmt: skip
PILLOW_CLOTHS = ((0.58, 0.42, 0.16), (0.45, 0.17, 0.10), (0.62, 0.60, 0.56), (0.12, 0.22, 0.24), (0.48, 0.33, 0.28))
SHADE = (0.62, 0.56, 0.46)


def rounded(room: Room, layer: Layer, x0, x1, y0, y1, z, albedo, bend: float = 0.35) -> None:
    """Draw a soft upright cushion facing the camera, brighter in its upper middle."""
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    px, py = (np.sign(f) * np.abs(f) ** bend for f in (np.cos(turn), np.sin(turn)))
    middle, half = ((x0 + x1) / 2, (y0 + y1) / 2), ((x1 - x0) / 2, (y1 - y0) / 2)
    for size, lift, tone in ((1.0, 0.0, 0.78), (0.93, 0.02, 0.95), (0.7, 0.08, 1.08)):
        y = middle[1] + half[1] * (py * size + lift * (1 - np.abs(py)))
        room.face(layer, middle[0] + half[0] * px * size, y, z, np.asarray(albedo) * tone)


def sofa(rng: np.random.Generator, room: Room, layer: Layer, x0: float, x1: float, z: float, cloth) -> None:
    """Draw a sofa that faces the camera, with pillows; z: of its back."""
    cloth = np.asarray(cloth)
    room.floor_shadow(layer, (x0 + x1) / 2, z - 0.4, (x1 - x0) * 0.56, 0.6, 0.55)
    room.box(layer, x0, x1, 0.12, 0.80, z - 0.05, z + 0.15, cloth * 0.85)
    seats = np.linspace(x0 + 0.14, x1 - 0.14, max(3, round((x1 - x0) / 0.8) + 1))
    for a, b in zip(seats[:-1], seats[1:], strict=True):
        rounded(room, layer, a, b, 0.40, 0.88, z - 0.12, cloth, 0.28)
        room.box(layer, a + 0.01, b - 0.01, 0.28, 0.46, z - 0.85, z - 0.12, cloth * 1.05)
    room.box(layer, x0, x1, 0.1, 0.28, z - 0.85, z, cloth * 0.8)
    for a, b in ((x0, x0 + 0.16), (x1 - 0.16, x1)):
        room.box(layer, a, b, 0.1, 0.62, z - 0.88, z, cloth * 0.95)
    for x in rng.uniform(x0 + 0.3, x1 - 0.3, rng.integers(2, 5)):
        size = rng.uniform(0.19, 0.25)
        colour = np.asarray(PILLOW_CLOTHS[rng.integers(len(PILLOW_CLOTHS))])
        rounded(room, layer, x - size, x + size, 0.44, 0.44 + 1.8 * size, z - 0.3, colour, 0.45)


def floor_lamp(rng: np.random.Generator, room: Room, layer: Layer, x: float, z: float, glow: float) -> None:
    """Draw a standing lamp with a shade of cloth, switched on."""
    high = rng.uniform(1.5, 1.75)
    room.turned(layer, x, 0.0, z, (0, 0.03), (0.15, 0.14), BLACK)
    room.stick(layer, (x, 0, z), (x, high, z), 0.025, BLACK)
    wide = rng.uniform(0.17, 0.23)
    light = np.asarray(BULB) * glow
    room.turned(layer, x, high - 0.08, z, (0, 0.3), (wide, wide * rng.uniform(0.65, 0.95)), SHADE, light, 0)


def curtain(
    rng: np.random.Generator, room: Room, layer: Layer, x0: float, x1: float, low: float, high: float, z: float,
    cloth, through=(0.0, 0.0, 0.0), fold_m: float = 0.13,
) -> None:  # fmt: skip
    """Draw a hanging curtain in folds; through: daylight that shines through it; fold_m: width of a fold."""
    (u0, u1), (v1, v0) = room.lens.project((x0, x1), (low, high), z)
    place = (layer.u - u0) / (u1 - u0)
    inside = ((place > 0) & (place < 1)) & (layer.v > v0) & (layer.v < v1)
    folds = 0.5 + 0.5 * np.sin(place * 2 * np.pi * (x1 - x0) / fold_m + 2.2 * smooth(rng, layer, 1.3, 0.06))
    light = room.light(((x0 + x1) / 2, (low + high) / 2, z))[0]
    tone = (0.62 + 0.5 * folds)[..., None]
    layer.paint(inside.astype(np.float32), tone * (np.asarray(cloth) * light + np.asarray(through)))


def rug(rng: np.random.Generator, room: Room, layer: Layer, x0, x1, z0, z1, colour) -> None:
    """Lay a rug with a border on the floor."""
    for inset, tone in ((0.0, 0.7), (0.12, 1.0), (0.3, 0.85), (0.36, 1.05)):
        x = (x0 + inset, x1 - inset, x1 - inset, x0 + inset)
        room.face(
            layer, x, 0.005, (z1 - inset, z1 - inset, z0 + inset, z0 + inset), np.asarray(colour) * tone, (0, 1, 0)
        )


def table(
    rng: np.random.Generator, room: Room, layer: Layer, x: float, z: float, high: float, wide: float, wood
) -> None:
    """Draw a round table on one leg, with cups or a candle on it."""
    room.floor_shadow(layer, x, z, wide * 1.1, wide, 0.4)
    room.turned(layer, x, 0, z, (0, 0.02, 0.04), (wide * 0.6, wide * 0.6, 0.04), BLACK)
    room.stick(layer, (x, 0, z), (x, high, z), 0.06, BLACK)
    turn = np.linspace(0, 2 * np.pi, 22)
    px, pz = x + wide * np.cos(turn), z + wide * np.sin(turn)
    room.face(layer, px, high - 0.03, pz, np.asarray(wood) * 0.5, (0, 0.3, -1))
    room.face(layer, px, high, pz, np.asarray(wood), (0, 1, 0))
    for place in rng.uniform(-0.6, 0.6, rng.integers(1, 4)) * wide:
        room.turned(layer, x + place, high, z, (0, 0.02, 0.08), (0.025, 0.035, 0.042), (0.66, 0.65, 0.62))


def chair(rng: np.random.Generator, room: Room, layer: Layer, x: float, z: float, colour) -> None:
    """Draw a wooden chair seen from its back: posts, bent top, slats, seat, legs."""
    colour, half = np.asarray(colour), 0.20
    for edge in (-1, 1):
        room.stick(layer, (x + edge * half, 0, z), (x + edge * half * 0.92, 0.86, z), 0.035, colour)
        room.stick(layer, (x + edge * half * 0.95, 0, z + 0.4), (x + edge * half, 0.45, z + 0.4), 0.03, colour * 0.8)
    room.box(layer, x - half, x + half, 0.43, 0.47, z, z + 0.42, colour)
    room.panel(layer, x - half, x + half, 0.78, 0.9, z, colour)
    for share in (-0.4, 0.4):
        room.stick(layer, (x + share * half, 0.46, z), (x + share * half, 0.8, z), 0.025, colour * 0.9)


def polished(
    rng: np.random.Generator, layer: Layer, room: Room, far: float, albedo, shine: float, tile_m: float = 0.0
) -> None:
    """Paint a stone floor that mirrors what is drawn above it; shine: 0 matt to 1 mirror; tile_m: 0 for no joints."""
    lens = room.lens
    ground = Ground(layer, lens, far=far)
    tone = np.exp(0.06 * ground.noise(rng, 1.4) + 0.05 * ground.noise(rng, 0.4))
    if tile_m:
        checks = (np.floor(ground.x / tile_m) + np.floor(ground.z / tile_m)) % 2
        tone = tone * (0.8 + 0.25 * checks)
    edge = int(np.clip(round(float(layer.xy(0.0, lens.project(0, 0, far)[1])[1])), 1, layer.pixels.shape[0] - 1))
    rows = layer.pixels.shape[0] - ground.rows.start
    source = np.clip(2 * edge - np.arange(ground.rows.start, ground.rows.start + rows), 0, edge)
    deep = max(int(0.035 * layer.scale), 3)
    mirror = cv2.blur(np.ascontiguousarray(layer.rgb[source]), (3, deep), borderType=cv2.BORDER_REPLICATE)
    few = room.light((0.0, 0.0, far * 0.6), (0, 1, 0))[0]
    base = np.asarray(albedo, np.float32) * tone[..., None] * np.float32(few)
    grazing = shine * (0.25 + 0.75 / (1 + ((ground.v - lens.horizon) / 0.18) ** 2))[..., None]
    ground.paint(layer, base * (1 - grazing) + mirror * grazing)


def strip_light(room: Room, layer: Layer, x0, x1, y, z, glow) -> None:
    """Draw a thin band of light."""
    u, v = room.lens.project((x0, x1, x1, x0), (y + 0.02, y + 0.02, y - 0.02, y - 0.02), z)
    polygon(layer, u, v, glow)


def glass_wall(room: Room, layer: Layer, x0, x1, low, high, z, step: float) -> None:
    """Cut a window into what is drawn, so that the plate behind shows, with dark bars every step metres."""
    (u0, u1), (v1, v0) = room.lens.project((x0, x1), (low, high), z)
    layer.pixels[(layer.u > u0) & (layer.u < u1) & (layer.v > v0) & (layer.v < v1)] = 0
    for x in np.arange(x0, x1 + step, step):
        room.panel(layer, x - 0.03, x + 0.03, low, high, z, BLACK)
    room.panel(layer, x0, x1, low - 0.04, low + 0.02, z, BLACK)


def laptop(room: Room, layer: Layer, x: float, y: float, z: float) -> None:
    """Draw an open laptop seen from behind its user, the screen glowing."""
    room.box(layer, x - 0.17, x + 0.17, y, y + 0.015, z - 0.24, z, (0.35, 0.35, 0.36))
    room.panel(layer, x - 0.17, x + 0.17, y + 0.01, y + 0.24, z, (0.10, 0.10, 0.11))
    glow = np.asarray((0.55, 0.62, 0.70))
    room.face(
        layer,
        (x - 0.155, x + 0.155, x + 0.155, x - 0.155),
        (y + 0.225, y + 0.225, y + 0.03, y + 0.03),
        z - 0.01,
        BLACK,
        glow=glow,
    )
    for level, wide in ((0.18, 0.2), (0.15, 0.12), (0.1, 0.24), (0.07, 0.16)):
        line = (x - 0.13, x - 0.13 + wide, x - 0.13 + wide, x - 0.13)
        room.face(
            layer, line, (y + level + 0.012, y + level + 0.012, y + level, y + level), z - 0.011, BLACK, glow=glow * 0.3
        )
