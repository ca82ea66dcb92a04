"""The sandbox's server: loopback only, one thread for each request, faults around each call."""

import json
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scheduling.sandbox import control, faults, pages
from scheduling.sandbox.oauth import issue
from scheduling.sandbox.routes import Answer, Refuse, Request, Route
from scheduling.sandbox.state import World

__all__ = ["Answer", "Refuse", "Request", "Route", "Sandbox", "World"]
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
LARGEST_BODY = 600_000_000  # bytes
OWN_NAMES = {"127.0.0.1", "localhost", "::1"}


class Sandbox:
    """Four platforms on 127.0.0.1: `with Sandbox(folder, port=0) as sandbox: sandbox.url`.

    It remembers everything in `folder`; a new one there goes on where the last one was killed. A platform's module
    (`scheduling/sandbox/<platform>.py`) gives ROUTES and ACCOUNTS, and may give LIMITED and BROKEN (how it words a 429
    and a 500) and ACTIONS (things the platform does by itself, such as calling back: {name: action(world, values)}).
    """

    def __init__(self, folder: Path | str, port: int = 0, *, platforms: tuple[str, ...] = PLATFORMS) -> None:
        self.modules: dict[str, ModuleType] = {name: import_module(f"scheduling.sandbox.{name}") for name in platforms}
        self._server = _Server(("127.0.0.1", port), _handler_of(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.world = World(folder, url=self.url)
        for name, module in self.modules.items():
            for account in module.ACCOUNTS:
                self.world.add_account(name, account, replace=False)

    def __enter__(self) -> "Sandbox":
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *exc_info) -> None:
        self._server.shutdown()
        self.close()

    def serve(self) -> None:
        """Answer requests until `stop`."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """End `serve`, from another thread."""
        self._server.shutdown()

    def close(self) -> None:
        """Give the port and the file back."""
        self._server.server_close()
        self.world.close()

    def fault(self, call: str, kind: str, **values: Any) -> None:
        """Order a fault, as POST /_sandbox/faults does."""
        faults.order(self.world, call, kind, **values)

    def connect(self, platform: str, id: str, handle: str, *, token: str = "", scopes: tuple[str, ...] = ()) -> str:
        """Make an account there and return a token for it, without the pages of OAuth."""
        return connect(self.world, platform, id, handle, token=token, scopes=scopes)

    def answer(self, request: Request) -> Answer:
        """Answer one request. Raises NoAnswer when it shall get none."""
        module = self.modules.get(request.platform)
        for route in module.ROUTES if module else ():
            params = route.match(request.method, request.host, request.path)
            if params is not None and (route.when is None or route.when(request)):
                return self._call(route, module, _with(request, params))
        return pages.show(self.world, self.modules, request)

    def _call(self, route: Route, module: ModuleType, request: Request) -> Answer:
        def act(request: Request) -> Answer:
            if route.own_transaction:
                return route.view(request, self.world)
            with self.world.transaction():
                return route.view(request, self.world)

        fault = faults.draw(self.world, route.call)
        kind = fault["kind"] if fault else ""
        answers = {"limited": getattr(module, "LIMITED", faults.LIMITED)}
        answers["broken"] = getattr(module, "BROKEN", faults.BROKEN)
        try:
            answer = faults.play(self.world, request, fault, act, **answers)
        except faults.NoAnswer:
            self.world.log(route.call, kind, None)
            raise
        self.world.log(route.call, kind, answer.status)
        return answer

    def own(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer any request to this server."""
        if path.startswith("/_sandbox/"):
            return control.answer(self, Request(method, "", "", path, {}, query, headers, body))
        platform, _, rest = path.lstrip("/").partition("/")
        host, _, rest = rest.partition("/")
        return self.answer(Request(method, platform, host, f"/{rest}", {}, query, headers, body))


def connect(world: World, platform: str, id: str, handle: str, *, token: str = "", scopes: tuple[str, ...] = ()) -> str:
    """Make an account unless it is there, and issue a token for it that is good for a year; return the token."""
    with world.transaction():
        world.add_account(platform, {"id": id, "handle": handle, "name": handle.title()}, replace=False)
        return issue(world, platform, id, scopes=scopes, seconds=365 * 86400, token=token)


def _with(request: Request, params: Mapping[str, str]) -> Request:
    values = (request.method, request.platform, request.host, request.path, params)
    return Request(*values, request.query, request.headers, request.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler_of(sandbox: Sandbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "InflioSandbox"
        disable_nagle_algorithm = True

        def log_message(self, *args) -> None:
            """Keep quiet: GET /_sandbox/calls tells what happened."""

        def _any(self) -> None:
            url = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self._read(headers)
            if body is None:
                return self._send(Answer(413, {"error": "The body is too large."}))
            if not _is_own(url.path, headers):
                return self._send(Answer(421, {"error": "The sandbox answers only on this computer, by its own name."}))
            try:
                query = dict(parse_qsl(url.query, keep_blank_values=True))
                self._send(sandbox.own(self.command, url.path, query, headers, body))
            except Refuse as refusal:
                self._send(refusal.answer)
            except faults.NoAnswer as silence:
                time.sleep(silence.seconds)
                self._cut()
            except Exception:  # a mistake of ours: say so, and go on serving the others
                traceback.print_exc()
                self._send(Answer(500, {"error": "The sandbox itself has failed; its output says why."}))

        def _read(self, headers: Mapping[str, str]) -> bytes | None:
            if headers.get("transfer-encoding", "").lower() == "chunked":
                chunks = bytearray()
                while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
                    chunks += self.rfile.read(size)
                    self.rfile.readline()
                    if len(chunks) > LARGEST_BODY:
                        self.close_connection = True
                        return None
                self.rfile.readline()
                return bytes(chunks)
            length = int(headers.get("content-length") or 0)
            if length > LARGEST_BODY:
                self.close_connection = True
                return None
            return self.rfile.read(length)

        def _send(self, answer: Answer) -> None:
            kind, data = _encoded(answer.body)
            own = {"Content-Type": kind, "Content-Length": str(len(data)), "Cache-Control": "no-store"}
            names = {name.lower() for name in answer.headers}
            with suppress(ConnectionError):
                self.send_response(answer.status)
                for name, value in {n: v for n, v in own.items() if n.lower() not in names}.items():
                    self.send_header(name, value)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

        def _cut(self) -> None:
            self.close_connection = True
            with suppress(OSError):  # closing sends a reset then, instead of an orderly end
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _any

    return Handler


def _encoded(body: Any) -> tuple[str, bytes]:
    if isinstance(body, bytes):
        return "application/octet-stream", body
    if isinstance(body, str):
        return "text/html; charset=utf-8", body.encode()
    return "application/json", json.dumps(body).encode()


def _is_own(path: str, headers: Mapping[str, str]) -> bool:
    """Whether the caller means this computer, and no page of another site makes the browser call.

    A browser may come from another site to look at a page, as it does for OAuth, but not to /_sandbox/.
    """
    if urlsplit(f"//{headers.get('host', '')}").hostname not in OWN_NAMES:
        return False
    visits = headers.get("sec-fetch-mode") == "navigate" and not path.startswith("/_sandbox/")
    return visits or headers.get("sec-fetch-site", "none") != "cross-site"
