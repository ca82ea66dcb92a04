"""How each of the five scenarios shows the drawn person: clothes, expression, framing, light and place."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from gpu_worker.illustrated.indoors import draw_studio, draw_window, draw_workroom
from gpu_worker.illustrated.outdoors import draw_city, draw_park
from gpu_worker.illustrated.svg import Backdrop

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Staging:
    """One scenario.

    across: width of the picture in units of the figure, whose face is about 500 wide. x, y: where the middle
    of the face sits, in shares of the picture. light, shade: factors on the near and the far side of the
    figure. rim: colour of the edge light times its strength. turns: whether the person may look the other way.
    """

    backdrop: Callable[[Random], Backdrop]
    garments: tuple[str, ...]
    mouths: tuple[str, ...]
    across: float
    x: float
    y: float
    light: RGB
    shade: RGB
    rim: RGB
    turns: bool = True


STAGINGS = {
    "professional_headshot": Staging(
        backdrop=draw_studio,
        garments=("blazer",),
        mouths=("happy01", "happy02"),
        across=1120,
        x=0.5,
        y=0.42,
        light=(1.03, 1.02, 1.0),
        shade=(0.84, 0.86, 0.92),
        rim=(0.16, 0.16, 0.16),
        turns=False,
    ),
    "casual_friendly": Staging(
        backdrop=draw_park,
        garments=("tee", "hoodie"),
        mouths=("happy05", "happy06"),
        across=1220,
        x=0.5,
        y=0.44,
        light=(1.06, 1.0, 0.9),
        shade=(0.92, 0.86, 0.86),
        rim=(0.38, 0.33, 0.21),
        turns=True,
    ),
    "dynamic_action": Staging(
        backdrop=draw_city,
        garments=("jacket",),
        mouths=("happy06", "happy05"),
        across=1160,
        x=0.5,
        y=0.43,
        light=(0.98, 0.88, 0.98),
        shade=(0.66, 0.58, 0.84),
        rim=(0.26, 0.68, 0.75),
        turns=True,
    ),
    "thoughtful_closeup": Staging(
        backdrop=draw_window,
        garments=("turtleneck",),
        mouths=("happy14", "happy02"),
        across=940,
        x=0.52,
        y=0.46,
        light=(1.14, 1.05, 0.95),
        shade=(0.7, 0.68, 0.76),
        rim=(0.42, 0.34, 0.24),
        turns=True,
    ),
    "environmental_portrait": Staging(
        backdrop=draw_workroom,
        garments=("overshirt",),
        mouths=("happy02", "happy01", "happy05"),
        across=1420,
        x=0.5,
        y=0.43,
        light=(1.03, 0.99, 0.93),
        shade=(0.82, 0.81, 0.84),
        rim=(0.22, 0.2, 0.17),
        turns=True,
    ),
}
