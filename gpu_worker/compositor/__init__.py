"""Portraits made from a person's own pixels on rendered scenes, so that identity is kept by construction."""

from .errors import PortraitRefused
from .portrait import Portrait, rank_photos, render_portrait
from .scenarios import SCENARIOS, Scenario
from .subject import Subject, prepare_subject

__all__ = [
    "SCENARIOS",
    "Portrait",
    "PortraitRefused",
    "Scenario",
    "Subject",
    "prepare_subject",
    "rank_photos",
    "render_portrait",
]
