"""An approximate relief of the photographed person, good enough to shade softly: face mesh, head, neck and body."""

import cv2
import numpy as np

from .mask import Box
from .networks import run_network

MESH_SIDE = 192
LEFT_EYE, RIGHT_EYE = (33, 133), (362, 263)  # corners, seen from the camera
LEFT_CHEEK, RIGHT_CHEEK = 234, 454
LEFT_MOUTH, RIGHT_MOUTH = 61, 291
UNIT = 72.0  # pixels per face height in the relief
FLAT = 0.55  # thickness of body and hair relative to a round cross-section


def find_face_mesh(rgb: np.ndarray, face: Box) -> np.ndarray:
    """468 points float32 (468, 3) on the face, in pixels of the picture; z grows towards the camera."""
    # The network wants the eyes level: look once to learn the tilt, then again.
    return _mesh_at(rgb, face, tilt_of(_mesh_at(rgb, face, 0.0)))


def tilt_of(mesh: np.ndarray) -> float:
    """Angle of the eye line in radians; positive leans to the picture's right."""
    left, right = eye_centres(mesh)
    return float(np.arctan2(right[1] - left[1], right[0] - left[0]))


def turn_of(mesh: np.ndarray) -> float:
    """Turn of the head about its axis in radians; positive looks to the picture's right."""
    across = mesh[RIGHT_CHEEK] - mesh[LEFT_CHEEK]
    return float(np.arctan2(-across[2], np.hypot(across[0], across[1])))


def smile_of(mesh: np.ndarray) -> float:
    """Width of the mouth relative to the distance of the eyes."""
    left, right = eye_centres(mesh)
    return float(np.linalg.norm(mesh[RIGHT_MOUTH] - mesh[LEFT_MOUTH]) / (np.linalg.norm(right - left) + 1e-6))


def eye_centres(mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres of the eyes at the picture's left and right, float32 (2,) each."""
    return mesh[list(LEFT_EYE), :2].mean(axis=0), mesh[list(RIGHT_EYE), :2].mean(axis=0)


def _mesh_at(rgb: np.ndarray, face: Box, tilt: float) -> np.ndarray:
    x, y, w, h = face
    scale = MESH_SIDE / (1.5 * max(w, h))
    level = cv2.getRotationMatrix2D((x + w / 2, y + h / 2), np.degrees(tilt), scale)
    level[:, 2] += MESH_SIDE / 2 - np.array([x + w / 2, y + h / 2])
    source = cv2.GaussianBlur(rgb, (0, 0), 0.4 / scale) if scale < 0.7 else rgb
    crop = cv2.warpAffine(source, level, (MESH_SIDE, MESH_SIDE), borderMode=cv2.BORDER_REPLICATE)
    points = run_network("face_landmark", crop).reshape(468, 3)
    back = cv2.invertAffineTransform(level)
    flat = points[:, :2] @ back[:, :2].T + back[:, 2]
    return np.column_stack([flat, -points[:, 2] / scale]).astype(np.float32)


def build_relief(alpha: np.ndarray, mesh: np.ndarray, face: Box) -> np.ndarray:
    """Depth float32 at UNIT pixels per face height, in the same pixels, growing towards the camera."""
    scale = UNIT / face[3]
    size = (max(4, round(alpha.shape[1] * scale)), max(4, round(alpha.shape[0] * scale)))
    cover = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    points = mesh * np.float32(scale)
    body = _inflate(cover, points[:, :2].mean(axis=0))
    surface, presence = _face_surface(points, size)
    rim = (presence > 0.02) & (presence < 0.3) & (cover > 0.9)
    surface += float(np.median((body - surface)[rim])) if rim.any() else UNIT
    return body + (surface - body) * presence


def _inflate(cover: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Relief of a round body with this silhouette; open sides of the picture count as inside."""
    margin = round(UNIT)
    solid = (cover > 0.5).astype(np.uint8)
    solid = cv2.copyMakeBorder(solid, 0, margin, margin, margin, cv2.BORDER_REPLICATE)
    away = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    reach = 1.1 * UNIT
    away = np.minimum(away, reach)
    height = FLAT * np.sqrt(np.maximum(away * (2 * reach - away), 0))
    # The cushion's creases may show neither on the chest nor on hair.
    fine = cv2.GaussianBlur(height, (0, 0), 0.1 * UNIT)[: cover.shape[0], margin:-margin]
    broad = cv2.GaussianBlur(height, (0, 0), 0.3 * UNIT)[: cover.shape[0], margin:-margin]
    below = (np.arange(cover.shape[0], dtype=np.float32) - head[1]) / UNIT
    return fine + (broad - fine) * np.clip((below - 0.6) / 0.8, 0, 1)[:, None]


def _face_surface(points: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The mesh as a smooth height field, and where it is valid (0-1), falling off at the face's rim."""
    splat = np.zeros((size[1], size[0], 2), np.float32)
    columns = np.clip(np.rint(points[:, 0]).astype(int), 0, size[0] - 1)
    rows = np.clip(np.rint(points[:, 1]).astype(int), 0, size[1] - 1)
    np.add.at(splat, (rows, columns), np.column_stack([points[:, 2], np.ones(len(points))]))
    blurred = sum(
        weight * cv2.GaussianBlur(splat, (0, 0), sigma * UNIT)
        for sigma, weight in ((0.025, 1.0), (0.05, 0.05), (0.12, 0.002))
    )
    surface = blurred[..., 0] / (blurred[..., 1] + 1e-9)
    hull = cv2.convexHull(points[:, :2].astype(np.float32)).astype(np.int32)
    inside = cv2.fillConvexPoly(np.zeros(size[::-1], np.float32), hull, 1.0)
    away = cv2.distanceTransform((inside > 0).astype(np.uint8), cv2.DIST_L2, 5) / (0.22 * UNIT)
    return surface, cv2.GaussianBlur(np.clip(away, 0, 1), (0, 0), 0.05 * UNIT)


def surface_normals(relief: np.ndarray) -> np.ndarray:
    """Unit normals float32 (h, w, 3): x right, y up, z towards the camera."""
    smooth = cv2.GaussianBlur(relief, (0, 0), 0.035 * UNIT)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    normals = cv2.merge([-across, down, np.ones_like(relief)])
    return normals / np.sqrt(np.sum(normals**2, axis=2, keepdims=True))


def cast_shadow(relief: np.ndarray, direction: tuple[float, float, float], softness: float) -> np.ndarray:
    """How much light from `direction` reaches each point of the relief (0-1), float32 (h, w).

    Points are followed towards the light; what rises above the ray shades it, softly and less from afar.
    """
    x, y, z = direction
    across = float(np.hypot(x, y))
    if across < 0.05:
        return np.ones_like(relief)
    climb = max(z, 0.12) / across
    height, width = relief.shape
    blocked = np.zeros_like(relief)
    for step in np.geomspace(0.03, 0.6, 14) * UNIT:
        shift = np.array([[1, 0, x / across * step], [0, 1, -y / across * step]], np.float32)
        ahead = cv2.warpAffine(
            relief, shift, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=-1e4
        )
        excess = (ahead - relief - climb * step) / (step * (0.25 + softness) + 1.0)
        blocked = np.maximum(blocked, np.clip(excess, 0, 1))
    return cv2.GaussianBlur(1 - blocked, (0, 0), (0.035 + 0.05 * softness) * UNIT)
