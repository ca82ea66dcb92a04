"""People in the distance, out of focus: standing or walking figures with a lit side."""

import numpy as np

from .optics import Lens
from .plate import Layer
from .shapes import polygon

SKINS = ((0.52, 0.33, 0.24), (0.38, 0.22, 0.15), (0.16, 0.085, 0.055), (0.58, 0.40, 0.31))
HAIRS = ((0.02, 0.014, 0.01), (0.09, 0.05, 0.025), (0.30, 0.20, 0.09), (0.035, 0.025, 0.02), (0.28, 0.27, 0.26))
DAY_CLOTHES = (
    (0.60, 0.58, 0.54), (0.06, 0.09, 0.16), (0.40, 0.30, 0.19), (0.025, 0.025, 0.03),
    (0.42, 0.11, 0.09), (0.16, 0.22, 0.17), (0.35, 0.42, 0.50), (0.62, 0.48, 0.36),
)  # fmt: skip
EVENING_CLOTHES = (
    (0.012, 0.012, 0.014),
    (0.02, 0.022, 0.04),
    (0.03, 0.03, 0.033),
    (0.22, 0.02, 0.03),
    (0.34, 0.28, 0.18),
)


def figure(
    rng: np.random.Generator, layer: Layer, lens: Lens, x: float, z: float, light, edge, side: float,
    clothes=DAY_CLOTHES, foot: float = 0.0, vanish: float = 0.0, seated: bool = False,
) -> None:  # fmt: skip
    """Draw a person at x, z metres. light: colour of the light on them; edge: of the light along the side of the sun.

    foot: height of what they stand on; vanish: see streetlife.Street; seated: on the ground or a low seat.
    """
    tall, coat = rng.uniform(1.6, 1.85), np.float32(clothes[rng.integers(len(clothes))])
    legs = np.float32(clothes[rng.integers(len(clothes))]) * 0.7
    skin, hair = np.float32(SKINS[rng.integers(len(SKINS))]), np.float32(HAIRS[rng.integers(len(HAIRS))])
    light, edge = np.float32(light), np.float32(edge)
    unit, turn = tall / 1.75, np.linspace(0, 2 * np.pi, 14)
    dress = rng.random() < 0.4
    stride = rng.uniform(0.04, 0.2)
    foot = foot - 0.62 * unit if seated else foot

    def shape(dx, y, colour) -> None:
        u, v = lens.project(x + np.asarray(dx) * unit, foot + np.asarray(y) * unit, z)
        polygon(layer, u + vanish, v, colour)

    if seated:
        shape((-0.42, 0.38, 0.3, -0.2), (0.64, 0.64, 0.86, 0.9), legs * light)
    for leg in () if seated else (-stride, stride):
        tone = (skin * 0.8 if dress else legs) * light
        shape((leg - 0.07, leg + 0.07, 0.13 * np.sign(leg), 0.0), (0, 0, 0.88, 0.88), tone * (0.8 if leg < 0 else 1.0))
    hem = (0.42, 0.25) if dress and not seated else (0.78, 0.19)
    body = np.array((-hem[1], hem[1], 0.15, 0.21, 0.18, 0.07, -0.07, -0.18, -0.21, -0.15))
    rise = np.array((hem[0], hem[0], 1.05, 1.36, 1.44, 1.5, 1.5, 1.44, 1.36, 1.05))
    shape(body, rise, coat * light)
    for arm in (-1, 1):
        swing = rng.uniform(-0.03, 0.09)
        shape(arm * np.array((0.17, 0.225, 0.26 + swing, 0.2 + swing)), (1.42, 1.38, 0.85, 0.84), coat * light * 0.85)
    for inner, share in ((0.04, 0.25), (0.10, 0.6), (0.15, 1.0)):
        shape(
            side * np.array((inner, 0.17, 0.215, inner + 0.02)), (0.95, 0.95, 1.36, 1.38), coat * (light + share * edge)
        )
    shape((-0.05, 0.05, 0.05, -0.05), (1.47, 1.47, 1.58, 1.58), skin * light * 0.8)
    back = rng.random() < 0.5
    shape(0.1 * np.cos(turn), 1.63 + 0.135 * np.sin(turn), (hair if back else skin) * light)
    crown = turn[:8]
    long = 0.2 if dress else 0.0
    shape(0.115 * np.cos(crown), 1.66 + 0.12 * np.sin(crown), hair * light)
    if long:
        shape((-0.11, 0.11, 0.09, -0.09), (1.68, 1.68, 1.68 - long, 1.68 - long), hair * light)
        if not back:
            shape((-0.075, 0.075, 0.06, -0.06), (1.69, 1.69, 1.54, 1.54), skin * light)
    shape(side * np.array((0.085, 0.112, 0.112, 0.085)), (1.56, 1.58, 1.70, 1.72), hair * light + 0.3 * edge * skin)
