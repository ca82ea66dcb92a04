"""Lifestyle: natural light, golden hour; relaxed, candid."""

from ..scenarios import Framing
from .base import Look, at

AIRY = Framing((0.18, 0.235, 0.34), 0.43, 0.37, 0.05, 0.09, (1.0, 1.5))
NEAR = Framing((0.20, 0.26, 0.36), 0.44, 0.38, 0.05, 0.07, (1.5, 1.5))
EASY = {"yaw": 0.12, "smile": 0.9}

LIFESTYLE = (
    Look(
        "lifestyle.working",
        "Working",
        (
            at("workspace", "Home desk", "A bright room with shelves and a desk by the window.", AIRY, **EASY),
            at("cafe_work", "Café with laptops", "A café by day, people working at small tables.", AIRY, **EASY),
            at("office", "Office", "Desks and screens, the city behind glass.", AIRY, yaw=0.12, smile=0.6),
        ),
    ),
    Look(
        "lifestyle.travel",
        "Travel",
        (
            at("old_town", "Old town", "A lane of painted houses in low sun.", AIRY, **EASY),
            at("coast", "Coast viewpoint", "High above a bay, flowers on the wall.", AIRY, **EASY),
            at("mountains", "Mountain pass", "Peaks, dark woods and a meadow.", AIRY, **EASY),
        ),
    ),
    Look(
        "lifestyle.home",
        "Home",
        (
            at("living_room", "Living room", "A sofa, pictures, light from a large window.", AIRY, **EASY),
            at("kitchen", "Kitchen", "Worktop, shelves and lamps over the island.", AIRY, **EASY),
            at("balcony", "Balcony", "Plants on the rail, sunlit houses across the street.", AIRY, **EASY),
        ),
    ),
    Look(
        "lifestyle.social",
        "Social",
        (
            at("cafe", "Café", "Meeting at a café, by day or by evening light.", NEAR, **EASY),
            at("rooftop_bar", "Rooftop bar", "Strings of bulbs above the lights of the city.", NEAR, **EASY),
            at("picnic", "Park picnic", "Blankets and friends under old trees.", NEAR, **EASY),
        ),
    ),
)
