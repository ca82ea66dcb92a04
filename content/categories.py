"""The five categories and their 17 subcategories (looks) as data: what a creator chooses from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subcategory:
    """One look; `key` is "category.subcategory" and names it everywhere, `line` says what it shows."""

    key: str
    title: str
    line: str


@dataclass(frozen=True)
class Category:
    """A family of looks with the light and the pose they share."""

    key: str
    title: str
    light: str
    pose: str
    looks: tuple[Subcategory, ...]


def _category(key: str, title: str, light: str, pose: str, *looks: tuple[str, str, str]) -> Category:
    return Category(key, title, light, pose, tuple(Subcategory(f"{key}.{name}", *words) for name, *words in looks))


CATEGORIES = (
    _category(
        "lifestyle",
        "Lifestyle",
        "natural light, golden hour",
        "relaxed, candid",
        ("working", "Working", "At the desk, in a café, in the office"),
        ("travel", "Travel", "Old towns, coasts and mountain roads"),
        ("home", "Home", "Living room, kitchen, balcony"),
        ("social", "Social", "Cafés, rooftops, evenings with friends"),
    ),
    _category(
        "editorial",
        "Editorial",
        "dramatic studio light",
        "powerful, confident",
        ("magazine_cover", "Magazine cover", "Strong light, room for a title"),
        ("fashion", "Fashion", "Hard light, clear shapes and colour"),
        ("business", "Business", "Glass, stone and a city behind"),
    ),
    _category(
        "portrait",
        "Portrait",
        "soft, flattering light",
        "direct gaze, composed",
        ("headshot", "Headshot", "Plain backdrop, straight to the camera"),
        ("creative", "Creative", "Coloured light and shadow play"),
        ("professional", "Professional", "Books, offices, dark backdrops"),
    ),
    _category(
        "story",
        "Story",
        "moody, atmospheric light",
        "emotional, authentic",
        ("journey", "Journey", "Trains, misty roads, hills at dusk"),
        ("transformation", "Transformation", "From dark to light"),
        ("behind_scenes", "Behind the scenes", "Lamps, mirrors, the set"),
    ),
    _category(
        "luxury",
        "Luxury",
        "golden hour, premium light",
        "elegant, sophisticated",
        ("yacht", "Yacht", "On deck, in the marina"),
        ("villa", "Villa", "Terraces, pools and gardens"),
        ("shopping", "Shopping", "Boutiques and arcades"),
        ("events", "Events", "Galas, openings, evenings"),
    ),
)
CATEGORY_OF = {look.key: category for category in CATEGORIES for look in category.looks}
LOOKS = {look.key: look for category in CATEGORIES for look in category.looks}
CONTENT_TYPES = (("portrait", "Portrait"), ("full_body", "Full body"), ("action", "Action"))


def look_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices for a form or an admin filter, grouped by category."""
    return [(category.title, [(look.key, look.title) for look in category.looks]) for category in CATEGORIES]


def look_title(key: str) -> str:
    """ "Lifestyle · Travel" for a look's key; the bare key for one that no longer exists."""
    if key not in LOOKS:
        return key
    return f"{CATEGORY_OF[key].title} · {LOOKS[key].title}"
