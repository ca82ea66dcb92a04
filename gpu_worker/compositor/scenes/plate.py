"""Layers drawn sharp at their depth and defocused, and the plate they are laid on from back to front."""

from dataclasses import dataclass

import cv2
import numpy as np

from .optics import Lens, defocus

BLUR_PIXELS = 10.0  # a layer is drawn just large enough for its blur to have this radius
LAYER_SCALES = (260.0, 620.0)  # limits of a layer's resolution, pixels per frame length
PLATE_SCALE = 800.0  # resolution of the plate: all of it is out of focus, larger pictures are enlarged from it
MIN_MARGIN = 0.015
SHOULDER_START = 0.5  # where the sensor's highlight roll-off begins
HUE_KEPT = 0.4  # share of the roll-off that keeps the hue instead of bleaching it
GLARE_SIZES = ((0.012, 0.5), (0.05, 0.3), (0.16, 0.2))  # spread of veiling glare in frame lengths, share
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class View:
    """The part of the frame that a picture of width x height pixels shows."""

    width: int
    height: int

    @property
    def longer(self) -> int:
        return max(self.width, self.height)

    @property
    def half_width(self) -> float:
        return self.width / self.longer / 2

    @property
    def top(self) -> float:
        return (1 - self.height / self.longer) * 0.3

    @property
    def bottom(self) -> float:
        return self.top + self.height / self.longer


class Layer:
    """Float32 RGBA pixels (linear, premultiplied) covering the view and a margin, all at one depth.

    scale: pixels per frame length; blur: radius of the circle of confusion in frame lengths.
    """

    def __init__(self, view: View, blur: float):
        self.blur = blur
        self.scale = float(np.clip(BLUR_PIXELS / max(blur, 1e-4), *LAYER_SCALES))
        margin = max(blur * 1.1, MIN_MARGIN)
        self.left, self.top = -view.half_width - margin, view.top - margin
        width = round(2 * (view.half_width + margin) * self.scale)
        height = round((view.bottom - view.top + 2 * margin) * self.scale)
        self.pixels = np.zeros((height, width, 4), np.float32)

    @property
    def rgb(self) -> np.ndarray:
        return self.pixels[..., :3]

    @property
    def alpha(self) -> np.ndarray:
        return self.pixels[..., 3]

    @property
    def u(self) -> np.ndarray:
        """Frame coordinate of each column, shape (1, width)."""
        return (self.left + (np.arange(self.pixels.shape[1], dtype=np.float32) + 0.5) / self.scale)[None, :]

    @property
    def v(self) -> np.ndarray:
        """Frame coordinate of each row, shape (height, 1)."""
        return (self.top + (np.arange(self.pixels.shape[0], dtype=np.float32) + 0.5) / self.scale)[:, None]

    def xy(self, u, v):
        """Return pixel coordinates (whole numbers are pixel centres) of frame coordinates."""
        return (np.asarray(u) - self.left) * self.scale - 0.5, (np.asarray(v) - self.top) * self.scale - 0.5

    def sample(self, square: np.ndarray, flags: int = cv2.INTER_LINEAR) -> np.ndarray:
        """Return an array that covers u from -0.6 to 0.6 and v from -0.1 to 1.1, resampled to this layer."""
        step = square.shape[0] / 1.2 / self.scale
        x = (self.u[0, 0] + 0.6) * step * self.scale - 0.5
        y = (self.v[0, 0] + 0.1) * step * self.scale - 0.5
        return _affine(square, step, x, y, self.pixels.shape[1], self.pixels.shape[0], flags)

    def paint(self, mask: np.ndarray, rgb) -> None:
        """Lay a colour (or an image of it) over the layer where mask (height, width) is above 0."""
        keep = (1 - mask)[..., None]
        self.pixels *= keep
        self.rgb[...] += mask[..., None] * np.asarray(rgb, np.float32)
        self.alpha[...] += mask


class Plate:
    """What the sensor gathers: RGBA in linear light at the view, without any margin."""

    def __init__(self, view: View, lens: Lens):
        self.view, self.lens = view, lens
        width, height = round(2 * view.half_width * PLATE_SCALE), round((view.bottom - view.top) * PLATE_SCALE)
        self.pixels = np.zeros((height, width, 4), np.float32)
        self.u = (-view.half_width + (np.arange(width, dtype=np.float32) + 0.5) / PLATE_SCALE)[None, :]
        self.v = (view.top + (np.arange(height, dtype=np.float32) + 0.5) / PLATE_SCALE)[:, None]

    @property
    def rgb(self) -> np.ndarray:
        return self.pixels[..., :3]

    def over(self, layer: Layer, cat_eye: bool = True) -> None:
        """Defocus a layer and lay it over what is already there."""
        radius = layer.blur * layer.scale
        soft = np.zeros_like(layer.pixels)
        drawn = layer.pixels.any(2)
        rows, columns = np.flatnonzero(drawn.any(1)), np.flatnonzero(drawn.any(0))
        if rows.size == 0:
            return
        reach = int(np.ceil(radius)) + 2
        part = np.s_[max(rows[0] - reach, 0) : rows[-1] + reach, max(columns[0] - reach, 0) : columns[-1] + reach]
        if layer.alpha.min() >= 1:
            soft[..., :3] = defocus(np.ascontiguousarray(layer.rgb), radius, self.lens, cat_eye)
            soft[..., 3] = 1
        else:
            soft[part] = defocus(layer.pixels, radius, self.lens, cat_eye, part)
        self.over_pixels(soft, layer)

    def over_pixels(self, soft: np.ndarray, layer: Layer) -> None:
        """Lay pixels already defocused, on the grid of the given layer, over what is there."""
        if layer.scale < 0.75 * PLATE_SCALE:
            soft = cv2.GaussianBlur(soft, (3, 3), 0.7)
        ratio = layer.scale / PLATE_SCALE
        x, y = layer.xy(self.u[0, 0], self.v[0, 0])
        height, width = self.pixels.shape[:2]
        top = _affine(soft, ratio, float(x), float(y), width, height)
        self.pixels *= 1 - top[..., 3:]
        self.pixels += top

    def lights(self, u, v, blur, rgb, soft: float = 0.0) -> None:
        """Add points of light as discs. blur: disc radius in frame lengths; rgb: brightness of the disc (n, 3).

        soft: extra softness of the edge in radii (haze, motion). Red discs are a little larger than blue ones,
        as with every fast lens behind the focus.
        """
        height, width = self.pixels.shape[:2]
        u, v, rgb = np.atleast_1d(u), np.atleast_1d(v), np.atleast_2d(rgb).astype(np.float32)
        blur = np.broadcast_to(blur, u.shape)
        for x, y, size, colour in zip(u, v, blur, rgb, strict=True):
            radius = size * PLATE_SCALE
            cx, cy = (x + self.view.half_width) * PLATE_SCALE - 0.5, (y - self.view.top) * PLATE_SCALE - 0.5
            reach = radius * (1 + soft) + 2
            x0, x1 = max(int(cx - reach), 0), min(int(cx + reach) + 2, width)
            y0, y1 = max(int(cy - reach), 0), min(int(cy + reach) + 2, height)
            if x0 >= x1 or y0 >= y1:
                continue
            dx = ((np.arange(x0, x1, dtype=np.float32) - cx) / radius)[None, :]
            dy = ((np.arange(y0, y1, dtype=np.float32) - cy) / radius)[:, None]
            axis = (x * 1.8, (y - 0.5) * 1.6)
            disc = self.lens.aperture(dx, dy, axis, 1.6 / radius + 0.04 + soft)
            self.rgb[y0:y1, x0:x1] += disc[..., None] * colour

    def glare(self, strength: float, lift=(0.0, 0.0, 0.0)) -> None:
        """Spread a share of the light over the whole frame, as dust, glass and haze do, and lift the blacks."""
        small = cv2.resize(self.rgb, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        veil = np.zeros_like(small)
        for size, share in GLARE_SIZES:
            sigma = size * PLATE_SCALE / 4
            veil += share * cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        veil = cv2.resize(veil, self.pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        self.rgb[...] += strength * (veil - self.rgb) + np.asarray(lift, np.float32)

    def develop(self, exposure: float = 1.0) -> np.ndarray:
        """Return the plate at the view's size, highlights rolled off below 1; shape (height, width, 3)."""
        return self._enlarge(roll_off(self.rgb * exposure))

    def develop_foreground(self, exposure: float = 1.0) -> np.ndarray:
        """Return premultiplied RGBA at the view's size, for what stands before the subject."""
        rgb = roll_off(self.rgb * exposure)
        return self._enlarge(np.dstack([rgb, np.clip(self.pixels[..., 3], 0, 1)]))

    def _enlarge(self, pixels: np.ndarray) -> np.ndarray:
        size = (self.view.width, self.view.height)
        smaller = self.view.longer < PLATE_SCALE
        method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
        return np.clip(cv2.resize(pixels, size, interpolation=method), 0, 1)


def roll_off(rgb: np.ndarray) -> np.ndarray:
    """Compress linear light to below 1 the way a sensor profile does: brighter colours bleach towards white."""
    luma = np.maximum(rgb @ LUMA, 1e-5)[..., None]
    by_luma = rgb * (_shoulder(luma) / luma)
    by_channel = _shoulder(rgb)
    return np.maximum(by_channel + HUE_KEPT * (np.minimum(by_luma, 1) - by_channel), 0)


def _shoulder(x: np.ndarray) -> np.ndarray:
    span = 1 - SHOULDER_START
    return np.where(x < SHOULDER_START, x, 1 - span * np.exp(-np.maximum(x - SHOULDER_START, 0) / span))


def _affine(pixels, step, x, y, width, height, flags=cv2.INTER_LINEAR) -> np.ndarray:
    matrix = np.array([[step, 0, x], [0, step, y]], np.float64)
    flags |= cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(pixels, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
