"""A persona from a description alone: an illustrated look that stays the same in every picture."""

from gpu_worker.illustrated.look import describe_look
from gpu_worker.illustrated.render import STAGINGS, render_illustration

SCENARIOS = tuple(STAGINGS)

__all__ = ["SCENARIOS", "describe_look", "render_illustration"]
