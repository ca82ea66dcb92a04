"""How much of each pixel along the person's outline is the person, and which colour that part has.

Closed-form matting (Levin, Lischinski, Weiss 2008) with the Laplacian applied as a guided filter (He, Sun, Tang
2010), and foreground colours by blur fusion (Forte 2021). Everything here is in linear light.
"""

import cv2
import numpy as np

from .mask import Box, Outline

SOLVE_FACE = 118.0  # face height in pixels at which the matte is solved; its detail comes from the full picture
RADIUS = 2
REGULARITY = 1e-4  # smaller ones drown in the rounding of float32 and the solver diverges
STEPS = 10
BELIEF = 0.02  # pull of the first guess on an undecided pixel
SURE = 10.0
LOOSE_HAIR = 0.04  # how far loose hair may stand off the outline, in face heights
CUT_LOW, CUT_HIGH = 0.14, 0.9
STRIP = 128  # rows


def solve_alpha(rgb: np.ndarray, linear: np.ndarray, outline: Outline, face: Box) -> np.ndarray:
    """Alpha (h, w) float32, 0-1, of the outlined person in `rgb` (uint8, sRGB) and `linear` (float32)."""
    height, width = outline.body.shape
    scale = min(1.0, SOLVE_FACE / face[3])
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    guide = cv2.resize(linear, size, interpolation=cv2.INTER_AREA) ** np.float32(0.6)
    small_face = tuple(value * scale for value in face)
    body = cv2.resize(outline.body.astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    guess = _first_guess(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), outline, body, small_face)
    band = _undecided(guess, body, small_face)
    reach = np.clip(1.6 - _distance(1 - body) / (LOOSE_HAIR * small_face[3]), 0, 1)
    guess = np.where(band, guess, body.astype(np.float32))
    # Loose hair is found outside of the guess, but what the network is sure of inside is rarely background.
    pull = np.where(band, BELIEF * (1 + 10 * guess**4), SURE).astype(np.float32)
    model = _LocalColours(guide)
    slope, offset = model.fit(np.clip(_conjugate_gradients(model, guess, pull), 0, reach))
    offset -= slope @ model.centre
    return _enlarge(linear, slope, offset, band, outline.body)


def _first_guess(rgb: np.ndarray, outline: Outline, body: np.ndarray, face: Box) -> np.ndarray:
    """The network's opinion, corrected where it wavers by the colours that occur on one side only."""
    sure = np.where(outline.body, np.maximum(outline.person, 0.5), np.minimum(outline.person, 0.5))
    guess = cv2.resize(sure, body.shape[::-1], interpolation=cv2.INTER_AREA)
    guess = np.clip((guess - 0.3) / 0.45, 0, 1)
    guess = guess * guess * (3 - 2 * guess)
    unit = face[3]
    near = _distance(body) + _distance(1 - body) < 0.45 * unit
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB).astype(np.int32) >> 3
    bins = lab[..., 0] * 1024 + lab[..., 1] * 32 + lab[..., 2]
    front = _histogram(bins[(body > 0) & near & (guess > 0.97)])
    back = _histogram(bins[(body == 0) & near & (guess < 0.03)])
    ratio = np.clip(np.log((front + 2e-6) / (back + 2e-6)), -4, 4)[bins]
    ratio = cv2.GaussianBlur(ratio, (0, 0), max(0.5, 0.012 * unit))
    open_mind = np.clip(guess, 0.02, 0.98)
    ratio *= _near_head(body.shape, face, 1.7) * np.sqrt(4 * open_mind * (1 - open_mind))
    logit = np.log(open_mind / (1 - open_mind)) + ratio
    return (1 / (1 + np.exp(-logit))).astype(np.float32)


def _histogram(bins: np.ndarray) -> np.ndarray:
    counts = np.bincount(bins, minlength=32768).astype(np.float32).reshape(32, 32, 32)
    for axis in range(3):
        counts = 0.5 * counts + 0.25 * (np.roll(counts, 1, axis) + np.roll(counts, -1, axis))
    return (counts / (counts.sum() + 1)).ravel()


def _undecided(guess: np.ndarray, body: np.ndarray, face: Box) -> np.ndarray:
    """A band along the outline, wide around the head where hair may be loose."""
    reach = face[3] * (0.028 + 0.052 * _near_head(body.shape, face, 1.25))
    inside, outside = _distance(body), _distance(1 - body)
    wavering = (guess > 0.03) & (guess < 0.97) & (inside + outside < 1.6 * reach)
    return (inside + 1.4 * outside < reach) | wavering


def _near_head(shape: tuple[int, int], face: Box, reach: float) -> np.ndarray:
    """1 around the head, falling to 0 at `reach` face heights from the middle of the face."""
    x, y, w, h = face
    rows = (np.arange(shape[0], dtype=np.float32) - (y + h * 0.5)) / (1.1 * h)
    columns = (np.arange(shape[1], dtype=np.float32) - (x + w * 0.5)) / h
    return np.clip((reach - np.sqrt(rows[:, None] ** 2 + columns[None] ** 2)) / 0.35, 0, 1)


def _distance(shape: np.ndarray) -> np.ndarray:
    return cv2.distanceTransform(shape, cv2.DIST_L2, 5)


def _blur(image: np.ndarray) -> np.ndarray:
    return cv2.blur(image, (2 * RADIUS + 1, 2 * RADIUS + 1), borderType=cv2.BORDER_REFLECT)


class _LocalColours:
    """In each small window alpha is a linear function of colour: the assumption that makes matting solvable."""

    def __init__(self, guide: np.ndarray):
        self.centre = guide.mean(axis=(0, 1))
        guide = guide - self.centre  # small numbers lose less in the differences below
        self.guide = guide
        self.mean = _blur(guide)
        r, g, b = cv2.split(guide)
        products = _blur(cv2.merge([r * r, r * g, r * b])), _blur(cv2.merge([g * g, g * b, b * b]))
        mean_r, mean_g, mean_b = cv2.split(self.mean)
        rr = products[0][..., 0] - mean_r * mean_r + REGULARITY
        rg = products[0][..., 1] - mean_r * mean_g
        rb = products[0][..., 2] - mean_r * mean_b
        gg = products[1][..., 0] - mean_g * mean_g + REGULARITY
        gb = products[1][..., 1] - mean_g * mean_b
        bb = products[1][..., 2] - mean_b * mean_b + REGULARITY
        first, second, third = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
        scale = 1 / (rr * first + rg * second + rb * third)
        self.inverse = cv2.merge([first * scale, second * scale, third * scale])
        self.inverse_rest = cv2.merge(
            [(rr * bb - rb * rb) * scale, (rg * rb - rr * gb) * scale, (rr * gg - rg * rg) * scale]
        )

    def fit(self, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(slope (h, w, 3), offset (h, w)) with alpha ~ slope . colour + offset around each pixel."""
        mean = _blur(alpha)
        covariance = _blur(cv2.multiply(self.guide, cv2.merge([alpha] * 3)))
        covariance -= self.mean * mean[..., None]
        x, y, z = cv2.split(covariance)
        a, b, c = cv2.split(self.inverse)
        d, e, f = cv2.split(self.inverse_rest)
        slope = cv2.merge([a * x + b * y + c * z, b * x + d * y + e * z, c * x + e * y + f * z])
        offset = mean - cv2.transform(slope * self.mean, np.ones((1, 3), np.float32))
        return _blur(slope), _blur(offset)

    def residual(self, alpha: np.ndarray) -> np.ndarray:
        """The matting Laplacian times alpha."""
        slope, offset = self.fit(alpha)
        return alpha - cv2.transform(slope * self.guide, np.ones((1, 3), np.float32)) - offset


def _conjugate_gradients(model: _LocalColours, guess: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Solve (Laplacian + pull) alpha = pull * guess, starting from the guess."""
    alpha = guess.copy()
    rest = -model.residual(alpha)
    scale = 1 / (pull + np.float32(0.6))
    direction = scale * rest
    energy = float(np.vdot(rest, direction))
    for _ in range(STEPS):
        if energy < 1e-9:
            break
        image = model.residual(direction) + pull * direction
        step = np.float32(energy / float(np.vdot(direction, image)))
        alpha += step * direction
        rest -= step * image
        scaled = scale * rest
        previous, energy = energy, float(np.vdot(rest, scaled))
        direction = scaled + np.float32(energy / previous) * direction
    return alpha


def _enlarge(
    linear: np.ndarray, slope: np.ndarray, offset: np.ndarray, band: np.ndarray, body: np.ndarray
) -> np.ndarray:
    """Full-size alpha: the local colour model of the solved matte, applied to the full picture in the band."""
    size = linear.shape[1::-1]
    alpha = body.astype(np.float32)
    wide = cv2.dilate(band.astype(np.uint8), np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero(cv2.resize(wide, size, interpolation=cv2.INTER_NEAREST))
    found = cv2.resize(cv2.merge([*cv2.split(slope), offset]), size)[rows, columns]
    solved = np.einsum("ij,ij->i", linear[rows, columns] ** np.float32(0.6), found[:, :3]) + found[:, 3]
    alpha[rows, columns] = np.clip((solved - CUT_LOW) / (CUT_HIGH - CUT_LOW), 0, 1)
    return alpha


def own_colours(linear: np.ndarray, alpha: np.ndarray, face: Box) -> np.ndarray:
    """The person's own linear colour (h, w, 3) float32, without the old background; defined outside too."""
    # Lens and compression smear the background a little way inwards: only what lies deeper is wholly the person.
    side = 2 * round(0.008 * face[3]) + 1
    trust = cv2.erode(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    front = linear
    for radius, scale in ((0.15 * face[3], 0.125), (0.025 * face[3], 0.5)):
        front = _spread(front, trust, radius, scale)
    trust = cv2.blur(trust, (3, 3))
    for start in range(0, len(front), STRIP):  # in strips, for the whole at once would need 100 MB more
        strip = slice(start, start + STRIP)
        mixed, share = front[strip], trust[strip]
        rows, columns = np.nonzero(share < 0.998)
        own = linear[strip].copy()
        part = mixed[rows, columns]
        own[rows, columns] = part + share[rows, columns][:, None] * (own[rows, columns] - part)
        mixed[...] = own
    return front


def _spread(colour: np.ndarray, trust: np.ndarray, radius: float, scale: float) -> np.ndarray:
    """Mean colour of what is trusted within `radius` pixels; computed at `scale`."""
    size = trust.shape[::-1]
    small = (max(4, round(size[0] * scale)), max(4, round(size[1] * scale)))
    side = 2 * max(1, round(radius * scale)) + 1
    weight = cv2.resize(trust, small, interpolation=cv2.INTER_AREA)[..., None] ** 3
    reduced = cv2.resize(colour, small, interpolation=cv2.INTER_AREA)
    covered = cv2.blur(weight, (side, side))[..., None]
    # Where nothing is trusted the wider mean of the step before stays.
    mean = (cv2.blur(reduced * weight, (side, side)) + 1e-3 * reduced) / (covered + 1e-3)
    return cv2.resize(mean, size)
