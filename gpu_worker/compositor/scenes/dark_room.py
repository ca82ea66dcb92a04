"""A dark room: a plaster wall that a little light reaches, and sometimes a window slit, a curtain or a lamp far off."""

import numpy as np

from ..scene import Light, Scene
from .lighting import LOW_SUN, TUNGSTEN, aim, mix, pool, scaled, tinted
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import box_mask, ellipse_mask, polygon_mask, soften

# Reflectance of old walls: umber, slate, bottle green, oxblood, plain grey plaster.
WALLS = (
    (0.085, 0.066, 0.050),
    (0.055, 0.060, 0.068),
    (0.042, 0.058, 0.050),
    (0.085, 0.048, 0.040),
    (0.080, 0.078, 0.074),
)
DUSK = (0.50, 0.70, 1.0)
LAMP_LIGHT = (1.0, 0.60, 0.28)
KEYS = ((1.0, 0.86, 0.70), (1.0, 0.93, 0.85), (0.90, 0.95, 1.0), (1.0, 0.76, 0.52))
ACCENTS = ("none", "none", "curtain", "lamp", "lamp", "window patch", "window patch", "doorway")
PANES = (  # columns, rows, width, height and bar of the light that a window throws, frame lengths
    (2, 3, 0.1, 0.135, 0.015),
    (2, 2, 0.12, 0.2, 0.018),
    (1, 4, 0.13, 0.11, 0.015),
    (1, 11, 0.24, 0.02, 0.02),
    (1, 1, 0.14, 0.55, 0.0),
)
BLACK_LEVEL = 0.0016  # stray light in the lens
PLASTER = 0.065


def render(rng: np.random.Generator, view: View) -> Scene:
    side = -1.0 if rng.random() < 0.5 else 1.0
    key = KEYS[rng.integers(len(KEYS))]
    accent = ACCENTS[rng.integers(len(ACCENTS))]
    lens = Lens(f_number=1.8, subject_m=1.9)
    wall = Layer(view, lens.blur(rng.uniform(3.0, 4.2)))
    albedo = np.float32(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.8, 1.15)
    wall.rgb[...] = _plaster(rng, wall)[..., None] * albedo * _light(rng, wall, side, key)
    wall.alpha[...] = 1
    if accent == "window patch":
        _sun_patch(rng, wall, side, albedo)
    plate = Plate(view, lens)
    plate.over(wall, cat_eye=False)
    rim = aim(-side * 0.9, 0.4, -0.9, mix(key, DUSK, 0.6), 0.10, 0.5)
    if accent in ACCENT_DRAWERS:
        rim = ACCENT_DRAWERS[accent](rng, plate, -side)
    plate.glare(0.07, scaled(mix(albedo / np.max(albedo), DUSK, 0.4), BLACK_LEVEL))
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(0.85, 1.1), rng.uniform(0.15, 0.5), rng.uniform(0.25, 0.5), key, 0.95, 0.3),
        ambient=scaled(mix(albedo / np.max(albedo), DUSK, 0.25), rng.uniform(0.035, 0.07)),
        rims=(rim,),
        exposure=rng.uniform(-0.35, -0.1),
        contrast=1.12,
        saturation=0.92,
        grain=0.016,
        vignette=rng.uniform(0.25, 0.42),
        bloom=0.1,
    )


def _plaster(rng: np.random.Generator, layer: Layer) -> np.ndarray:
    """Return relative brightness of an old wall: trowel marks, stains that run down, scratches."""
    trowel = clouds(rng, layer, 0.09, 4, 0.6, 1.6)
    stains = np.maximum(clouds(rng, layer, 0.5, 3, 0.6, 0.35), 0)
    scratches = np.maximum(np.abs(clouds(rng, layer, 0.06, 3, 0.7, 0.6)) - 1.6, 0)
    return np.exp(PLASTER * trowel - 0.13 * stains - 0.12 * scratches)


def _light(rng: np.random.Generator, layer: Layer, side: float, key) -> np.ndarray:
    """Return the light on the wall: a raking pool on one side and what the room gives back."""
    place = rng.choice((-side, side)) * rng.uniform(0.12, 0.34)
    soft_pool = pool(layer, place, rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.36), rng.uniform(0.9, 1.5))
    flag = 1 / (1 + np.exp((place * np.sign(place) - 0.9 - layer.v * rng.uniform(-0.6, 0.2)) / 0.2))
    uneven = np.exp(0.12 * smooth(rng, layer, 0.35))
    return tinted((rng.uniform(0.75, 1.5) * soft_pool * flag * uneven, key), (0.07 * uneven, mix(key, DUSK, 0.5)))


def _sun_patch(rng: np.random.Generator, layer: Layer, side: float, albedo) -> None:
    """Throw light from outside through the panes or blinds of a window on the wall, slanted, with soft edges."""
    left, top = -side * rng.uniform(0.16, 0.32) - 0.11, rng.uniform(0.02, 0.25)
    slant, drop = rng.uniform(-0.12, 0.12), rng.uniform(-0.1, 0.1)
    columns, rows, wide, high, bar = PANES[rng.integers(len(PANES))]
    mask = np.zeros(layer.pixels.shape[:2], np.float32)
    for column in range(columns):
        for row in range(rows):
            u0, v0 = left + column * (wide + bar), top + row * (high + bar)
            across, down = np.array((0, wide, wide, 0)), np.array((0, 0, high, high))
            u = u0 + across + slant * (v0 + down - top)
            v = v0 + down + drop * (u0 + across - left) * 2
            mask += polygon_mask(layer, u, v)
    leaves = np.clip(0.75 + 0.5 * clouds(rng, layer, 0.12, 3), 0.15, 1.2)
    patch = soften(mask, layer, rng.uniform(0.006, 0.014)) * soften(leaves, layer, 0.012)
    colour = (LOW_SUN, LOW_SUN, DUSK, LAMP_LIGHT)[rng.integers(4)]
    layer.rgb[...] += patch[..., None] * albedo * np.float32(colour) * rng.uniform(1.2, 2.6)


def _curtain(rng: np.random.Generator, plate: Plate, side: float) -> Light:
    """A window far off behind a heavy curtain that lets a slit of dusk through."""
    layer = Layer(plate.view, plate.lens.blur(rng.uniform(4, 6)))
    inner = side * rng.uniform(0.16, 0.25)
    colour = mix(DUSK, LOW_SUN, rng.choice((0.0, 0.25, 0.8)))
    sway = 0.002 * smooth(rng, layer, 0.8, 3.0)
    across = side * (layer.u + sway) - abs(inner)
    cloth = np.clip(across * layer.scale / 2, 0, 1)
    folds = np.sin(across * rng.uniform(70, 95) + 1.6 * smooth(rng, layer, 1.1, 0.09))
    slit = rng.uniform(0.3, 0.37) - abs(inner) + 0.003 * np.sin(layer.v * 4 + rng.uniform(0, 6))
    near = np.exp(-np.abs(across - slit) / 0.05)
    through = (0.010 + 0.009 * folds) * (1 + 2.5 * near) + 0.05 * near**3
    opening = np.clip(1.2 - np.abs(across - slit) / (0.002 + 0.006 * layer.v), 0, 1)
    sill = 1 / (1 + np.exp((layer.v - rng.uniform(0.7, 0.95)) / 0.03))
    uneven = np.exp(0.5 * smooth(rng, layer, 0.3, 3.0)) * sill * rng.uniform(0.35, 0.9)
    glow = np.maximum(through, 0.002) * (0.3 + 0.7 * sill) + opening * uneven
    layer.paint(cloth.astype(np.float32), glow[..., None] * np.float32(colour))
    plate.over(layer)
    return aim(side * 0.9, 0.25, -0.75, colour, 0.3, 0.5)


def _lamp(rng: np.random.Generator, plate: Plate, side: float) -> Light:
    """A lamp on a table in the far corner: a glowing shade, a glazed foot, its light on table and wall."""
    layer = Layer(plate.view, plate.lens.blur(rng.uniform(4.5, 6.5)))
    u, v, size = side * rng.uniform(0.24, 0.34), rng.uniform(0.34, 0.5), rng.uniform(0.045, 0.07)
    near = pool(layer, u, v, size * 1.6) + 0.35 * pool(layer, u, v - size * 3, size * 2.2)
    stained = np.exp(0.12 * clouds(rng, layer, 0.1, 3))
    layer.rgb[...] = (near * stained * rng.uniform(0.04, 0.09))[..., None] * np.float32(LAMP_LIGHT)
    top = v + size * 2.3
    x0, x1 = sorted((u - side * size * rng.uniform(2.0, 3.2), side * 0.7))
    table = box_mask(layer, x0, top, x1, 1.2, 0.004)
    edge = box_mask(layer, x0, top, x1, top + 0.016, 0.004)
    shine = 0.16 * np.exp(-np.abs(layer.u - u) / (1.6 * size)) + 0 * layer.v
    layer.paint(table, (0.0035, 0.0028, 0.0024))
    layer.paint(edge, shine[..., None] * np.float32(LAMP_LIGHT) * np.float32((1.0, 0.75, 0.6)))
    left, right = sorted((u - side * size * 0.9, u - side * size * 1.8))
    layer.paint(box_mask(layer, left, top - size * 0.4, right, top, 0.004), (0.035, 0.012, 0.006))
    foot = box_mask(layer, u - size * 0.09, v + size * 0.7, u + size * 0.09, top, 0.004)
    base = ellipse_mask(layer, u, top - size * 0.4, size * 0.36, size * 0.5, 0.006)
    glaze = 0.05 * np.exp(-(((layer.u - u + size * 0.12) / (0.14 * size)) ** 2)) + 0.012 + 0 * layer.v
    layer.paint(foot, (0.02, 0.012, 0.007))
    layer.paint(base, glaze[..., None] * np.float32(LAMP_LIGHT))
    shade_u, shade_v = u + np.array((-0.62, 0.62, 1, -1)) * size, v + np.array((-0.75, -0.75, 0.75, 0.75)) * size
    shade = polygon_mask(layer, shade_u, shade_v)
    bulb = ellipse_mask(layer, u, v + size * 0.15, size * 0.9, size * 0.8, size)
    layer.paint(shade, (0.25 + 1.5 * bulb)[..., None] * np.float32(LAMP_LIGHT))
    plate.over(layer)
    return aim(side * 0.9, 0.1, -0.8, TUNGSTEN, 0.3, 0.35)


def _doorway(rng: np.random.Generator, plate: Plate, side: float) -> Light:
    """An open doorway at the edge of the frame, and the next room dimly lit by a lamp that is out of sight."""
    layer = Layer(plate.view, plate.lens.blur(rng.uniform(3.4, 5)))
    near, top = side * rng.uniform(0.22, 0.32), rng.uniform(-0.02, 0.1)
    colour = mix(LAMP_LIGHT, DUSK, rng.choice((0.0, 0.15, 0.9)))
    x0, x1 = sorted((near, side * 0.7))
    layer.paint(box_mask(layer, x0 - 0.028, top - 0.028, x1 + 0.028, 1.2, 0.004), (0.012, 0.010, 0.009))
    room = 0.006 + 0.05 * pool(layer, side * rng.uniform(0.36, 0.46), rng.uniform(0.3, 0.6), 0.16, 1.5)
    inside = room * np.exp(0.22 * clouds(rng, layer, 0.2, 3, 0.5, 0.6))
    corner = near + side * rng.uniform(0.04, 0.09)
    inside = inside * (1 - 0.55 * np.clip(-side * (layer.u - corner) / 0.01, 0, 1))
    opening = box_mask(layer, x0, top, x1, 1.2, 0.004)
    layer.paint(opening, inside[..., None] * np.float32(colour))
    cabinet = box_mask(layer, min(corner, side * 0.7), rng.uniform(0.55, 0.7), max(corner, side * 0.7), 1.2, 0.006)
    layer.paint(cabinet * opening, (0.3 * inside)[..., None] * np.float32(colour))
    plate.over(layer)
    return aim(side * 0.9, 0.2, -0.8, colour, 0.25, 0.5)


ACCENT_DRAWERS = {"curtain": _curtain, "lamp": _lamp, "doorway": _doorway}
