"""What a request to Replicate can come to, and names shared by its parts; free of the client, which loads slowly."""

from hashlib import sha256

from inflio.common import env

PAUSE_SECONDS = 5.0  # before a read is tried again
TRAININGS = "trainings/"  # an endpoint that begins so is a training's
OVER = ("succeeded", "failed", "canceled", "aborted")


def base_url() -> str:
    """Replicate's address, or that of a server in its place (a proxy of the company, an emulator)."""
    return env.text("INFLIO_REPLICATE_URL", "https://api.replicate.com").rstrip("/")


class NotDone(Exception):
    """Proven: the provider did nothing with a request. `after`: seconds to wait when asking again makes sense."""

    def __init__(self, reason: str, *, after: float | None = None, refusal: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.refusal = refusal  # of what was asked for, so that the same would be refused again


class Unclear(Exception):
    """The answer is lost and the request may have arrived: look for what it began, never send it again."""


class Busy(Exception):
    """A read failed; it costs nothing to ask again after `seconds`."""

    def __init__(self, seconds: float = PAUSE_SECONDS) -> None:
        super().__init__("the provider does not answer")
        self.seconds = seconds


def marker_of(token: str) -> float:
    """A number in 0-1 (48 bits) that stands for a call's token, for an input that needs a start picture to matter."""
    return int.from_bytes(sha256(token.encode()).digest()[:6]) / (1 << 48)
