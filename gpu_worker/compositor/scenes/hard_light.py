"""Walls in hard light: sun through windows and leaves, blocks of colour, concrete, projections, split light."""

import numpy as np

from ..scene import Scene
from .lighting import FLASH, LOW_SUN, aim, mix, pool, scaled, tinted
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import box_mask, ellipse_mask, polygon_mask, soften

PLASTERS = ((0.56, 0.46, 0.36), (0.60, 0.55, 0.48), (0.50, 0.32, 0.23), (0.42, 0.44, 0.42), (0.58, 0.42, 0.34))
SKY_FILL = (0.62, 0.78, 1.0)
BLOCKS = (  # wall, second plane, accent
    ((0.55, 0.28, 0.05), (0.45, 0.035, 0.045), (0.62, 0.53, 0.42)),
    ((0.045, 0.20, 0.30), (0.55, 0.20, 0.10), (0.60, 0.50, 0.36)),
    ((0.56, 0.30, 0.32), (0.30, 0.035, 0.075), (0.55, 0.40, 0.10)),
    ((0.24, 0.34, 0.22), (0.055, 0.12, 0.075), (0.62, 0.55, 0.42)),
    ((0.05, 0.07, 0.28), (0.55, 0.12, 0.045), (0.58, 0.55, 0.50)),
    ((0.60, 0.52, 0.41), (0.40, 0.20, 0.10), (0.10, 0.10, 0.11)),
)
CONCRETE = (0.30, 0.295, 0.285)
PROJECTED = ((1.0, 0.72, 0.30), (0.30, 0.70, 1.0), (1.0, 0.30, 0.40), (0.95, 0.95, 0.90))
PATTERNS = ("blinds", "dots", "rings", "ripples")


def sunlit_wall(rng: np.random.Generator, view: View) -> Scene:
    """Plaster with the hard, slanted shadow of a window frame, blinds or palm leaves; low sun on the face."""
    side = _side(rng)
    lens = Lens(f_number=4.0, subject_m=2.0)
    layer = Layer(view, lens.blur(2.7))
    albedo = np.float32(PLASTERS[rng.integers(len(PLASTERS))]) * rng.uniform(0.9, 1.1)
    trowel = 0.05 * clouds(rng, layer, 0.07, 4, 0.6, 1.4) + 0.05 * smooth(rng, layer, 0.5)
    mask = (_panes, _blinds, _palm)[rng.integers(3)](rng, layer, side)
    sun = np.float32(mix(LOW_SUN, (1, 1, 1), rng.uniform(0.25, 0.6)))
    lit = soften(mask, layer, rng.uniform(0.002, 0.006))
    fall = 1 - 0.25 * np.clip(-side * layer.u, -0.5, 0.5)
    light = tinted((1.25 * lit * fall, sun), (0.17 + 0 * lit, SKY_FILL))
    layer.rgb[...] = np.exp(trowel)[..., None] * albedo * light
    layer.alpha[...] = 1
    plate = _plate(view, lens, layer)
    return Scene(
        plate=plate.develop(rng.uniform(0.85, 1.0)),
        key=aim(side * rng.uniform(0.8, 1.1), 0.4, 0.95, tuple(sun), 1.05, 0.38),
        ambient=scaled(mix(SKY_FILL, tuple(albedo / albedo.max()), 0.55), 0.36),
        rims=(aim(side * 0.9, 0.5, -0.5, tuple(sun), 0.45, 0.3),),
        contrast=1.07,
        saturation=1.02,
        grain=0.010,
        vignette=0.12,
        bloom=0.08,
    )


def colour_blocks(rng: np.random.Generator, view: View) -> Scene:
    """A set of painted planes in two or three strong colours, with the crisp shadows of hard light."""
    wall, second, accent = (np.float32(tone) for tone in BLOCKS[rng.integers(len(BLOCKS))])
    side = _side(rng)
    lens = Lens(f_number=5.6, subject_m=2.0)
    layer = Layer(view, lens.blur(3.0))
    rgb = np.zeros_like(layer.rgb) + wall
    light = 0.9 * pool(layer, side * 0.15, 0.3, 0.9)
    edge = -side * rng.uniform(0.02, 0.16)
    panel = _half(layer, edge, -side)
    shade = _half(layer, edge + side * rng.uniform(0.02, 0.035), -side) * (1 - panel)
    light = light * (1 - 0.45 * soften(shade, layer, 0.004))
    rgb += panel[..., None] * (second - rgb)
    kind = rng.integers(3)
    if kind == 0:  # a disc like a low sun
        u, v, size = side * rng.uniform(0.08, 0.25), rng.uniform(0.22, 0.4), rng.uniform(0.16, 0.24)
        disc = ellipse_mask(layer, u, v, size, size)
        rgb += disc[..., None] * (accent - rgb)
    elif kind == 1:  # an arch
        u, wide, top = -side * rng.uniform(0.18, 0.3), rng.uniform(0.12, 0.17), rng.uniform(0.22, 0.34)
        arch = np.maximum(ellipse_mask(layer, u, top, wide, wide), box_mask(layer, u - wide, top, u + wide, 1.4))
        rgb += arch[..., None] * (accent - rgb)
        light = light * (1 - 0.25 * arch * np.clip((layer.u - u) * side / wide + 0.2, 0, 1))
    else:  # a low step
        top = rng.uniform(0.66, 0.8)
        step = box_mask(layer, -1.0, top, 1.0, 1.4)
        rgb += step[..., None] * (accent - rgb)
        light = light * (1 + 0.35 * box_mask(layer, -1.0, top, 1.0, top + 0.03) * (1 - 0.3 * step))
    tone = 1 + 0.01 * smooth(rng, layer, 0.3) + 0.006 * clouds(rng, layer, 0.012, 2)
    layer.rgb[...] = rgb * (light * tone)[..., None] * np.float32(FLASH)
    layer.alpha[...] = 1
    plate = _plate(view, lens, layer)
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(0.6, 0.9), 0.45, 1.0, FLASH, 1.05, 0.35),
        ambient=scaled(mix(FLASH, tuple(wall / wall.max()), 0.45), 0.34),
        rims=(aim(-side * 0.9, 0.5, -0.7, mix(FLASH, tuple(second / second.max()), 0.5), 0.5, 0.3),),
        contrast=1.08,
        saturation=1.04,
        grain=0.008,
        vignette=0.1,
        bloom=0.05,
    )


def concrete_wall(rng: np.random.Generator, view: View) -> Scene:
    """Cast concrete in hard sun: panel joints, tie holes, streaks, and the edge of a roof's shadow."""
    side = _side(rng)
    lens = Lens(f_number=3.2, subject_m=2.1)
    layer = Layer(view, lens.blur(3.3))
    stains = 0.07 * clouds(rng, layer, 0.22, 5, 0.6) + 0.06 * np.minimum(clouds(rng, layer, 0.3, 3, 0.6, 0.15), 0.5)
    tone = np.exp(stains + 0.03 * clouds(rng, layer, 0.015, 2))
    wide, high = rng.uniform(0.42, 0.6), rng.uniform(0.26, 0.36)
    u0, v0 = rng.uniform(-0.2, 0.2), rng.uniform(0.05, 0.2)
    for index in range(-3, 4):
        tone = tone * (1 - 0.55 * box_mask(layer, u0 + index * wide - 0.0022, -1, u0 + index * wide + 0.0022, 2, 0.003))
        tone = tone * (1 - 0.5 * box_mask(layer, -1, v0 + index * high - 0.002, 1, v0 + index * high + 0.002, 0.003))
        for row in range(-1, 4):
            for shift in (0.18, 0.82):
                u, v = u0 + (index + shift) * wide, v0 + (row + 0.5) * high
                tone = tone * (1 - 0.75 * ellipse_mask(layer, u, v, 0.008, 0.008, 0.003))
    slope, start = side * rng.uniform(0.35, 0.7), rng.uniform(0.12, 0.3)
    roof = _step((start + slope * layer.u - layer.v) / 0.004)
    if rng.random() < 0.4:
        roof = np.maximum(roof, _step((layer.v - start - 0.62 - slope * layer.u) / 0.004))
    sun = mix(LOW_SUN, (1, 1, 1), rng.uniform(0.45, 0.8))
    light = tinted((1.35 * (1 - roof), sun), (0.26 + 0 * roof, SKY_FILL))
    layer.rgb[...] = tone[..., None] * np.float32(CONCRETE) * rng.uniform(0.85, 1.15) * light
    layer.alpha[...] = 1
    plate = _plate(view, lens, layer)
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(0.7, 1.0), 0.45, 0.95, sun, 1.05, 0.4),
        ambient=scaled(mix(SKY_FILL, (1, 1, 1), 0.45), 0.4),
        rims=(aim(side * 0.8, 0.7, -0.5, sun, 0.5, 0.25),),
        contrast=1.06,
        saturation=0.94,
        grain=0.011,
        vignette=0.15,
        bloom=0.08,
    )


def projected_pattern(rng: np.random.Generator, view: View) -> Scene:
    """A dark wall with a projected pattern of light."""
    side = _side(rng)
    colour = PROJECTED[rng.integers(len(PROJECTED))]
    other = PROJECTED[rng.integers(len(PROJECTED))]
    lens = Lens(f_number=2.8, subject_m=2.0)
    layer = Layer(view, lens.blur(2.9))
    mask = _pattern(rng, layer, PATTERNS[rng.integers(len(PATTERNS))])
    focus = pool(layer, rng.uniform(-0.1, 0.1), rng.uniform(0.3, 0.55), 0.55)
    fringe = soften(np.roll(mask, 3, axis=1), layer, 0.003)
    light = tinted(
        (1.5 * soften(mask, layer, 0.002) * focus, colour), (0.35 * fringe * focus, other), (0.03 * focus, other)
    )
    layer.rgb[...] = np.float32((0.34, 0.34, 0.34)) * light * np.exp(0.03 * clouds(rng, layer, 0.05, 3))[..., None]
    layer.alpha[...] = 1
    plate = _plate(view, lens, layer)
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(0.5, 0.8), 0.35, 0.95, mix(colour, (1, 1, 1), 0.55), 1.0, 0.35),
        ambient=scaled(mix(other, (1, 1, 1), 0.4), 0.22),
        rims=(aim(-side * 0.95, 0.3, -0.6, other, 0.9, 0.4), aim(side * 0.9, 0.4, -0.8, colour, 0.4, 0.4)),
        exposure=-0.1,
        contrast=1.1,
        grain=0.012,
        vignette=0.25,
        bloom=0.15,
    )


def split_light(rng: np.random.Generator, view: View) -> Scene:
    """Half dark, half bright: the lit side of the face stands against the dark, its shadow against the light."""
    side = _side(rng)
    lens = Lens(f_number=4.0, subject_m=2.0)
    layer = Layer(view, lens.blur(3.0))
    slant = rng.uniform(-0.12, 0.12)
    line = side * rng.uniform(-0.03, 0.03) + slant * (layer.v - 0.5)
    bright = _step(side * (line - layer.u) / rng.choice((0.006, 0.03, 0.08)))
    warm = mix((1.0, 0.9, 0.78), (0.86, 0.93, 1.0), rng.random())
    uneven = np.exp(0.06 * clouds(rng, layer, 0.12, 4, 0.6) + 0.08 * smooth(rng, layer, 0.5))
    glow = pool(layer, -side * 0.3, rng.uniform(0.25, 0.5), 0.6, 1.2)
    light = tinted((rng.uniform(0.9, 1.3) * bright * glow * uneven, warm), (0.018 * uneven, mix(warm, SKY_FILL, 0.5)))
    layer.rgb[...] = np.float32((0.40, 0.39, 0.38)) * light
    layer.alpha[...] = 1
    plate = _plate(view, lens, layer)
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(1.0, 1.3), 0.25, 0.35, warm, 1.0, 0.25),
        ambient=scaled(mix(warm, SKY_FILL, 0.4), 0.1),
        rims=(aim(-side * 0.9, 0.3, -0.8, warm, 0.25, 0.5),),
        exposure=-0.15,
        contrast=1.13,
        saturation=0.85,
        grain=0.016,
        vignette=0.25,
        bloom=0.08,
    )


def _side(rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < 0.5 else 1.0


def _step(place: np.ndarray) -> np.ndarray:
    """From 0 to 1 around place 0, smoothly."""
    return 1 / (1 + np.exp(-np.clip(place, -30, 30)))


def _plate(view: View, lens: Lens, layer: Layer) -> Plate:
    plate = Plate(view, lens)
    plate.over(layer, cat_eye=False)
    plate.glare(0.05, scaled(FLASH, 0.0015))
    return plate


def _half(layer: Layer, edge: float, side: float) -> np.ndarray:
    """Coverage of everything on one side of an upright line."""
    return np.clip(side * (layer.u - edge) * layer.scale + 0.5, 0, 1) + 0 * layer.v


def _panes(rng: np.random.Generator, layer: Layer, side: float) -> np.ndarray:
    """Light through a large window with bars, thrown aslant."""
    mask = np.zeros(layer.pixels.shape[:2], np.float32)
    wide, high, slant = rng.uniform(0.2, 0.28), rng.uniform(0.22, 0.34), -side * rng.uniform(0.25, 0.6)
    bar, left, top = rng.uniform(0.014, 0.03), rng.uniform(-0.55, -0.4), rng.uniform(-0.15, 0.1)
    for column in range(4):
        for row in range(4):
            u0, v0 = left + column * (wide + bar), top + row * (high + bar)
            u = np.array((u0, u0 + wide, u0 + wide, u0))
            v = np.array((v0, v0, v0 + high, v0 + high)) + slant * (u + 0.2)
            mask += polygon_mask(layer, u, v)
    return mask


def _blinds(rng: np.random.Generator, layer: Layer, side: float) -> np.ndarray:
    slope, pitch = side * rng.uniform(0.15, 0.5), rng.uniform(0.035, 0.06)
    wave = (layer.v + slope * layer.u) / pitch + rng.random()
    slats = np.clip((np.abs(wave % 1 - 0.5) - rng.uniform(0.14, 0.22)) * pitch * layer.scale + 0.5, 0, 1)
    frame = box_mask(layer, rng.uniform(-0.5, -0.3), -0.2, rng.uniform(0.3, 0.6), 1.2, 0.006)
    return (slats * frame).astype(np.float32)


def _palm(rng: np.random.Generator, layer: Layer, side: float) -> np.ndarray:
    """Full sun with the shadows of palm fronds coming in from one side."""
    mask = np.ones(layer.pixels.shape[:2], np.float32)
    for _ in range(int(rng.integers(1, 3))):
        u, v = side * rng.uniform(0.5, 0.62), rng.uniform(-0.05, 0.45)
        rise, bend = rng.uniform(-0.5, 0.3), rng.uniform(0.2, 0.9)
        for t in np.linspace(0.05, 1, 22):
            u -= side * 0.044 * np.cos(rise + bend * t)
            v += 0.044 * np.sin(rise + bend * t)
            long = 0.27 * np.sin(np.pi * min(1, 0.25 + 0.75 * t)) + 0.03
            for turn in (-1, 1):
                tip = (u - side * long * 0.6, v + turn * long * 0.9)
                wide = 0.007 + 0.003 * rng.random()
                x = (u - wide, (u + tip[0]) / 2 - wide / 2, tip[0], (u + tip[0]) / 2 + wide, u + wide)
                y = (v, (v + tip[1]) / 2, tip[1], (v + tip[1]) / 2, v)
                frond = polygon_mask(layer, x, y)
                mask = mask * (1 - frond)
    return mask


def _pattern(rng: np.random.Generator, layer: Layer, kind: str) -> np.ndarray:
    turn = rng.uniform(-0.5, 0.5)
    across = layer.u * np.cos(turn) + (layer.v - 0.45) * np.sin(turn)
    down = -layer.u * np.sin(turn) + (layer.v - 0.45) * np.cos(turn)
    if kind == "blinds":
        pitch = rng.uniform(0.05, 0.09)
        return np.clip((np.abs(down / pitch % 1 - 0.5) - 0.25) * pitch * layer.scale + 0.5, 0, 1).astype(np.float32)
    if kind == "dots":
        pitch = rng.uniform(0.06, 0.1)
        away = np.hypot(across / pitch % 1 - 0.5, down / pitch % 1 - 0.5)
        return np.clip((0.3 - away) * pitch * layer.scale + 0.5, 0, 1).astype(np.float32)
    if kind == "rings":
        away = np.hypot(layer.u - rng.uniform(-0.1, 0.1), layer.v - rng.uniform(0.3, 0.5)) / rng.uniform(0.09, 0.13)
        return np.clip((np.abs(away % 1 - 0.5) - 0.2) * 0.1 * layer.scale + 0.5, 0, 1).astype(np.float32)
    ridges = sum(np.exp(-np.abs(clouds(rng, layer, 0.13, 2, 0.4)) / 0.09) for _ in range(2))
    return np.clip(ridges, 0, 1.3).astype(np.float32)  # as water throws light on a wall
