"""The memory of the sandbox: one SQLite file, so that a kill loses nothing that was answered."""

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "processing_polls": 1,  # how often a platform answers "still working" before it is done
    "check_media": True,  # fetch and check the files of a post, as the platform does
    "hang_seconds": 45.0,  # how long a hanging request keeps silent before it is cut
}
SCHEMA = """
create table if not exists things (kind text, key text, value text not null, primary key (kind, key)) without rowid;
create table if not exists hits (name text, at real, times integer);
create index if not exists hits_by_name on hits (name, at);
create table if not exists numbers (name text primary key, last integer not null);
create table if not exists calls (id integer primary key, call text, fault text, status integer, at real);
create table if not exists posts (
    id integer primary key, platform text, account text, remote_id text, caption text, media text, flags text, raw text,
    at real, unique (platform, remote_id)
);
create index if not exists posts_by_account on posts (platform, account, id);
"""
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "video/mp4": "mp4", "video/quicktime": "mov"}
CALLS_KEPT = 20_000


class World:
    """Everything the sandbox knows. `url` is its own address; values are what JSON can hold.

    Each write is kept at once, or together at the end of `with world.transaction()`. Safe to use from several threads.
    """

    def __init__(self, folder: Path | str, *, url: str = "") -> None:
        self.folder = Path(folder)
        self.url = url
        self.files = self.folder / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._depth = 0
        self._shift = 0.0
        self._sql = sqlite3.connect(self.folder / "sandbox.sqlite3", check_same_thread=False, isolation_level=None)
        self._sql.execute("pragma journal_mode=wal")
        # The death of this process loses nothing of it: what is written is with the kernel then.
        self._sql.execute("pragma synchronous=off")
        self._sql.executescript(SCHEMA)
        self._shift = float(self.get("world", "shift") or 0)

    def close(self) -> None:
        """Close the file; the world must not be used any more."""
        with self.lock:
            self._sql.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all; nobody else reads or writes meanwhile."""
        with self.lock:
            if self._depth == 0:
                self._sql.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._sql.execute("rollback")
                raise
            else:
                if self._depth == 1:
                    self._sql.execute("commit")
            finally:
                self._depth -= 1

    # Time

    def timestamp(self) -> float:
        """Seconds since 1970 by the sandbox's clock, which `shift` moves."""
        return time.time() + self._shift

    def now(self) -> datetime:
        """The time by the sandbox's clock, aware, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._shift)

    def shift(self, seconds: float) -> None:
        """Put the sandbox's clock this far from the real one: tokens and containers grow old by it."""
        with self.lock:
            self._shift = float(seconds)
            self.put("world", "shift", self._shift)

    # Things by kind and key

    def get(self, kind: str, key: str) -> Any:
        """The value, or None."""
        with self.lock:
            row = self._sql.execute("select value from things where kind = ? and key = ?", (kind, str(key))).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, kind: str, key: str, value: Any) -> None:
        """Save a value under its kind and key, over what was there."""
        with self.lock:
            self._sql.execute("insert or replace into things values (?, ?, ?)", (kind, str(key), json.dumps(value)))

    def drop(self, kind: str, key: str) -> bool:
        """Forget a value; whether there was one."""
        with self.lock:
            return self._sql.execute("delete from things where kind = ? and key = ?", (kind, str(key))).rowcount > 0

    def all(self, kind: str) -> dict[str, Any]:
        """All values of a kind by key, in the order of the keys."""
        with self.lock:
            rows = self._sql.execute("select key, value from things where kind = ? order by key", (kind,)).fetchall()
        return {key: json.loads(value) for key, value in rows}

    def number(self, name: str = "id") -> int:
        """The next number of a sequence, never the same twice."""
        with self.lock:
            sql = "insert into numbers values (?, 1) on conflict do update set last = last + 1 returning last"
            return self._sql.execute(sql, (name,)).fetchone()[0]

    # Counters of a moving window

    def hit(self, name: str, times: int = 1) -> None:
        """Count something now."""
        with self.lock:
            self._sql.execute("insert into hits values (?, ?, ?)", (name, self.timestamp(), times))

    def count(self, name: str, window_seconds: float) -> int:
        """How often it was hit within the last seconds."""
        with self.lock:
            sql = "select coalesce(sum(times), 0) from hits where name = ? and at > ?"
            return self._sql.execute(sql, (name, self.timestamp() - window_seconds)).fetchone()[0]

    # Settings

    def setting(self, name: str, default: Any = None) -> Any:
        """A setting as it was changed, else as in SETTINGS, else the default."""
        changed = self.get("setting", name)
        return SETTINGS.get(name, default) if changed is None else changed

    def change(self, **settings: Any) -> None:
        """Change settings; None puts one back."""
        with self.transaction():
            for name, value in settings.items():
                self.put("setting", name, value)

    # Accounts

    def add_account(self, platform: str, account: Mapping[str, Any], *, replace: bool = True) -> None:
        """Make an account {id, handle, name, ...}."""
        with self.transaction():
            if replace or not self.account(platform, account["id"]):
                self.put(f"account {platform}", account["id"], dict(account))

    def account(self, platform: str, id: str) -> dict[str, Any] | None:
        """An account by its id, or None."""
        return self.get(f"account {platform}", id)

    def accounts(self, platform: str) -> list[dict[str, Any]]:
        """All accounts of a platform."""
        return list(self.all(f"account {platform}").values())

    # Files and what is public

    def store(self, data: bytes, mime: str) -> str:
        """Keep a file, as the platform's own copy, and return its name; the same bytes are kept once."""
        name = f"{hashlib.sha256(data).hexdigest()[:32]}.{SUFFIXES.get(mime, 'bin')}"
        path = self.files / name
        if not path.exists():
            part = path.with_suffix(f".{threading.get_ident()}.part")
            part.write_bytes(data)
            part.replace(path)
        return name

    def publish(
        self,
        platform: str,
        account: str,
        remote_id: str,
        caption: str,
        media: list[Mapping[str, Any]],
        flags: Mapping[str, Any],
        raw: Mapping[str, Any],
    ) -> None:
        """Make a post public. `media`: [{kind, file (from `store`), alt}]; `flags`: its labels; `raw`: what was sent.

        This is the one table of what went out: tests count it. Raises sqlite3.IntegrityError for a used `remote_id`.
        """
        values = (platform, account, remote_id, caption, json.dumps(media), json.dumps(flags), json.dumps(raw))
        with self.lock:
            sql = "insert into posts (platform, account, remote_id, caption, media, flags, raw, at)"
            self._sql.execute(f"{sql} values (?, ?, ?, ?, ?, ?, ?, ?)", (*values, self.timestamp()))

    def posts(
        self, platform: str | None = None, account: str | None = None, remote_id: str | None = None, limit: int = -1
    ) -> list[dict[str, Any]]:
        """What is public, newest first: {platform, account, remote_id, caption, media, flags, raw, at}."""
        wanted = {"platform": platform, "account": account, "remote_id": remote_id}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        where = " and ".join(f"{name} = ?" for name in wanted) or "1"
        columns = ("platform", "account", "remote_id", "caption", "media", "flags", "raw", "at")
        with self.lock:
            sql = f"select {', '.join(columns)} from posts where {where} order by id desc limit ?"
            rows = self._sql.execute(sql, (*wanted.values(), limit)).fetchall()
        posts = [dict(zip(columns, row, strict=True)) for row in rows]
        return [post | {name: json.loads(post[name]) for name in ("media", "flags", "raw")} for post in posts]

    def withdraw(self, platform: str, remote_id: str) -> bool:
        """Take a post away again, as its owner may on the platform; whether there was one."""
        with self.lock:
            sql = "delete from posts where platform = ? and remote_id = ?"
            return self._sql.execute(sql, (platform, remote_id)).rowcount > 0

    # The log of calls

    def log(self, call: str, fault: str, status: int | None) -> None:
        """Write down a call; `status` None: it got no answer."""
        with self.lock:
            sql = "insert into calls (call, fault, status, at) values (?, ?, ?, ?)"
            number = self._sql.execute(sql, (call, fault, status, self.timestamp())).lastrowid
            if number % 1000 == 0:
                self._sql.execute("delete from calls where id <= ?", (number - CALLS_KEPT,))

    def calls(self, call: str | None = None, limit: int = -1) -> list[dict[str, Any]]:
        """The calls so far, newest first: {call, fault, status, at}."""
        with self.lock:
            where = "call = ?" if call else "1"
            sql = f"select call, fault, status, at from calls where {where} order by id desc limit ?"
            rows = self._sql.execute(sql, (*((call,) if call else ()), limit)).fetchall()
        return [dict(zip(("call", "fault", "status", "at"), row, strict=True)) for row in rows]
