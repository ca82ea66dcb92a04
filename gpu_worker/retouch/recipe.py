"""What a list of operations adds up to: the one recipe that is rendered from the base picture.

An operation is a dict with "op" and its arguments, as the words of a conversation are read:

{"op": "light", "from": "left|right|top|front|back", "drama": -1..1, "colour": name, "rim": name, "off": true}
{"op": "tone", "what": one of TONES ("behind" is the brightness of the background), "by": -1..1 | "to": 0}
{"op": "grade", "name": one of tone.GRADES or ""}
{"op": "background", "look": key, "place": key, "seed": n} or {"scenario": key, "seed": n} or
    {"colour": name, "to": name} or {"original": true}
{"op": "blur", "by": -1..1} or {"to": 0}
{"op": "zoom", "by": factor} or {"to": 1}; {"op": "shift", "x": -1..1, "y": -1..1} or {"to": 0}; {"op": "mirror"}
{"op": "aspect", "to": "16:9"}
{"op": "text", "text": words, "colour": name, "place": side, "by": factor, "style": style} or {"remove": true}
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

TONES = ("exposure", "contrast", "saturation", "temperature", "vignette", "grain", "sharpness", "behind")
SIDES = ("left", "right", "top", "bottom")
STYLES = ("outline", "shadow", "box", "plain")
MAX_ZOOM = 4.0


class RetouchRefused(Exception):
    """An edit this picture does not allow; the message is one sentence for its owner."""


@dataclass(frozen=True)
class LightWish:
    """New light on the person. source: left, right, top, front, back or "" (only colours); drama: -1 soft to 1 hard.

    strength: 1 = as it should be; less where full light and shade would cost too much likeness.
    """

    source: str = ""
    drama: float = 0.0
    colour: str = ""
    rim: str = ""
    strength: float = 1.0


@dataclass(frozen=True)
class Backdrop:
    """Another background: a place of a look, one of the five scenarios, or a colour (running to a second one)."""

    look: str = ""
    place: str = ""
    scenario: str = ""
    seed: int = 11
    colour: str = ""
    to: str = ""


@dataclass(frozen=True)
class Headline:
    """Words on the picture. place: one of SIDES or "" (where there is room); size: 1 = as large as fits well."""

    text: str
    colour: str = "white"
    place: str = ""
    size: float = 1.0
    style: str = "outline"


@dataclass(frozen=True)
class Recipe:
    """Everything that is done to the base picture, in the order in which it is done."""

    backdrop: Backdrop | None = None
    blur: float = 0.0
    light: LightWish | None = None
    tones: Mapping[str, float] = field(default_factory=dict)
    grade: str = ""
    zoom: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    aspect: str = ""
    mirror: bool = False
    headline: Headline | None = None

    def tone(self, what: str) -> float:
        """How much of a tone, 0 = as it is."""
        return self.tones.get(what, 0.0)


def fold(operations: Sequence[Mapping[str, Any]]) -> Recipe:
    """Add the operations up, in order. Raises RetouchRefused for one that is not known."""
    recipe = Recipe()
    for operation in operations:
        step = STEPS.get(operation.get("op"))
        if step is None:
            raise RetouchRefused(f"This engine does not know the edit “{operation.get('op')}”.")
        recipe = step(recipe, operation)
    return recipe


def weaken_light(recipe: Recipe, remake: int) -> Recipe:
    """The same with gentler light: what a remake does where the likeness was too low."""
    if recipe.light is None or remake == 0:
        return recipe
    return replace(recipe, light=replace(recipe.light, strength=max(0.0, 1 - 0.34 * remake)))


def _light(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    if operation.get("off"):
        return replace(recipe, light=None)
    old = recipe.light or LightWish()
    new = LightWish(
        source=operation.get("from", old.source),
        drama=_within(old.drama + operation.get("drama", 0.0), 1.0),
        colour=operation.get("colour", old.colour),
        rim=operation.get("rim", old.rim),
    )
    return replace(recipe, light=new)


def _tone(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    what = operation["what"]
    if what not in TONES:
        raise RetouchRefused(f"This engine does not know the tone “{what}”.")
    value = operation["to"] if "to" in operation else _within(recipe.tone(what) + operation["by"], 1.5)
    return replace(recipe, tones={**recipe.tones, what: value})


def _background(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    if operation.get("original"):
        return replace(recipe, backdrop=None)
    names = ("look", "place", "scenario", "seed", "colour", "to")
    wish = Backdrop(**{name: operation[name] for name in names if name in operation})
    return replace(recipe, backdrop=wish, blur=min(recipe.blur, 0.0))


def _blur(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    value = operation["to"] if "to" in operation else recipe.blur + operation["by"]
    return replace(recipe, blur=min(max(value, 0.0), 1.5))


def _zoom(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    value = operation["to"] if "to" in operation else recipe.zoom * operation["by"]
    return replace(recipe, zoom=min(max(value, 1 / MAX_ZOOM), MAX_ZOOM))


def _shift(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    x, y = (0.0, recipe.shift[1]) if "to" in operation else recipe.shift
    return replace(recipe, shift=(_within(x + operation.get("x", 0.0), 1.0), _within(y + operation.get("y", 0.0), 1.0)))


def _aspect(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    return replace(recipe, aspect=operation["to"])


def _mirror(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    return replace(recipe, mirror=not recipe.mirror)


def _grade(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    return replace(recipe, grade=operation["name"])


def _text(recipe: Recipe, operation: Mapping[str, Any]) -> Recipe:
    if operation.get("remove"):
        return replace(recipe, headline=None)
    old = recipe.headline
    words = operation.get("text") or (old.text if old else "")
    if not words:
        raise RetouchRefused("There is no headline yet: say what it should say, in quotation marks.")
    new = replace(old or Headline(words), text=words)
    for name in ("colour", "place", "style"):
        if name in operation:
            new = replace(new, **{name: operation[name]})
    return replace(recipe, headline=replace(new, size=min(max(new.size * operation.get("by", 1.0), 0.4), 2.5)))


def _within(value: float, limit: float) -> float:
    return min(max(round(value, 3), -limit), limit)


STEPS: dict[str, Callable[[Recipe, Mapping[str, Any]], Recipe]] = {
    "light": _light,
    "tone": _tone,
    "grade": _grade,
    "background": _background,
    "blur": _blur,
    "zoom": _zoom,
    "shift": _shift,
    "aspect": _aspect,
    "mirror": _mirror,
    "text": _text,
}
