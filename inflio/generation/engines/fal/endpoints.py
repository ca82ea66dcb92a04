"""fal's endpoints as data: what each is called, costs, takes and gives. A new model is a new row here.

Sources: the endpoints' pages and schemas at fal.ai/models, read November 2026; prices in US dollars for one picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

GEMINI_SIZES = MappingProxyType(
    {
        "4:5": (928, 1152),
        "1:1": (1024, 1024),
        "9:16": (768, 1376),
        "16:9": (1376, 768),
        "3:4": (896, 1200),
        "2:3": (848, 1264),
        "4:3": (1200, 896),
        "3:2": (1264, 848),
        "5:4": (1152, 928),
    }
)
GPT_SIZES = MappingProxyType({"2:3": (1024, 1536), "1:1": (1024, 1024), "3:2": (1536, 1024)})


@dataclass(frozen=True)
class Endpoint:
    """One way to make pictures at fal.

    usd: for one picture. credits: what we take for it. seconds: usual time until it is there.
    fixed: arguments that every request carries. seeded: it takes a seed. pixels: it wants image_size "WxH" instead of
    aspect_ratio. streamed: it has a /stream path that shows the picture while it forms.
    """

    name: str
    title: str
    path: str
    usd: float
    credits: int
    seconds: float
    sizes: Mapping[str, tuple[int, int]]
    references: int
    fixed: Mapping[str, Any] = field(default_factory=dict)
    seeded: bool = True
    pixels: bool = False
    streamed: bool = False
    most: int = 4


GEMINI_FIXED = MappingProxyType({"resolution": "1K", "output_format": "png", "safety_tolerance": "2"})
ENDPOINTS = (
    Endpoint(
        name="fal_nano_banana_pro",
        title="Nano Banana Pro",
        path="fal-ai/nano-banana-pro/edit",
        usd=0.15,
        credits=5,
        seconds=25,
        sizes=GEMINI_SIZES,
        references=8,
        fixed=GEMINI_FIXED,
    ),
    Endpoint(
        name="fal_nano_banana_2",
        title="Nano Banana 2",
        path="fal-ai/nano-banana-2/edit",
        usd=0.08,
        credits=3,
        seconds=15,
        sizes=GEMINI_SIZES,
        references=8,
        fixed=GEMINI_FIXED,
    ),
    Endpoint(
        name="fal_nano_banana_2_1",
        title="Nano Banana 2.1",
        path="google/nano-banana-2.1/edit",
        usd=0.04,
        credits=2,
        seconds=12,
        sizes=GEMINI_SIZES,
        references=8,
        fixed=GEMINI_FIXED,
    ),
    Endpoint(
        name="fal_gpt_image_1_5",
        title="GPT Image 1.5",
        path="fal-ai/gpt-image-1.5/edit",
        usd=0.20,
        credits=6,
        seconds=45,
        sizes=GPT_SIZES,
        references=8,
        fixed=MappingProxyType({"quality": "high", "input_fidelity": "high", "output_format": "png"}),
        seeded=False,
        pixels=True,
        streamed=True,
    ),
)
