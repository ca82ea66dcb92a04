"""The contract between a job and whatever makes it: capabilities as data, a request in, a result out. No Django."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from inflio.common.errors import ProviderError


@dataclass(frozen=True)
class Capability:
    """What one kind of work costs on an engine, how long it usually takes, where it runs, and what a form may offer."""

    credits: int  # for each output
    typical_seconds: float
    cluster: str = "gpu"
    needs_photos: bool = False
    scored: bool = False  # outputs are measured against the references and made again below the threshold
    max_outputs: int = 1  # pictures that one job can make
    reads_prompt: bool = False  # otherwise words change nothing, and the form says so
    free_setting: bool = False  # the setting is free text; otherwise one of Engine.places(look)
    content_types: tuple[str, ...] = ("portrait",)
    seeded: bool = True  # the same seed makes the same picture again; otherwise none is offered, kept or shown
    previews: bool = False  # shows the picture while it forms
    needs_model: bool = False  # works only with the persona's trained model
    remakes: int | None = None  # results under the threshold made again at our cost; None = settings.MAX_REMAKES


@dataclass(frozen=True)
class Picture:
    """An input picture: its place on this machine and the hash of its content, for caches."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class EngineRequest:
    """One call. `params` is the job's JSON; `remake` counts from 0, and each remake must give another result.

    count: outputs wanted now, at most the capability's max_outputs.
    calls: the record of paid calls of this job; engines with a provider must go through it, others ignore it.
    """

    kind: str
    params: Mapping[str, Any]
    pictures: tuple[Picture, ...] = ()
    remake: int = 0
    count: int = 1
    calls: "Calls | None" = None


@dataclass(frozen=True)
class Output:
    """One encoded picture. `facts` say truthfully how it was made and go into its provenance.

    Of an edit, facts["base"] is the SHA-256 of the picture that was edited: it is named as the parent, and no likeness
    is measured against it.
    """

    data: bytes
    mime: str
    extension: str
    width: int
    height: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What an engine returns: pictures, and data for the caller that is never stored with the job.

    missing: one sentence for each picture that was asked for and the provider did not make (its filter, say).
    """

    outputs: tuple[Output, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


class Call(Protocol):
    """One paid request to a provider, written down before it is sent; the row decides whether it may be sent.

    state: "new" (written down a moment ago by this very run: the only state in which it may be sent), "intended" (an
    earlier run died or lost the answer: money may have been spent, look for it, never send again), "sent" (the
    provider's request id is known: ask for the result), "answered" (answer holds the provider's JSON), "failed".
    token: our own unguessable name of the call, for webhook addresses and provider-side metadata.
    age: seconds since it was written down, on the database's clock.
    """

    state: str
    token: str
    request_id: str
    answer: Mapping[str, Any]
    details: Mapping[str, Any]  # what `sent` was given
    reason: str  # why it failed, in a sentence
    age: float

    def sent(self, request_id: str, *, usd: float | None = None, details: Mapping[str, Any] | None = None) -> None:
        """Commit the provider's request id, at once after it is known; `usd` is the expected cost of the call."""
        ...

    def answered(self, answer: Mapping[str, Any], *, usd: float | None = None) -> None:
        """Commit the provider's final answer (no pictures in it, only where they are) and the cost it states."""
        ...

    def failed(self, reason: str, *, charged: bool, usd: float | None = None) -> None:
        """Commit that the provider refused or failed; `charged`: it may have cost money, `usd` where that is stated."""
        ...

    def lost(self, reason: str) -> None:
        """Commit that nothing can be learnt of it any more: it may have cost money, and is never sent again."""
        ...


class Calls(Protocol):
    """The record of a job's paid calls."""

    def open(self, slot: str, *, endpoint: str, usd: float | None = None) -> Call:
        """Return the call of this slot (such as "picture:0", one for each remake), writing it down first if new.

        `usd` is what it should cost. A call that failed uncharged before it had a request id (the provider was busy)
        frees its slot: the next `open` makes a new call, so that the job's next attempt may ask again.
        """
        ...

    def webhook_url(self, call: Call, provider: str) -> str | None:
        """Public https address the provider should tell the result to; None on an installation it cannot reach."""
        ...


@dataclass(frozen=True)
class Notice:
    """What a verified webhook says about a call. `state`: "answered", "failed", or "working" (nothing is over yet).

    answer, reason, charged, usd: as in Call.answered and Call.failed.
    """

    request_id: str
    state: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    charged: bool = True
    usd: float | None = None


class BadSignature(Exception):
    """A webhook is not from whom it says it is, or is too old; it changes nothing."""


class Provider(ABC):
    """A company that is paid for calls: one key, its free check, its webhooks, its way to cancel."""

    name: ClassVar[str]  # as in Engine.provider
    title: ClassVar[str]
    key_page: ClassVar[str]  # where a user makes a key
    key_hint: ClassVar[str]  # what a key looks like

    def __init__(self, key: str) -> None:
        self._key = key

    @abstractmethod
    def check_key(self) -> str:
        """Make a free authenticated call; return one sentence on success, raise InflioError with one on failure."""

    @abstractmethod
    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Verify and read a webhook; header names are in lower case. Raises BadSignature."""

    @abstractmethod
    def cancel(self, endpoint: str, request_id: str) -> bool:
        """Ask for a sent call to be stopped; True when the provider says it was, and nothing is paid."""


def in_doubt(provider: str) -> ProviderError:
    """The error of a call whose answer was lost and cannot be found: it is never sent again."""
    return ProviderError(
        f"The connection to {provider} broke while it answered, and its result cannot be found. "
        "We do not send a paid request twice. Your credits are back; please try again.",
        retryable=False,
    )


class Waiting(Exception):
    """The provider works on it: raised by an engine to give its worker free and be asked again after `seconds`.

    Does not count as an attempt. `fraction` and `stage` are shown meanwhile.
    """

    def __init__(self, seconds: float, fraction: float, stage: str) -> None:
        super().__init__(stage)
        self.seconds = seconds
        self.fraction = fraction
        self.stage = stage


# progress(fraction 0-1, stage in words, finding=None, preview=None): raises Cancelled when the user gave up.
# finding: a dict merged into Job.findings; preview: a small JPEG of the picture as it is now, shown to the user.
Progress = Callable[..., None]


class Engine(ABC):
    """One way to make pictures.

    An engine with a `provider` is made with its key: `SomeEngine(key)`; what forms and services read is class data.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Mapping[str, Capability]]
    provider: ClassVar[str] = ""  # name in the key store of the company that is called; "" = no key needed
    deadline_seconds: ClassVar[float] = 600  # age at which a paid call is given up: the job fails and is refunded
    price: ClassVar[str] = ""  # what the provider itself takes, in words, such as "$0.15 a picture"
    sizes: ClassVar[Mapping[str, tuple[int, int]]] = {}  # aspect ratio -> (width, height) in pixels
    styles: ClassVar[tuple[tuple[str, str], ...]] = ()  # (key, title) this engine can follow; () = it reads the prompt

    def places(self, look: str) -> tuple[tuple[str, str], ...]:
        """Settings of a look, (key, title), for an engine that has fixed ones."""
        return ()

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        """Return why this engine cannot do it, in one sentence, or None when it can. Asked before credits move."""
        capability = self.capabilities.get(kind)
        if capability is None:
            return f"{self.title} cannot make this kind of picture. Choose another engine."
        if capability.needs_photos and not picture_count:
            return f"{self.title} makes photoreal pictures from photos. Add photos of the face first."
        return None

    def format_refusal(self, aspect: str) -> str | None:
        """Return why this engine cannot make an aspect ratio, or None; without one the engine chooses."""
        if not aspect or not self.sizes or aspect in self.sizes:
            return None
        return f"{self.title} cannot make the format {aspect}. It makes {', '.join(self.sizes)}."

    def __init__(self, key: str = "") -> None:
        self._key = key

    @abstractmethod
    def run(self, request: EngineRequest, progress: Progress) -> Result:
        """Do the work for `request.count` outputs; fewer may come back, with the reasons in Result.missing.

        Raises InflioError subclasses, ProviderError(retryable=...) when trying again may help, Waiting to be asked
        again later, with the same request; no state is kept between these turns but the record of calls.
        """

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        """Measure how much the output looks like the person in `pictures`, 0-1; None when it shows no face."""
        return None
