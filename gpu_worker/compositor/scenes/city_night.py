"""A city street at dusk or night: fronts in perspective, signs, lamps and traffic as chains of light, wet asphalt."""

import cv2
import numpy as np

from ..scene import Scene
from .facade import NightColours, front
from .ground import Ground
from .lighting import aim, mix, scaled
from .noise import clouds
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import cover
from .streetlife import Street, bulb_strings, distance_lights, lamps, parked_cars, people, signs, traffic

AMBER, GOLD, WARM, DAY_WHITE = (1.0, 0.50, 0.14), (1.0, 0.66, 0.30), (1.0, 0.80, 0.55), (0.85, 0.95, 1.0)
CYAN, MAGENTA, PINK, RED = (0.08, 0.75, 1.0), (1.0, 0.06, 0.62), (1.0, 0.25, 0.42), (1.0, 0.06, 0.03)
GREEN, BLUE, VIOLET, TEAL = (0.10, 1.0, 0.45), (0.10, 0.25, 1.0), (0.50, 0.16, 1.0), (0.05, 0.85, 0.75)
NIGHTS = (  # zenith, horizon, windows, shops, signs, street lamp
    NightColours(
        (0.014, 0.05, 0.085), (0.07, 0.14, 0.17), (GOLD, WARM, AMBER), (WARM, GOLD), (CYAN, AMBER, TEAL), AMBER
    ),
    NightColours(
        (0.02, 0.016, 0.06), (0.10, 0.05, 0.13), (GOLD, WARM, PINK), (WARM, PINK), (MAGENTA, CYAN, VIOLET), WARM
    ),
    NightColours(
        (0.04, 0.07, 0.16), (0.34, 0.20, 0.19), (GOLD, WARM, WARM), (WARM, GOLD), (PINK, AMBER, DAY_WHITE), GOLD
    ),
    NightColours(
        (0.008, 0.014, 0.032), (0.03, 0.045, 0.07), (WARM, GOLD), (DAY_WHITE, WARM), (RED, TEAL, BLUE), DAY_WHITE
    ),
    NightColours(
        (0.02, 0.035, 0.07), (0.12, 0.10, 0.10), (AMBER, GOLD, WARM), (GOLD, WARM), (RED, AMBER, GREEN), AMBER
    ),
    NightColours((0.05, 0.085, 0.17), (0.20, 0.22, 0.28), (GOLD, WARM), (WARM, GOLD), (CYAN, PINK, WARM), GOLD),
)


def render(rng: np.random.Generator, view: View) -> Scene:
    night = NIGHTS[rng.integers(len(NIGHTS))]
    walk = -1.0 if rng.random() < 0.5 else 1.0  # side of the pavement the subject stands on
    near, far = rng.uniform(2.2, 4.0), rng.uniform(8.0, 13.0)
    street = Street(
        night=night,
        vanish=-walk * rng.uniform(0.02, 0.2),
        left=-near if walk < 0 else -far,
        right=far if walk < 0 else near,
        wet=rng.choice((0.0, 0.55, 1.0), p=(0.25, 0.35, 0.4)),
    )
    lens = Lens(
        f_number=rng.uniform(1.4, 2.0), subject_m=2.3, horizon=rng.uniform(0.47, 0.58), rotation=rng.uniform(0, 0.7)
    )
    plate = Plate(view, lens)
    _draw(rng, plate, street)
    plate.glare(rng.uniform(0.08, 0.16), scaled(mix(night.horizon, night.lamp, 0.25), 0.008))
    left, right = (night.signs[rng.integers(len(night.signs))] for _ in range(2))
    return Scene(
        plate=plate.develop(rng.uniform(0.95, 1.25)),
        key=aim(walk * 0.5, 0.4, 0.9, mix(night.shops[0], (1, 1, 1), 0.6), 0.72, 0.6),
        ambient=scaled(mix(night.horizon, night.lamp, 0.4), 0.2),
        rims=(
            aim(-0.9, 0.25, -0.65, mix(left, night.lamp, 0.25), 0.75, 0.35),
            aim(0.9, 0.3, -0.65, mix(right, night.lamp, 0.25), 0.6, 0.35),
        ),
        exposure=-0.1,
        contrast=1.06,
        saturation=1.06,
        grain=0.015,
        vignette=0.22,
        bloom=0.35,
    )


def _draw(rng: np.random.Generator, plate: Plate, street: Street) -> None:
    lens = plate.lens
    chains = [lamps(rng, street), traffic(rng, street)]
    if rng.random() < 0.3:
        chains.append(bulb_strings(rng, street))
    _sky(rng, plate, street)
    _skyline(rng, plate, street)
    fronts = _fronts(rng, plate, street)
    _road(rng, plate, street, fronts, chains)
    distance_lights(rng, street).shine(plate, street, rng)
    bodies = Layer(plate.view, lens.blur(20.0))
    parked_cars(rng, bodies, lens, street)
    people(rng, bodies, lens, street)
    signs(rng, bodies, lens, street)
    plate.over(bodies, cat_eye=False)
    for chain in chains:
        chain.shine(plate, street, rng)


def _sky(rng: np.random.Generator, plate: Plate, street: Street) -> None:
    layer = Layer(plate.view, plate.lens.blur(2000.0))
    height = np.clip((plate.lens.horizon - layer.v) / 0.55, 0, 1)
    share = (1 - height) ** 1.8 + 0 * layer.u
    cloud = np.exp(0.22 * clouds(rng, layer, 0.2, 4, 0.55, 2.2))
    base = (
        np.float32(street.night.zenith) * (1 - share[..., None]) + np.float32(street.night.horizon) * share[..., None]
    )
    layer.rgb[...] = base * cloud[..., None]
    layer.alpha[...] = 1
    plate.over(layer, cat_eye=False)


def _skyline(rng: np.random.Generator, plate: Plate, street: Street) -> None:
    """Houses that close the street and towers behind them, with some windows lit."""
    lens = plate.lens
    for z, tall in ((420.0, 70.0), (170.0, 22.0)):
        layer = Layer(plate.view, lens.blur(z))
        x = -90.0 * z / 170
        while x < 90.0 * z / 170:
            wide, high = rng.uniform(12, 30) * z / 170, tall * rng.uniform(0.35, 1.15)
            picture = front(rng, 24.0, 24.0, street.night, 0.25)[:-42] * 0.7
            u, v = street.project(lens, (x, x + wide, x + wide, x), (high, high, 0, 0), z)
            cover(layer, picture, u, v)
            x += wide * rng.uniform(0.9, 1.4)
        air = np.float32(mix(street.night.horizon, street.night.lamp, 0.2)) * 0.5
        share = 1 - np.exp(-z / 400)
        layer.rgb[...] = layer.rgb * (1 - share) + layer.alpha[..., None] * share * air
        plate.over(layer, cat_eye=False)


def _fronts(rng: np.random.Generator, plate: Plate, street: Street) -> list:
    """Draw both sides of the street; return (x, picture, near z, far z, height) of each for the reflection."""
    layer = Layer(plate.view, plate.lens.blur(22.0))
    sides = []
    for x in sorted((street.left, street.right), key=abs, reverse=True):
        start = max(abs(x) * 2.0, 6.0)
        end, height = start + 110.0, rng.uniform(14, 22)
        picture = front(rng, 110.0, height, street.night, rng.uniform(0.15, 0.45))
        if x > 0:
            picture = picture[:, ::-1]
        sides.append((x, picture, start, end, height))
        _side(layer, plate.lens, street, sides[-1], 1.0)
    plate.over(layer)
    return sides


def _side(layer: Layer, lens: Lens, street: Street, side, up: float) -> None:
    x, picture, start, end, height = side
    z = np.array((start, end, end, start)) if x < 0 else np.array((end, start, start, end))
    u, v = street.project(lens, x, np.array((height, height, 0, 0)) * up, z)
    cover(layer, picture, u, v)


def _road(rng: np.random.Generator, plate: Plate, street: Street, fronts, chains) -> None:
    """Asphalt with pools of lamp light and worn lines; when wet it mirrors fronts and lamps in long smears."""
    lens, night = plate.lens, street.night
    layer = Layer(plate.view, lens.blur(12.0))
    ground = Ground(layer, lens, far=160.0)
    x = ground.x - street.vanish * ground.z / lens.reach
    patches = np.clip(0.5 + 0.5 * ground.noise(rng, 2.2, 0.8), 0, 1)
    rough = np.exp(0.2 * ground.noise(rng, 0.7))[..., None]
    pools = 0.5 + 0.5 * np.sin(ground.z * 2 * np.pi / 14.0 + rng.uniform(0, 6))
    across = np.exp(-((np.abs(x - street.middle) - 3.0) ** 2) / 8)
    light = np.float32(night.horizon) * 1.2 + (0.25 + 1.1 * pools * across)[..., None] * np.float32(night.lamp)
    line = (np.abs(x - street.middle) < 0.09) & ((ground.z + rng.uniform(0, 6)) % 6 < 3)
    stripes = (np.abs(ground.z - rng.uniform(9, 24)) < 1.6) & (x % 1.0 < 0.5) & (rng.random() < 0.5)
    albedo = 0.06 + 0.2 * (line | stripes) * np.clip(0.8 + 0.4 * ground.noise(rng, 0.4), 0, 1)
    colour = albedo[..., None] * rough * light * (1 - 0.5 * street.wet)
    if street.wet:
        mirror = Layer(plate.view, layer.blur)
        mirror.rgb[...] = np.float32(night.horizon) * 0.8
        for side in fronts:
            _side(mirror, lens, street, side, -1.0)
        for chain in chains:
            chain.mirror(mirror, lens, street)
        smear = cv2.blur(mirror.rgb[ground.rows], (3, max(int(0.08 * layer.scale), 3)), borderType=cv2.BORDER_REPLICATE)
        shine = street.wet * (0.08 + 0.55 * patches**2)[..., None]
        colour = colour + shine * smear
    ground.paint(layer, colour)
    plate.over(layer, cat_eye=False)
