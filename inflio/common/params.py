"""What an address, a form or a header says, read without trust."""

LONGEST_KEY = 18  # digits that fit into a database's id


def read_key(text: str) -> int | None:
    """A row's id, or another whole number; None for anything else, also for one that no column could hold."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else None
