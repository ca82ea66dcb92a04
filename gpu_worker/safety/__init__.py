"""What a picture may not show: how old faces look, and how likely the picture is sexual; estimates, never facts."""

from gpu_worker.safety.age import estimate_age, youngest_face
from gpu_worker.safety.nudity import estimate_nudity

__all__ = ["estimate_age", "estimate_nudity", "youngest_face"]
