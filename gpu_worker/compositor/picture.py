"""One content picture of a person: by look, place, style, content type and seed."""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from .content_types import CONTENT_TYPES, as_shot
from .errors import PortraitRefused
from .finish import finish
from .framing import place as find_placement
from .grade import style_scene, tone
from .looks import LOOKS
from .motion import pan
from .portrait import agree_on_look, rank_photos, take_turn
from .relight import adapt_scene, light_subject
from .scenarios import Scenario
from .scenes import render_scene
from .standing import lay_shadow
from .subject import Subject

TOO_LITTLE = {
    "portrait": "No photo shows the face large enough with enough room around it: add a larger one of head and "
    "shoulders.",
    "action": "No photo shows enough of the body for this: add one that shows the person down to the waist.",
    "full_body": "No photo shows the person from head to feet: add one.",
}


@dataclass(frozen=True, eq=False)
class Picture:
    """A finished picture: rgb uint8 (height, width, 3), and where it came from."""

    rgb: np.ndarray
    photo_index: int
    look: str
    place: str
    seed: int


def shot_of(look: str, seed: int, place: str = "", content_type: str = "portrait") -> Scenario:
    """The place ("" = the one the seed falls on) framed for the content type; KeyError for an unknown name."""
    return as_shot(LOOKS[look].place(place, seed), content_type)


def render_picture(
    subjects: Sequence[Subject],
    look: str,
    seed: int,
    width: int = 1024,
    height: int = 1280,
    place: str = "",
    skip_photos: Collection[int] = (),
    style: str = "natural",
    content_type: str = "portrait",
) -> Picture:
    """Render one picture; the same arguments give the same bytes, another seed another variation.

    Raises PortraitRefused where no photo fits and KeyError for a look, place, style or content type that does not
    exist.
    """
    shot = shot_of(look, seed, place, content_type)
    ranked = rank_photos(subjects, shot, width, height, skip_photos)
    if not ranked:
        raise PortraitRefused(TOO_LITTLE[content_type])
    subject = subjects[index := take_turn(ranked, zlib.crc32(look.encode()) % 97 + seed)]
    rng = np.random.default_rng([seed % 2**63, zlib.crc32(f"{look}/{shot.key}".encode())])
    wish = shot.framing
    placement = find_placement(subject, wish, width, height, rng) or find_placement(subject, wish, width, height)
    scene = style_scene(adapt_scene(render_scene(shot.scene, seed, width, height), subject, shot), style)
    if smear := CONTENT_TYPES[content_type].motion:
        scene = pan(scene, smear, rng)
    lit = light_subject(subject, placement, scene, agree_on_look(subjects), width, height)
    if content_type == "full_body":
        scene = lay_shadow(scene, lit.alpha)
    rgb = tone(finish(lit, scene, placement.face_height * height, rng), style)
    return Picture(rgb, index, look, shot.key, seed)
