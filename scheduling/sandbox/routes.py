"""What a platform of the sandbox is made of: requests, answers, and the routes between them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from scheduling.sandbox.state import World


@dataclass(frozen=True)
class Request:
    """What came in. `path` is as on the real host and still quoted; `params` come from the route's pattern, unquoted.

    `headers` have lower-case names. `query` and `form` keep the last of several values with one name.
    """

    method: str
    platform: str
    host: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body; empty for any other kind of body."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return {}
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @cached_property
    def json(self) -> Any:
        """The body as JSON; an empty dict for an empty body. Raises Refuse (400) when it is none."""
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            raise Refuse(Answer(400, {"error": "The body is no JSON."})) from None

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() in ("bearer", "oauth") else ""


@dataclass
class Answer:
    """What goes out: a dict or list as JSON, bytes as they are, a text as HTML."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class Refuse(Exception):
    """Ends a view with this answer; what the view has changed is undone."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True)
class Route:
    """One call of a platform. In the pattern `{name}` is one segment of the path and `{name*}` is all the rest.

    `call` names it for faults and for the log ("instagram.publish"). The view runs in one transaction, committed before
    the answer leaves; with `own_transaction` it opens its own, because it does something slow first.
    """

    method: str
    host: str
    pattern: str
    call: str
    view: "Callable[[Request, World], Answer]"
    own_transaction: bool = False
    when: Callable[[Request], bool] | None = None  # tells calls apart that share one address

    @cached_property
    def _expression(self) -> re.Pattern:
        parts = re.split(r"\{(\w+\*?)\}", self.pattern.rstrip("/"))
        for index, part in enumerate(parts):
            if index % 2:
                parts[index] = f"(?P<{part.rstrip('*')}>{'.+' if part.endswith('*') else '[^/]+'})"
            else:
                parts[index] = re.escape(part)
        return re.compile("".join(parts) + "/?")

    def match(self, method: str, host: str, path: str) -> dict[str, str] | None:
        """The parameters in the path, or None when this is another route's."""
        if method != self.method or host != self.host or not (found := self._expression.fullmatch(path)):
            return None
        return {name: unquote(value) for name, value in found.groupdict().items()}
