"""Seeds of portraits: made from the persona and the scenario, so that each picture can be made again."""

import hashlib

SEED_BITS = 31  # every engine takes a positive 32-bit number


def portrait_seed(*, persona_id: int, scenario: str, variation: int) -> int:
    """Return the seed of the `variation`-th picture (from 1) of a scenario."""
    digest = hashlib.sha256(f"{persona_id}:{scenario}:{variation}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - SEED_BITS)
