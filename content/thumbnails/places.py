"""Which background somebody means: words for the looks and their places, as the engine has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from content.categories import LOOKS

Places = Mapping[str, tuple[tuple[str, str], ...]]  # look -> (key, title) of each place

# What people say -> the look, and words that a fitting place has in its key or title, best first.
SAYINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "yacht": ("luxury.yacht", ("deck",)),
    "boat": ("luxury.yacht", ("deck", "bow")),
    "ship": ("luxury.yacht", ("deck", "bow")),
    "sailing boat": ("luxury.yacht", ("bow",)),
    "marina": ("luxury.yacht", ("marina",)),
    "harbour": ("luxury.yacht", ("marina",)),
    "harbor": ("luxury.yacht", ("marina",)),
    "villa": ("luxury.villa", ()),
    "mansion": ("luxury.villa", ()),
    "pool": ("luxury.villa", ("pool",)),
    "terrace": ("luxury.villa", ("terrace",)),
    "garden": ("luxury.villa", ("garden",)),
    "boutique": ("luxury.shopping", ()),
    "mall": ("luxury.shopping", ("arcade",)),
    "shop": ("luxury.shopping", ()),
    "shopping street": ("luxury.shopping", ("street",)),
    "gala": ("luxury.events", ("gala",)),
    "party": ("luxury.events", ()),
    "red carpet": ("luxury.events", ()),
    "ballroom": ("luxury.events", ("ball", "gala")),
    "beach": ("lifestyle.travel", ("beach", "coast", "sea")),
    "coast": ("lifestyle.travel", ("coast",)),
    "sea": ("lifestyle.travel", ("coast", "sea")),
    "ocean": ("lifestyle.travel", ("coast", "sea")),
    "mountains": ("lifestyle.travel", ("mountain",)),
    "mountain": ("lifestyle.travel", ("mountain",)),
    "alps": ("lifestyle.travel", ("mountain",)),
    "old town": ("lifestyle.travel", ("old_town", "town")),
    "village": ("lifestyle.travel", ("old_town", "town")),
    "abroad": ("lifestyle.travel", ()),
    "cafe": ("lifestyle.social", ("cafe", "café")),
    "café": ("lifestyle.social", ("cafe", "café")),
    "coffee shop": ("lifestyle.social", ("cafe", "café")),
    "bar": ("lifestyle.social", ("bar",)),
    "restaurant": ("lifestyle.social", ("cafe", "café")),
    "park": ("lifestyle.social", ("park", "picnic")),
    "gym": ("story.transformation", ("gym",)),
    "gallery": ("luxury.events", ("gallery",)),
    "yacht at sunset": ("luxury.yacht", ("golden", "bow")),
    "boat at sunset": ("luxury.yacht", ("golden", "bow")),
    "rooftop": ("lifestyle.social", ("roof",)),
    "living room": ("lifestyle.home", ("living",)),
    "kitchen": ("lifestyle.home", ("kitchen",)),
    "balcony": ("lifestyle.home", ("balcony",)),
    "house": ("lifestyle.home", ()),
    "office": ("lifestyle.working", ("office", "workspace", "desk")),
    "desk": ("lifestyle.working", ("desk", "workspace")),
    "workplace": ("lifestyle.working", ("workspace", "desk")),
    "city": ("editorial.business", ("city", "tower", "glass")),
    "city at night": ("luxury.events", ("roof",)),
    "night city": ("luxury.events", ("roof",)),
    "skyline": ("editorial.business", ("city", "tower", "glass")),
    "skyscrapers": ("editorial.business", ("tower", "glass", "city")),
    "street": ("lifestyle.travel", ("street", "town")),
    "studio": ("portrait.headshot", ("studio",)),
    "coloured light": ("portrait.creative", ()),
    "neon city": ("portrait.creative", ("neon", "city")),
    "library": ("portrait.professional", ("book", "library")),
    "bookshelf": ("portrait.professional", ("book", "library")),
    "train": ("story.journey", ("train",)),
    "road": ("story.journey", ("road",)),
    "hills": ("story.journey", ("hill",)),
    "forest": ("story.journey", ("forest", "wood", "road")),
    "film set": ("story.behind_scenes", ("set",)),
    "backstage": ("story.behind_scenes", ()),
    "dressing room": ("story.behind_scenes", ("mirror",)),
    "catwalk": ("editorial.fashion", ()),
    "runway": ("editorial.fashion", ()),
}


@dataclass(frozen=True)
class Place:
    """A background that can be had, and what to call it."""

    look: str
    place: str
    title: str


def find_place(clause: str, places: Places) -> tuple[Place, str] | None:
    """The background a clause names, and the words that name it; the longest name wins."""
    for words, place in _names(places):
        if found := re.search(rf"\b{re.escape(words)}(?:s|es)?\b", clause):
            return place, found[0]
    return None


def place_words(places: Places) -> frozenset[str]:
    """Every single word that can name a background, for mending typing errors."""
    return frozenset(word for words, _ in _names(places) for word in words.split() if len(word) >= 5)


def _names(places: Places) -> list[tuple[str, Place]]:
    names: dict[str, Place] = {}
    for saying, (look, hints) in SAYINGS.items():
        if offered := places.get(look):
            names[saying] = _hinted(look, hints, offered)
    for look, offered in places.items():
        if look in LOOKS and offered:
            title = LOOKS[look].title.lower()
            names.setdefault(title, Place(look, offered[0][0], LOOKS[look].title.lower()))
        for key, title in offered:
            place = Place(look, key, title[:1].lower() + title[1:])
            names.setdefault(title.lower(), place)
            names.setdefault(key.replace("_", " "), place)
    return sorted(names.items(), key=lambda pair: -len(pair[0]))


def _hinted(look: str, hints: tuple[str, ...], offered: tuple[tuple[str, str], ...]) -> Place:
    for hint in hints:
        for key, title in offered:
            if hint in key or hint in title.lower():
                return Place(look, key, title[:1].lower() + title[1:])
    key, title = offered[0]
    return Place(look, key, title[:1].lower() + title[1:])
