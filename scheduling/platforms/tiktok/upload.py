"""How a video is cut for TikTok's upload, by developers.tiktok.com/doc/content-posting-api-media-transfer-guide."""

from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 10_000_000  # bytes: above 5 and below 64 MB, whichever MB is meant
URL_SECONDS = 3600  # how long an upload address works


@dataclass(frozen=True)
class Plan:
    """`count` chunks of `chunk` bytes; the last one also carries what is left over."""

    size: int
    chunk: int
    count: int

    def range(self, number: int) -> tuple[int, int]:
        """First byte and last byte, inclusive, of chunk `number` (from 0)."""
        first = number * self.chunk
        return first, (self.size if number == self.count - 1 else first + self.chunk) - 1

    def number_at(self, offset: int) -> int | None:
        """Which chunk begins at this byte; None when none does."""
        number, rest = divmod(offset, self.chunk)
        return number if rest == 0 and number < self.count else None


def plan(size: int, chunk: int = CHUNK) -> Plan:
    """Cut `size` bytes: the count is the quotient rounded down, and what fits no second chunk goes whole."""
    count = max(1, size // chunk)
    return Plan(size, size if count == 1 else chunk, count)


def read(file: BinaryIO, first: int, last: int) -> bytes:
    """The bytes from first to last, both included. Raises EOFError when the file is shorter."""
    file.seek(first)
    data = file.read(last - first + 1)
    if len(data) != last - first + 1:
        raise EOFError(f"The file ends before byte {last}.")
    return data
