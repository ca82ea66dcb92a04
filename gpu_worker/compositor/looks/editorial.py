"""Editorial: dramatic studio light; powerful, confident."""

from .base import POISED, ROOMY, USUAL, WIDE, Look, at

EDITORIAL = (
    Look(
        "editorial.magazine_cover",
        "Magazine cover",
        (
            at("coloured_paper", "Coloured studio", "A strong plain colour, room above for a title.", ROOMY, smile=0.4),
            at("gel_gradient", "Coloured light", "Two colours of light that meet behind the head.", ROOMY, smile=0.4),
            at("painted_canvas", "Painted canvas", "Hand-painted canvas, light from one side.", ROOMY, smile=0.3),
        ),
    ),
    Look(
        "editorial.fashion",
        "Fashion",
        (
            at("sunlit_wall", "Sunlit wall", "Hard low sun and the shadow of a window or palm.", POISED, smile=0.2),
            at("colour_blocks", "Colour blocks", "A set of painted planes in strong colours.", POISED, smile=0.2),
            at("concrete_wall", "Concrete in the sun", "Raw concrete, hard sun, a diagonal shadow.", POISED, smile=0.2),
        ),
    ),
    Look(
        "editorial.business",
        "Business",
        (
            at("glass_office", "Glass office", "High above the city, daylight from all sides.", USUAL, smile=0.5),
            at("lobby", "Lobby", "A tall hall of stone with columns.", WIDE, smile=0.4),
            at("boardroom", "Boardroom", "A long table, panelled walls, lamps above.", USUAL, smile=0.4),
        ),
    ),
)
