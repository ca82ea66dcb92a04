"""Lights and bodies of a street at night: lamps, traffic, strings of bulbs, signs, parked cars, people."""

from dataclasses import dataclass

import numpy as np

from .facade import NightColours
from .lighting import mix
from .optics import Lens
from .plate import Layer, Plate
from .shapes import polygon

LAMP_M, CAR_LAMP_M = (5.5, 7.5), 0.68
HEAD_LIGHT, TAIL_LIGHT = (1.0, 0.92, 0.78), (1.0, 0.045, 0.02)
PAINTS = ((0.012, 0.012, 0.014), (0.05, 0.05, 0.055), (0.10, 0.10, 0.10), (0.05, 0.008, 0.008), (0.008, 0.014, 0.035))
COATS = ((0.010, 0.010, 0.012), (0.03, 0.025, 0.02), (0.015, 0.02, 0.03), (0.05, 0.035, 0.02), (0.04, 0.012, 0.012))
MIRROR_LIGHT = 0.3  # radiance of a lamp's streak on wet asphalt, share of its disc


@dataclass(frozen=True)
class Street:
    """Where the street runs. vanish: u of its far end; walls at x metres left and right; wet: 0 dry to 1 puddles."""

    night: NightColours
    vanish: float
    left: float
    right: float
    wet: float

    def project(self, lens: Lens, x, y, z):
        """Return (u, v) of points in metres, as Lens.project does, with the street's end at vanish."""
        u, v = lens.project(x, y, z)
        return u + self.vanish, v

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Lights:
    """Points of light: places (n, 3) in metres and the brightness (n, 3) of their discs."""

    places: np.ndarray
    colours: np.ndarray

    def shine(self, plate: Plate, street: Street, rng: np.random.Generator) -> None:
        """Add the discs to the plate."""
        x, y, z = self.places.T
        u, v = street.project(plate.lens, x, y, z)
        radius = np.array([plate.lens.blur(distance) for distance in z]) * rng.uniform(0.94, 1.06, len(z))
        plate.lights(u, v, radius, self.colours)

    def mirror(self, layer: Layer, lens: Lens, street: Street) -> None:
        """Draw the streaks that the lights throw on wet ground, before it is defocused."""
        for (x, y, z), colour in zip(self.places, self.colours, strict=True):
            (u, u1), (top, low) = street.project(lens, (x, x + 0.16), (-0.55 * y, -1.5 * y - 0.5), z)
            half = max(u1 - u, 0.004)
            mid = 0.6 * top + 0.4 * low
            polygon(
                layer, (u - half * 0.4, u + half * 0.4, u + half, u - half), (top, top, mid, mid), colour * MIRROR_LIGHT
            )
            polygon(
                layer,
                (u - half, u + half, u + half * 0.3, u - half * 0.3),
                (mid, mid, low, low),
                colour * MIRROR_LIGHT * 0.5,
            )


def lamps(rng: np.random.Generator, street: Street) -> Lights:
    """Street lamps down both pavements, converging on the end of the street."""
    high, first, step = rng.uniform(*LAMP_M), rng.uniform(17, 24), rng.uniform(9, 15)
    places, colours = [], []
    for x in (street.left * 0.75, street.right * 0.75):
        z = first + step * np.arange(9) + rng.uniform(0, 6)
        level = rng.uniform(0.8, 2.2) * np.exp(rng.normal(0, 0.3, 9) - z / 150) * (rng.random(9) > 0.08)
        places.append(np.stack([np.full(9, x) + rng.normal(0, 0.12, 9), high + rng.normal(0, 0.1, 9), z], 1))
        colours.append(level[:, None] * np.asarray(street.night.lamp) * np.exp(rng.normal(0, 0.07, (9, 3))))
    return Lights(np.concatenate(places), np.concatenate(colours))


def traffic(rng: np.random.Generator, street: Street) -> Lights:
    """Pairs of head and tail lights in their lanes."""
    places, colours = [], []
    for lane, colour, level in ((street.middle - 1.6, HEAD_LIGHT, 1.7), (street.middle + 1.6, TAIL_LIGHT, 1.1)):
        for distance in 18 * np.exp(np.cumsum(rng.exponential(0.42, rng.integers(3, 7)))):
            x, high = lane + rng.uniform(-0.4, 0.4), CAR_LAMP_M + rng.uniform(-0.05, 0.25)
            power = level * np.exp(rng.normal(0, 0.4) - distance / 130) * np.asarray(colour)
            for side in (-0.7, 0.7):
                places.append((x + side, high, distance))
                colours.append(power * rng.uniform(0.7, 1.1))
    return Lights(np.array(places), np.array(colours))


def distance_lights(rng: np.random.Generator, street: Street, count: int = 70) -> Lights:
    """Small lights of the far end: windows, signals, cars, bulbs."""
    colours = np.asarray((*street.night.signs, *street.night.windows, street.night.lamp))
    places = np.stack([rng.normal(0, 9, count), rng.gamma(2.0, 1.8, count), rng.uniform(60, 220, count)], 1)
    level = 0.16 * np.exp(rng.normal(0, 0.95, count))[:, None]
    return Lights(places, colours[rng.integers(len(colours), size=count)] * level)


def bulb_strings(rng: np.random.Generator, street: Street) -> Lights:
    """Strings of warm bulbs that hang across the street."""
    places = []
    for z in rng.uniform(13, 17) * np.array((1.0, 1.5, 2.2))[: rng.integers(1, 4)]:
        count = int(rng.integers(14, 22))
        share = np.linspace(0, 1, count) + rng.normal(0, 0.006, count)
        sag = 4.6 + rng.uniform(-0.3, 0.3) - 4 * rng.uniform(0.5, 0.9) * share * (1 - share)
        x = street.left + (street.right - street.left) * share
        places.append(np.stack([x, sag, np.full(count, z) + 2.5 * share], 1))
    places = np.concatenate(places)
    level = (
        rng.uniform(0.5, 1.3) * np.exp(rng.normal(0, 0.18, (len(places), 1))) * (rng.random((len(places), 1)) > 0.04)
    )
    return Lights(places, level * np.asarray((1.0, 0.68, 0.34)))


def signs(rng: np.random.Generator, layer: Layer, lens: Lens, street: Street) -> None:
    """Signs that stand out from the fronts: boxes and tubes of light without writing."""
    for x in (street.left, street.right):
        for z in rng.uniform(abs(x) * 2.6 + 4, abs(x) * 2.6 + 45, rng.integers(2, 6)):
            colour = np.asarray(street.night.signs[rng.integers(len(street.night.signs))])
            low, wide = rng.uniform(2.8, 4.8), rng.uniform(0.35, 0.65)
            tall = wide * rng.choice((0.7, 1.1, 2.4), p=(0.45, 0.35, 0.2))
            inner, outer = sorted((x - np.sign(x) * 0.15, x - np.sign(x) * (0.15 + wide)))
            lit_box = rng.random() < 0.3
            for part in range(5):
                top, base = low + tall * (1 - part / 5), low + tall * (1 - (part + 1) / 5)
                tone = rng.uniform(0.15, 0.5) * (1.2 - 0.2 * abs(part - 2)) if lit_box else 0.03
                _upright(
                    layer, lens, street, inner, outer, base, top, z, np.asarray(mix(colour, (1, 1, 1), 0.12)) * tone
                )
            for _ in range(0 if lit_box else rng.integers(2, 5)):
                y, thick = low + tall * rng.uniform(0.1, 0.85), rng.uniform(0.05, 0.1)
                left = rng.uniform(inner, inner + 0.4 * wide)
                right = min(left + wide * rng.uniform(0.25, 0.8), outer)
                tube = np.asarray(mix(colour, (1, 1, 1), 0.15)) * rng.uniform(2.0, 6.0)
                if rng.random() < 0.4:
                    _upright(layer, lens, street, left, left + thick, low + 0.1 * tall, low + 0.9 * tall, z, tube)
                else:
                    _upright(layer, lens, street, left, right, y, y + thick, z, tube)


def _upright(layer: Layer, lens: Lens, street: Street, x0, x1, y0, y1, z, colour) -> None:
    u, v = street.project(lens, (x0, x1, x1, x0), (y1, y1, y0, y0), z)
    polygon(layer, u, v, colour)


def parked_cars(rng: np.random.Generator, layer: Layer, lens: Lens, street: Street) -> None:
    """Cars along both kerbs, seen from behind, with the street's light in their roofs and glass."""
    sky, lamp = np.asarray(street.night.horizon), np.asarray(street.night.lamp)
    for kerb in (street.left * 0.55, street.right * 0.62):
        for z in np.sort(rng.uniform(13, 60, rng.integers(2, 6)))[::-1]:
            paint = np.asarray(PAINTS[rng.integers(len(PAINTS))])
            half, tall, far = rng.uniform(0.82, 0.92), rng.uniform(1.4, 1.75), z + 4.3
            body = paint * (0.25 + 0.7 * lamp) + 0.01 * sky
            roof = paint * 0.8 + 0.2 * sky + 0.03 * lamp
            for x, near in ((kerb - half, False), (kerb + half, True)):
                if (x + street.vanish * z / lens.reach) * (1 if near else -1) < 0:
                    u, v = street.project(lens, x, (0.9, 0.9, 0.05, 0.05), (z, far, far, z))
                    polygon(layer, u, v, body * 1.2 + 0.03 * sky)
            for low, high, tone in ((0.0, 0.3, 0.1), (0.22, 0.62, 0.6), (0.62, 0.82, 1.0), (0.82, 0.96, 1.7)):
                _upright(layer, lens, street, kerb - half, kerb + half, low, high, z, body * tone)
            u, v = street.project(
                lens,
                (kerb - half * 0.78, kerb + half * 0.78, kerb + half, kerb - half),
                (tall, tall, 0.92, 0.92),
                z + 0.5,
            )
            polygon(layer, u, v, 0.15 * sky + 0.02 * lamp)
            _upright(layer, lens, street, kerb - half * 0.78, kerb + half * 0.78, tall - 0.07, tall, z + 0.6, roof)
            for side in (-1, 1):
                place = kerb + side * (half - 0.13)
                _upright(
                    layer, lens, street, place - 0.12, place + 0.12, 0.72, 0.86, z, np.asarray(TAIL_LIGHT) * 0.25 + body
                )


def people(rng: np.random.Generator, layer: Layer, lens: Lens, street: Street) -> None:
    """Passers-by on the pavements, dark against the shops with a little light along one side."""
    for _ in range(rng.integers(2, 7)):
        side = rng.choice((street.left, street.right))
        z = rng.uniform(max(11.0, abs(side) * 2.5), 45)
        x, tall, coat = (
            side * rng.uniform(0.6, 0.92),
            rng.uniform(1.6, 1.85),
            np.asarray(COATS[rng.integers(len(COATS))]),
        )
        tone = coat * (0.6 + np.asarray(street.night.lamp)) + 0.05 * np.asarray(street.night.horizon)
        stride = rng.uniform(0.05, 0.22)
        for foot in (-stride, stride):
            u, v = street.project(lens, x + np.array((-0.1, 0.1, foot + 0.07, foot - 0.07)), (0.85, 0.85, 0, 0), z)
            polygon(layer, u, v, tone * 0.6)
        shape = (
            np.array((-0.2, 0.2, 0.26, 0.19, 0.08, -0.08, -0.19, -0.26)),
            np.array((0.6, 0.6, 1.0, 1.42, 1.5, 1.5, 1.42, 1.0)),
        )
        u, v = street.project(lens, x + shape[0], shape[1] * tall / 1.75, z)
        polygon(layer, u, v, tone)
        edge = np.sign(-side)
        u, v = street.project(
            lens, x + edge * np.array((0.17, 0.23, 0.27, 0.21)), np.array((1.4, 1.38, 1.0, 1.0)) * tall / 1.75, z
        )
        polygon(layer, u, v, tone * 2 + 0.12 * np.asarray(street.night.shops[0]))
        turn = np.linspace(0, 2 * np.pi, 12)
        u, v = street.project(lens, x + 0.1 * np.cos(turn), tall - 0.13 + 0.13 * np.sin(turn), z)
        polygon(layer, u, v, np.asarray((0.05, 0.035, 0.027)) * (0.5 + np.asarray(street.night.lamp)))
