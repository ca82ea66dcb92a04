"""A portrait studio: a seamless paper or hand-painted canvas, a pool of light on it, a large softbox, a hair light."""

import numpy as np

from ..scene import Scene
from .lighting import FLASH, aim, mix, pool, scaled, side_fall, tinted
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer, Plate, View

# Linear reflectance of backdrops: light grey, mid grey, charcoal, greige, blue grey, sage, warm brown canvas.
BACKDROPS = (
    ("paper", (0.50, 0.50, 0.495)),
    ("paper", (0.235, 0.235, 0.238)),
    ("paper", (0.085, 0.086, 0.09)),
    ("paper", (0.36, 0.325, 0.285)),
    ("paper", (0.155, 0.185, 0.22)),
    ("canvas", (0.21, 0.195, 0.175)),
    ("canvas", (0.125, 0.14, 0.15)),
    ("canvas", (0.17, 0.125, 0.092)),
    ("canvas", (0.155, 0.17, 0.14)),
)
PAPER_GRAIN = 0.006  # visible structure of the paper, share of its brightness
CANVAS_MOTTLE = 0.10  # brush work of a painted canvas
SWEEP_LIGHTENING = 0.16  # where the paper curves towards the camera it faces the softbox


def render(rng: np.random.Generator, view: View) -> Scene:
    material, albedo = BACKDROPS[rng.integers(len(BACKDROPS))]
    side = -1.0 if rng.random() < 0.5 else 1.0
    lens = Lens(f_number=4.0, subject_m=2.0)
    layer = Layer(view, lens.blur(rng.uniform(3.4, 4.6)))
    light = _light(rng, layer, side)
    surface = _surface(rng, layer, material, np.float32(albedo) * rng.uniform(0.9, 1.1))
    layer.rgb[...] = surface * light
    layer.alpha[...] = 1
    plate = Plate(view, lens)
    plate.over(layer, cat_eye=False)
    level = float(np.mean(albedo))
    plate.glare(0.04, scaled(FLASH, 0.002))
    return Scene(
        plate=plate.develop(),
        key=aim(side * rng.uniform(0.5, 0.85), rng.uniform(0.35, 0.6), 1.0, FLASH, 1.0, 0.75),
        ambient=scaled(mix(FLASH, albedo / np.max(albedo), 0.3), rng.uniform(0.2, 0.34) + 0.2 * level),
        rims=(aim(-side * rng.uniform(0.5, 0.9), 0.9, -0.8, FLASH, rng.uniform(0.35, 0.7), 0.45),),
        exposure=0.0,
        contrast=1.03,
        saturation=0.97,
        grain=0.008,
        vignette=rng.uniform(0.1, 0.25),
        bloom=0.04,
    )


def _light(rng: np.random.Generator, layer: Layer, side: float) -> np.ndarray:
    """Return the light on the backdrop: the background lamp's pool, spill of the key, shadow towards the far side."""
    spot_u, spot_v = -side * rng.uniform(0.02, 0.16), rng.uniform(0.34, 0.6)
    lamp = pool(layer, spot_u, spot_v, rng.uniform(0.34, 0.62), rng.uniform(0.85, 1.3))
    spill = side_fall(layer, side, rng.uniform(0.7, 1.2))
    strength = rng.uniform(0.55, 1.15)
    warm = mix((1.0, 0.965, 0.92), (0.95, 0.975, 1.0), rng.random())
    uneven = 1 + 0.03 * smooth(rng, layer, 0.5)
    floor = 1 + SWEEP_LIGHTENING * rng.random() / (1 + np.exp(-(layer.v - rng.uniform(0.82, 0.95)) / 0.05))
    return tinted((strength * lamp * uneven, warm), (0.34 * spill * floor, FLASH))


def _surface(rng: np.random.Generator, layer: Layer, material: str, albedo: np.ndarray) -> np.ndarray:
    """Return the reflectance of the backdrop as an RGB image."""
    ripple = smooth(rng, layer, 0.9, 0.09) * 0.008 + smooth(rng, layer, 0.5, 0.3) * 0.008
    if material == "paper":
        tone = 1 + PAPER_GRAIN * clouds(rng, layer, 0.012, 2) + ripple
        return tone[..., None] * albedo
    strokes = clouds(rng, layer, 0.13, 4, 0.55, 0.8)
    blend = clouds(rng, layer, 0.3, 3, 0.55, 1.2)
    tone = np.exp(CANVAS_MOTTLE * strokes + 0.08 * blend + ripple)
    cool = np.clip(0.5 + 0.2 * clouds(rng, layer, 0.24, 3, 0.55), 0, 1)[..., None]
    tint = albedo * (cool * (0.95, 1.0, 1.045) + (1 - cool) * (1.05, 1.0, 0.945))
    return tone[..., None] * tint
