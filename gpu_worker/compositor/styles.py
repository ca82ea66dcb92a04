"""Styles as data: how a finished picture is graded, whatever its look; plain data, cheap to import."""

from dataclasses import dataclass

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Style:
    """One way to grade a picture. The defaults change nothing.

    contrast, saturation, grain, bloom: factors on what the scene asks for; vignette: added to it.
    exposure: stops on the whole picture; black: tone (0-1, display) to which black is lifted.
    shadows, highlights: gains per channel that tint dark and light tones.
    """

    key: str
    title: str
    contrast: float = 1.0
    saturation: float = 1.0
    grain: float = 1.0
    bloom: float = 1.0
    vignette: float = 0.0
    exposure: float = 0.0
    black: float = 0.0
    shadows: RGB = (1.0, 1.0, 1.0)
    highlights: RGB = (1.0, 1.0, 1.0)


STYLES: dict[str, Style] = {
    style.key: style
    for style in (
        Style("natural", "Natural"),
        Style(
            "minimal",
            "Minimal",
            contrast=0.95,
            saturation=0.72,
            grain=0.6,
            bloom=0.7,
            vignette=-0.15,
            exposure=0.12,
            black=0.025,
        ),
        Style(
            "luxury",
            "Luxury",
            contrast=1.07,
            saturation=0.92,
            grain=0.7,
            bloom=1.6,
            vignette=0.08,
            shadows=(1.0, 0.98, 0.95),
            highlights=(1.025, 1.0, 0.93),
        ),
        Style("bold", "Bold", contrast=1.16, saturation=1.28, grain=0.7, vignette=0.05),
        Style(
            "vintage",
            "Vintage",
            contrast=0.98,
            saturation=0.76,
            grain=1.2,
            bloom=1.0,
            vignette=0.14,
            black=0.05,
            shadows=(1.0, 1.01, 1.04),
            highlights=(1.03, 0.99, 0.9),
        ),
        Style(
            "moody",
            "Moody",
            contrast=1.05,
            saturation=0.76,
            grain=1.2,
            vignette=0.2,
            exposure=-0.22,
            black=0.015,
            shadows=(0.9, 1.0, 1.09),
            highlights=(1.01, 1.0, 0.97),
        ),
        Style(
            "bright",
            "Bright",
            contrast=0.95,
            saturation=1.05,
            grain=0.6,
            bloom=1.5,
            vignette=-0.25,
            exposure=0.55,
            black=0.01,
        ),
    )
}
