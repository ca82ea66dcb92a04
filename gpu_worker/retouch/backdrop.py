"""What is behind the person: the picture's own background blurred, a place of the compositor, or plain colour."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from gpu_worker.compositor.finish import finish
from gpu_worker.compositor.framing import Placement, place
from gpu_worker.compositor.looks import LOOKS
from gpu_worker.compositor.portrait import agree_on_look
from gpu_worker.compositor.relight import adapt_scene, light_subject
from gpu_worker.compositor.scenarios import BY_KEY, Framing, Scenario
from gpu_worker.compositor.scene import Light, Scene
from gpu_worker.compositor.scenes import render_scene
from gpu_worker.compositor.subject import Subject
from gpu_worker.pictures import srgb_to_linear

from .colours import linear_of
from .lighting import direction_of, tint_of
from .recipe import Backdrop, LightWish, Recipe, RetouchRefused

FACE = {"wide": (0.30, 0.43, 0.60), "square": (0.26, 0.36, 0.5), "tall": (0.18, 0.26, 0.36)}
CUT_OFF = (
    "No picture of this person shows enough of the shoulders to stand before another background: "
    "start from a picture that shows head and shoulders."
)


def soften(linear: np.ndarray, own: np.ndarray, alpha: np.ndarray, amount: float) -> np.ndarray:
    """The frame with its background out of focus; own: the person's colour without the background, both linear."""
    height, width = alpha.shape
    sigma = max(0.5, 0.022 * amount * min(height, width))
    reduced = max(1, int(sigma / 2.5))  # a blur hides that it was computed on fewer pixels
    small = (max(8, width // reduced), max(8, height // reduced))
    away = np.clip(1 - cv2.dilate(alpha, np.ones((3, 3), np.uint8)) * 1.02, 0, 1)
    away = cv2.resize(away, small, interpolation=cv2.INTER_AREA)
    # The person must not glow into the blur: only what is background is spread, and it is spread under them too.
    ground = cv2.resize(linear, small, interpolation=cv2.INTER_AREA) * away[..., None]
    far = 6 * sigma / reduced
    wide = cv2.GaussianBlur(ground, (0, 0), far) / cv2.GaussianBlur(away + 1e-4, (0, 0), far)[..., None]
    soft = cv2.GaussianBlur(ground + wide * (1 - away)[..., None], (0, 0), sigma / reduced)
    soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return soft + alpha[..., None] * (own - soft)


def compose(
    subjects: Sequence[Subject], recipe: Recipe, wish: Backdrop, size: tuple[int, int]
) -> tuple[np.ndarray, Subject, Placement]:
    """The person before another background: linear float32 (h, w, 3), and who stands where. RetouchRefused.

    The first of `subjects` that can stand there is taken.
    """
    width, height = size
    shot = _shot(wish, recipe, size)
    for subject in subjects:
        placement = place(subject, shot.framing, width, height)
        if placement is not None:
            break
    else:
        raise RetouchRefused(CUT_OFF)
    if wish.colour:
        scene = _plain(wish, width, height)
    else:
        scene = adapt_scene(render_scene(shot.scene, wish.seed, width, height), subject, shot)
    if recipe.blur > 0:
        plate = cv2.GaussianBlur(scene.plate, (0, 0), max(0.5, 0.022 * recipe.blur * min(size)))
        scene = replace(scene, plate=plate)
    if behind := recipe.tone("behind"):
        scene = replace(scene, plate=scene.plate * np.float32(2.0 ** (1.6 * behind)))
    if recipe.light:
        scene = _lit_as_wished(scene, recipe.light, subject, recipe.mirror)
    lit = light_subject(subject, placement, scene, agree_on_look([subject]), width, height)
    rgb = finish(lit, scene, placement.face_height * height, np.random.default_rng(wish.seed))
    return srgb_to_linear(rgb), subject, placement


def _shot(wish: Backdrop, recipe: Recipe, size: tuple[int, int]) -> Scenario:
    ratio = size[0] / size[1]
    least, best, most = FACE["wide" if ratio > 1.2 else "square" if ratio > 0.9 else "tall"]
    best = min(max(best * recipe.zoom, 0.6 * least), 0.75)
    faces = (min(least, 0.9 * best), best, max(most, 1.15 * best))
    framing = Framing(faces, _column(recipe, ratio), 0.42, 0.0, 0.05, (0.0, 0.0))
    if wish.colour:
        return Scenario(key="plain", title="Plain", description="", scene="", framing=framing)
    try:
        shot = BY_KEY[wish.scenario] if wish.scenario else LOOKS[wish.look].place(wish.place, wish.seed)
    except KeyError:
        raise RetouchRefused("This background does not exist any more: choose another one.") from None
    return replace(shot, framing=framing)


def _column(recipe: Recipe, ratio: float) -> float:
    """Where the eyes lie across the frame: to one side where a headline needs the other."""
    column = 0.5 + 0.3 * recipe.shift[0]
    headline = recipe.headline
    if headline and ratio > 1.2 and headline.place in ("", "left", "right") and not recipe.shift[0]:
        column = 0.33 if headline.place == "right" else 0.67
    return 1 - column if recipe.mirror else column


def _plain(wish: Backdrop, width: int, height: int) -> Scene:
    """A lit paper backdrop in one colour, or running from one to another."""
    first = linear_of(wish.colour)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if wish.to:
        share = (0.35 * x / width + 0.65 * y / height)[..., None]
        plate = first + share * (linear_of(wish.to) - first)
    else:
        away = np.hypot((x / width - 0.5) * 1.1, y / height - 0.42)[..., None]
        plate = first * (1.12 - 0.75 * np.clip(away, 0, 1) ** 1.5)
    plate = np.clip(plate, 0, 0.98).astype(np.float32)
    key = Light((-0.5, 0.4, 0.77), (1.0, 0.97, 0.93), 1.0, 0.65)
    rim = Light((0.75, 0.3, -0.6), tuple(np.maximum(first / max(float(first.max()), 0.05), 0.3)), 0.2, 0.5)
    mean = tuple(0.26 + 0.16 * plate.mean(axis=(0, 1)))
    return Scene(plate, key, ambient=mean, rims=(rim,), grain=0.006, vignette=0.12, bloom=0.04)


def _lit_as_wished(scene: Scene, wish: LightWish, subject: Subject, mirrored: bool) -> Scene:
    direction = tuple(float(value) for value in direction_of(wish, subject, mirrored))
    colour = tint_of(wish.colour, 1.0) if wish.colour else np.float32(scene.key.colour)
    key = replace(
        scene.key,
        direction=direction if wish.source else scene.key.direction,
        colour=tuple(float(value) for value in colour / colour.max()),
        softness=float(np.clip(scene.key.softness - 0.35 * wish.drama, 0.1, 0.95)),
    )
    # Shadows keep enough light to be recognised in; weaker still where the likeness was too low.
    ambient = tuple(float(value) * (1 - 0.35 * wish.drama) + 0.4 * (1 - wish.strength) for value in scene.ambient)
    rims = scene.rims
    if wish.rim:
        tint = tint_of(wish.rim, 1.0)
        tint = tuple(float(value) for value in tint / tint.max())
        rims = tuple(Light((side, 0.35, -0.6), tint, 0.9, 0.4) for side in (-0.8, 0.8))
    plate = scene.plate * np.float32(1 - 0.35 * max(0.0, wish.drama))
    return replace(scene, plate=plate, key=key, ambient=ambient, rims=rims)
