"""Where the lines of a disclosure stand in a caption: what is advertised first, the rest last, nothing twice."""

from collections.abc import Sequence

AD = "Ad: "
PERFORMER = "The person in this ad was made with AI."


def place_lines(caption: str, lines: Sequence[str]) -> str:
    """The caption with these lines: ads first, where they are seen without opening the caption, the rest behind it.

    A line that is there already is not repeated, so that placing them twice changes nothing.
    """
    said = {line.strip().casefold() for line in caption.splitlines()}
    missing = [line for line in lines if line.casefold() not in said]
    first = [line for line in missing if line.startswith(AD) or line == PERFORMER]
    last = [line for line in missing if line not in first]
    return "\n\n".join(part for part in ("\n".join(first), caption.strip(), "\n".join(last)) if part)
