"""Studio backdrops under considered light: coloured paper, gels, high key, dark canvas, a cyclorama to stand on."""

from dataclasses import replace

import numpy as np

from ..scene import RGB, Scene
from .lighting import FLASH, aim, mix, pool, scaled, side_fall, tinted
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer, Plate, View

# Linear reflectance of coloured seamless papers: red, terracotta, ochre, teal, cobalt, plum, blush, forest, sand.
PAPERS = (
    (0.42, 0.030, 0.026), (0.40, 0.130, 0.060), (0.52, 0.30, 0.050), (0.022, 0.16, 0.17), (0.025, 0.075, 0.34),
    (0.16, 0.035, 0.13), (0.62, 0.36, 0.33), (0.030, 0.105, 0.065), (0.50, 0.40, 0.28),
)  # fmt: skip
GELS = (  # two lights on one wall, linear
    ((1.0, 0.10, 0.06), (0.16, 0.06, 0.9)),
    ((1.0, 0.36, 0.06), (0.75, 0.04, 0.35)),
    ((0.04, 0.55, 0.9), (0.30, 0.05, 0.85)),
    ((1.0, 0.15, 0.45), (0.06, 0.25, 1.0)),
    ((0.95, 0.62, 0.18), (0.05, 0.42, 0.45)),
)
SPLITS = (  # the two colours of a portrait in coloured light: on the face, along its edge
    ((1.0, 0.16, 0.42), (0.05, 0.35, 1.0)),
    ((0.08, 0.55, 1.0), (1.0, 0.26, 0.05)),
    ((1.0, 0.34, 0.08), (0.10, 0.20, 1.0)),
    ((0.55, 0.16, 1.0), (0.05, 0.85, 0.75)),
    ((0.10, 0.85, 0.70), (1.0, 0.08, 0.45)),
)
CANVASES = (
    (0.060, 0.072, 0.088), (0.075, 0.070, 0.064), (0.045, 0.062, 0.060), (0.078, 0.055, 0.044), (0.040, 0.046, 0.072),
)  # fmt: skip
WALLS = ((0.62, 0.60, 0.57), (0.46, 0.47, 0.46), (0.52, 0.47, 0.42), (0.40, 0.43, 0.46), (0.60, 0.55, 0.50))
COVES = (
    (0.62, 0.61, 0.60),
    (0.44, 0.45, 0.46),
    (0.28, 0.28, 0.29),
    (0.52, 0.40, 0.31),
    (0.36, 0.17, 0.12),
    (0.16, 0.22, 0.26),
)
PAINTED = ((0.24, 0.20, 0.16), (0.13, 0.15, 0.17), (0.30, 0.17, 0.11), (0.14, 0.17, 0.14), (0.21, 0.14, 0.15))


def coloured_paper(rng: np.random.Generator, view: View) -> Scene:
    """A roll of strong colour with the background lamp's pool behind the head; beauty light, two edges."""
    albedo = np.float32(PAPERS[rng.integers(len(PAPERS))]) * rng.uniform(0.85, 1.15)
    side = _side(rng)
    hue = tuple(albedo / albedo.max())

    def light(layer: Layer) -> np.ndarray:
        lamp = pool(layer, -side * rng.uniform(0.0, 0.12), rng.uniform(0.36, 0.55), rng.uniform(0.34, 0.55), 1.15)
        spill = side_fall(layer, side, rng.uniform(0.7, 1.1))
        return tinted((rng.uniform(0.9, 1.4) * lamp, FLASH), (0.30 * spill, FLASH))

    plate = _paper(rng, view, albedo, light)
    return _studio(
        rng, plate, side, ambient=scaled(mix(FLASH, hue, 0.5), 0.24), edge=mix(FLASH, hue, 0.4), contrast=1.09
    )


def gel_gradient(rng: np.random.Generator, view: View) -> Scene:
    """A grey wall washed in two colours that meet behind the head; white key, edges in the same colours."""
    first, second = _two(rng, GELS)
    side = _side(rng)

    def light(layer: Layer) -> np.ndarray:
        high = pool(layer, side * rng.uniform(0.25, 0.5), rng.uniform(-0.05, 0.25), rng.uniform(0.45, 0.7))
        low = pool(layer, -side * rng.uniform(0.25, 0.5), rng.uniform(0.7, 1.0), rng.uniform(0.45, 0.7))
        return tinted((2.1 * high, first), (2.1 * low, second), (0.03 + 0 * high, FLASH))

    plate = _paper(rng, view, np.float32((0.42, 0.42, 0.42)), light)
    scene = _studio(rng, plate, side, ambient=scaled(mix(first, second, 0.5), 0.2), edge=second, contrast=1.08)
    return _with_rims(
        scene, (aim(-side * 0.9, 0.35, -0.7, second, 1.0, 0.4), aim(side * 0.9, 0.4, -0.7, first, 0.8, 0.4))
    )


def painted_canvas(rng: np.random.Generator, view: View) -> Scene:
    """Hand-painted canvas, lit from one side, the rest in shade."""
    albedo = np.float32(PAINTED[rng.integers(len(PAINTED))]) * rng.uniform(0.9, 1.15)
    return _canvas(rng, view, albedo, rng.uniform(0.85, 1.2), contrast=1.1, brush=0.2)


def dark_backdrop(rng: np.random.Generator, view: View) -> Scene:
    """A dark, quiet backdrop with a glow behind the shoulders: the portrait of an annual report."""
    albedo = np.float32(CANVASES[rng.integers(len(CANVASES))]) * rng.uniform(0.9, 1.2)
    return _canvas(rng, view, albedo, rng.uniform(1.3, 1.9), contrast=1.05, brush=0.07)


def grey_paper(rng: np.random.Generator, view: View) -> Scene:
    """Grey paper from light to charcoal, a soft key near the camera, little drama."""
    tone = rng.choice((0.46, 0.34, 0.24, 0.16)) * rng.uniform(0.92, 1.08)
    tint = mix((1.0, 0.985, 0.965), (0.96, 0.98, 1.0), rng.random())
    side = _side(rng)

    def light(layer: Layer) -> np.ndarray:
        lamp = pool(layer, rng.uniform(-0.06, 0.06), rng.uniform(0.4, 0.6), rng.uniform(0.45, 0.75), 1.2)
        return tinted((rng.uniform(0.7, 1.1) * lamp, FLASH), (0.3 * side_fall(layer, side, 1.0), FLASH))

    plate = _paper(rng, view, np.float32(tint) * tone, light)
    ambient = scaled(mix(FLASH, tint, 0.5), 0.36 + 0.2 * tone)
    return _studio(rng, plate, side, ambient=ambient, edge=FLASH, contrast=1.02, soft=0.85, turn=0.45, rim=0.4)


def high_key(rng: np.random.Generator, view: View) -> Scene:
    """White on white: an evenly lit backdrop just below burning out, light from everywhere."""
    side = _side(rng)
    tint = mix((1.0, 0.99, 0.975), (0.975, 0.99, 1.0), rng.random())

    def light(layer: Layer) -> np.ndarray:
        even = 0.9 + 0.28 * pool(layer, side * rng.uniform(0.0, 0.2), rng.uniform(0.3, 0.5), 0.7)
        return tinted((even * rng.uniform(0.92, 1.05), tint))

    plate = _paper(rng, view, np.float32((0.9, 0.9, 0.9)), light)
    scene = _studio(rng, plate, side, ambient=scaled(tint, 0.62), edge=tint, contrast=1.0, soft=0.95, turn=0.35)
    return _with_rims(scene, (aim(-0.9, 0.3, -0.6, tint, 0.5, 0.8), aim(0.9, 0.3, -0.6, tint, 0.5, 0.8)), vignette=0.02)


def window_wall(rng: np.random.Generator, view: View) -> Scene:
    """A plain wall beside a large window: light that falls off across it, the soft edge of a curtain."""
    albedo = np.float32(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.9, 1.08)
    side = _side(rng)
    day = mix((0.90, 0.95, 1.0), (1.0, 0.90, 0.76), rng.random())

    def light(layer: Layer) -> np.ndarray:
        fall = side_fall(layer, side, rng.uniform(0.35, 0.6), rng.uniform(0.2, 0.45))
        slant = layer.u - side * (0.3 - 0.25 * (layer.v - 0.4))
        edge = 1 / (1 + np.exp(-side * np.clip(slant, -1, 1) / rng.uniform(0.05, 0.1)))
        return tinted((0.62 * fall * (0.55 + 0.45 * edge), day), (0.16 + 0 * fall, mix(day, (1, 1, 1), 0.5)))

    plate = _paper(rng, view, albedo, light, away=3.0, f_number=2.8)
    ambient = scaled(mix(day, tuple(albedo / albedo.max()), 0.5), 0.34)
    scene = _studio(rng, plate, side, ambient=ambient, edge=day, contrast=1.03, soft=0.9, turn=1.0, rim=0.3)
    return replace(scene, key=replace(scene.key, colour=mix(day, (1, 1, 1), 0.5)))


def two_colours(rng: np.random.Generator, view: View) -> Scene:
    """A dark room in two saturated colours: one on the face, the other along its edge."""
    face, edge = _two(rng, SPLITS)
    side = _side(rng)

    def light(layer: Layer) -> np.ndarray:
        near = pool(layer, -side * rng.uniform(0.25, 0.45), rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.45), 1.3)
        far = pool(layer, side * rng.uniform(0.3, 0.5), rng.uniform(0.2, 0.7), rng.uniform(0.26, 0.4), 1.3)
        return tinted((1.5 * near, edge), (1.1 * far, face), (0.02 + 0 * near, edge))

    plate = _paper(rng, view, np.float32((0.30, 0.30, 0.30)), light)
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(0.55, 0.85), 0.25, 0.9, mix(face, (1, 1, 1), 0.12), 0.95, 0.5),
        ambient=scaled(edge, 0.3),
        rims=(
            aim(-side * 0.95, 0.15, -0.35, edge, 2.2, 0.5),
            aim(side * 0.9, 0.4, -0.8, face, 0.5, 0.4),
        ),
        exposure=-0.15,
        contrast=1.08,
        saturation=1.06,
        grain=0.012,
        vignette=0.25,
        bloom=0.2,
    )


def cyclorama(rng: np.random.Generator, view: View) -> Scene:
    """A white or grey cove: wall and floor without a corner, for a whole figure."""
    albedo = np.float32(COVES[rng.integers(len(COVES))]) * rng.uniform(0.92, 1.06)
    side = _side(rng)

    def light(layer: Layer) -> np.ndarray:
        wall = 0.62 + 0.5 * pool(layer, side * rng.uniform(0.0, 0.25), rng.uniform(0.25, 0.45), 0.5)
        floor = 1 / (1 + np.exp(-(layer.v - rng.uniform(0.74, 0.78)) / 0.035))
        return tinted((wall * (1 + 0.3 * floor), FLASH))

    plate = _paper(rng, view, albedo, light, away=4.6, f_number=8.0)
    ambient = scaled(mix(FLASH, tuple(albedo / albedo.max()), 0.5), 0.42)
    return _studio(rng, plate, side, ambient=ambient, edge=FLASH, contrast=1.03, soft=0.8, rim=0.4)


def _side(rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < 0.5 else 1.0


def _two(rng: np.random.Generator, pairs) -> tuple[RGB, RGB]:
    first, second = pairs[rng.integers(len(pairs))]
    return (first, second) if rng.random() < 0.5 else (second, first)


def _paper(rng: np.random.Generator, view: View, albedo, light, away: float = 3.8, f_number: float = 4.0) -> Plate:
    """The plate of a smooth surface with this albedo under `light(layer)`, an RGB image."""
    lens = Lens(f_number=f_number, subject_m=2.0)
    layer = Layer(view, lens.blur(away))
    tone = 1 + 0.006 * clouds(rng, layer, 0.012, 2) + 0.012 * smooth(rng, layer, 0.5, 0.3)
    layer.rgb[...] = tone[..., None] * albedo * light(layer)
    layer.alpha[...] = 1
    plate = Plate(view, lens)
    plate.over(layer, cat_eye=False)
    plate.glare(0.05, scaled(FLASH, 0.0015))
    return plate


def _canvas(
    rng: np.random.Generator, view: View, albedo: np.ndarray, power: float, *, contrast: float, brush: float
) -> Scene:
    lens = Lens(f_number=2.8, subject_m=2.0)
    layer = Layer(view, lens.blur(rng.uniform(3.2, 4.2)))
    side = _side(rng)
    strokes = brush * clouds(rng, layer, 0.16, 4, 0.6, 0.9) + 0.1 * smooth(rng, layer, 0.4)
    lamp = pool(layer, -side * rng.uniform(0.05, 0.2), rng.uniform(0.4, 0.6), rng.uniform(0.26, 0.42), 1.25)
    warm = mix((1.0, 0.93, 0.84), (0.94, 0.97, 1.0), rng.random())
    light = tinted((power * lamp, warm), (0.16 * side_fall(layer, side, 0.9), FLASH))
    layer.rgb[...] = np.exp(strokes)[..., None] * albedo * light
    layer.alpha[...] = 1
    plate = Plate(view, lens)
    plate.over(layer, cat_eye=False)
    plate.glare(0.05, scaled(FLASH, 0.0015))
    hue = tuple(albedo / albedo.max())
    return _studio(
        rng, plate, side, ambient=scaled(mix(FLASH, hue, 0.4), 0.26), edge=mix(FLASH, warm, 0.5), contrast=contrast
    )


def _studio(
    rng: np.random.Generator,
    plate: Plate,
    side: float,
    *,
    ambient: RGB,
    edge: RGB,
    contrast: float,
    soft: float = 0.65,
    turn: float = 0.75,
    rim: float = 0.75,
) -> Scene:
    """A soft box on one side, an edge light from the other; turn: how far the box stands to the side."""
    return Scene(
        plate=plate.develop(),
        key=aim(side * turn * rng.uniform(0.8, 1.2), rng.uniform(0.4, 0.6), 1.0, FLASH, 1.0, soft),
        ambient=ambient,
        rims=(
            aim(-side * rng.uniform(0.6, 0.9), 0.6, -0.75, edge, rim * rng.uniform(0.85, 1.15), 0.45),
            aim(side * 0.9, 0.5, -0.8, edge, 0.5 * rim, 0.45),
        ),
        contrast=contrast,
        saturation=1.0,
        grain=0.008,
        vignette=rng.uniform(0.12, 0.26),
        bloom=0.06,
    )


def _with_rims(scene: Scene, rims, vignette: float | None = None) -> Scene:
    return replace(scene, rims=rims, vignette=scene.vignette if vignette is None else vignette)
