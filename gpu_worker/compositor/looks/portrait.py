"""Portrait: soft, flattering light; direct gaze, composed."""

from .base import TIGHT, USUAL, Look, at

PORTRAIT = (
    Look(
        "portrait.headshot",
        "Headshot",
        (
            at("grey_paper", "Grey studio", "Plain grey, soft light, nothing to distract.", TIGHT, smile=0.6),
            at("high_key", "White studio", "White on white, light from everywhere.", TIGHT, smile=0.8),
            at("window_wall", "Window light", "A plain wall beside a large window.", TIGHT, smile=0.6),
        ),
    ),
    Look(
        "portrait.creative",
        "Creative",
        (
            at("two_colours", "Two colours", "One colour on the face, another along its edge.", USUAL, smile=0.2),
            at("neon_room", "Neon", "Neon tubes on a dark wall.", USUAL, smile=0.3),
            at("projected_pattern", "Projected light", "A dark wall with a pattern of light.", USUAL, smile=0.2),
        ),
    ),
    Look(
        "portrait.professional",
        "Professional",
        (
            at("dark_backdrop", "Dark backdrop", "A quiet dark ground with a glow behind.", USUAL, smile=0.5),
            at("library", "Library", "Shelves of books in warm light.", USUAL, smile=0.6),
            at("quiet_office", "Bright office", "A bright room with little in it.", USUAL, smile=0.7),
        ),
    ),
)
