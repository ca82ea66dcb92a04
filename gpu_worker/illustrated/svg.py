"""Shapes of SVG as strings, and the backdrop they make up."""

from dataclasses import dataclass

WIDTH, HEIGHT = 1024, 1280
DOWNWARDS = (0, 0, 0, 1)


@dataclass(frozen=True)
class Backdrop:
    """SVG of 1024 x 1280 behind the person, and what stands in front; `blur`, in its pixels, gives depth."""

    behind: str
    front: str = ""
    blur: float = 0.0


def gradient(name: str, stops: tuple[str, ...], vector: tuple[int, int, int, int] = DOWNWARDS) -> str:
    """A linear gradient with evenly spread stops; `vector` is x1, y1, x2, y2 in shares of the shape."""
    x1, y1, x2, y2 = vector
    step = 1 / (len(stops) - 1)
    inner = "".join(f'<stop offset="{i * step:.3f}" stop-color="{stop}"/>' for i, stop in enumerate(stops))
    return f'<linearGradient id="{name}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{inner}</linearGradient>'


def glow(name: str, colour: str, strength: float) -> str:
    """A radial gradient from the colour to nothing."""
    return (
        f'<radialGradient id="{name}"><stop offset="0" stop-color="{colour}" stop-opacity="{strength}"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
    )


def rect(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> str:
    """A rectangle; `extra` are more attributes."""
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{fill}" {extra}/>'


def disc(x: float, y: float, radius: float, fill: str, extra: str = "") -> str:
    """A circle."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{fill}" {extra}/>'


def path(outline: str, fill: str, extra: str = "") -> str:
    """A path."""
    return f'<path d="{outline}" fill="{fill}" {extra}/>'
