"""A room in metres: its lights, and flat faces, boxes and turned objects lit by them."""

from dataclasses import dataclass

import numpy as np

from .optics import Lens
from .plate import Layer
from .shapes import polygon

STRIP_M = 0.22  # long faces are drawn in strips this wide so that light falls off along them
WRAP = 0.22  # large sources wrap round corners
FRONT = (0.0, 0.0, -1.0)


@dataclass(frozen=True)
class Room:
    """Lens and lights of a room.

    places: (n, 3) metres; colours: (n, 3) radiant power; sizes: (n,) metres below which a light no longer grows.
    """

    lens: Lens
    places: np.ndarray
    colours: np.ndarray
    sizes: np.ndarray
    ambient: np.ndarray
    sun_side: float

    def light(self, points, normals=FRONT) -> np.ndarray:
        """Return the irradiance (n, 3) at points (n, 3) on surfaces facing along normals."""
        points, normals = np.atleast_2d(points), np.atleast_2d(normals)
        away = self.places[None] - points[:, None]
        square = (away**2).sum(2) + self.sizes**2
        facing = (away * normals[:, None]).sum(2) / np.sqrt(square)
        facing = np.maximum(facing * (1 - WRAP) + WRAP, 0.03) / square
        return self.ambient * (1 + 0.25 * normals[:, 1:2]) + facing @ self.colours

    def light_on(self, x, y, z, normal=FRONT) -> np.ndarray:
        """Return the irradiance as an image for coordinate images that broadcast, computed coarsely."""
        x, y, z = np.broadcast_arrays(x, y, z)
        points = np.stack([x, y, z], -1).reshape(-1, 3)
        return self.light(points, normal).reshape(*x.shape, 3).astype(np.float32)

    def face(self, layer: Layer, x, y, z, albedo, normal=FRONT, glow=0.0) -> None:
        """Draw a flat polygon with corners in metres, lit at its middle; glow is added radiance."""
        x, y, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float), np.asarray(z, float))
        light = self.light((x.mean(), y.mean(), z.mean()), normal)[0]
        polygon(layer, *self.lens.project(x, y, z), np.asarray(albedo) * light + glow)

    def panel(self, layer: Layer, x0, x1, y0, y1, z, albedo) -> None:
        """Draw an upright rectangle that faces the camera."""
        self._strips(layer, x0, x1, (y1, y0), (z, z), albedo, FRONT)

    def box(self, layer: Layer, x0, x1, y0, y1, z0, z1, albedo) -> None:
        """Draw the visible faces of a box; z0 is its near side."""
        eye = self.lens.eye_m
        if y1 < eye:
            self._strips(layer, x0, x1, (y1, y1), (z1, z0), albedo, (0, 1, 0))
        elif y0 > eye:
            self._strips(layer, x0, x1, (y0, y0), (z0, z1), np.asarray(albedo) * 0.6, (0, -1, 0))
        if x0 > 0:
            self.face(layer, x0, (y1, y1, y0, y0), (z0, z1, z1, z0), albedo, (-1, 0, 0))
        elif x1 < 0:
            self.face(layer, x1, (y1, y1, y0, y0), (z0, z1, z1, z0), albedo, (1, 0, 0))
        self.panel(layer, x0, x1, y0, y1, z0, albedo)

    def _strips(self, layer: Layer, x0, x1, y, z, albedo, normal) -> None:
        count = max(1, int(np.ceil((x1 - x0) / STRIP_M)))
        edges = np.linspace(x0, x1, count + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        points = np.stack([middles, np.full(count, np.mean(y)), np.full(count, np.mean(z))], -1)
        colours = np.asarray(albedo) * self.light(points, normal)
        for left, right, colour in zip(edges[:-1], edges[1:], colours, strict=True):
            u, v = self.lens.project((left, right, right, left), (y[0], y[0], y[1], y[1]), (z[0], z[0], z[1], z[1]))
            polygon(layer, u, v, colour)

    def turned(self, layer: Layer, x, y, z, heights, radii, albedo, glow=0.0, gloss: float = 0.12) -> None:
        """Draw a vase, pot, lampshade or bottle: radii in metres at heights above y, shaded as a round body."""
        heights, radii = np.asarray(heights, float) + y, np.asarray(radii, float)
        edges = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 10))
        across = (edges[1:] + edges[:-1]) / 2
        normals = np.stack([across, np.full(9, 0.1), -np.sqrt(1 - across**2)], -1)
        light = self.light(np.tile((x, heights.mean(), z), (9, 1)), normals)
        shine = gloss * np.clip(1 - np.abs(across - 0.62 * self.sun_side) / 0.28, 0, 1)[:, None] ** 2 * light * 4
        z = np.full(2 * len(radii), z)
        level = np.r_[heights, heights[::-1]]
        for left, right, colour in zip(edges[:-1], edges[1:], np.asarray(albedo) * light + shine + glow, strict=True):
            polygon(layer, *self.lens.project(x + np.r_[radii * left, (radii * right)[::-1]], level, z), colour)

    def stick(self, layer: Layer, start, end, thickness: float, albedo) -> None:
        """Draw a thin bar between two points in metres."""
        u, v = self.lens.project(*np.asarray([start, end], float).T)
        along = np.array((u[1] - u[0], v[1] - v[0]))
        half = thickness / 2 * self.lens.reach / start[2]
        side = np.array((-along[1], along[0])) / max(np.hypot(*along), 1e-6) * half
        colour = np.asarray(albedo) * self.light((np.asarray(start) + np.asarray(end)) / 2)[0]
        corners = (u[0] + side[0], u[1] + side[0], u[1] - side[0], u[0] - side[0])
        polygon(layer, corners, (v[0] + side[1], v[1] + side[1], v[1] - side[1], v[0] - side[1]), colour)

    def glint(self, layer: Layer, x, y, z, level: float) -> None:
        """Add the mirror image of the window in something shiny; level: brightness of its disc when defocused."""
        u, v = self.lens.project(x, y, z)
        column, row = (int(np.round(place)) for place in layer.xy(u, v))
        if 0 <= row < layer.pixels.shape[0] and 0 <= column < layer.pixels.shape[1]:
            disc = np.pi * max(layer.blur * layer.scale, 0.6) ** 2
            layer.rgb[row, column] += level * disc * self.colours[0] / self.colours[0].max()

    def shadow(self, layer: Layer, x0, x1, y0, y1, z, soft_m: float, strength: float) -> None:
        """Darken what lies behind a thing: a soft rectangle on the plane at z."""
        (u0, u1), (v1, v0) = self.lens.project((x0, x1), (y0, y1), z)
        soft = soft_m * self.lens.reach / z
        across = _edge((layer.u - u0) / soft) * _edge((u1 - layer.u) / soft)
        down = _edge((layer.v - v0) / soft) * _edge((v1 - layer.v) / soft)
        layer.rgb[...] *= 1 - strength * (across * down)[..., None]

    def floor_shadow(self, layer: Layer, x: float, z: float, wide: float, deep: float, strength: float) -> None:
        """Darken the floor under a thing: a soft ellipse with half axes wide and deep metres."""
        u, v = self.lens.project(x, 0.0, z)
        ru, rv = wide * self.lens.reach / z, deep * (v - self.lens.horizon) / z
        away = ((layer.u - u) / ru) ** 2 + ((layer.v - v) / rv) ** 2
        layer.paint(strength * np.exp(-1.2 * away), (0.0, 0.0, 0.0))


def _edge(distance: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-4 * np.clip(distance, -8, 8)))
