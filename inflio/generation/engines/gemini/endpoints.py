"""Google's picture models as data: what each is called and costs. A new model is a new row here.

Sources: ai.google.dev/gemini-api/docs, pricing and image-generation, November 2026; US dollars for a picture of 1K.
"""

from dataclasses import dataclass
from types import MappingProxyType

SIZES = MappingProxyType(
    {
        "4:5": (896, 1152),
        "1:1": (1024, 1024),
        "9:16": (768, 1344),
        "16:9": (1344, 768),
        "3:4": (864, 1184),
        "2:3": (832, 1248),
        "4:3": (1184, 864),
        "3:2": (1248, 832),
        "5:4": (1152, 896),
        "21:9": (1536, 672),
    }
)


@dataclass(frozen=True)
class Endpoint:
    """One model. usd: for one picture. credits: what we take for it. references: pictures that may go with it."""

    name: str
    title: str
    model: str
    usd: float
    credits: int
    seconds: float
    references: int


ENDPOINTS = (
    Endpoint("gemini", "Gemini 2.5 Flash Image", "gemini-2.5-flash-image", 0.039, 2, 10, 3),
    Endpoint("gemini_3_1", "Gemini 3.1 Flash Image", "gemini-3.1-flash-image", 0.067, 3, 15, 8),
)
