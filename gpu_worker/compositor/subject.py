"""A person cut out of one photo, with everything later steps ask about: colours, matte, relief and light."""

from dataclasses import dataclass

import cv2
import numpy as np

from gpu_worker.identity.body import judge_extent
from gpu_worker.identity.faces import Face, count_people, find_faces
from gpu_worker.pictures import srgb_to_linear

from .errors import PortraitRefused
from .geometry import (
    UNIT,
    build_relief,
    eye_centres,
    find_face_mesh,
    smile_of,
    surface_normals,
    tilt_of,
    turn_of,
)
from .mask import LEG_WINDOWS, WINDOWS, Box, find_person
from .matte import own_colours, solve_alpha
from .skin import Look, burnt_share, read_light, tonal_depth, tone_highlights

MAX_SIDE = 1600
MAX_FACE = 520.0  # face height in pixels beyond which no portrait gains anything
MIN_FACE = 110.0
REACH = (3.3, 1.7, 5.2)  # what a portrait may show to the sides, above and below the face's middle, in face heights
WHOLE_REACH = (4.0, 1.7, 11.0)  # the same for a picture from head to feet
CUT_STEP = 4


@dataclass(frozen=True, eq=False)
class Subject:
    """One photographed person, ready to be placed in a scene.

    colour: float16 (h, w, 3), linear light, the person's own colour without the old background.
    alpha: uint8 (h, w), how much of a pixel is the person (255 = all).
    face: (x, y, width, height), forehead to chin; eyes: float32 (2,), the point between them.
    head: (left, top, right, bottom) of head with hair.
    roll, yaw: radians; positive roll leans to the picture's right, positive yaw looks there.
    cuts: float32 (n, 2), places where the photo or the matte cuts the person off; no portrait may show them.
    doubt: float32, low resolution (UNIT / 4 pixels per face height), where the matte may be wrong (0-1).
    normals: float16 (h, w, 3) at UNIT pixels per face height; relief: float32, same size.
    look: skin colour and tonal depth; shading: (4,) how the photo's own light fell: constant, right, up, front.
    detail: sharpness relative to the pixel grid, 1 = every pixel counts, 0.4 = enlarged about 2.5 times.
    burnt: share of the face that is burnt out.
    smile: width of the mouth relative to the distance of the eyes.
    sole: row at which the body ends.
    """

    colour: np.ndarray
    alpha: np.ndarray
    face: Box
    eyes: np.ndarray
    head: Box
    roll: float
    yaw: float
    cuts: np.ndarray
    doubt: np.ndarray
    normals: np.ndarray
    relief: np.ndarray
    look: Look
    shading: np.ndarray
    detail: float
    burnt: float
    smile: float
    sole: float


def prepare_subject(rgb: np.ndarray, whole: bool = False) -> Subject:
    """Cut the main person out of an upright RGB uint8 photo (h, w, 3), down to the hips or, if `whole`, to the feet.

    Raises PortraitRefused where there is no usable face, WeightMissing without the networks.
    """
    faces = find_faces(rgb)
    if count_people(faces) > 1:
        raise PortraitRefused("Several people are in this photo: choose one that shows only this person.")
    if not faces:
        raise PortraitRefused("No face was found in this photo: choose one that shows the face clearly.")
    photo, face = _crop(rgb, faces[0], WHOLE_REACH if whole else REACH)
    del rgb  # large pictures are let go as soon as they are read: two photos are prepared side by side
    if face.box[3] < MIN_FACE:
        raise PortraitRefused("The face is too small in this photo: choose one taken from nearer.")
    box = face.box
    linear = srgb_to_linear(photo)
    outline = find_person(photo, box, (*WINDOWS, *LEG_WINDOWS) if whole else WINDOWS)
    if outline.body[_rows(box, photo.shape), _columns(box, photo.shape)].mean() < 0.5:
        raise PortraitRefused("The person can't be told from the background here: choose a clearer photo.")
    if whole and judge_extent(outline.body, box) != "full":
        raise PortraitRefused("This photo does not show the person from head to feet: choose one that does.")
    alpha = solve_alpha(photo, linear, outline, box)
    mesh = find_face_mesh(photo, box)
    relief = build_relief(alpha, mesh, box)
    normals = surface_normals(relief)
    skin, shading = read_light(linear, alpha, mesh, normals)
    depth = tonal_depth(linear, alpha, box)
    own = own_colours(linear, alpha, box)
    del linear
    tone_highlights(own, mesh, skin)
    colour = own.astype(np.float16)
    del own
    small = (max(1, round(alpha.shape[1] * UNIT / 4 / box[3])), max(1, round(alpha.shape[0] * UNIT / 4 / box[3])))
    return Subject(
        colour=colour,
        alpha=np.rint(alpha * 255).astype(np.uint8),
        face=box,
        eyes=np.mean(eye_centres(mesh), axis=0),
        head=_head(alpha, box),
        roll=tilt_of(mesh),
        yaw=turn_of(mesh),
        cuts=_cuts(alpha, box, whole),
        doubt=cv2.resize(outline.doubt, small, interpolation=cv2.INTER_AREA),
        normals=normals.astype(np.float16),
        relief=relief,
        look=Look(skin, depth),
        shading=shading,
        detail=_detail(photo, box),
        burnt=burnt_share(photo, box),
        smile=smile_of(mesh),
        sole=float(np.nonzero((alpha > 0.5).any(axis=1))[0].max(initial=0)),
    )


def _crop(rgb: np.ndarray, face: Face, reach: tuple[float, float, float]) -> tuple[np.ndarray, Face]:
    """The part of the photo that a portrait can use, reduced to what it needs."""
    x, y, w, h = face.box
    aside, above, below = (h * share for share in reach)
    left, right = max(0, round(x + w / 2 - aside)), min(rgb.shape[1], round(x + w / 2 + aside))
    top, bottom = max(0, round(y + h / 2 - above)), min(rgb.shape[0], round(y + h / 2 + below))
    part = rgb[top:bottom, left:right]
    scale = min(1.0, MAX_SIDE / max(part.shape[:2]), MAX_FACE / h)
    if scale < 1:
        size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    box = ((x - left) * scale, (y - top) * scale, w * scale, h * scale)
    landmarks = (face.landmarks - np.float32([left, top])) * np.float32(scale)
    return np.ascontiguousarray(part), Face(box, landmarks, face.score)


def _rows(box: Box, shape: tuple[int, ...]) -> slice:
    return slice(max(0, round(box[1])), min(shape[0], round(box[1] + box[3])))


def _columns(box: Box, shape: tuple[int, ...]) -> slice:
    return slice(max(0, round(box[0])), min(shape[1], round(box[0] + box[2])))


def _head(alpha: np.ndarray, box: Box) -> Box:
    """Extent of head and hair: (left, top, right, chin)."""
    x, y, w, h = box
    middle, low = x + w / 2, min(alpha.shape[0] - 1, round(y + 0.45 * h))
    left, right = max(0, round(middle - 1.2 * h)), min(alpha.shape[1], round(middle + 1.2 * h))
    solid = alpha[: max(1, low), left:right] > 0.5
    rows = np.nonzero(solid.sum(axis=1) > 0.12 * h)[0]
    columns = np.nonzero(solid[max(0, round(y - 0.3 * h)) :].any(axis=0))[0]
    top = float(rows[0]) if len(rows) else y
    if not len(columns):
        return x, top, x + w, y + h
    return float(left + columns[0]), top, float(left + columns[-1]), y + h


def _cuts(alpha: np.ndarray, box: Box, whole: bool) -> np.ndarray:
    """Where the cut-out ends though the person does not: at the photo's border, and where a torso stops in mid-air."""
    height, width = alpha.shape
    touched = cv2.dilate((alpha > 0.04).astype(np.uint8), np.ones((9, 9), np.uint8))
    points = []
    for row in (0, height - 1):
        columns = np.nonzero(touched[row])[0]
        points += [(column, row) for column in (*columns[::CUT_STEP], *columns[-1:])]
    for column in (0, width - 1):
        rows = np.nonzero(touched[:, column])[0]
        points += [(column, row) for row in (*rows[::CUT_STEP], *rows[-1:])]
    ends = [] if whole else _torso_ends(alpha, box)  # there it is the feet that end
    return np.array(points + ends, np.float32).reshape(-1, 2)


def _torso_ends(alpha: np.ndarray, box: Box) -> list[tuple[int, int]]:
    """Lower edges of the body below the chest: a desk, another person or a weak matte hides what follows."""
    x, y, w, h = box
    top = min(alpha.shape[0] - 2, round(y + 1.5 * h))
    left, right = max(0, round(x + w / 2 - 0.8 * h)), min(alpha.shape[1], round(x + w / 2 + 0.8 * h))
    side = 2 * round(0.04 * h) + 1
    solid = (alpha[top:, left:right] > 0.5).astype(np.uint8)
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    rows, columns = np.nonzero(solid[:-1] & (1 - solid[1:]))
    return [(left + c, top + r) for r, c in zip(rows[::CUT_STEP], columns[::CUT_STEP], strict=True)]


def _detail(rgb: np.ndarray, box: Box) -> float:
    """Sharpness by how much a slight blur takes away from the face's contrast between neighbours."""
    face = cv2.cvtColor(rgb[_rows(box, rgb.shape), _columns(box, rgb.shape)], cv2.COLOR_RGB2GRAY)
    grey = cv2.GaussianBlur(face.astype(np.float32), (0, 0), 0.5)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 1.0)
    coarse = cv2.GaussianBlur(grey, (0, 0), 2.0) - cv2.GaussianBlur(grey, (0, 0), 4.0)
    return float(np.clip(1.6 * fine.std() / (coarse.std() + 1e-3), 0.05, 1.0))
