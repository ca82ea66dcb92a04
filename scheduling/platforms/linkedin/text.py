"""LinkedIn's “little” text: what a user typed, so that LinkedIn shows exactly that, with hashtags that work.

Source: learn.microsoft.com/linkedin, “little Text Format”: every reserved character needs a backslash, used or not; an
unescaped one cuts the text off.
"""

import re

RESERVED = "\\|{}@[]()<>#*_~"
_ESCAPES = str.maketrans({character: f"\\{character}" for character in RESERVED})
# A hashtag starts a word and holds a letter; "#1" and "C#" are plain text.
_HASHTAG = re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])(\w+)")


def little_text(text: str) -> str:
    """Escape a plain text and turn its hashtags into LinkedIn's hashtag template."""
    parts, at = [], 0
    for found in _HASHTAG.finditer(text):
        parts.append(text[at : found.start()].translate(_ESCAPES))
        parts.append(f"{{hashtag|\\#|{found[1].translate(_ESCAPES)}}}")
        at = found.end()
    parts.append(text[at:].translate(_ESCAPES))
    return "".join(parts)
