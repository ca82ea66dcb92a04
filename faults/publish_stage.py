"""A stage with the sandbox's platforms: real workers publish to a real server, and both are counted from outside."""

import json
import random
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from faults.backends import Backend
from faults.stage import ROOT, Stage, kill

PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
PUBLISHES = {  # the call of each platform that makes a post public
    "instagram": "instagram.publish",
    "tiktok": "tiktok.chunk",
    "youtube": "youtube.publish",
    "linkedin": "linkedin.publish",
}
POINTS = ("prepared", "before_call", "after_call", "answered", "looked")
OPEN = ("scheduled", "pending", "container", "publishing", "unknown")
SHRUNK = {  # seconds; a lease holds two time-outs and a little more, a grace more than one time-out
    "INFLIO_CANARY_STALE_SECONDS": "12",  # a first wake-up imports all platforms, which takes long on a busy machine
    "INFLIO_PLATFORM_TIMEOUT": "1",
    "INFLIO_PUBLISH_LEASE_SECONDS": "4",
    "INFLIO_PUBLISH_GRACE_SECONDS": "1.5",
    "INFLIO_YOUTUBE_UPLOADS_A_DAY": "100000",
}
_numbers = re.compile(r"Trial (\d+)\.")


class PublishStage(Stage):
    """A stage with a sandbox beside it, which has a database of its own and outlives every kill."""

    def __init__(self, folder: Path, backend: Backend, **changes: str) -> None:
        self.port = _free_port()
        self.kills = folder / "kills"
        self.kills.mkdir()
        self._orders = count(1)
        self.ordered = 0
        self.killed = 0
        own = {"INFLIO_SANDBOX_URL": f"http://127.0.0.1:{self.port}", "INFLIO_TRIAL_KILLS": str(self.kills)}
        super().__init__(folder, backend, **{**SHRUNK, **own, **changes})
        self.sandbox = self.start("sandbox", "--port", str(self.port))
        self.wait_until(self._sandbox_answers, "the sandbox")
        # Nobody serves our files here; what a platform does with them, its own tests show.
        self.tell("settings", check_media=False, processing_polls=0, tiktok_limits=False, hang_seconds=2)
        self.tell("settings", youtube_daily_uploads=100_000, linkedin_posts_a_day=100_000)
        self.tell("settings", instagram_quota=100_000)

    def jobs(self) -> dict[str, tuple[str, int]]:
        """State and attempts of each publication, by title; shown when a wait fails."""
        rows = self.backend.rows(
            "SELECT t.title, p.state, p.attempt FROM scheduling_publication p"
            " JOIN scheduling_post t ON t.id = p.post_id"
        )
        return {title: (state, attempt) for title, state, attempt in rows}

    # What is to be published, and what shall go wrong

    def publish(
        self,
        posts: int,
        *platforms: str,
        channels: int = 2,
        comment: str = "",
        due: datetime | None = None,
        marked: bool = True,
    ) -> None:
        """Make posts that are due at that time, or now, in a process of their own; films may still need the mark."""
        given = {"platforms": platforms or PLATFORMS, "channels": channels, "posts": posts, "comment": comment}
        given["marked"] = marked
        given["due"] = due.isoformat() if due else ""
        command = [sys.executable, "-m", "faults.publish_orders", json.dumps({**given, "first": self.ordered + 1})]
        ended = subprocess.run(
            command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
        )
        assert ended.returncode == 0, ended.stderr
        self.ordered += posts

    def tell(self, what: str, **values: Any) -> dict[str, Any]:
        """Tell the sandbox something: its settings, a fault."""
        return httpx.post(f"{self.sandbox_url}/_sandbox/{what}", json=values, timeout=60).json()

    def fault(self, call: str, kind: str, **values: Any) -> None:
        """Let calls of the sandbox go wrong."""
        self.tell("faults", call=call, kind=kind, **values)

    def behave(self) -> None:
        """Let the sandbox do what is right from now on."""
        httpx.delete(f"{self.sandbox_url}/_sandbox/faults", timeout=60)

    def kill_at(self, point: str, times: int = 1) -> None:
        """Let the next workers that come to this point die there."""
        for _ in range(times):
            (self.kills / f"{point}.{next(self._orders)}").touch()

    def kill_somebody(self) -> bool:
        """SIGKILL one process of a cluster, busy or idle; whether there was one."""
        family = [process for one in self.families() for process in one[1:]]
        if not family:
            return False
        kill(random.choice(family))
        self.killed += 1
        return True

    def resume_channels(self) -> None:
        """Do what an owner does who sees that a channel rests: let it go on."""
        self.backend.execute(
            "UPDATE scheduling_channel SET failures = 0, paused_until = NULL, pause_reason = '' "
            "WHERE paused_until IS NOT NULL"
        )

    # What happened

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def played(self) -> int:
        """How many faults the sandbox has played in all, told by its log of calls and what is ordered now."""
        orders = httpx.get(f"{self.sandbox_url}/_sandbox/faults", timeout=60).json()["faults"]
        return sum(order["played"] for order in orders)

    def kills_left(self) -> int:
        """How many workers are still to die at some point."""
        return sum(1 for _ in self.kills.iterdir())

    def states(self) -> dict[int, tuple[str, str]]:
        """State and reason of each publication, by its number."""
        rows = self.backend.rows(
            "SELECT t.caption, p.state, p.reason FROM scheduling_publication p"
            " JOIN scheduling_post t ON t.id = p.post_id"
        )
        return {int(_numbers.match(caption)[1]): (state, reason) for caption, state, reason in rows}

    def platform_states(self) -> dict[str, Counter]:
        """How many publications of each platform ended in which state."""
        found: dict[str, Counter] = {}
        rows = (
            "SELECT c.platform, p.state FROM scheduling_publication p JOIN scheduling_channel c ON c.id = p.channel_id"
        )
        for platform, state in self.backend.rows(rows):
            found.setdefault(platform, Counter())[state] += 1
        return found

    def open_publications(self) -> int:
        """How many are neither published, failed, missed, cancelled nor in need of their user."""
        return sum(state in OPEN for state, _ in self.states().values())

    def public(self) -> Counter:
        """How often each number is public, by the sandbox's own table."""
        posts = httpx.get(f"{self.sandbox_url}/_sandbox/posts", timeout=30).json()["posts"]
        return Counter(int(found[1]) for post in posts if (found := _numbers.search(json.dumps(post))))

    def tally(self) -> tuple[int, int, int]:
        """(lost, doubled, open): lost is what is said to be public and is not, or is said not to be and is, or ended
        without a word about why.
        """
        states, public = self.states(), self.public()
        lost = self.ordered - len(states)
        for number, (state, reason) in states.items():
            if state == "published":
                lost += public[number] == 0
            elif state in ("failed", "missed", "cancelled"):
                lost += public[number] > 0 or not reason
            elif state == "attention":
                lost += not reason
        doubled = sum(times - 1 for times in public.values())
        return lost, doubled, self.open_publications()

    def wait_until_settled(self, seconds: float = 180) -> None:
        """Wait until no publication is open."""
        self.wait_until(lambda: not self.open_publications(), "all publications settled", seconds)

    def _sandbox_answers(self) -> bool:
        try:
            return httpx.get(f"{self.sandbox_url}/_sandbox/health", timeout=1).status_code == 200
        except httpx.HTTPError:
            return False


def remove(folder: Path) -> None:
    """Delete what a trial left."""
    shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
