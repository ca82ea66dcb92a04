"""The looks of the five categories as data: 17 subcategories, each with the places it can be taken at."""

from .base import Look
from .editorial import EDITORIAL
from .lifestyle import LIFESTYLE
from .luxury import LUXURY
from .portrait import PORTRAIT
from .story import STORY

LOOKS: dict[str, Look] = {look.key: look for look in (*LIFESTYLE, *EDITORIAL, *PORTRAIT, *STORY, *LUXURY)}

__all__ = ["LOOKS", "Look"]
