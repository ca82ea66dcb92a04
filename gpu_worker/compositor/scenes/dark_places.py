"""Dark rooms with one source of light: a gym with a single lamp, neon tubes on a wall."""

import cv2
import numpy as np

from ..scene import Scene
from .lamps import BLACK, GREY_METAL, lamp_room
from .lighting import aim, mix, pool, scaled
from .noise import clouds
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import polygon_mask, soften

NEONS = (
    ((1.0, 0.10, 0.42), (0.06, 0.45, 1.0)), ((0.10, 0.75, 1.0), (0.75, 0.12, 1.0)),
    ((1.0, 0.22, 0.06), (1.0, 0.06, 0.55)), ((0.12, 1.0, 0.55), (0.10, 0.35, 1.0)),
    ((1.0, 0.45, 0.10), (0.10, 0.60, 0.85)),
)  # fmt: skip
PLATES = ((0.02, 0.02, 0.021), (0.25, 0.02, 0.018), (0.02, 0.05, 0.14), (0.30, 0.22, 0.02))


def dark_gym(rng: np.random.Generator, view: View) -> Scene:
    """A gym with the lights off but one: a cone in the dust, a rack with a loaded bar, weights along the wall."""
    side = _side(rng)
    lens = Lens(
        focal_mm=70,
        f_number=1.8,
        subject_m=2.0,
        eye_m=1.45,
        horizon=rng.uniform(0.44, 0.5),
        rotation=rng.uniform(0, 0.7),
    )
    tint = mix((1.0, 0.86, 0.66), (0.80, 0.90, 1.0), rng.random())
    lamp_x, back = -side * rng.uniform(0.5, 0.9), 6.0
    room = lamp_room(lens, side, ((lamp_x, 2.5, 4.8), tint, 7.0), ambient=0.05)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(back))
    u, v = (float(place) for place in lens.project(lamp_x, 2.38, 4.8))
    wall = np.float32(((0.20, 0.20, 0.205), (0.26, 0.14, 0.10), (0.12, 0.13, 0.15))[rng.integers(3)])
    tone = np.exp(0.08 * clouds(rng, layer, 0.14, 4, 0.6))
    layer.rgb[...] = wall * (tone * (0.05 + 1.3 * pool(layer, u, v + 0.18, 0.24, 1.3)))[..., None] * np.float32(tint)
    layer.alpha[...] = 1
    room.panel(layer, -3, 3, -1.5, 0.0, back - 0.05, (0.05, 0.05, 0.052))
    for y in (0.55, 1.05):
        room.box(layer, -2.2, 2.2, y - 0.04, y, back - 0.45, back - 0.05, GREY_METAL)
        for x in np.arange(-2.0, 2.0, 0.34):
            size = 0.09 + 0.02 * rng.random()
            for shift in (-0.07, 0.07):
                room.turned(
                    layer,
                    x + shift,
                    y,
                    back - 0.3,
                    (0, size, 2 * size),
                    (size * 0.5, size * 0.62, size * 0.5),
                    BLACK,
                    gloss=0.3,
                )
            room.box(layer, x - 0.05, x + 0.05, y + size * 0.8, y + size * 1.2, back - 0.32, back - 0.28, GREY_METAL)
    plate.over(layer, cat_eye=False)
    z, middle = 4.6, lamp_x * rng.uniform(0.7, 1.1)
    layer = Layer(view, lens.blur(z))
    for edge in (-0.55, 0.55):
        room.box(layer, middle + edge - 0.035, middle + edge + 0.035, 0.0, 2.4, z, z + 0.07, (0.06, 0.06, 0.065))
    room.box(layer, middle - 0.55, middle + 0.55, 2.3, 2.37, z, z + 0.07, (0.06, 0.06, 0.065))
    bar = rng.uniform(1.35, 1.6)
    room.stick(layer, (middle - 1.1, bar, z - 0.05), (middle + 1.1, bar, z - 0.05), 0.03, (0.4, 0.4, 0.41))
    turn, colour = np.linspace(0, 2 * np.pi, 28), np.asarray(PLATES[rng.integers(len(PLATES))])
    for edge in (-1, 1):
        for step, size in ((0.72, 0.225), (0.77, 0.225), (0.82, 0.17)):
            x = middle + edge * step
            room.face(
                layer, x + 0.045 * np.cos(turn), bar + size * np.sin(turn), z - 0.06, colour * rng.uniform(0.8, 1.3)
            )
    plate.over(layer)
    layer = Layer(view, lens.blur(4.8))
    cone = polygon_mask(layer, (u - 0.03, u + 0.03, u + 0.34, u - 0.34), (v, v, 1.1, 1.1))
    cone = soften(cone, layer, 0.025) * np.exp(-np.maximum(layer.v - v, 0) / 0.45)
    dust = np.exp(0.3 * clouds(rng, layer, 0.08, 4, 0.6))
    layer.rgb[...] = (0.3 * cone * dust)[..., None] * np.float32(tint)
    plate.over(layer, cat_eye=False)
    plate.lights([u], [v], 0.035, np.float32([mix(tint, (1, 1, 1), 0.4)]) * 2.2, soft=0.1)
    plate.glare(0.1, scaled(tint, 0.002))
    return Scene(
        plate=plate.develop(rng.uniform(0.95, 1.2)),
        key=aim(side * rng.uniform(0.7, 1.0), 0.4, 0.7, tint, 0.95, 0.5),
        ambient=scaled(mix(tint, (0.7, 0.8, 1.0), 0.4), 0.2),
        rims=(aim(-side * 0.8, 0.6, -0.7, tint, 1.1, 0.35),),
        exposure=-0.2, contrast=1.08, saturation=0.86, grain=0.017, vignette=0.3, bloom=0.25,
    )  # fmt: skip


def neon_room(rng: np.random.Generator, view: View) -> Scene:
    """Neon tubes on a dark wall, in lines, arcs or a ring, and their colours on everything."""
    first, second = NEONS[rng.integers(len(NEONS))]
    side = _side(rng)
    lens = Lens(f_number=1.8, subject_m=2.0, rotation=rng.uniform(0, 0.7))
    layer = Layer(view, lens.blur(3.0))
    tubes = []
    kind = rng.integers(4)
    if kind == 0:  # upright tubes
        for u in np.linspace(-0.42, 0.42, int(rng.integers(4, 7))) + rng.uniform(-0.04, 0.04):
            tubes.append((np.array((u, u)), np.array((rng.uniform(-0.1, 0.15), rng.uniform(0.75, 1.1)))))
    elif kind == 1:  # a ring behind the head
        turn = np.linspace(0, 2 * np.pi, 60)
        for size in (rng.uniform(0.24, 0.3), rng.uniform(0.34, 0.38)):
            tubes.append((size * np.cos(turn), 0.4 + size * np.sin(turn)))
    elif kind == 2:  # slanted lines
        slope = side * rng.uniform(0.5, 1.4)
        for u in np.linspace(-0.6, 0.6, int(rng.integers(4, 6))):
            tubes.append((np.array((u - 0.3 * slope, u + 0.3 * slope)), np.array((0.0, 0.85))))
    else:  # a frame like a doorway
        for inset in (0.0, 0.07):
            wide, top = 0.36 - inset, 0.06 + inset
            tubes.append((np.array((-wide, -wide, wide, wide)), np.array((1.1, top, top, 1.1))))
    masks = [np.zeros(layer.pixels.shape[:2], np.float32) for _ in range(2)]
    for index, (u, v) in enumerate(tubes):
        x, y = layer.xy(u, v)
        points = np.round(np.stack([x, y], -1) * 16).astype(np.int32)
        cv2.polylines(masks[index % 2], [points], False, 1.0, max(1, round(0.009 * layer.scale)), cv2.LINE_AA, 4)
    brick = np.exp(0.1 * clouds(rng, layer, 0.02, 2, 0.8, 2.4) + 0.12 * clouds(rng, layer, 0.2, 3))
    light = np.zeros_like(layer.rgb)
    for mask, colour in zip(masks, (first, second), strict=True):
        near, far = soften(mask, layer, 0.045), soften(mask, layer, 0.14)
        light += (2.0 * near + 3.2 * far + 0.012)[..., None] * np.float32(colour)
    layer.rgb[...] = 0.30 * brick[..., None] * light
    layer.alpha[...] = 1
    for mask, colour in zip(masks, (first, second), strict=True):
        layer.paint(np.minimum(mask, 1), np.float32(mix(colour, (1, 1, 1), 0.25)) * 2.6)
    plate = Plate(view, lens)
    plate.over(layer, cat_eye=False)
    plate.glare(0.14, scaled(mix(first, second, 0.5), 0.004))
    face, edge = (first, second) if rng.random() < 0.5 else (second, first)
    return Scene(
        plate=plate.develop(rng.uniform(0.85, 1.05)),
        key=aim(side * rng.uniform(0.5, 0.8), 0.25, 0.9, mix(face, (1, 1, 1), 0.5), 0.9, 0.6),
        ambient=scaled(mix(edge, (1, 1, 1), 0.2), 0.26),
        rims=(aim(-side * 0.95, 0.3, -0.55, edge, 1.6, 0.4), aim(side * 0.9, 0.4, -0.7, face, 0.9, 0.4)),
        exposure=-0.15, contrast=1.08, saturation=1.05, grain=0.014, vignette=0.22, bloom=0.35,
    )  # fmt: skip


def _side(rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < 0.5 else 1.0
