"""The drawing style: Lorelei by Lisa Wischofsky (CC0), with eyes in colour, teeth, cheeks and a shaded neck."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from dicebear import Style

# Our own colours beside the style's; dicebear takes them as shadeColor, cheekColor, irisColor.
COLOURS = {
    "shade": "#000000", "cheek": "#000000", "iris": "#7c4b2d", "pupil": "#120c0e", "gleam": "#ffffff",
    "teeth": "#fffaf4", "mark": "#010203",
}  # fmt: skip
# Where the outfit's collar goes, between neck and front hair: dicebear draws this dot, we replace it.
COLLAR_MARK = '<path d="M0 0h1" fill="#010203"/>'
# Insides of the open mouths, which the drawings leave in the colour of the skin.
TEETH = {
    "happy05": "M213 33q-18-3-36-1l-42 6q-36 5-71 6l25 10q25 11 53 16 23 4 42-8c12-7 19-19 29-29z",
    "happy06": "M170 51q-35-2-69 1l-43 1 23 10q20 7 41 8 15 2 32 1 11-1 21-6 9-5 17-13z",
}
# Centre and radius of both pupils in the drawings of the eyes, which are ink only: there the iris goes.
PUPILS = {
    "variant02": ((117, 58, 30), (294, 46, 22)),
    "variant04": ((115, 54, 28), (294, 48, 24)),
    "variant06": ((121, 52, 20), (294, 42, 17)),
    "variant08": ((92, 60, 24), (289, 57, 17)),
    "variant11": ((124, 66, 22), (292, 60, 17)),
    "variant12": ((122, 57, 23), (292, 50, 19)),
    "variant20": ((130, 59, 28), (316, 52, 21)),
}
# The shade of the chin on the neck, and a little colour on the cheeks, in the head's own coordinates.
SHADE = {
    "variant01": "M150 492C182 540 240 580 345 601L356 604 352 646C290 652 206 622 152 560Z",
    "variant04": "M160 478C190 516 240 545 316 562L378 571 384 610C310 622 214 590 166 540Z",
}
# The drawings leave a hair's breadth open along the jaw; skin under it closes the gap.
JAW = {
    "variant01": "M170 470L345 570 342 612 220 590 160 530Z",
    "variant04": "M175 470L376 545 372 576 300 576 200 545Z",
}
CHEEKS = ("M180 404a44 27 0 1 0 88 0a44 27 0 1 0-88 0Z", "M440 396a29 24 0 1 0 58 0a29 24 0 1 0-58 0Z")
# The beards are drawn wider than the jaw; this keeps them on it.
BEARD_PLACE = "translate(158 372) scale(0.8 0.84)"


@cache
def load_style() -> Style:
    """The style, read and checked once per process."""
    definition = json.loads(files("dicebear_styles").joinpath("lorelei.json").read_text("utf-8"))
    for name, colour in COLOURS.items():
        definition["colors"][name] = {"notEqualTo": [], "values": [colour]}
    components = definition["components"]
    for variant, shade in SHADE.items():
        elements = components["head"]["variants"][variant]["elements"]
        elements[2:2] = [_path(shade, "shade"), *(_path(cheek, "cheek") for cheek in CHEEKS)]
        first_component = next(i for i, element in enumerate(elements) if element["type"] == "component")
        elements.insert(first_component, _path("M0 0h1", "mark"))
        elements.insert(0, _path(JAW[variant], "skin"))
        beard = next(element for element in elements if element["name"] == "beard")
        beard["attributes"]["transform"] = BEARD_PLACE
    for variant, inside in TEETH.items():
        components["mouth"]["variants"][variant]["elements"].insert(0, _teeth(inside))
    for variant, pupils in PUPILS.items():
        components["eyes"]["variants"][variant]["elements"] += [part for pupil in pupils for part in _iris(*pupil)]
    return Style(definition)


def _teeth(outline: str) -> dict[str, Any]:
    # The stroke reaches under the lips, so that no seam shows between the two.
    teeth = _path(outline, "teeth")
    teeth["attributes"] |= {"stroke": teeth["attributes"]["fill"], "stroke-width": "6"}
    return teeth


def _iris(x: int, y: int, radius: int) -> list[dict[str, Any]]:
    return [
        _path(_circle(x, y, 0.76 * radius), "iris"),
        _path(_circle(x, y, 0.40 * radius), "pupil"),
        _path(_circle(x - 0.28 * radius, y - 0.30 * radius, 0.19 * radius), "gleam"),
    ]


def _circle(x: float, y: float, radius: float) -> str:
    r = f"{radius:.1f}"
    return f"M{x - radius:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * radius:.1f} 0a{r} {r} 0 1 0-{2 * radius:.1f} 0Z"


def _path(outline: str, colour: str) -> dict[str, Any]:
    fill = {"type": "color", "name": colour}
    return {"type": "element", "name": "path", "attributes": {"d": outline, "fill": fill}}
