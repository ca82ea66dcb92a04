"""Fronts of city buildings at night as flat pictures in metres: walls, lit windows, shops, signs."""

from dataclasses import dataclass

import cv2
import numpy as np

PIXELS_PER_METRE = 10
SHOP_M = 4.2  # height of the ground floor
FLOOR_M = 3.3


@dataclass(frozen=True)
class NightColours:
    """Linear colours of one night. sky: at the horizon and above; windows, shops, signs, lamps: lists to draw from."""

    zenith: tuple[float, float, float]
    horizon: tuple[float, float, float]
    windows: tuple[tuple[float, float, float], ...]
    shops: tuple[tuple[float, float, float], ...]
    signs: tuple[tuple[float, float, float], ...]
    lamp: tuple[float, float, float]


def front(rng: np.random.Generator, length_m: float, height_m: float, night: NightColours, lit: float) -> np.ndarray:
    """Return the radiance of a row of house fronts, shape (height, length, 3), top row first.

    lit: share of windows with light behind them.
    """
    height, length = int(height_m * PIXELS_PER_METRE), int(length_m * PIXELS_PER_METRE)
    picture = np.zeros((height, length, 3), np.float32)
    x = 0.0
    while x < length_m:
        width = rng.uniform(7, 16)
        _house(rng, picture, x, min(x + width, length_m), height_m, night, lit)
        x += width
    return picture


def _part(picture: np.ndarray, x0: float, x1: float, low: float, high: float) -> np.ndarray:
    """Return the pixels between two places along the street and two heights above it, in metres."""
    bottom = picture.shape[0]
    top, base = bottom - int(high * PIXELS_PER_METRE), bottom - int(low * PIXELS_PER_METRE)
    return picture[max(top, 0) : max(base, 0), max(int(x0 * PIXELS_PER_METRE), 0) : int(x1 * PIXELS_PER_METRE)]


def _house(rng, picture, x0, x1, height_m, night, lit) -> None:
    tone = np.exp(rng.normal(0, 0.35)) * 0.045
    brick = np.asarray(((1.0, 0.78, 0.62), (0.85, 0.88, 0.9), (0.95, 0.92, 0.85), (0.7, 0.75, 0.8))[rng.integers(4)])
    wall = _part(picture, x0, x1, 0, height_m)
    rise = np.linspace(height_m, 0, wall.shape[0], dtype=np.float32)[:, None, None]
    street = np.exp(-rise / 4.0) * np.asarray(night.lamp) * rng.uniform(1.0, 3.0)
    dusk = np.asarray(night.zenith) * 2.2 + np.asarray(night.horizon) * 0.8
    wall[...] = tone * brick * (dusk + street) * np.exp(rng.normal(0, 0.05, (*wall.shape[:2], 1)))
    bay = rng.uniform(1.7, 3.0)
    wide, tall = bay * rng.uniform(0.4, 0.72), FLOOR_M * rng.uniform(0.45, 0.68)
    busy = np.clip(lit * np.exp(rng.normal(0, 0.5)), 0.03, 0.9)
    floor = SHOP_M + 0.5
    while floor + tall < height_m - 0.5:
        for left in np.arange(x0 + (bay - wide) / 2, x1 - wide, bay):
            _window(rng, _part(picture, left, left + wide, floor, floor + tall), night, rng.random() < busy)
        floor += FLOOR_M
    _shops(rng, picture, x0 + 0.4, x1 - 0.4, night)


def _window(rng, glass: np.ndarray, night: NightColours, lit: bool) -> None:
    if glass.size == 0:
        return
    if not lit:
        glass[...] = np.asarray(night.horizon) * rng.uniform(0.1, 0.45)
        return
    colour = np.asarray(night.windows[rng.integers(len(night.windows))])
    level = 0.55 * np.exp(rng.normal(0, 0.75))
    ceiling = np.linspace(1.25, 0.55, glass.shape[0], dtype=np.float32)[:, None, None]
    glass[...] = colour * level * ceiling
    curtain = rng.integers(0, max(glass.shape[1] // 2, 1))
    if rng.random() < 0.5:
        glass[:, :curtain] *= rng.uniform(0.2, 0.6)
        glass[:, glass.shape[1] - curtain :] *= rng.uniform(0.2, 0.6)
    if rng.random() < 0.3:
        glass[: int(glass.shape[0] * rng.uniform(0.2, 0.7))] *= 0.4
    glass[:, glass.shape[1] // 2] *= 0.3


def _shops(rng, picture, x0, x1, night) -> None:
    x = x0
    while x < x1 - 1.5:
        width = min(rng.uniform(2.4, 5.5), x1 - x)
        colour = np.asarray(night.shops[rng.integers(len(night.shops))])
        level = rng.choice((0.1, 1.0), p=(0.25, 0.75)) * 0.9 * np.exp(rng.normal(0, 0.5))
        pane = _part(picture, x + 0.15, x + width - 0.15, 0.5, rng.uniform(2.5, 3.1))
        if pane.size:
            small = rng.uniform(0.25, 1.25, (3, max(pane.shape[1] // 6, 2), 1)) * rng.uniform(
                0.75, 1.0, (3, max(pane.shape[1] // 6, 2), 3)
            )
            goods = cv2.resize(small.astype(np.float32), pane.shape[1::-1], interpolation=cv2.INTER_LINEAR)
            light = np.linspace(1.5, 0.6, pane.shape[0], dtype=np.float32)[:, None, None]
            pane[...] = colour * level * goods * light
            pane[:, :: max(int(1.3 * PIXELS_PER_METRE), 1)] *= 0.2
        kind = rng.random()
        sign = np.asarray(night.signs[rng.integers(len(night.signs))])
        band = _part(picture, x + 0.3, x + width - 0.3, 3.2, 3.75)
        if kind < 0.4:
            _letters(rng, band, sign * rng.uniform(0.8, 2.6))
        elif kind < 0.6:
            band[...] = sign * rng.uniform(0.3, 1.0)
        elif kind < 0.8:
            awning = _part(picture, x, x + width, 2.6, 3.6)
            awning[...] = np.asarray(night.shops[rng.integers(len(night.shops))]) * (0.10, 0.05, 0.06)
        x += width


def _letters(rng, band: np.ndarray, colour) -> None:
    """Fill a sign with strokes of light: the rhythm of writing without any writing."""
    column = 2
    while column < band.shape[1] - 3:
        stroke = int(rng.integers(2, 4))
        top = int(rng.integers(0, max(band.shape[0] // 2, 1)))
        band[top : band.shape[0] - int(rng.integers(0, 2)), column : column + stroke] = colour * rng.uniform(0.6, 1.2)
        column += stroke + int(rng.integers(1, 4))
