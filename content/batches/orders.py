"""One order: everything a shoot is asked for, as it is kept in a batch's cell; and the grid that makes many."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import product

MAX_PICTURES = 1000  # in one batch
SEED_STEP = 1000  # between the seeds of a grid; a shoot's pictures use the seeds that follow its own
MAX_SEEDS = 10
MAX_COUNT = 4  # pictures of one shoot
SEEDS = 2**31  # every engine takes a positive 32-bit number


@dataclass(frozen=True)
class Order:
    """One planned shoot; the fields are the arguments of services.start_shoot."""

    persona_id: int
    look: str
    style: str = "natural"
    place: str = ""
    setting: str = ""
    details: str = ""
    content_type: str = "portrait"
    aspect: str = "4:5"
    count: int = 1
    seed: int = 1
    engine: str = ""

    def to_row(self) -> dict:
        """The order as JSON, without the persona, which the cell refers to itself."""
        row = asdict(self)
        del row["persona_id"]
        return row


def make_grid(
    *,
    personas: Sequence[int],
    looks: Sequence[str],
    styles: Sequence[str],
    first_seed: int,
    seeds: int = 1,
    **same: object,
) -> list[Order]:
    """Every combination of personas, looks, styles and seeds, in this order; `same` is what all orders share.

    Seeds begin anew at 0 where they would be too high, as those of a shoot's pictures do.
    """
    numbers = [(first_seed + version * SEED_STEP) % SEEDS for version in range(seeds)]
    return [
        Order(persona_id=persona, look=look, style=style, seed=seed, **same)
        for persona, look, style, seed in product(personas, looks, styles, numbers)
    ]


def picture_count(orders: Sequence[Order]) -> int:
    """How many pictures the orders ask for."""
    return sum(order.count for order in orders)
