"""Light on the subject: the photo's own made neutral, then the scene's key, fill and rims, on a rough relief."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from .framing import Placement
from .geometry import cast_shadow
from .scenarios import Scenario
from .scene import Light, Scene
from .skin import LUMA, Look
from .subject import Subject

DELIGHT = 0.45  # share of the photo's own light and shade that is taken away before new light falls
TINT_KEPT = 0.6  # a camera's white balance and the eye take part of a light's colour back
FILL_TINT_KEPT = 0.5  # shadows on skin turn sickly sooner than lights
RIM_TINT_KEPT = 0.9
KICK = 0.55
VIVID = 1.06  # mixed and wrapped light bleach; this gives back what they take
LEAST_FILL = 0.23  # brightness of fill below which a face is no longer recognised in its shadows
SKIN_RANGE = (0.2, 0.5)  # linear brightness of skin that a good exposure gives, pale to dark
LOWER_BODY = 0.72  # light that is left well below the face: keys are aimed at faces


def adapt_scene(scene: Scene, subject: Subject, scenario: Scenario) -> Scene:
    """The scene with the scenario's light, mirrored where its key comes from the side in shade in the photo."""
    rims = tuple(replace(rim, intensity=rim.intensity * scenario.rim) for rim in scene.rims)
    scene = replace(scene, rims=rims, exposure=scene.exposure + scenario.exposure)
    if scene.key.direction[0] * subject.shading[1] >= 0 or abs(subject.shading[1]) < 0.04:
        return scene
    return replace(
        scene,
        plate=np.ascontiguousarray(scene.plate[:, ::-1]),
        foreground=None if scene.foreground is None else np.ascontiguousarray(scene.foreground[:, ::-1]),
        key=_mirrored(scene.key),
        rims=tuple(_mirrored(rim) for rim in scene.rims),
    )


def _mirrored(light: Light) -> Light:
    x, y, z = light.direction
    return replace(light, direction=(-x, y, z))


@dataclass(frozen=True, eq=False)
class Lit:
    """The subject in the frame, not yet composited.

    colour: float32 (height, width, 3), linear light; alpha: float32 (height, width), 0-1.
    """

    colour: np.ndarray
    alpha: np.ndarray


def balance(subject: Subject, person: Look) -> np.ndarray:
    """Gains per channel that give this photo the exposure and white balance on which the person's photos agree."""
    wanted = person.skin.copy()
    luma = float(wanted @ LUMA)
    wanted *= np.sqrt(np.clip(luma, *SKIN_RANGE) / luma)
    return np.clip(wanted / np.maximum(subject.look.skin, 1e-3), 0.25, 4.0).astype(np.float32)


def _deepen(colour: np.ndarray, own: Look, person: Look) -> None:
    """Bend a flatter or harder photo's tones, in place, to the depth of the person's other photos."""
    power = float(np.clip(person.depth / max(own.depth, 0.1), 0.8, 1.5)) - 1
    if abs(power) < 0.03:
        return
    relative = cv2.transform(colour, LUMA[None]) / max(float(own.skin @ LUMA), 1e-3)
    colour *= np.clip(cv2.pow(np.maximum(relative, 1e-4), power), 0.2, 1.3)[..., None]


def light_subject(subject: Subject, placement: Placement, scene: Scene, person: Look, width: int, height: int) -> Lit:
    """Warp the subject into a frame of width x height and light it as the scene does."""
    matrix = placement.matrix
    colour = _warp_colour(subject, placement, width, height)
    _deepen(colour, subject.look, person)
    alpha = _warp(subject.alpha.astype(np.float32) / 255, matrix, width, height)
    alpha = np.clip(alpha, 0, 1)
    shade = _shading(subject, placement, scene) * balance(subject, person) * 2.0**scene.exposure
    to_small = subject.normals.shape[1] / subject.alpha.shape[1]
    shade = _warp(shade.astype(np.float32), _shrunk(matrix, to_small), width, height, cv2.BORDER_REPLICATE)
    shade *= _fall_off(subject, placement, height)[:, None, None]
    colour *= np.maximum(shade, 0)
    unit = placement.face_height * height
    for rim in scene.rims:
        colour += _rim(colour, alpha, rim, unit)
    grey = cv2.transform(colour, LUMA[None])[..., None]
    colour += (VIVID - 1) * (colour - grey)
    return Lit(_shoulder(np.maximum(colour, 0)), alpha)


def _warp_colour(subject: Subject, placement: Placement, width: int, height: int) -> np.ndarray:
    """Own colours in the frame, reduced without aliasing or enlarged and sharpened to match."""
    colour = subject.colour.astype(np.float32)
    matrix = placement.matrix
    if placement.scale < 0.75:
        colour = cv2.GaussianBlur(colour, (0, 0), 0.4 / placement.scale)
    warped = np.maximum(_warp(colour, matrix, width, height, cv2.BORDER_REPLICATE, cv2.INTER_CUBIC), 0)
    softness = placement.scale / max(subject.detail, 0.3)
    amount = float(np.clip(0.35 * (softness - 0.8), 0.0, 0.9))
    if amount > 0.02:
        warped = _sharpen(warped, amount, float(np.clip(0.55 * softness, 0.8, 2.2)))
    return warped


def _sharpen(linear: np.ndarray, amount: float, sigma: float) -> np.ndarray:
    """Unsharp mask of brightness, limited so that no outline gets a bright or dark seam."""
    luma = cv2.sqrt(cv2.transform(linear, LUMA[None]))
    detail = luma - cv2.GaussianBlur(luma, (0, 0), sigma)
    detail = 0.06 * np.tanh(detail * (amount / 0.06))
    ratio = 1 + detail / (luma + 0.08)
    return linear * (ratio * ratio)[..., None]


def _warp(image, matrix, width, height, border=cv2.BORDER_CONSTANT, method=cv2.INTER_LINEAR) -> np.ndarray:
    return cv2.warpAffine(image, matrix, (width, height), flags=method, borderMode=border)


def _shrunk(matrix: np.ndarray, scale: float) -> np.ndarray:
    """The same placement for a picture of the subject reduced by `scale`."""
    small = matrix.copy()
    small[:, :2] /= scale
    small[:, 2] += matrix[:, :2] @ np.full(2, 0.5 / scale - 0.5)
    return small


def _shading(subject: Subject, placement: Placement, scene: Scene) -> np.ndarray:
    """New light over old light, RGB at the relief's size; about 1 on the lit side of the face."""
    normals = subject.normals.astype(np.float32)
    old = subject.shading[0] + normals @ subject.shading[1:]
    taken = np.clip(old, 0.45, 1.8) ** -DELIGHT
    light = _key(normals, subject, _into_photo(scene.key.direction, placement.turn), scene.key)
    new = light[..., None] * _tint(scene.key.colour) * scene.key.intensity
    sky = 0.85 + 0.15 * normals[..., 1]
    fill = _tint(scene.ambient, FILL_TINT_KEPT)
    fill *= max(1.0, LEAST_FILL * scene.key.intensity / float(fill @ LUMA))
    new += sky[..., None] * fill
    new *= taken[..., None] / _face_level(new, subject)
    for rim in scene.rims:
        new += _kick(normals, _into_photo(rim.direction, placement.turn), rim)
    return new


def _kick(normals: np.ndarray, direction: np.ndarray, rim: Light) -> np.ndarray:
    """What a light from behind spills on the planes that turn towards it: cheek, side of the hair, shoulder."""
    side = direction.copy()
    side[2] = max(side[2], -0.35)
    facing = np.clip((normals @ (side / np.linalg.norm(side)).astype(np.float32) - 0.15) / 0.85, 0, 1)
    strength = KICK * rim.intensity * facing**2
    return strength[..., None] * _tint(rim.colour, RIM_TINT_KEPT)


def _key(normals: np.ndarray, subject: Subject, direction: np.ndarray, key: Light) -> np.ndarray:
    wrap = 0.25 + 0.4 * key.softness
    facing = np.clip((normals @ direction.astype(np.float32) + wrap) / (1 + wrap), 0, 1)
    shadow = cast_shadow(subject.relief, tuple(direction), key.softness)
    depth = 0.75 - 0.4 * key.softness
    return facing ** (1.3 - 0.3 * key.softness) * (1 - depth * (1 - shadow))


def _into_photo(direction: tuple[float, float, float], turn: float) -> np.ndarray:
    """The direction as it lies in the subject's own photo, which is turned by `turn` on screen."""
    x, y, z = direction
    cosine, sine = np.cos(turn), np.sin(turn)
    # On screen y points down: a clockwise turn of the picture is undone for the light.
    turned = np.array([cosine * x - sine * y, sine * x + cosine * y, z])
    return turned / np.linalg.norm(turned)


def _tint(colour, kept: float = TINT_KEPT) -> np.ndarray:
    """A light's colour as the picture shows it, its brightness unchanged."""
    rgb = np.maximum(np.asarray(colour, np.float32), 1e-4)
    luma = float(rgb @ LUMA)
    return luma * (rgb / luma) ** kept


def _face_level(light: np.ndarray, subject: Subject) -> float:
    """Brightness of the light on the lit part of the face."""
    small = light.shape[1] / subject.alpha.shape[1]
    x, y, w, h = (value * small for value in subject.face)
    rows = slice(max(0, round(y + 0.15 * h)), max(1, round(y + 0.85 * h)))
    columns = slice(max(0, round(x + 0.1 * w)), max(1, round(x + 0.9 * w)))
    return max(float(np.percentile(light[rows, columns] @ LUMA, 80)), 1e-3)


def _fall_off(subject: Subject, placement: Placement, height: int) -> np.ndarray:
    """Less light per row from the shoulders down, float32 (height,)."""
    chin = placement.eyes_y + 0.75 * placement.face_height
    below = (np.arange(height, dtype=np.float32) / height - chin) / (1.6 * placement.face_height)
    ease = np.clip(below, 0, 1)
    return 1 - (1 - LOWER_BODY) * ease * ease * (3 - 2 * ease)


def _rim(colour: np.ndarray, alpha: np.ndarray, rim: Light, unit: float) -> np.ndarray:
    """Light from behind that catches the outline facing it, following hair and cloth."""
    x, y, z = rim.direction
    across = float(np.hypot(x, y))
    if across < 0.05:
        return np.zeros_like(colour)
    total = np.zeros_like(alpha)
    for width, weight in ((0.018, 0.4), (0.045, 0.5)):
        soft = cv2.GaussianBlur(alpha, (0, 0), max(1.0, width * (0.7 + 0.6 * rim.softness) * unit))
        down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3)
        right = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3)
        length = np.sqrt(down * down + right * right) + 1e-6
        facing = np.clip((-x * right + y * down) / (across * length), 0, 1)
        total += weight * facing * np.clip(2 * (1 - soft), 0, 1)
    total *= np.clip(0.55 - 0.5 * z, 0.1, 1.0) * rim.intensity
    glossy = 0.9 * colour + 0.05
    return total[..., None] * glossy * (_tint(rim.colour, RIM_TINT_KEPT) * 1.6)


def _shoulder(linear: np.ndarray, start: float = 0.82) -> np.ndarray:
    """Roll highlights off below 1 as the plates do, keeping part of their hue."""
    span = 1 - start
    luma = cv2.transform(linear, LUMA[None])
    rolled = np.where(luma > start, 1 - span * np.exp(-(luma - start) / span), luma)
    by_luma = linear * (rolled / np.maximum(luma, 1e-4))[..., None]
    over = np.maximum(by_luma - start, 0)
    return np.where(by_luma > start, start + span * (1 - np.exp(-over / span)), by_luma).astype(np.float32)
