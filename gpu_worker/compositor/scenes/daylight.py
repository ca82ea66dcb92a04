"""Hours of the day outdoors: the sky they paint, the light they throw on walls, and how they light the subject."""

from dataclasses import dataclass

import numpy as np

from ..scene import RGB, Scene
from .foliage import AUTUMN, DARK_PINE, OLIVE, SPRING, SUMMER, Leaves
from .landscape import Weather
from .lighting import aim, mix, scaled
from .noise import clouds
from .plate import Layer, Plate

WHITE_LIGHT = (1.0, 1.0, 1.0)
DARK = 0.2  # fill below which lamps light the subject
LAMP_LIGHT = (1.0, 0.66, 0.32)
CLOUD_COVER = (-0.9, -0.2, 0.5)  # threshold of the cloud noise: nearly clear, fair, cloudy
SEASONS, SEASON_ODDS = (SUMMER, OLIVE, SPRING, AUTUMN), (0.45, 0.3, 0.15, 0.1)


@dataclass(frozen=True)
class Hour:
    """Light of an hour, display white = 1.

    sun: its colour; power: radiance of a white wall that faces it; zenith, horizon: radiance of the sky;
    fill: radiance of a white wall in open shade; glow: brightness of the haze round the sun;
    warmth: share of the sun's colour that the white balance keeps; softness: of the light on the subject.
    """

    sun: RGB
    power: float
    zenith: RGB
    horizon: RGB
    fill: float
    glow: float
    warmth: float
    softness: float


GOLDEN = Hour((1.0, 0.70, 0.38), 1.5, (0.22, 0.38, 0.66), (0.90, 0.63, 0.40), 0.40, 0.9, 0.18, 0.5)
MORNING = Hour((1.0, 0.87, 0.68), 1.5, (0.28, 0.48, 0.84), (0.92, 0.88, 0.80), 0.42, 0.55, 0.12, 0.6)
DAY = Hour((1.0, 0.94, 0.84), 1.6, (0.13, 0.31, 0.68), (0.62, 0.76, 0.90), 0.46, 0.2, 0.06, 0.65)
SOFT = Hour((1.0, 0.96, 0.92), 0.25, (0.58, 0.65, 0.72), (0.84, 0.85, 0.85), 0.66, 0.1, 0.03, 0.9)
DUSK = Hour((1.0, 0.48, 0.26), 0.08, (0.055, 0.10, 0.22), (0.80, 0.40, 0.24), 0.15, 0.26, 0.0, 0.7)
BLUE = Hour((1.0, 0.52, 0.34), 0.02, (0.022, 0.055, 0.135), (0.16, 0.17, 0.24), 0.065, 0.05, 0.0, 0.7)


@dataclass(frozen=True)
class Day:
    """One moment: its hour and the weather that trees, hills and water are drawn with."""

    hour: Hour
    weather: Weather

    @property
    def side(self) -> float:
        """-1 where the sun stands to the left, 1 to the right."""
        return self.weather.side

    @property
    def shade(self) -> np.ndarray:
        """Colour (3,) of a white wall in open shade."""
        sky = np.float32(mix(self.hour.zenith, self.hour.horizon, 0.3))
        return self.hour.fill * (0.68 + 0.32 * sky / sky.mean())

    def on_wall(self, facing: float) -> np.ndarray:
        """Colour (3,) of a white wall; facing: cosine between its normal and the sun."""
        return self.shade + np.float32(self.hour.sun) * self.hour.power * max(facing, 0.0)


def draw_day(
    rng: np.random.Generator, hours: tuple[Hour, ...], height: tuple[float, float] = (-0.1, 0.24), autumn: bool = True
) -> Day:
    """Return a moment drawn from the hours.

    height: range of the v at which the sun stands; autumn: whether leaves may have turned.
    """
    hour = hours[rng.integers(len(hours))]
    side = -1.0 if rng.random() < 0.5 else 1.0
    dim = float(np.clip(hour.power + 2.2 * hour.fill, 0.0, 1.0))
    season, olive, pine = (
        _dimmed(kind, dim)
        for kind in (SEASONS[min(int(rng.choice(4, p=SEASON_ODDS)), 3 if autumn else 1)], OLIVE, DARK_PINE)
    )
    weather = Weather(
        side=side,
        sun=(side * rng.uniform(0.22, 0.5), rng.uniform(*height)),
        colour=scaled(hour.sun, max(dim, 0.16)),
        zenith=hour.zenith,
        leaves=season,
        far_leaves=(season, olive, pine)[rng.integers(3)],
        haze=rng.uniform(0.3, 1.1),
    )
    return Day(hour, weather)


def _dimmed(leaves: Leaves, dim: float) -> Leaves:
    return Leaves(*(scaled(tone, dim) for tone in (leaves.deep, leaves.shade, leaves.sunlit, leaves.glowing)))


def day_sky(rng: np.random.Generator, plate: Plate, day: Day) -> None:
    """Fill the plate with the sky of the moment: gradient, clouds lit from the sun, its glow."""
    layer, hour = Layer(plate.view, plate.lens.blur(2000.0)), day.hour
    height = np.clip((plate.lens.horizon - layer.v) / 0.55, 0, 1)
    veil = ((1 - height) ** 1.7 + 0 * layer.u)[..., None]
    base = np.float32(hour.zenith) * (1 - veil) + np.float32(hour.horizon) * veil
    cover = CLOUD_COVER[rng.integers(3)]
    heap = clouds(rng, layer, 0.15, 4, 0.55, rng.uniform(1.6, 3.2)) + cover - 0.5 * height
    cloud = (1 / (1 + np.exp(-3.0 * (heap - 0.35))))[..., None] * 0.75
    away = np.hypot(layer.u - day.weather.sun[0], layer.v - day.weather.sun[1])[..., None]
    lit = np.float32(mix(hour.horizon, WHITE_LIGHT, 0.2)) * (1.0 + 0.45 / (1 + (away / 0.4) ** 2))
    under = base * 0.55 + 0.35 * np.float32(hour.horizon)
    dense = np.clip(0.5 + 0.35 * heap, 0, 1)[..., None]
    base = base * (1 - cloud) + cloud * (lit * min(hour.fill * 2.2, 0.88) * (1 - 0.4 * dense) + 0.4 * dense * under)
    flare = 0.9 / (1 + (away / 0.11) ** 2) + 0.2 / (1 + (away / 0.35) ** 2)
    layer.rgb[...] = base + hour.glow * flare * np.float32(hour.sun)
    layer.alpha[...] = 1
    plate.over(layer, cat_eye=False)


def scene_by_day(
    rng: np.random.Generator, plate: Plate, day: Day, foreground: np.ndarray | None = None, bounce: RGB = WHITE_LIGHT
) -> Scene:
    """Finish the plate with stray light and the hour's white balance, and light the subject from the sun's side.

    bounce: colour of what throws light back on the subject, largest channel 1.
    """
    hour, side = day.hour, day.side
    plate.glare(rng.uniform(0.05, 0.09), scaled(hour.sun, 0.002 * hour.fill))
    away = np.hypot(plate.u - day.weather.sun[0] * 1.1, plate.v - day.weather.sun[1])
    veil = 0.13 * hour.glow / (1 + (away / 0.3) ** 2)
    plate.rgb[...] += veil[..., None] * np.float32(hour.sun)
    plate.rgb[...] *= mix(WHITE_LIGHT, hour.sun, hour.warmth)
    sky = np.asarray(mix(hour.zenith, hour.horizon, 0.6))
    ambient = mix(mix(sky / sky.max(), WHITE_LIGHT, 0.4), bounce, 0.35)
    if hour.fill < DARK:
        return by_lamps(rng, plate, day)
    sunny = hour.power > 0.5
    return Scene(
        plate=plate.develop(rng.uniform(0.84, 1.0)),
        key=aim(side * rng.uniform(0.55, 0.85), 0.45, 0.78, mix(hour.sun, WHITE_LIGHT, 0.2), 0.85, hour.softness),
        ambient=scaled(ambient, 0.42 if sunny else 0.55),
        rims=(aim(side * 0.8, 0.55, -0.8, hour.sun, rng.uniform(1.1, 1.6) if sunny else 0.3, 0.3),),
        foreground=foreground,
        exposure=0.05,
        contrast=1.05,
        saturation=1.04,
        grain=0.010,
        vignette=0.15,
        bloom=0.2 if sunny else 0.12,
    )


def by_lamps(rng: np.random.Generator, plate: Plate, day: Day) -> Scene:
    """Finish the plate after sunset: the subject lit by warm lamps from the front, the last of the sky behind."""
    warm = mix(LAMP_LIGHT, WHITE_LIGHT, 0.5)
    return Scene(
        plate=plate.develop(rng.uniform(0.95, 1.15)),
        key=aim(day.side * rng.uniform(0.45, 0.75), 0.4, 0.85, warm, 0.8, 0.65),
        ambient=scaled(mix(mix(day.hour.horizon, LAMP_LIGHT, 0.4), WHITE_LIGHT, 0.3), 0.26),
        rims=(
            aim(-day.side * 0.85, 0.45, -0.7, LAMP_LIGHT, 0.6, 0.4),
            aim(day.side * 0.8, 0.4, -0.7, mix(day.hour.horizon, WHITE_LIGHT, 0.2), 0.45, 0.5),
        ),
        exposure=-0.12,
        contrast=1.06,
        saturation=1.05,
        grain=0.013,
        vignette=0.2,
        bloom=0.32,
    )
