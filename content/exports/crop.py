"""Where to cut: the largest frame of a shape that fits into a picture, placed by the face. Pure geometry."""

from dataclasses import dataclass

USUAL_FACE = (0.35, 0.18, 0.30, 0.30)  # where a face is taken to be when nobody measured it: upper centre third
FACE_HEIGHT_IN_FRAME = 0.40  # the face's middle, as a share of the frame from its top
MOST_ENLARGED = 1.5


@dataclass(frozen=True)
class Frame:
    """A cut in pixels of the picture; `scale` is the enlargement to the wanted size; `by_face`: a measured face led."""

    left: int
    top: int
    width: int
    height: int
    scale: float
    by_face: bool

    @property
    def box(self) -> tuple[int, int, int, int]:
        """left, top, right, bottom, as Pillow takes it."""
        return (self.left, self.top, self.left + self.width, self.top + self.height)

    @property
    def soft(self) -> bool:
        """Whether it is enlarged so much that it shows."""
        return self.scale > MOST_ENLARGED + 0.005


def face_of(provenance: dict) -> tuple[float, float, float, float] | None:
    """The face that the engine reported, as x, y, width, height in shares of the picture; None when there is none."""
    face = provenance.get("face")
    if not isinstance(face, list | tuple) or len(face) != 4:
        return None
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in face):
        return None
    x, y, width, height = (float(value) for value in face)
    inside = 0 <= x < 1 and 0 <= y < 1 and 0 < width <= 1 and 0 < height <= 1
    return (x, y, width, height) if inside else None


def frame_for(
    size: tuple[int, int], wanted: tuple[int, int], *, face: tuple[float, float, float, float] | None, centred: bool
) -> Frame:
    """The largest frame with the shape of `wanted` inside a picture of `size` (both width, height in pixels).

    It follows the face where there is room to choose; `centred` takes the middle instead.
    """
    width, height = size
    shape = wanted[0] / wanted[1]
    cut_width = min(width, max(1, round(height * shape)))
    cut_height = min(height, max(1, round(width / shape)))
    x, y, face_width, face_height = face or USUAL_FACE
    middle = (0.5, 0.5) if centred else (x + face_width / 2, y + face_height / 2)
    upper = 0.5 if centred else FACE_HEIGHT_IN_FRAME
    left = _within(middle[0] * width - cut_width / 2, width - cut_width)
    top = _within(middle[1] * height - cut_height * upper, height - cut_height)
    return Frame(left, top, cut_width, cut_height, wanted[0] / cut_width, by_face=bool(face) and not centred)


def _within(value: float, most: int) -> int:
    return min(max(0, round(value)), most)
