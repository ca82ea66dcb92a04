"""Trees, bushes, grass and flowers made of thousands of leaves in clumps, lit from where the sun stands."""

from dataclasses import dataclass

import cv2
import numpy as np

from .noise import clouds
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import polygon, stamps


@dataclass(frozen=True)
class Leaves:
    """Linear colours of leaves: in deep shade, in open shade, in the sun, and with the sun shining through."""

    deep: tuple[float, float, float]
    shade: tuple[float, float, float]
    sunlit: tuple[float, float, float]
    glowing: tuple[float, float, float]


SUMMER = Leaves((0.010, 0.017, 0.007), (0.036, 0.056, 0.018), (0.19, 0.24, 0.055), (0.62, 0.68, 0.12))
OLIVE = Leaves((0.014, 0.016, 0.009), (0.048, 0.056, 0.026), (0.24, 0.235, 0.095), (0.66, 0.60, 0.20))
SPRING = Leaves((0.013, 0.022, 0.007), (0.050, 0.080, 0.020), (0.25, 0.33, 0.06), (0.72, 0.85, 0.17))
AUTUMN = Leaves((0.024, 0.013, 0.005), (0.085, 0.050, 0.013), (0.42, 0.23, 0.045), (1.05, 0.60, 0.10))
DARK_PINE = Leaves((0.006, 0.011, 0.007), (0.018, 0.030, 0.018), (0.075, 0.10, 0.045), (0.28, 0.29, 0.09))
BARK = (0.030, 0.024, 0.018)
BRIGHTEST_GAP = 1.6  # brightness of a disc, display white = 1
GAP_REACH, GAP_PARTS = 6, 3  # a gap is found within 6 pixels of leaves and consists of 3 holes close together
SEED_HEADS, SEED_COLOUR = 0.16, (0.55, 0.40, 0.19)  # share of blades that carry one
LEAF_SPREAD = 0.45  # deviation of the brightness of neighbouring leaves, in natural logarithm


def crown(
    rng: np.random.Generator,
    layer: Layer,
    centre: tuple[float, float],
    size: tuple[float, float],
    sun: tuple[float, float],
    leaves: Leaves,
    clumps: int = 60,
    per_clump: int = 130,
    clump_size: float = 0.24,
    leaf: float = 0.008,
    openness: float = 0.0,
) -> None:
    """Draw the crown of a tree or a bush.

    centre, size: middle and half axes in frame lengths. sun: direction to the sun in the frame, u right, v down.
    clump_size: radius of a branch's leaves as a share of the crown. openness: 0 to 1, more sky between the clumps.
    """
    angle, reach = rng.uniform(0, 2 * np.pi, clumps), np.sqrt(rng.uniform(0.02, 1, clumps))
    cu, cv = reach * np.cos(angle), reach * np.sin(angle)
    depth = rng.uniform(-1, 1, clumps) * np.sqrt(np.maximum(1 - reach**2, 0.05))
    order = np.argsort(depth)
    cu, cv, depth = cu[order], cv[order], depth[order]
    radius = clump_size * np.exp(rng.normal(0, 0.3, clumps))
    spread = rng.normal(0, 1, (clumps, per_clump, 2)) * (0.42 + 0.25 * openness)
    lu = cu[:, None] + spread[..., 0] * radius[:, None] * 1.25
    lv = cv[:, None] + spread[..., 1] * radius[:, None] * 0.8
    toward = spread[..., 0] * sun[0] + spread[..., 1] * sun[1]
    whole = cu * sun[0] + cv * sun[1]
    clump_light = rng.normal(0.05, 0.55, clumps) + 0.85 * whole + 0.3 * depth
    light = clump_light[:, None] + 1.25 * toward + rng.normal(0, 0.35, lu.shape)
    colour = leaf_colours(rng, leaves, light.ravel())
    front = np.argsort(np.argsort(toward + rng.normal(0, 0.5, toward.shape), axis=1), axis=1)
    order = np.argsort((np.arange(clumps)[:, None] * per_clump + front).ravel())
    u, v = centre[0] + size[0] * lu.ravel()[order], centre[1] + size[1] * lv.ravel()[order]
    length = leaf * np.exp(rng.normal(0, 0.25, u.size))
    width = 2 if leaf * layer.scale > 2.5 else 1
    stamps(layer, u, v, colour[order], length, rng.uniform(0, np.pi, u.size), width)


def leaf_colours(rng: np.random.Generator, leaves: Leaves, light: np.ndarray) -> np.ndarray:
    """Return colours (n, 3) for light values from about -1 (deep shade) over 0 (open shade) to 2 (glowing)."""
    steps = np.array([leaves.deep, leaves.shade, leaves.sunlit, leaves.glowing])
    place = np.clip(light + 1, 0, 2.999)
    lower = place.astype(int)
    share = (place - lower)[:, None]
    colour = np.exp(np.log(steps[lower]) * (1 - share) + np.log(steps[lower + 1]) * share)
    colour = colour * np.exp(rng.normal(0, LEAF_SPREAD, (light.size, 1)))
    return colour * np.exp(rng.normal(0, 0.09, (light.size, 3)))


def trunk(
    rng: np.random.Generator, layer: Layer, foot: tuple[float, float], top: float, width: float, sun_u: float
) -> None:
    """Draw a trunk from its foot (u, v) up to v = top, lit along the side of the sun."""
    steps = np.linspace(0, 1, 14)
    wander = np.cumsum(rng.normal(0, 0.05, 14)) * width
    wander += rng.normal(0, 0.12) * (foot[1] - top) * steps
    middle = foot[0] + wander
    half = width * (0.62 - 0.22 * steps + 0.35 * np.exp(-steps * 14)) * (1 + rng.normal(0, 0.04, 14))
    v = foot[1] + (top - foot[1]) * steps
    tone = np.exp(rng.normal(0, 0.2))
    bands = 7
    for band in range(bands):
        near, far = band / bands * 2 - 1, (band + 1) / bands * 2 - 1
        face = (near + far) / 2 * np.sign(sun_u)
        lit = 0.35 + 0.5 * max(face, 0) ** 1.5 + 3.2 * max(face - 0.6, 0)
        colour = np.asarray(BARK) * tone * lit * np.where(face > 0.5, (1.35, 1.1, 0.8), (0.9, 1.0, 1.1))
        left, right = middle + near * half, middle + far * half * 1.01
        polygon(layer, np.r_[left, right[::-1]], np.r_[v, v[::-1]], colour)


def grass(
    rng: np.random.Generator,
    layer: Layer,
    v_foot: tuple[float, float],
    height: float,
    count: int,
    leaves: Leaves,
    sun_u: float,
    blooms=None,
) -> None:
    """Draw tufts of upright blades whose feet lie between two v, glowing towards the sun at u, and flowers."""
    v = np.sort(rng.uniform(*v_foot, count))
    u = rng.uniform(-0.6, 0.6, count)
    tuft = np.sin(u * 40 + 3 * np.sin(v * 30 + u * 9)) * 0.35 + 0.35 * np.sin(u * 13 + 5)
    tall = height * np.exp(rng.normal(-0.1, 0.35, count) + 0.4 * tuft)
    sunward = 1 / (1 + ((u - sun_u) / 0.3) ** 2)
    colour = leaf_colours(rng, leaves, rng.normal(0.0, 0.6, count) + 0.5 * tuft + 1.1 * sunward)
    angle = np.pi / 2 + rng.normal(0, 0.22, count)
    stamps(layer, u, v - tall / 2, colour, tall, angle)
    tips = rng.random(count) < SEED_HEADS
    seeds = np.asarray(SEED_COLOUR) * (0.25 + 1.6 * sunward[tips, None]) * np.exp(rng.normal(0, 0.4, (tips.sum(), 1)))
    stamps(layer, u[tips], (v - tall)[tips], seeds, height * 0.12, angle[tips], 2)
    if blooms is not None:
        flowers = np.flatnonzero(rng.random(count) < 0.02)
        petals = np.repeat(flowers, 12)
        du, dv = rng.normal(0, 0.35, (2, petals.size)) * height * 0.06
        tone = np.asarray(blooms) * np.exp(rng.normal(0, 0.35, (petals.size, 1))) * (0.6 + 0.8 * sunward[petals, None])
        stamps(layer, u[petals] + du, (v - 0.9 * tall)[petals] + dv, tone, height * 0.04, None, 2)


def sparkle(
    rng: np.random.Generator,
    layer: Layer,
    count: int,
    brightness: float,
    colours,
    sun: tuple[float, float],
    lowest: float,
    spread: float = 1.0,
    on_leaves: bool = False,
) -> None:
    """Let sky and sun shine through the gaps of the leaves already drawn, each a disc once the layer is defocused.

    on_leaves: put the lights on the leaves that are lit instead, as dew or shine.

    brightness: median of a disc, display white = 1; spread: deviation of its logarithm. Gaps towards the sun
    (u, v) are more frequent, those behind the head and below v = lowest are not.
    """
    covered = cv2.blur(layer.alpha, (2 * GAP_REACH + 1, 2 * GAP_REACH + 1))
    if on_leaves:
        places = layer.alpha * np.clip(layer.rgb[..., 1] / 0.2, 0.05, 1.5)
    else:
        places = np.clip((covered - 0.3) / 0.4, 0, 1) * np.clip((1 - covered) / 0.3, 0.03, 1) * (1.02 - layer.alpha)
    away = np.hypot(layer.u - sun[0], layer.v - sun[1])
    behind_head = np.exp(-((layer.u / 0.17) ** 2) - ((layer.v - 0.38) / 0.2) ** 2)
    weight = places * (0.1 + 1 / (1 + (away / 0.3) ** 2)) * (1 - 0.93 * behind_head) * (layer.v < lowest)
    weight = weight * np.exp(1.3 * clouds(rng, layer, 0.11, 2))
    total = np.cumsum(weight, dtype=np.float64)
    if total[-1] <= 0:
        return
    place = np.searchsorted(total, rng.uniform(0, total[-1], count))
    place = np.minimum(place, total.size - 1)
    level = np.minimum(brightness * np.exp(rng.normal(0, spread, count)), BRIGHTEST_GAP)
    level *= np.pi * max(layer.blur * layer.scale, 0.6) ** 2
    colour = np.asarray(colours)[rng.integers(len(colours), size=count)] * np.exp(rng.normal(0, 0.06, (count, 3)))
    row, column = np.divmod(place, layer.pixels.shape[1])
    for _ in range(GAP_PARTS):
        y = np.clip(row + np.round(rng.normal(0, 1.6, count)).astype(int), 0, layer.pixels.shape[0] - 1)
        x = np.clip(column + np.round(rng.normal(0, 1.6, count)).astype(int), 0, layer.pixels.shape[1] - 1)
        share = rng.uniform(0, 2 / GAP_PARTS, count)
        np.add.at(layer.rgb, (y, x), colour * (level * share)[:, None])


def overhang(rng: np.random.Generator, view: View, lens: Lens, leaves: Leaves, side: float, low: bool) -> np.ndarray:
    """Return premultiplied RGBA of leaves (or, when low, of grass) close to the camera in one corner of the frame."""
    z = rng.uniform(0.75, 1.05)
    layer = Layer(view, lens.blur(z))
    count = int(rng.integers(18, 34)) if low else int(rng.integers(14, 26))
    colours = leaf_colours(rng, leaves, rng.normal(0.1 if low else 0.5, 0.55, count))
    along = np.sort(rng.uniform(0, 1, count))
    if low:
        u, v = side * (view.half_width + 0.02 - 0.2 * along**1.5), np.full(count, view.bottom + 0.04)
        angle, long, wide = np.pi / 2 + rng.normal(0, 0.3, count), rng.uniform(0.16, 0.36, count), 0.008
    else:
        start, drop = view.top + rng.uniform(-0.04, 0.06), rng.uniform(0.1, 0.3)
        u = side * (view.half_width + 0.05 - rng.uniform(0.14, 0.26) * along) + rng.normal(0, 0.02, count)
        v = start + drop * along**1.6 * rng.uniform(0.3, 1, count) + rng.normal(0, 0.025, count)
        angle, long, wide = (
            rng.normal(-np.pi / 2, 0.8, count),
            rng.uniform(0.07, 0.13, count),
            rng.uniform(0.018, 0.032),
        )
    for index, colour in enumerate(colours):
        forward = np.array((np.cos(angle[index]), -np.sin(angle[index])))
        across = np.array((-forward[1], forward[0])) * wide
        shape = ((0, 0.1), (0.3, 0.9), (0.6, 0.8), (1, 0.05))
        edge = [forward * long[index] * t + across * w for t, w in shape]
        edge += [forward * long[index] * t - across * w for t, w in reversed(shape)]
        points = np.array(edge) + (u[index], v[index])
        polygon(layer, points[:, 0], points[:, 1], colour)
    plate = Plate(view, lens)
    plate.over(layer)
    return plate.develop_foreground()
