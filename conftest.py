"""What every test may use: alice (owner), bob (her editor), charlie (a stranger), their browsers, own storage."""

import gc
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from inflio.accounts.models import Level, Membership, User, Workspace
from inflio.accounts.services import create_workspace

PASSWORD = "correct horse battery staple"


def pytest_collection_finish() -> None:
    """Look for garbage less often, and never among what stays for all tests: a fifth of their time went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What needs locks on single rows says nothing on SQLite, which lets one writer in at a time."""
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL locks single rows")


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    """Keep every test's files to itself, start without used-up rate limits, and hash passwords fast."""
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "default": local}
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = True  # else every new browser has all static files read first
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def make_user(db) -> Callable[..., User]:
    """Make a user with a workspace of their own: `make_user("dora", role="consumer")`."""

    def make(name: str, *, role: str = User.Role.BUSINESS, **extra) -> User:
        user = User.objects.create_user(f"{name}@example.com", PASSWORD, name=name.title(), role=role, **extra)
        create_workspace(owner=user, name=f"{name.title()}'s studio", kind=role)
        return user

    return make


@pytest.fixture
def alice(make_user) -> User:
    """Owns `workspace`."""
    return make_user("alice")


@pytest.fixture
def workspace(alice) -> Workspace:
    """Alice's, a business workspace with 100 credits."""
    return alice.workspaces.get()


@pytest.fixture
def bob(workspace) -> User:
    """Edits in alice's workspace and has none of his own."""
    user = User.objects.create_user("bob@example.com", PASSWORD, name="Bob", role=User.Role.BUSINESS)
    Membership.objects.create(workspace=workspace, user=user, level=Level.EDITOR)
    return user


@pytest.fixture
def charlie(make_user) -> User:
    """A stranger with a workspace of his own."""
    return make_user("charlie")


@pytest.fixture
def membership_of(workspace) -> Callable[[User], Membership]:
    """A user's membership in alice's workspace."""
    return lambda user: Membership.objects.select_related("user").get(workspace=workspace, user=user)


@pytest.fixture
def set_level(workspace) -> Callable[[User, int], None]:
    """Give a user another level in alice's workspace, past every rule."""
    return lambda user, level: Membership.objects.filter(workspace=workspace, user=user).update(level=level)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which the user is logged in: `client_of(alice).get(url)`."""

    def client_for(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_for


@pytest.fixture
def alice_client(alice, client_of) -> Client:
    return client_of(alice)


@pytest.fixture
def bob_client(bob, client_of) -> Client:
    return client_of(bob)


@pytest.fixture
def charlie_client(charlie, client_of) -> Client:
    return client_of(charlie)
