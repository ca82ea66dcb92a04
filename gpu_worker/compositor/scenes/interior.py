"""The shell of a room: walls with windows, the view outside, floor, ceiling, patches of sun, curtains."""

from dataclasses import dataclass

import cv2
import numpy as np

from .ground import Ground
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer
from .room import Room
from .shapes import polygon_mask, soften

WINDOW_RADIANCE = 2.4  # the sky outside on a picture exposed for the room
SUN_PATCH = 2.4  # irradiance of sun that reaches a wall


@dataclass(frozen=True)
class Plan:
    """One workplace. side: of the window, -1 left; back: distance of the far wall; ceiling: its height, metres."""

    side: float
    back: float
    ceiling: float
    wall: np.ndarray
    wood: np.ndarray
    daylight: tuple[float, float, float]
    frame: tuple[float, float, float]


def light_up(lens: Lens, plan: Plan, window, power: float, lamps, ambient: float) -> Room:
    """Return the room lit by a window (x0, x1, y0, y1, z0, z1 in metres) and lamps of (place, colour, power)."""
    x0, x1, y0, y1, z0, z1 = window
    places = [(x0 + (x1 - x0) * t, y, z0 + (z1 - z0) * t) for t in (0.12, 0.5, 0.88) for y in (y0, (y0 + y1) / 2, y1)]
    colours = [np.float32(plan.daylight) * power / len(places)] * len(places)
    sizes = [0.55] * len(places)
    for place, colour, strength in lamps:
        places.append(place)
        colours.append(np.float32(colour) * strength)
        sizes.append(0.3)
    bounce = np.float32(plan.daylight) * (0.55 + 0.45 * plan.wall / plan.wall.max()) * ambient
    return Room(lens, np.array(places), np.array(colours), np.array(sizes), bounce, plan.side)


def shell(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan, brick: bool) -> None:
    """Fill the layer with the back wall, the floor and the ceiling."""
    lens, back = room.lens, plan.back
    x, y = layer.u * back / lens.reach, lens.eye_m - (layer.v - lens.horizon) * back / lens.reach
    shape = layer.pixels.shape[:2]
    light = _coarse(room, x, np.clip(y, 0, plan.ceiling), back, shape)
    tone = 0.035 * clouds(rng, layer, 0.1, 3) + 0.05 * smooth(rng, layer, 0.6)
    if brick:
        tone = tone + 0.11 * clouds(rng, layer, 0.012, 2, 0.8, 2.4)
    away = np.minimum(np.maximum(y, 0) / 0.3, np.maximum(plan.ceiling - y, 0) / 0.4) + 0 * x
    corner = 1 - 0.3 * np.exp(-away)
    layer.rgb[...] = np.float32(plan.wall) * light * (np.exp(tone) * corner)[..., None]
    layer.alpha[...] = 1
    skirting = ((y > 0) & (y < 0.1)) * (1 + 0 * x)
    layer.paint(skirting.astype(np.float32) * 0.6, np.float32(plan.frame) * light)
    _floor(rng, layer, room, plan)
    rise = lens.horizon - layer.v
    z = lens.reach * (plan.ceiling - lens.eye_m) / np.maximum(rise, 1e-3)
    above = np.clip((back - z) * 30, 0, 1) * (1 + 0 * layer.u)
    over = _coarse(room, layer.u * z / lens.reach, plan.ceiling, np.clip(z, 2, back), shape, (0, -1, 0))
    layer.paint(above.astype(np.float32), np.float32((0.6, 0.59, 0.57)) * over * 0.75)


def _coarse(room: Room, x, y, z, shape, normal=(0.0, 0.0, -1.0)) -> np.ndarray:
    """Return the light on coordinate images, computed on every 12th pixel and smoothed between."""
    x, y, z = (np.broadcast_to(part, shape) for part in np.broadcast_arrays(x, y, z))
    rows, columns = _grid(shape[0]), _grid(shape[1])
    few = room.light_on(*(part[np.ix_(rows, columns)] for part in (x, y, z)), normal)
    return cv2.resize(few, shape[::-1], interpolation=cv2.INTER_LINEAR)


def _grid(length: int) -> np.ndarray:
    """Return the pixels that lie in the middle of equal parts of about 10 pixels."""
    parts = max(length // 10, 2)
    return ((np.arange(parts) + 0.5) * length / parts).astype(int)


def _floor(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan) -> None:
    """Boards or polished concrete; what is bright above shows in them as a soft sheen."""
    ground = Ground(layer, room.lens, far=plan.back)
    tone = np.exp(0.16 * ground.noise(rng, 0.14, 6.0) + 0.1 * ground.noise(rng, 1.2))
    light = _coarse(room, ground.x, 0.0, np.maximum(ground.z, 1.5), ground.x.shape, (0, 1, 0))
    towards = np.exp(-(((ground.x - plan.side * 1.3) / 0.8) ** 2)) * (0.5 + 0.1 * ground.noise(rng, 0.3, 5.0))
    sheen = 0.16 * towards[..., None] * np.float32(plan.daylight)
    ground.paint(layer, np.float32(plan.wood) * 0.8 * tone[..., None] * light + sheen)


def sun_patch(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan, albedo) -> None:
    """Let the sun fall through the window on the back wall, slanted, with the shadows of bars and leaves."""
    x, top = plan.side * rng.uniform(0.2, 0.5), rng.uniform(2.2, 2.7)
    wide, high, slant = rng.uniform(0.28, 0.45), rng.uniform(0.3, 0.5), plan.side * rng.uniform(0.15, 0.4)
    mask = np.zeros(layer.pixels.shape[:2], np.float32)
    for column in range(rng.integers(1, 3)):
        for row in range(rng.integers(2, 4)):
            left, roof = x - plan.side * column * (wide + 0.06), top - row * (high + 0.05)
            px = np.array((left, left - plan.side * wide, left - plan.side * wide, left))
            py = np.array((roof, roof, roof - high, roof - high)) - slant * (px - x) * plan.side
            mask += polygon_mask(layer, *room.lens.project(px - slant * 0.3 * (top - py), py, plan.back))
    leaves = np.clip(0.8 + 0.45 * clouds(rng, layer, 0.06, 3), 0.2, 1.2)
    lit = soften(mask * leaves, layer, 0.006)[..., None]
    warm = np.float32((1.0, 0.82, 0.58)) * SUN_PATCH * rng.uniform(0.6, 1.1)
    layer.rgb[...] += lit * np.float32(albedo) * warm


def outside(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan, x0, x1, low, high, z) -> None:
    """Paint the view out of a window: bright sky, washed-out leaves or houses lower down."""
    (u0, u1), (v1, v0) = room.lens.project((x0, x1), (low, high), z)
    inside = (layer.u > u0) & (layer.u < u1) & (layer.v > v0) & (layer.v < v1)
    down = np.clip((layer.v - v0) / (v1 - v0), 0, 1)
    leaves = clouds(rng, layer, 0.10, 4, 0.6) + 3.0 * (down - rng.uniform(0.35, 0.9))
    share = (1 / (1 + np.exp(-2.0 * leaves)))[..., None] * 0.92
    bright = np.float32(plan.daylight) * WINDOW_RADIANCE * rng.uniform(0.8, 1.5)
    green = np.float32(((0.55, 0.62, 0.33), (0.75, 0.66, 0.52), (0.55, 0.60, 0.66))[rng.integers(3)]) * rng.uniform(
        0.9, 1.6
    )
    green = green * np.exp(0.3 * clouds(rng, layer, 0.04, 3))[..., None]
    layer.paint(inside.astype(np.float32), bright * (1 - share) + green * share)


def back_window(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan, x0, x1, low, high) -> None:
    """A large window in the back wall with bars, sill and sometimes a sheer curtain."""
    reveal = 0.12
    room.box(layer, x0 - 0.02, x1 + 0.02, low - 0.03, high + 0.02, plan.back - 0.01, plan.back, plan.frame)
    outside(rng, layer, room, plan, x0, x1, low, high, plan.back)
    step, bar = rng.uniform(0.55, 1.0), rng.uniform(0.03, 0.06)
    for x in np.arange(x0 if plan.side > 0 else x1, x1 if plan.side > 0 else x0, plan.side * step):
        room.panel(layer, x - bar / 2, x + bar / 2, low, high, plan.back, plan.frame)
    for y in np.linspace(low, high, rng.integers(2, 5)):
        room.panel(layer, x0, x1, y - bar / 2, y + bar / 2, plan.back, plan.frame)
    inner = x0 if plan.side > 0 else x1
    edge = np.array((inner, inner - plan.side * reveal, inner - plan.side * reveal, inner))
    room.face(layer, edge, np.array((high, high, low, low)), plan.back, plan.wall * 1.7, (plan.side, 0, -0.3))
    room.box(layer, x0 - 0.05, x1, low - 0.05, low - 0.01, plan.back - 0.25, plan.back, np.float32((0.55, 0.54, 0.52)))
    if rng.random() < 0.4:
        _curtain(rng, layer, room, plan, inner, high)


def _curtain(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan, x: float, high: float) -> None:
    wide = rng.uniform(0.3, 0.5)
    z = plan.back - 0.1
    u0, v0 = room.lens.project(x - plan.side * 0.15, high + 0.15, z)
    u1, v1 = room.lens.project(x + plan.side * wide, 0.05, z)
    left, right = min(u0, u1), max(u0, u1)
    place = (layer.u - left) / (right - left)
    inside = ((place > 0) & (place < 1)) * ((layer.v > v0) & (layer.v < v1))
    folds = 0.5 + 0.5 * np.sin(place * rng.uniform(26, 40) + 2.6 * smooth(rng, layer, 1.3, 0.05))
    through = np.float32(plan.daylight) * (0.62 + 0.34 * folds)[..., None]
    layer.paint(inside.astype(np.float32) * 0.9, through * 0.95)


def side_windows(rng: np.random.Generator, layer: Layer, room: Room, plan: Plan, x: float) -> None:
    """The wall at the side in perspective, with tall windows in deep reveals."""
    near = 2.0
    for start in np.arange(near, plan.back, 0.4):
        edge = np.array((start, start + 0.4, start + 0.4, start)).clip(None, plan.back)
        heights = np.array((plan.ceiling, plan.ceiling, 0, 0))
        room.face(layer, x, heights, edge, plan.wall * 0.85, (-plan.side, 0, 0))
    low, high, step = rng.uniform(0.4, 0.95), plan.ceiling - rng.uniform(0.25, 0.5), rng.uniform(1.2, 1.9)
    parts = int(rng.integers(1, 4))
    for start in np.arange(plan.back - rng.uniform(0.3, 0.8), near, -step):
        end = start - step * rng.uniform(0.68, 0.8)
        heights = np.array((high, high, low, low))
        deep = x + plan.side * 0.25
        corners = np.array((x, deep, deep, x)), np.array((start, start, start, start))
        room.face(layer, corners[0], heights, corners[1], plan.wall * 2.2, (0, 0, -1))
        bars = np.linspace(low, high, parts + 1)
        for floor, roof in zip(bars[:-1], bars[1:], strict=True):
            share = ((floor + roof) / 2 - low) / (high - low)
            glow = np.float32(plan.daylight) * WINDOW_RADIANCE * (0.45 + 0.75 * share) * rng.uniform(0.8, 1.2)
            tops = np.array((roof - 0.03, roof - 0.03, floor + 0.03, floor + 0.03))
            edge = np.array((end, start, start, end))
            room.face(layer, deep, tops, edge, (0.02, 0.02, 0.02), (-plan.side, 0, 0), glow)
