"""Databases and brokers that a fault trial runs on; those that do not answer are skipped with the reason."""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("INFLIO_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("INFLIO_TEST_REDIS", "redis://127.0.0.1:6379")
REDIS_NUMBERS = range(8, 16)


def migrate(env: dict[str, str]) -> None:
    """Make the tables of an empty database."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True)


class SQLite:
    """A file database; django-q2's messages lie in it too."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        migrate({"INFLIO_VAR": str(folder), "INFLIO_DATABASE_URL": f"sqlite:///{self.template}"})

    def open(self, folder: Path) -> dict[str, str]:
        """Make a fresh copy of the tables; return the environment that leads to it."""
        self._path = folder / "trial.sqlite3"
        shutil.copy(self.template, self._path)
        return {"INFLIO_DATABASE_URL": f"sqlite:///{self._path}"}

    def rows(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        with closing(sqlite3.connect(self._path, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def execute(self, statement: str) -> None:
        """Change rows past Django."""
        with closing(sqlite3.connect(self._path, timeout=20)) as connection, connection:
            connection.execute(statement)

    def empty_broker(self) -> None:
        """Lose every message."""
        self.execute("DELETE FROM django_q_ormq")

    def close(self) -> None:
        """Nothing is shared, so nothing is left."""

    def end(self) -> None:
        """The folder is removed by who made it."""


class PostgreSQL:
    """A database of its own on a server that others use too."""

    server = POSTGRES

    def __init__(self, folder: Path) -> None:
        self._template = f"inflio_template_{uuid.uuid4().hex[:12]}"
        self._name = ""
        self._administer(f"CREATE DATABASE {self._template}")
        try:
            migrate({"INFLIO_VAR": str(folder), "INFLIO_DATABASE_URL": self._url(self._template)})
        except BaseException:
            self.end()
            raise

    def open(self, folder: Path) -> dict[str, str]:
        """Make a fresh copy of the tables; return the environment that leads to it."""
        self._name = f"inflio_trial_{uuid.uuid4().hex[:12]}"
        self._administer(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        return {"INFLIO_DATABASE_URL": self._url(self._name)}

    def rows(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        with psycopg.connect(self._url(self._name)) as connection:
            return connection.execute(query).fetchall()

    def execute(self, statement: str) -> None:
        """Change rows past Django."""
        with psycopg.connect(self._url(self._name)) as connection:
            connection.execute(statement)

    def empty_broker(self) -> None:
        """Lose every message."""
        self.execute("DELETE FROM django_q_ormq")

    def close(self) -> None:
        """Drop the copy."""
        self._administer(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    def end(self) -> None:
        """Drop the tables that the copies came from."""
        self._administer(f"DROP DATABASE IF EXISTS {self._template} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return f"{self.server.rpartition('/')[0]}/{name}"

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


class PrivatePostgreSQL(PostgreSQL):
    """A server of its own, so that it may be restarted; it runs as another user where we are root."""

    def __init__(self, folder: Path) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="inflio-postgresql-"))
        self._as = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self._home, "postgres", "postgres")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.server = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._options = f"-p {port} -k {self._home} -c listen_addresses=127.0.0.1 -c fsync=off"
        try:
            self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")
            self._control("start")
            super().__init__(folder)
        except BaseException:
            self.end()
            raise

    def restart(self) -> None:
        """End every connection and every transaction, and come back."""
        self._control("restart", "--mode=fast")

    def end(self) -> None:
        """Stop the server; nothing of it is kept."""
        self._run("pg_ctl", "stop", "--mode=immediate", check=False)
        shutil.rmtree(self._home, ignore_errors=True)

    def _control(self, *command: str) -> None:
        log = f"--log={self._home / 'server.log'}"
        self._run("pg_ctl", *command, "--wait", log, f"--options={self._options}")

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [program, *arguments, f"--pgdata={self._home / 'data'}"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, cwd=self._home, check=check, timeout=60, **self._as, **silent)


class WithRedis:
    """Another database with messages in Redis, in a numbered database of its own that was empty before."""

    def __init__(self, database: SQLite | PostgreSQL) -> None:
        self._database = database
        self._url = ""

    def open(self, folder: Path) -> dict[str, str]:
        """Take an empty numbered database; return the environment that leads to both."""
        for number in REDIS_NUMBERS:
            with redis.from_url(f"{REDIS}/{number}") as client:
                if not client.dbsize() and client.set("inflio-fault-trial", os.getpid(), nx=True, ex=300):
                    self._url = f"{REDIS}/{number}"
                    return self._database.open(folder) | {"INFLIO_REDIS_URL": self._url}
        raise RuntimeError(f"No empty database among Redis numbers 8 to 15 at {REDIS}.")

    def rows(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        return self._database.rows(query)

    def execute(self, statement: str) -> None:
        """Change rows past Django."""
        self._database.execute(statement)

    def restart(self) -> None:
        """Restart the database's server; Redis stays."""
        self._database.restart()

    def empty_broker(self) -> None:
        """Lose every message, and no other user's keys."""
        with redis.from_url(self._url) as client:
            client.delete("django_q:default:q", "django_q:gpu:q")

    def close(self) -> None:
        """Leave the numbered database empty, as it was."""
        with redis.from_url(self._url) as client:
            client.flushdb()
        self._database.close()

    def end(self) -> None:
        """Let the database go."""
        self._database.end()


Backend = SQLite | PostgreSQL | WithRedis


def missing(name: str) -> str:
    """Return why a backend cannot be tried here, in one sentence, or nothing."""
    if name.startswith("private") and (not shutil.which("initdb") or not _may_run_postgres()):
        return "no server programs of PostgreSQL that we may start"
    try:
        if name.startswith("postgresql"):
            psycopg.connect(POSTGRES, connect_timeout=2).close()
        if "redis" in name:
            redis.from_url(REDIS, socket_connect_timeout=2).ping()
    except psycopg.Error as error:
        return f"no PostgreSQL at {POSTGRES}: {error}"
    except redis.RedisError as error:
        return f"no Redis at {REDIS}: {error}"
    return ""


def _may_run_postgres() -> bool:
    """It refuses to run as root, so that root needs its usual user."""
    try:
        return os.geteuid() != 0 or bool(pwd.getpwnam("postgres"))
    except KeyError:
        return False
