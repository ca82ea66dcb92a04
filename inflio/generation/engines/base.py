"""The contract between a job and whatever makes it: capabilities as data, a request in, a result out. No Django."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar


@dataclass(frozen=True)
class Capability:
    """What one kind of work costs on an engine, how long it usually takes, and where it runs."""

    credits: int
    typical_seconds: float
    cluster: str = "gpu"
    needs_photos: bool = False
    scored: bool = False  # outputs are measured against the references and made again below the threshold


@dataclass(frozen=True)
class Picture:
    """An input picture: its place on this machine and the hash of its content, for caches."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class EngineRequest:
    """One call. `params` is the job's JSON; `remake` counts from 0, and each remake must give another result."""

    kind: str
    params: Mapping[str, Any]
    pictures: tuple[Picture, ...] = ()
    remake: int = 0


@dataclass(frozen=True)
class Output:
    """One encoded picture. `facts` say truthfully how it was made and go into its provenance."""

    data: bytes
    mime: str
    extension: str
    width: int
    height: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What an engine returns: pictures, and data for the caller that is never stored with the job."""

    outputs: tuple[Output, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


# progress(fraction 0-1, stage in words, finding or None): raises Cancelled when the user gave up.
Progress = Callable[..., None]


class Engine(ABC):
    """One way to make pictures."""

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Mapping[str, Capability]]

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        """Return why this engine cannot do it, in one sentence, or None when it can. Asked before credits move."""
        capability = self.capabilities.get(kind)
        if capability is None:
            return f"{self.title} cannot make this kind of picture. Choose another engine."
        if capability.needs_photos and not picture_count:
            return f"{self.title} makes photoreal pictures from photos. Add photos of the face first."
        return None

    @abstractmethod
    def run(self, request: EngineRequest, progress: Progress) -> Result:
        """Do the work; raises InflioError subclasses, ProviderError(retryable=...) when trying again may help."""

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        """Measure how much the output looks like the person in `pictures`, 0-1; None when it shows no face."""
        return None
