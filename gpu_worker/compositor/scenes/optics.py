"""A fast portrait lens: where a point of the world falls in the frame, how large its blur is, and the aperture's shape.

Frame coordinates (u, v) do not depend on the size of the picture: the longer side is 1 long, u is 0 in the
middle, v runs from 0 at the top to 1 at the bottom. Distances are metres; z is the distance from the camera.
"""

from dataclasses import dataclass

import cv2
import numpy as np

SENSOR_MM = 36.0  # longer side of a full-frame sensor
RIM_BRIGHTNESS = 0.35  # over-corrected spherical aberration draws a brighter edge round each disc
POLYGON = 0.55  # 0 = round aperture, 1 = straight blades
CAT_EYE = 0.30  # how far the two barrel rims shift against each other in the corners, in disc radii
SUPERSAMPLE = 4


@dataclass(frozen=True)
class Lens:
    """A lens focused on the subject. horizon: v of eye level; eye_m: height of the camera above the ground."""

    focal_mm: float = 85.0
    f_number: float = 1.8
    subject_m: float = 2.2
    eye_m: float = 1.55
    horizon: float = 0.42
    blades: int = 9
    rotation: float = 0.2

    @property
    def reach(self) -> float:
        """Frame lengths per unit of slope."""
        return self.focal_mm / SENSOR_MM

    def project(self, x, y, z):
        """Return (u, v) of world points in metres; x right, y up from the ground, z away from the camera."""
        x, y, z = np.broadcast_arrays(x, y, np.maximum(z, 0.05))
        return self.reach * x / z, self.horizon - self.reach * (y - self.eye_m) / z

    def blur(self, z) -> float:
        """Return the radius of the circle of confusion at distance z, in frame lengths."""
        focus = self.subject_m * 1000.0
        disc = self.focal_mm**2 / (self.f_number * (focus - self.focal_mm))
        return 0.5 * disc * abs(z - self.subject_m) / z / SENSOR_MM

    def aperture(self, x, y, axis=(0.0, 0.0), edge: float = 0.08):
        """Return the transmission of the aperture at (x, y), given in disc radii.

        axis: position in the frame, about -1 to 1; off the axis the barrel cuts the disc to a cat's eye.
        edge: width of the soft edge in radii.
        """
        sector = 2 * np.pi / self.blades
        radius = np.hypot(x, y)
        bend = np.cos(sector / 2) / np.cos((np.arctan2(y, x) + self.rotation) % sector - sector / 2)
        disc = np.clip((1 - POLYGON + POLYGON * bend - radius) / edge + 0.5, 0, 1)
        sx, sy = CAT_EYE * axis[0], CAT_EYE * axis[1]
        if abs(sx) + abs(sy) > 1e-3:
            for sign in (-1, 1):
                disc = disc * np.clip((1.06 - np.hypot(x + sign * sx, y + sign * sy)) / edge + 0.5, 0, 1)
        return disc * (1 - RIM_BRIGHTNESS * (1 - np.clip(radius, 0, 1) ** 4))

    def kernel(self, radius: float, axis=(0.0, 0.0)) -> np.ndarray:
        """Return the normalised float32 blur kernel for a circle of confusion of the given radius in pixels."""
        half = int(np.ceil(radius)) + 1
        side = 2 * half + 1
        steps = (np.arange(side * SUPERSAMPLE, dtype=np.float32) + 0.5) / SUPERSAMPLE - side / 2
        fine = self.aperture(steps[None, :] / radius, steps[:, None] / radius, axis)
        kernel = fine.reshape(side, SUPERSAMPLE, side, SUPERSAMPLE).mean((1, 3))
        return (kernel / kernel.sum()).astype(np.float32)


def defocus(pixels: np.ndarray, radius: float, lens: Lens, cat_eye: bool = True, part=None) -> np.ndarray:
    """Convolve linear-light pixels (height, width, channels) with the aperture.

    radius: circle of confusion in pixels of this array. cat_eye: change the kernel over a 3x3 grid of places.
    part: pair of slices, the only part wanted. Returns a new float32 array of the shape of that part.
    """
    rows, columns = part or (slice(0, pixels.shape[0]), slice(0, pixels.shape[1]))
    rows, columns = slice(*rows.indices(pixels.shape[0])), slice(*columns.indices(pixels.shape[1]))
    if radius < 2.5 or not cat_eye:
        kernel = lens.kernel(radius) if radius >= 0.6 else np.ones((1, 1), np.float32)
        return cv2.filter2D(pixels[rows, columns], -1, kernel, borderType=cv2.BORDER_REPLICATE)
    margin = int(np.ceil(radius)) + 2
    out = np.zeros_like(pixels)
    for row in (-1, 0, 1):
        top, bottom, down = _tent(row, pixels.shape[0], rows)
        for column in (-1, 0, 1):
            left, right, across = _tent(column, pixels.shape[1], columns)
            if top >= bottom or left >= right:
                continue
            y0, x0 = max(top - margin, 0), max(left - margin, 0)
            tile = pixels[y0 : bottom + margin, x0 : right + margin]
            kernel = lens.kernel(radius, (column * 0.8, row * 0.8))
            tile = cv2.filter2D(tile, -1, kernel, borderType=cv2.BORDER_REPLICATE)
            tile = tile[top - y0 : bottom - y0, left - x0 : right - x0]
            out[top:bottom, left:right] += tile * (down[:, None] * across[None, :])[..., None]
    return out[rows, columns]


def _tent(place: int, length: int, wanted: slice) -> tuple[int, int, np.ndarray]:
    """Return first and last index and the linear weights of the start (-1), middle (0) or end (1) of an axis."""
    position = (np.arange(length, dtype=np.float32) + 0.5) / length * 2 - 1
    weight = np.clip(1 - np.abs(position - place), 0, 1)
    inside = np.flatnonzero(weight > 0)
    first, last = max(int(inside[0]), wanted.start), min(int(inside[-1]) + 1, wanted.stop)
    return first, last, weight[first:last]
