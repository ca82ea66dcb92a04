"""The main job: one portrait of a person from prepared photos, by scenario and seed."""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from .errors import PortraitRefused
from .finish import finish
from .framing import Placement, place
from .relight import adapt_scene, light_subject
from .scenarios import BY_KEY, SCENARIOS, Scenario
from .scenes import render_scene
from .skin import LUMA, Look
from .subject import Subject

NEAR_EQUAL = 0.8  # photos whose cost is at most this much above the best one's take turns


@dataclass(frozen=True, eq=False)
class Portrait:
    """A finished portrait: rgb uint8 (height, width, 3), and where it came from."""

    rgb: np.ndarray
    photo_index: int
    scenario: str
    seed: int
    framing: Placement


def render_portrait(
    subjects: Sequence[Subject],
    scenario: str,
    seed: int,
    width: int = 1024,
    height: int = 1280,
    skip_photos: Collection[int] = (),
) -> Portrait:
    """Render one portrait; the same arguments give the same bytes, another seed another variation.

    `skip_photos` are indices into `subjects` that may not be used. Raises PortraitRefused where no photo fits
    and KeyError for a scenario that does not exist.
    """
    chosen = BY_KEY[scenario]
    rng = np.random.default_rng([seed % 2**63, zlib.crc32(scenario.encode())])
    ranked = rank_photos(subjects, chosen, width, height, skip_photos)
    if not ranked:
        raise PortraitRefused(
            "No photo shows the face large enough with enough room around it: add a larger one of head and shoulders."
        )
    index = take_turn(ranked, SCENARIOS.index(chosen) + seed)
    rgb, placement = render_shot(subjects, index, chosen, seed, width, height, rng)
    return Portrait(rgb, index, scenario, seed, placement)


def render_shot(
    subjects: Sequence[Subject],
    index: int,
    shot: Scenario,
    seed: int,
    width: int,
    height: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, Placement]:
    """Put the person of photo `index` into the shot's scene: rgb uint8 (height, width, 3), and how they stand in it."""
    subject = subjects[index]
    placement = place(subject, shot.framing, width, height, rng) or place(subject, shot.framing, width, height)
    scene = adapt_scene(render_scene(shot.scene, seed, width, height), subject, shot)
    lit = light_subject(subject, placement, scene, agree_on_look(subjects), width, height)
    return finish(lit, scene, placement.face_height * height, rng), placement


def agree_on_look(subjects: Sequence[Subject]) -> Look:
    """Skin colour and tonal depth on which most of the person's photos agree."""
    skins = np.log(np.array([subject.look.skin for subject in subjects]) + 1e-3)
    depth = float(np.median([subject.look.depth for subject in subjects]))
    return Look(np.exp(np.median(skins, axis=0)).astype(np.float32), depth)


def rank_photos(
    subjects: Sequence[Subject],
    scenario: Scenario,
    width: int = 1024,
    height: int = 1280,
    skip_photos: Collection[int] = (),
) -> list[tuple[float, int]]:
    """(cost, index) of the photos that can make this portrait, best first."""
    if not subjects:
        return []
    person_luma = float(agree_on_look(subjects).skin @ LUMA)
    ranked = []
    for index, subject in enumerate(subjects):
        if index in skip_photos:
            continue
        placement = place(subject, scenario.framing, width, height)
        if placement is None:
            continue
        off_light = np.log2(max(float(subject.look.skin @ LUMA), 1e-4) / person_luma)
        cost = (
            placement.cost
            + 6.0 * max(0.0, abs(off_light) - 0.12)
            + 4.0 * subject.burnt
            + 0.8 * (abs(abs(subject.yaw) - scenario.yaw) / 0.25) ** 2
            + 13.5 * max(0.0, 0.6 - subject.detail / placement.scale) ** 2
            + 0.6 * abs(np.clip((subject.smile - 0.85) / 0.25, 0, 1) - scenario.smile)
        )
        ranked.append((float(cost), index))
    return sorted(ranked)


def take_turn(ranked: list[tuple[float, int]], turn: int) -> int:
    """One of the photos that are nearly as good as the best; turns go round among them."""
    good = sorted(index for cost, index in ranked if cost <= ranked[0][0] + NEAR_EQUAL)
    return good[turn % len(good)]
