"""Story: moody, atmospheric light; emotional, authentic."""

from .base import TIGHT, USUAL, WIDE, Look, at

STORY = (
    Look(
        "story.journey",
        "Journey",
        (
            at("train", "On the train", "By the window, the land rushing past.", USUAL, yaw=0.15, smile=0.2),
            at("misty_road", "Misty road", "A road that goes off into the mist.", WIDE, smile=0.1),
            at("dusk_hill", "Hillside at dusk", "Ridges and the last glow of the day.", WIDE, yaw=0.15, smile=0.2),
        ),
    ),
    Look(
        "story.transformation",
        "Transformation",
        (
            at("dawn_window", "First light", "A dark room and a window at dawn.", USUAL, yaw=0.15, smile=0.1),
            at("dark_gym", "Empty gym", "One lamp, dust in its light, weights.", USUAL, smile=0.0),
            at("split_light", "Half dark, half bright", "One hard light between dark and bright.", TIGHT, smile=0.0),
        ),
    ),
    Look(
        "story.behind_scenes",
        "Behind the scenes",
        (
            at("studio_lamps", "Photo studio", "The studio seen whole, with its lamps and stands.", WIDE, smile=0.7),
            at("dressing_room", "Dressing room", "A mirror framed by warm bulbs.", USUAL, smile=0.6),
            at("film_set", "Film set", "Night, haze, a large lamp, monitors.", USUAL, smile=0.4),
        ),
    ),
)
