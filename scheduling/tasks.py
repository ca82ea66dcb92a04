"""What the queue and the ticker call for publishing."""

from scheduling.services.publishing import aftercare, making, preflight
from scheduling.services.publishing import phases as publishing


def publish(pk: int) -> None:
    """A wake-up: order and fairness come from the claims, so the id only says that something is due."""
    publishing.drain()


def check_ahead() -> None:
    """Check what comes up in a day and in an hour."""
    preflight.check_ahead()


def make_ahead() -> None:
    """Start pictures whose lead time has begun."""
    making.make_ahead()


def wake_aftercare() -> None:
    """Wake a worker for what is still to be read back."""
    aftercare.wake_aftercare()
