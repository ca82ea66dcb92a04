"""Draw an illustrated persona in one of the five scenarios: the same face, hair and skin in each of them."""

import io
from collections.abc import Mapping
from random import Random
from typing import Any

import cv2
import numpy as np
import resvg_py
from PIL import Image

from gpu_worker.illustrated.figure import draw_figure
from gpu_worker.illustrated.look import describe_look
from gpu_worker.illustrated.staging import STAGINGS, Staging
from gpu_worker.illustrated.svg import HEIGHT, WIDTH
from gpu_worker.illustrated.wardrobe import CLOTHES, dress

# The middle of the face and the frame of the figure, in the figure's own units.
FACE = (480, 470)


def render_illustration(
    description: str,
    attributes: Mapping[str, Any] | None,
    scenario: str,
    seed: int,
    width: int = 1024,
    height: int = 1280,
) -> np.ndarray:
    """RGB uint8 (height, width, 3) of the described person; `seed` varies all but the person.

    Raises ValueError for an unknown scenario.
    """
    if scenario not in STAGINGS:
        raise ValueError(f"Unknown scenario “{scenario}”: choose one of {', '.join(STAGINGS)}.")
    staging, look = STAGINGS[scenario], describe_look(description, attributes)
    person_seed = str((attributes or {}).get("look_seed") or description)
    rng = Random(f"{person_seed}:{scenario}:{seed}")
    garment = rng.choice(staging.garments)
    cloth, second = rng.choice(CLOTHES[garment])
    outfit = dress(garment, cloth, second, lowered=look["headVariant"] == ["variant04"])
    figure = draw_figure(look, rng.choice(staging.mouths), outfit)
    backdrop = staging.backdrop(rng)
    behind = _rasterise(backdrop.behind, f"0 0 {WIDTH} {HEIGHT}", width, height)[..., :3]
    if backdrop.blur:
        behind = cv2.GaussianBlur(behind, (0, 0), backdrop.blur * height / HEIGHT)
    person = _rasterise(figure, _frame(staging, width, height), width, height)
    if staging.turns and rng.random() < 0.5:
        person = person[:, ::-1]
    picture = _light(behind, person, staging)
    if backdrop.front:
        front = _rasterise(backdrop.front, f"0 0 {WIDTH} {HEIGHT}", width, height)
        front = cv2.GaussianBlur(front, (0, 0), 2.0 * height / HEIGHT)
        picture = picture * (1 - front[..., 3:]) + front[..., :3] * _gain(staging, height, width).mean(
            axis=2, keepdims=True
        )
    return _finish(picture, rng)


def _frame(staging: Staging, width: int, height: int) -> str:
    """The figure's viewBox that puts the face where the staging wants it, in any aspect ratio."""
    across = staging.across * max(1.0, (width / height) / (WIDTH / HEIGHT))
    down = across * height / width
    return f"{FACE[0] - staging.x * across:.1f} {FACE[1] - staging.y * down:.1f} {across:.1f} {down:.1f}"


def _rasterise(elements: str, view_box: str, width: int, height: int) -> np.ndarray:
    """SVG elements as float32 (height, width, 4), 0-1, premultiplied."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" width="{width}" height="{height}" '
        f'preserveAspectRatio="xMidYMid slice" fill="none">{elements}</svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, skip_system_fonts=True)
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGBA"), dtype=np.float32) / 255.0
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def _gain(staging: Staging, height: int, width: int) -> np.ndarray:
    across = np.linspace(-0.15, 1.0, width, dtype=np.float32)[None, :]
    down = np.linspace(0.0, 0.35, height, dtype=np.float32)[:, None]
    share = np.clip(across + down, 0, 1)[..., None]
    return np.float32(staging.light) * (1 - share) + np.float32(staging.shade) * share


def _light(behind: np.ndarray, person: np.ndarray, staging: Staging) -> np.ndarray:
    height, width = behind.shape[:2]
    alpha = person[..., 3:]
    lit = person[..., :3] * _gain(staging, height, width)
    # An edge light from the far side: where the person's own outline, moved inwards, leaves a margin.
    reach = 0.014 * width
    shifted = cv2.warpAffine(
        alpha, np.float32([[1, 0, -reach], [0, 1, reach * 0.5]]), (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    edge = cv2.GaussianBlur(np.clip(alpha[..., 0] - shifted, 0, 1), (0, 0), reach * 0.25)[..., None] * alpha
    lit = lit + edge * np.float32(staging.rim) * (0.35 + 0.65 * lit.max(axis=2, keepdims=True))
    shadow = cv2.GaussianBlur(alpha, (0, 0), 0.03 * width)
    shadow = cv2.warpAffine(shadow, np.float32([[1, 0, 0.02 * width], [0, 1, 0.015 * width]]), (width, height))[
        ..., None
    ]
    return behind * (1 - 0.28 * shadow) * (1 - alpha) + lit


def _finish(picture: np.ndarray, rng: Random) -> np.ndarray:
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    vignette = 1 - 0.16 * np.clip((x**2 + y**2) / 2, 0, 1)[..., None]
    grain = np.random.default_rng(rng.getrandbits(32)).normal(0, 0.010, (height, width, 1)).astype(np.float32)
    return (np.clip(picture * vignette + grain, 0, 1) * 255 + 0.5).astype(np.uint8)
