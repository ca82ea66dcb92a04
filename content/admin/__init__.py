"""Content in the back office; each module registers its models."""

from content.admin import batches, boards, prompts, shoots, threads

__all__ = ["batches", "boards", "prompts", "shoots", "threads"]
