"""The contract of a picture check: encoded bytes in, an objection or nothing out. No Django."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Finding:
    """Why a picture is refused. category: as in Refusal.Category. reason: a sentence for the user."""

    category: str
    reason: str
    scores: Mapping[str, float] = field(default_factory=dict)


class Check(ABC):
    """One way to judge pictures. Made once per process without arguments; called by several threads at a time.

    It runs in workers only. Credentials and limits come from its own environment variables.
    """

    name: ClassVar[str]

    @abstractmethod
    def look(self, data: bytes) -> Finding | None:
        """Judge a JPEG, PNG or WebP; raises ProviderError(retryable=...) when it cannot. None: nothing to object to."""
