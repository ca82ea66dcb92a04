"""Words as their author means them, in characters that every page, feed and database can hold."""

import re

_BREAKS = re.compile(r"\r\n?|[\v\f]")  # Word's line break and others come as these
_UNUSABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not in XML 1.0, so in no feed


def clean_text(text: str) -> str:
    """The text with plain line breaks, and without NUL and other characters that mean nothing to anybody."""
    return _UNUSABLE.sub("", _BREAKS.sub("\n", text))
