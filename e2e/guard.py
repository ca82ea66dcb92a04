"""Watches a page while a test uses it: script errors, refused content, failed requests and error answers."""

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# An error answer is also written to the console, and _on_response judges those; htmx tells when a newer request of the
# same form replaced an older one, and tells of a request that really failed by htmx:sendError too.
HARMLESS = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


class Guard:
    """Collects what a page should never show; `allow` names the error answers a test asks for on purpose."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._allowed: set[int] = set()

    def allow(self, *statuses: int) -> None:
        """Expect these HTTP statuses from here on."""
        self._allowed.update(statuses)

    def watch(self, page: Page) -> None:
        """Listen to one page."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(HARMLESS):
            self.problems.append(f"console: {message.text}")

    def _on_failed(self, request: Request) -> None:
        # A page that is left gives up what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.method} {request.url} failed: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._allowed:
            self.problems.append(f"{response.request.method} {response.url} answered {response.status}")
