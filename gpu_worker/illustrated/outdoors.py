"""Backdrops under the sky: a park in late light and a street at night; another one for every seed."""

import math
from collections.abc import Iterator, Sequence
from random import Random

from gpu_worker.illustrated.look import mix
from gpu_worker.illustrated.svg import HEIGHT, WIDTH, Backdrop, disc, glow, gradient, path, rect

Pair = tuple[float, float]
SKIES = (("#f7c48b", "#fbe3b8", "#fdf3dc"), ("#f2b6a0", "#f9d9bd", "#fdf0dc"), ("#9cc9d9", "#dcebe0", "#fdf1d4"))
# Low and high sky at night.
NIGHTS = (("#e0457b", "#1b1440"), ("#f0843c", "#1a1846"), ("#23a6b8", "#141a3e"))
NEONS = (("#ff4f9a", "#35e0ff", "#ffd166"), ("#ff7a45", "#5ee7ff", "#c77dff"), ("#43f5c6", "#ff5fa2", "#ffe066"))


def _ridge(rng: Random, level: float, swing: float, fill: str) -> str:
    phase, points = rng.uniform(0, 6), []
    for x in range(-40, WIDTH + 81, 40):
        y = level + swing * math.sin(x / 210 + phase) + 0.5 * swing * math.sin(x / 97 + 2 * phase)
        points.append(f"{x} {y:.0f}")
    return path(f"M{'L'.join(points)}L{WIDTH + 80} {HEIGHT}L-40 {HEIGHT}Z", fill)


def draw_park(rng: Random) -> Backdrop:
    """Late light over hills and trees."""
    sky, green = rng.choice(SKIES), rng.choice(("#7f9a57", "#8c9d4e", "#6d9468"))
    sun_x, sun_y = rng.choice((rng.uniform(130, 270), rng.uniform(760, 900))), rng.uniform(210, 330)
    parts = [
        f"<defs>{gradient('sky', sky)}{glow('sun', '#fff4cf', 0.95)}</defs>",
        rect(0, 0, WIDTH, HEIGHT, "url(#sky)"),
        disc(sun_x, sun_y, 430, "url(#sun)"),
        disc(sun_x, sun_y, 92, "#fffbe8"),
        _ridge(rng, 620, 46, mix(green, sky[1], 0.66)),
        _ridge(rng, 730, 40, mix(green, sky[1], 0.42)),
    ]
    for _ in range(9):
        parts += _tree(rng, green, mix("#6b4a32", sky[1], 0.25))
    parts.append(_ridge(rng, 860, 26, mix(green, "#f3d27a", 0.25)))
    parts.append(_ridge(rng, 1010, 30, mix(green, "#27402c", 0.25)))
    parts += _specks(rng, 14, (500, 1000), (10, 34), ("#fff2c4",), 0.28)
    return Backdrop("".join(parts), blur=4.5)


def draw_city(rng: Random) -> Backdrop:
    """A street at night: lit windows, signs, streaks of traffic."""
    (low, high), neon = rng.choice(NIGHTS), rng.choice(NEONS)
    parts = [
        f"<defs>{gradient('night', (high, mix(high, low, 0.45), low))}{glow('haze', low, 0.8)}</defs>",
        rect(0, 0, WIDTH, HEIGHT, "url(#night)"),
        disc(512, 820, 700, "url(#haze)"),
    ]
    for depth in (0.55, 0.25, 0.0):
        x = -rng.uniform(0, 90)
        wall = mix(mix(high, "#05040f", 0.35), low, depth * 0.8)
        while x < WIDTH:
            width, top = rng.uniform(90, 190), rng.uniform(120, 520) + (0.6 - depth) * 260
            parts += _building(rng, x, top, width, wall, (*neon, "#ffe2a8", "#ffe2a8"))
            x += width
    for _ in range(3):
        x, y, height = rng.uniform(30, 900), rng.uniform(330, 700), rng.uniform(150, 260)
        parts.append(rect(x, y, 46, height, rng.choice(neon), 'rx="10" opacity="0.85"'))
    for _ in range(16):
        x, y, length = rng.uniform(-250, 900), rng.uniform(880, 1270), rng.uniform(200, 620)
        stroke = f'stroke="{rng.choice(neon)}" stroke-width="{rng.uniform(4, 13):.0f}" opacity="0.7"'
        parts.append(path(f"M{x:.0f} {y:.0f}l{length:.0f} {-length * 0.16:.0f}", "none", stroke))
    parts += _specks(rng, 18, (60, 900), (14, 46), neon, 0.22)
    return Backdrop("".join(parts), blur=5.5)


def _tree(rng: Random, green: str, trunk: str) -> list[str]:
    x, base, size = rng.uniform(-20, 1044), rng.uniform(790, 860), rng.uniform(60, 120)
    leaf = mix(green, rng.choice(("#f0c050", "#2f5a3a", "#ffffff")), rng.uniform(0.05, 0.3))
    crown = ((-0.55, 0, 0.72), (0.5, -0.05, 0.76), (0, -0.55, 0.95), (0.05, 0.15, 0.8))
    discs = [disc(x + dx * size, base + (dy - 1.4) * size, share * size, leaf) for dx, dy, share in crown]
    return [rect(x - 8, base - size, 16, size + 40, trunk), *discs]


def _building(rng: Random, left: float, top: float, width: float, wall: str, lights: Sequence[str]) -> list[str]:
    parts = [rect(left, top, width + 2, HEIGHT - top, wall)]
    for y in range(int(top) + 26, HEIGHT, 44):
        for x in range(int(left) + 18, int(left + width) - 24, 34):
            if rng.random() < 0.34:
                parts.append(rect(x, y, 17, 25, rng.choice(lights), 'opacity="0.8"'))
    return parts


def _specks(
    rng: Random, count: int, heights: Pair, radii: Pair, colours: Sequence[str], opacity: float
) -> Iterator[str]:
    """Unsharp points of light, spread over the width."""
    for _ in range(count):
        x, y, radius = rng.uniform(0, WIDTH), rng.uniform(*heights), rng.uniform(*radii)
        yield disc(x, y, radius, rng.choice(colours), f'opacity="{opacity}"')
