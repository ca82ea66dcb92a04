"""Drawing on a layer in frame coordinates: polygons, soft boxes, textures on planes, thousands of small stamps."""

import cv2
import numpy as np

from .plate import Layer

SUBPIXEL_BITS = 4


def polygon(layer: Layer, u, v, rgb) -> None:
    """Fill the polygon with the corners (u, v); opaque."""
    x, y = layer.xy(u, v)
    points = np.round(np.stack([x, y], -1) * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.fillPoly(layer.pixels, [points], (*map(float, rgb), 1.0), shift=SUBPIXEL_BITS)


def box_mask(layer: Layer, u0: float, v0: float, u1: float, v1: float, soft: float = 0.0) -> np.ndarray:
    """Return the coverage of a rectangle, 0 to 1, whose edges are soft frame lengths wide."""
    soft = max(soft, 1 / layer.scale)
    across = _ramp(layer.u - u0, soft) * _ramp(u1 - layer.u, soft)
    down = _ramp(layer.v - v0, soft) * _ramp(v1 - layer.v, soft)
    return across * down


def ellipse_mask(layer: Layer, u: float, v: float, ru: float, rv: float, soft: float = 0.0) -> np.ndarray:
    """Return the coverage of an ellipse, 0 to 1; soft is the width of its edge in frame lengths."""
    soft = max(soft, 1 / layer.scale)
    away = np.hypot((layer.u - u) / ru, (layer.v - v) / rv)
    return np.clip((1 - away) * min(ru, rv) / soft + 0.5, 0, 1)


def polygon_mask(layer: Layer, u, v) -> np.ndarray:
    """Return the coverage of a polygon as a float32 mask."""
    mask = np.zeros(layer.pixels.shape[:2], np.uint8)
    x, y = layer.xy(u, v)
    points = np.round(np.stack([x, y], -1) * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.fillPoly(mask, [points], 255, lineType=cv2.LINE_AA, shift=SUBPIXEL_BITS)
    return mask.astype(np.float32) / 255


def soften(mask: np.ndarray, layer: Layer, size: float) -> np.ndarray:
    """Return the mask blurred by size frame lengths (a penumbra)."""
    return cv2.GaussianBlur(mask, (0, 0), max(size * layer.scale, 0.3), borderType=cv2.BORDER_REPLICATE)


def cover(layer: Layer, texture: np.ndarray, u, v) -> None:
    """Lay a texture (height, width, 3 or 4, premultiplied) on the plane with the corners (u, v).

    Corners: top left, top right, bottom right, bottom left, as projected; the texture is drawn in perspective.
    """
    if texture.shape[2] == 3:
        texture = np.dstack([texture, np.ones(texture.shape[:2], np.float32)])
    height, width = texture.shape[:2]
    x, y = layer.xy(u, v)
    target = np.stack([x, y], -1).astype(np.float32)
    shrink = max(1.0, height / max(np.ptp(y), 1.0), 1.0)
    if shrink > 1.5:
        size = (max(2, round(width / shrink)), max(2, round(height / shrink)))
        texture = cv2.resize(texture, size, interpolation=cv2.INTER_AREA)
        height, width = texture.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    matrix = cv2.getPerspectiveTransform(source, target)
    size = layer.pixels.shape[1::-1]
    top = cv2.warpPerspective(np.ascontiguousarray(texture, np.float32), matrix, size)
    layer.pixels *= 1 - top[..., 3:]
    layer.pixels += top


def stamps(layer: Layer, u, v, rgb, length: float, angle=None, width: int = 1) -> None:
    """Draw many small strokes (leaves, grass, petals) in order, later ones on top.

    u, v: (n,) centres; rgb: (n, 3); length in frame lengths, (n,) or a number; angle: (n,) radians, default upright.
    width: thickness in pixels of the layer.
    """
    x, y = layer.xy(u, v)
    angle = np.full(np.shape(x), np.pi / 2) if angle is None else angle
    steps = int(np.clip(np.ceil(np.max(length) * layer.scale), 1, 40))
    height, total = layer.pixels.shape[:2]
    colour = np.concatenate([rgb, np.ones((len(rgb), 1))], 1).astype(np.float32)
    reach = np.broadcast_to(np.asarray(length) * layer.scale, x.shape)
    along, across = (np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))
    for side in range(width):
        shift = side - (width - 1) / 2
        for step in range(steps):
            place = ((step + 0.5) / steps - 0.5) * reach * (1 - 0.5 * abs(shift) * 2 / max(width, 1))
            column = np.round(x + along[0] * place + across[0] * shift).astype(np.int32)
            row = np.round(y + along[1] * place + across[1] * shift).astype(np.int32)
            seen = (column >= 0) & (column < total) & (row >= 0) & (row < height)
            layer.pixels[row[seen], column[seen]] = colour[seen]


def _ramp(distance: np.ndarray, soft: float) -> np.ndarray:
    t = np.clip(distance / soft + 0.5, 0, 1)
    return t * t * (3 - 2 * t)
