"""Stages for the fault trials."""

import pytest

from faults.backends import PostgreSQL, PrivatePostgreSQL, SQLite, WithRedis, missing
from faults.stage import Stage

MAKERS = {"sqlite": SQLite, "postgresql": PostgreSQL, "private-postgresql": PrivatePostgreSQL}


@pytest.fixture(scope="session")
def databases(tmp_path_factory):
    """Migrated databases by name, made at first use, once in a test process."""
    made: dict[str, SQLite | PostgreSQL] = {}

    def database(name: str):
        if name not in made:
            made[name] = MAKERS[name](tmp_path_factory.mktemp(name))
        return made[name]

    yield database
    for one in made.values():
        one.end()


@pytest.fixture
def backend(request, databases):
    """SQLite, or what the test's parameter names: "postgresql", "private-postgresql", "sqlite+redis" ..."""
    name = getattr(request, "param", "sqlite")
    if reason := missing(name):
        pytest.skip(reason)
    database, _, broker = name.partition("+")
    return WithRedis(databases(database)) if broker else databases(database)


@pytest.fixture
def make_stage(tmp_path, backend):
    """Make the test's stage, with INFLIO_* variables changed; at the end nothing of it may be alive."""
    stages: list[Stage] = []

    def make(**changes: str) -> Stage:
        stages.append(Stage(tmp_path, backend, **changes))
        return stages[-1]

    yield make
    for stage in stages:
        assert stage.close() == []


@pytest.fixture
def stage(make_stage):
    """A stage with the usual constants."""
    return make_stage()


def pytest_terminal_summary(terminalreporter):
    """Show the results of the trials that passed, also when other processes ran them."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "result" and report.when == "call":
                terminalreporter.write_line(f"{value} ({report.nodeid.partition('[')[2].rstrip(']')})")
