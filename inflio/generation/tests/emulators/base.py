"""The emulator all providers stand on: a server on loopback, orders to misbehave, and the log of what took effect."""

import json
import random
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# Ways in which a paid request goes wrong; those that end with "after" have already cost money then.
SUBMIT_FAULTS = ("busy", "drop", "drop_after", "hang", "hang_after", "error", "error_after", "garbled_after")
# Ways in which a question about a call goes wrong: nothing is at stake but time.
POLL_FAULTS = ("busy", "drop", "hang", "error", "garbled")


@dataclass(frozen=True)
class Request:
    """What came in; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass
class Reply:
    """What goes out: JSON, bytes, or a stream of chunks (the connection is closed after it)."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """A paid call that took effect. `mark` tells whose it is (a token, a prompt): two with one mark are doubled."""

    id: str
    mark: str
    input: Mapping[str, Any]


class Drop(Exception):
    """Close the connection without an answer."""


class Emulator:
    """One provider on 127.0.0.1, in threads of this process: `with SomeEmulator() as emulator: ... emulator.url`.

    order(kind, fault, ...): the next requests of a kind ("submit", "poll", or a subclass's own) misbehave like this.
    rates[kind]: how often each fault happens by itself, such as {"busy": 0.1}; drawn with the emulator's own seed.
    hang_seconds: how long one that hangs keeps silent before it closes the connection.
    effects: every paid call that took effect, in order. faults: how often each (kind, fault) was played.
    """

    def __init__(self, *, seed: int = 1) -> None:
        self.effects: list[Effect] = []
        self.faults: Counter = Counter()
        self.requests: list[Request] = []
        self.rates: dict[str, dict[str, float]] = {}
        self.hang_seconds = 0.1
        self.lock = threading.RLock()
        self._orders: dict[str, deque] = defaultdict(deque)
        self._random = random.Random(seed)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc_info) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Reply:
        """Answer one request; a subclass speaks its provider's language here. May raise Drop."""
        raise NotImplementedError

    def order(self, kind: str, *faults: str | None) -> None:
        """The next requests of this kind misbehave like these, one each; None is a good one."""
        self._orders[kind].extend(faults)

    def next_fault(self, kind: str) -> str | None:
        """What the request of this kind that came now has to suffer."""
        with self.lock:
            if self._orders[kind]:
                fault = self._orders[kind].popleft()
            else:
                draw, fault = self._random.random(), None
                for name, rate in self.rates.get(kind, {}).items():
                    draw -= rate
                    if draw < 0:
                        fault = name
                        break
            if fault:
                self.faults[kind, fault] += 1
            return fault

    def effect(self, id: str, mark: str, input: Mapping[str, Any]) -> None:
        """Write down that a paid call took effect."""
        with self.lock:
            self.effects.append(Effect(id, mark, input))

    def doubled(self) -> list[str]:
        """Marks of effects that were paid more than once."""
        return [mark for mark, times in Counter(effect.mark for effect in self.effects).items() if times > 1]

    def play(self, kind: str, act: Callable[[], Reply]) -> Reply:
        """Answer with `act`, or misbehave as the next fault says: "..._after" does so when `act` has taken effect."""
        fault = self.next_fault(kind)
        if fault is None:
            return act()
        if fault == "busy":
            return Reply({"detail": "Too many requests"}, 429, {"Retry-After": "0"})
        if fault.endswith("_after"):
            act()
        name = fault.removesuffix("_after")
        if name == "hang":
            time.sleep(self.hang_seconds)
        if name in {"hang", "drop"}:
            raise Drop
        if name == "error":
            return Reply({"detail": "Internal error"}, 500)
        if name == "garbled":
            return Reply(b"<html>Bad gateway</html>")
        return self.play_own(fault, act)

    def play_own(self, fault: str, act: Callable[[], Reply]) -> Reply:
        """A fault that only this provider has."""
        raise ValueError(f"unknown fault {fault}")


def _handler_of(emulator: Emulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *args) -> None:
            """Keep the tests' output clean."""

        def handle(self) -> None:
            with suppress(ConnectionError):  # the client hung up, which is its right
                super().handle()

        def _any(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, url.path, parse_qs(url.query), headers, self.rfile.read(length))
            emulator.requests.append(request)
            try:
                reply = emulator.answer(request)
            except Drop:
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            stream = isinstance(reply.body, Iterator)
            data = reply.body if stream or isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in ({"Content-Type": "application/json"} | reply.headers).items():
                self.send_header(name, value)
            if stream:
                self.close_connection = True
                self.send_header("Connection", "close")
            else:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(Drop):  # a stream may break off in the middle
                for chunk in data if stream else (data,):
                    self.wfile.write(chunk)
                    self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any

    return Handler
