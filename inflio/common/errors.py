"""Errors whose message is meant for the user; this module stays free of Django so that engines can use it."""


class InflioError(Exception):
    """Something a user can understand and act on. `message` is one sentence; `code` is stable for clients.

    `links` lead to where it can be mended: (title, path on this site).
    """

    code = "error"
    status = 400
    links: tuple[tuple[str, str], ...] = ()

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class InvalidInput(InflioError):
    """What was given cannot be used."""

    code = "invalid"
    status = 422


class NotAllowed(InflioError):
    """The member's role does not allow this."""

    code = "not_allowed"
    status = 403


class NotEnoughCredits(InflioError):
    """The workspace has fewer credits than the work costs."""

    code = "not_enough_credits"
    status = 402


class Conflict(InflioError):
    """The thing changed meanwhile, or is in a state where this cannot be done."""

    code = "conflict"
    status = 409


class EngineRefused(InflioError):
    """The engine cannot do what was asked; said before any credit is spent."""

    code = "engine_refused"
    status = 422


class ProviderError(InflioError):
    """An outside or embedded provider failed. `retryable` says whether the same call may work later."""

    code = "provider"
    status = 502

    def __init__(self, message: str, *, retryable: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after = retry_after


class Cancelled(InflioError):
    """The user cancelled the work while it ran."""

    code = "cancelled"
