"""Luxury: golden hour, premium; elegant, sophisticated."""

from ..scenarios import Framing
from .base import Look, at

AIRY = Framing((0.18, 0.235, 0.34), 0.43, 0.37, 0.05, 0.09, (0.0, 1.5))
NEAR = Framing((0.20, 0.26, 0.36), 0.45, 0.38, 0.04, 0.07, (0.0, 1.5))
CALM = {"yaw": 0.12, "smile": 0.55, "rim": 1.1}
EVENING = {**CALM, "rim": 1.3}

LUXURY = (
    Look(
        "luxury.yacht",
        "Yacht",
        (
            at("yacht_deck", "Deck at sea", "Cushions and teak, the coast behind the rail.", AIRY, **CALM),
            at("yacht_bow", "Bow at golden hour", "The foredeck over a glittering sea.", AIRY, **CALM),
            at("marina", "Marina", "Yachts at the quay, masts and a hill of houses.", AIRY, **CALM),
        ),
    ),
    Look(
        "luxury.villa",
        "Villa",
        (
            at("pool_terrace", "Terrace with pool", "Blue water, white walls, palms or cypresses.", AIRY, **CALM),
            at("villa_garden", "Garden", "Cypresses and hedges along a gravel path.", AIRY, **CALM),
            at(
                "villa_interior", "Room with a view", "Glass walls, long curtains, sea or garden outside.", AIRY, **CALM
            ),
        ),
    ),
    Look(
        "luxury.shopping",
        "Shopping",
        (
            at("boutique_street", "Boutique street", "Elegant shop windows between stone fronts.", AIRY, **CALM),
            at("boutique", "Inside a boutique", "Lit shelves with bags, clothes on rails.", AIRY, **CALM),
            at("arcade", "Arcade", "A passage of shops under a vault of glass.", AIRY, **CALM),
        ),
    ),
    Look(
        "luxury.events",
        "Events",
        (
            at("gala", "Gala", "Chandeliers, candles and evening dress.", NEAR, **EVENING),
            at("rooftop_reception", "Rooftop evening", "A reception above the lights of the city.", NEAR, **EVENING),
            at("gallery", "Gallery opening", "Large paintings under spotlights.", NEAR, **CALM),
        ),
    ),
)
