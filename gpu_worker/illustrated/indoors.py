"""Backdrops in a room: a studio, a window in the evening and a workplace; another one for every seed."""

from random import Random

from gpu_worker.illustrated.look import mix
from gpu_worker.illustrated.svg import HEIGHT, WIDTH, Backdrop, disc, glow, gradient, path, rect

# How far each leaf of the pot plant reaches to the side, and how high.
LEAVES = ((-90, 590), (-50, 540), (-10, 510), (40, 540), (84, 585))


def draw_studio(rng: Random) -> Backdrop:
    """A photographer's paper backdrop with one large soft light."""
    tone = rng.choice(("#8fa3b8", "#a7a39d", "#93aaa2", "#a99fb4"))
    cx, cy = rng.uniform(430, 600), rng.uniform(430, 520)
    parts = [
        f"<defs>{gradient('wall', (mix(tone, '#ffffff', 0.30), tone, mix(tone, '#1c2230', 0.42)))}"
        f"{glow('spot', mix(tone, '#ffffff', 0.85), 0.9)}</defs>",
        rect(0, 0, WIDTH, HEIGHT, "url(#wall)"),
        disc(cx, cy, 760, "url(#spot)"),
        disc(cx, cy + 40, 392, mix(tone, "#ffffff", 0.42), 'opacity="0.55"'),
        disc(cx, cy + 40, 430, "none", f'stroke="{mix(tone, "#ffffff", 0.7)}" stroke-width="3" opacity="0.6"'),
    ]
    return Backdrop("".join(parts), blur=1.0)


def draw_window(rng: Random) -> Backdrop:
    """A dark room with the evening in one window and its light on the wall."""
    wall, dusk = rng.choice((("#36414f", "#f0b078"), ("#41384a", "#cfa4cc"), ("#31464a", "#ecc98c")))
    left = rng.random() < 0.5
    x0 = rng.uniform(30, 70) if left else rng.uniform(640, 690)
    lean = 42 if left else -42
    light_x = x0 + (430 if left else -360)
    panes, cast = [], []
    for row in range(3):
        for column in range(2):
            sky = mix(dusk, "#35406b", 0.69 - 0.22 * row)
            panes.append(rect(x0 + column * 150, 150 + row * 205, 138, 193, sky))
            x, y = light_x + column * 118 + row * lean, 300 + row * 190 + column * 14
            slant = f"M{x:.0f} {y:.0f}l104 14l{lean * 0.86:.0f} 168l-104-14Z"
            cast.append(path(slant, dusk, f'opacity="{0.42 - 0.08 * row:.2f}"'))
    depth = (mix(wall, "#ffffff", 0.08), wall, mix(wall, "#000000", 0.55))
    pot_x, leaf = x0 + rng.uniform(90, 190), mix(wall, "#3f6b55", 0.5)
    parts = [
        f"<defs>{gradient('room', depth)}{glow('lamp', dusk, 0.42)}</defs>",
        rect(0, 0, WIDTH, HEIGHT, "url(#room)"),
        disc(x0 + 140, 440, 620, "url(#lamp)"),
        *cast,
        rect(x0 - 16, 134, 320, 640, mix(wall, "#000000", 0.35)),
        *panes,
        disc(x0 + rng.uniform(80, 210), 250, 26, "#fff3da", 'opacity="0.9"'),
        rect(x0 - 34, 764, 356, 24, mix(wall, "#ffffff", 0.16)),
        *(_leaf(pot_x, reach, rise, leaf) for reach, rise in LEAVES),
        path(f"M{pot_x - 36:.0f} 694h72l-10 72h-52Z", mix(wall, "#c07850", 0.55)),
    ]
    return Backdrop("".join(parts), blur=3.0)


def draw_workroom(rng: Random) -> Backdrop:
    """A desk by a shelf, with daylight and one lamp."""
    wall = rng.choice(("#d9cdbb", "#c9d3cc", "#d8c4b6", "#cfd2d8"))
    wood = rng.choice(("#8a5d3c", "#a3744b", "#6f4a33"))
    accents = rng.sample(("#b4533f", "#2f5d62", "#d9a441", "#5c6f91", "#7a8f58", "#8d5a7b", "#e4d8c3"), 5)
    side = rng.choice((0, 1))
    daylight = (mix(wall, "#ffffff", 0.35), wall, mix(wall, "#5a4634", 0.32))
    shelf_x, lamp_x, mug_x = (600, 210, 130) if side else (-40, 800, 810)
    parts = [
        f"<defs>{gradient('wall', daylight, (1 - side, 0, side, 1))}{glow('lamp', '#ffe6ae', 0.95)}</defs>",
        rect(0, 0, WIDTH, HEIGHT, "url(#wall)"),
    ]
    for level in (300, 520, 740):
        parts += _shelf(rng, shelf_x, level, wall, wood, accents)
    left, right = (f"C{lamp_x - 84} 268 {lamp_x - 40} 246 {lamp_x} 244", f"C{lamp_x + 40} 246 {lamp_x + 84} 268")
    parts += [
        rect(lamp_x - 3, 0, 6, 250, "#3a3330"),
        disc(lamp_x, 330, 330, "url(#lamp)"),
        path(f"M{lamp_x - 92} 330{left}{right} {lamp_x + 92} 330Z", accents[1]),
        f'<ellipse cx="{lamp_x}" cy="330" rx="92" ry="16" fill="#fff3cf"/>',
    ]
    cup = mix(accents[2], "#ffffff", 0.1)
    front = [
        rect(-10, 1180, WIDTH + 20, 130, wood),
        rect(-10, 1180, WIDTH + 20, 12, mix(wood, "#ffffff", 0.28)),
        path(f"M{mug_x} 1080h92v80q0 24-24 24h-44q-24 0-24-24Z", cup),
        path(f"M{mug_x + 92} 1098q44 0 40 34q-4 30-42 30", "none", f'stroke="{cup}" stroke-width="14"'),
    ]
    return Backdrop("".join(parts), "".join(front), blur=4.0)


def _leaf(x: float, reach: float, rise: float, fill: str) -> str:
    there = f"M{x:.0f} 700C{x + 0.3 * reach:.0f} 640 {x + reach:.0f} 610 {x + 1.2 * reach:.0f} {rise}"
    return path(there + f"C{x + 0.6 * reach:.0f} 640 {x + 0.3 * reach:.0f} 680 {x:.0f} 700Z", fill)


def _shelf(rng: Random, left: int, level: int, wall: str, wood: str, accents: list[str]) -> list[str]:
    """A board with books and here and there a plant."""
    parts, x = [rect(left, level, 460, 20, wood)], left + 18.0
    while x < left + 430:
        if rng.random() < 0.16 and x < left + 330:
            leaf = mix("#4d7a55", wall, 0.12)
            parts += [disc(x + 44 + dx, level - 78 + dy, 30, leaf) for dx, dy in ((-24, 8), (22, 2), (0, -30), (2, 14))]
            parts.append(path(f"M{x + 14:.0f} {level - 62}h60l-9 62h-42Z", accents[0]))
            x += 100
            continue
        width, height = rng.uniform(18, 40), rng.uniform(95, 165)
        colour = mix(rng.choice(accents), wall, 0.12)
        parts.append(rect(x, level - height, width, height, colour, 'rx="3"'))
        parts.append(rect(x, level - height * 0.8, width, 8, mix(colour, "#ffffff", 0.45)))
        x += width + 3
    return parts
