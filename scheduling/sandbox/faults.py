"""Orders to misbehave: kept in the world, drawn with their own seed, played around the routes they name."""

import random
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from scheduling.sandbox.routes import Answer, Refuse, Request
from scheduling.sandbox.state import World

# "before": the call has no effect; "after": it has its effect, and the caller is not told.
KINDS = (
    "hang_before",
    "hang_after",
    "reset_before",
    "reset_after",
    "error_before",  # 500
    "error_after",
    "limit",  # 429 as this platform words it
    "garbage",  # the effect, then an answer that makes no sense
    "answer",  # exactly this status and body, without an effect
)
BROKEN = Answer(500, {"error": "Internal server error (a fault of the sandbox)"})
LIMITED = Answer(429, {"error": "Too many requests (a fault of the sandbox)"}, {"Retry-After": "1"})
GARBAGE = Answer(200, b"\x00<html><h1>Bad gateway", {"Content-Type": "text/html"})


class NoAnswer(Exception):
    """The connection ends without an answer, after `seconds`."""

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def order(
    world: World,
    call: str,
    kind: str,
    *,
    rate: float = 1.0,
    times: int | None = None,
    seed: int = 1,
    status: int = 400,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Let calls go wrong: `call` is a name or a pattern with *, `rate` 0 to 1, `times` at most so many (None: always).

    `status`, `body` and `headers` are those of the kind "answer". Raises ValueError.
    """
    if kind not in KINDS:
        raise ValueError(f"No such fault: {kind}; there are {', '.join(KINDS)}.")
    if not 0 < rate <= 1:
        raise ValueError("The rate must be above 0 and at most 1.")
    with world.transaction():
        fault = {"id": world.number("fault"), "call": call, "kind": kind, "rate": rate, "left": times, "seed": seed}
        fault |= {"status": status, "body": body or {}, "headers": headers or {}, "draws": 0, "played": 0}
        world.put("fault", f"{fault['id']:08}", fault)
    return fault


def orders(world: World) -> list[dict[str, Any]]:
    """All orders that may still be played or were, oldest first."""
    return list(world.all("fault").values())


def clear(world: World) -> None:
    """Behave well again."""
    with world.transaction():
        for key in world.all("fault"):
            world.drop("fault", key)


def draw(world: World, call: str) -> dict[str, Any] | None:
    """The fault that a call has to suffer now: the first order that fits and is drawn."""
    with world.transaction():
        for key, fault in world.all("fault").items():
            if fault["left"] == 0 or not fnmatchcase(call, fault["call"]):
                continue
            fault["draws"] += 1
            # A number of its own for each draw, so that a restart goes on where it stopped.
            hit = random.Random(f"{fault['seed']}/{fault['draws']}").random() < fault["rate"]
            if hit:
                fault["played"] += 1
                fault["left"] = fault["left"] and fault["left"] - 1
            world.put("fault", key, fault)
            if hit:
                return fault
    return None


def play(
    world: World,
    request: Request,
    fault: dict[str, Any] | None,
    act: Callable[[Request], Answer],
    *,
    limited: Answer = LIMITED,
    broken: Answer = BROKEN,
) -> Answer:
    """Answer with `act`, or misbehave as the fault says. Raises NoAnswer."""
    if fault is None:
        return _acted(request, act)
    kind = fault["kind"]
    if kind == "limit":
        return limited
    if kind == "answer":
        return Answer(fault["status"], fault["body"], fault["headers"])
    if kind == "garbage" or kind.endswith("_after"):
        done = _acted(request, act)
        if done.status >= 400:
            return done  # it had no effect that could be hidden
    if kind.startswith("hang"):
        raise NoAnswer(float(world.setting("hang_seconds")))
    if kind.startswith("reset"):
        raise NoAnswer
    return GARBAGE if kind == "garbage" else broken


def _acted(request: Request, act: Callable[[Request], Answer]) -> Answer:
    try:
        return act(request)
    except Refuse as refusal:
        return refusal.answer
