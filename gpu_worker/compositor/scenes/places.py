"""The places of the looks "lifestyle" and "luxury" by name."""

from collections.abc import Callable

import numpy as np

from ..scene import Scene
from . import (
    arcade,
    balcony,
    boutique,
    cafe,
    gala,
    gallery,
    home,
    kitchen,
    office,
    picnic,
    pool_terrace,
    rooftop,
    street_day,
    viewpoint,
    villa_garden,
    villa_interior,
    yacht,
)
from .plate import View

PLACES: dict[str, Callable[[np.random.Generator, View], Scene]] = {
    "office": office.office,
    "cafe_work": cafe.work,
    "cafe": cafe.friends,
    "old_town": street_day.old_town,
    "coast": viewpoint.coast,
    "mountains": viewpoint.mountains,
    "living_room": home.living_room,
    "kitchen": kitchen.kitchen,
    "balcony": balcony.balcony,
    "rooftop_bar": rooftop.bar_scene,
    "picnic": picnic.picnic,
    "yacht_deck": yacht.deck,
    "yacht_bow": yacht.bow,
    "marina": yacht.marina,
    "pool_terrace": pool_terrace.pool_terrace,
    "villa_garden": villa_garden.villa_garden,
    "villa_interior": villa_interior.villa_interior,
    "boutique_street": street_day.boutique_street,
    "boutique": boutique.boutique,
    "arcade": arcade.arcade,
    "gala": gala.gala,
    "rooftop_reception": rooftop.reception,
    "gallery": gallery.gallery,
}
