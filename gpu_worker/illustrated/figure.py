"""Draw the person: the head from dicebear on shoulders that wear what the scenario asks for."""

import re
from collections.abc import Mapping
from typing import Any

from dicebear import Avatar

from gpu_worker.illustrated.look import INK, mix
from gpu_worker.illustrated.style import COLLAR_MARK, load_style
from gpu_worker.illustrated.wardrobe import Outfit


def draw_figure(look: Mapping[str, Any], mouth: str, outfit: Outfit) -> str:
    """SVG elements of the person in a frame where the head fills about 210-780 x 120-900."""
    skin, hair = look["skinColor"][0], look["hairColor"][0]
    options = {key: value for key, value in look.items() if key != "presentation"} | {
        "mouthVariant": [mouth],
        "idRandomization": False,
        "hairColor": [mix(hair, "#ffffff", 0.10), mix(hair, "#100810", 0.16)],
        "hairColorFill": "linear",
        "hairColorAngle": 75,
        "hairColorOrder": "fixed",
        "shadeColor": [mix(mix(skin, "#7a2f2a", 0.2), INK, 0.1)],
        "cheekColor": [mix(skin, "#d6453f", 0.12)],
    }
    head = Avatar(load_style(), options).to_string()
    inner = head[head.index(">") + 1 : head.rindex("</svg>")]
    # The clothes reach out of dicebear's square; and a smile in a beard is otherwise drawn too faintly.
    inner = re.sub(r' clip-path="[^"]*"', "", inner).replace('opacity=".4"', 'opacity=".8"')
    return outfit.body + inner.replace(COLLAR_MARK, outfit.collar)
