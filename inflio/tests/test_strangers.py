"""Nobody sees or changes what is not theirs: asked of every address of the project, with an argument or without."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from inflio.accounts.models import Level, Membership, User
from inflio.accounts.services import make_api_key
from inflio.tests.addresses import OWN, OWNED, PUBLIC, Owned, ours
from inflio.tests.belongings import Belongings

pytestmark = pytest.mark.django_db
METHODS = ("get", "post")
APPS = sorted({name.partition(":")[0] for name in OWNED})
LISTS = {  # what her mark is seen in, so that its absence tells something
    "dashboard",
    "api:posts",
    "api:calendar",
    "api:channels",
    "billing:credits",
    "generation:jobs",
    "notices:notices",
    "personas:gallery",
    "content:batches",
    "content:boards",
    "content:gallery",
    "content:threads",
    "scheduling:calendar",
    "scheduling:channels",
    "scheduling:import_template",
    "scheduling:insights",
    "scheduling:posts",
    "scheduling:reviews",
}
NOBODYS = {str: "nobody-has-this", int: 10**20}  # in place of an argument


@dataclass(frozen=True)
class Scene:
    """Hers, with a browser for each level in her workspace, and a stranger who has one of everything too."""

    hers: Belongings
    his: Belongings
    members: dict[int, Client]
    stranger: Client

    @property
    def owner(self) -> Client:
        return self.members[Level.OWNER]


@pytest.fixture
def scene(alice, charlie, client_of, settings) -> Scene:
    settings.SANDBOX_URL, settings.PROVIDER_KEYS = "http://127.0.0.1:9", {}  # nobody answers there
    hers, members = Belongings(alice), {Level.OWNER: client_of(alice)}
    for level in (Level.VIEWER, Level.EDITOR, Level.MANAGER):
        user = User.objects.create_user(f"{level.name}@example.com")
        Membership.objects.create(workspace=hers.workspace, user=user, level=level)
        members[level] = client_of(user)
    return Scene(hers, Belongings(charlie), members, client_of(charlie))


@contextmanager
def undone() -> Iterator[None]:
    """Leave the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def mixed(his: list, hers: list) -> list[list]:
    """Arguments of which the first ones are his and the others hers."""
    ways = [his[:place] + hers[place:] for place in range(1, len(hers))]
    return [way for way in ways if way not in (his, hers)]


def wrong(arguments: list) -> list[list]:
    """The arguments with each of them, one at a time, replaced by what nobody has."""
    return [[*arguments[:place], NOBODYS[type(one)], *arguments[place + 1 :]] for place, one in enumerate(arguments)]


def ask(client: Client, method: str, name: str, arguments: list, sent: dict | None = None) -> HttpResponse:
    """The answer of an address, read to its end."""
    answer = getattr(client, method)(reverse(name, args=arguments), sent)
    answer.getvalue()
    return answer


def asks_to_log_in(name: str, answer: HttpResponse) -> bool:
    if name.startswith("api:"):
        return answer.status_code == 401
    return answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


def test_every_address_with_an_argument_stands_in_one_table():
    asked, tables = {name for name, takes in ours() if takes}, [*OWNED, *OWN, *PUBLIC]
    unknown, gone = sorted(asked - set(tables)), sorted(set(tables) - asked)
    assert unknown == [], "Say in inflio/tests/addresses.py whose these are: OWNED, OWN, or PUBLIC with its reason."
    assert gone == [], "These addresses are no longer there: take them out of inflio/tests/addresses.py."
    assert len(tables) == len(set(tables))
    assert all(entry.get or entry.post for entry in OWNED.values())


@pytest.mark.parametrize("app", APPS)
def test_what_is_hers_answers_her_members_and_nobody_else(app, scene, subtests):
    before = scene.hers.rows()
    for name, entry in OWNED.items():
        for method in METHODS if name.partition(":")[0] == app else ():
            with subtests.test(f"{method} {name}"), undone():
                check_owned(scene, name, entry, method, before)


def check_owned(scene: Scene, name: str, entry: Owned, method: str, before: dict) -> None:
    """A visitor, a member of too low a level and a stranger change nothing; then come those who may."""
    hers, his = scene.hers.named(entry.arguments), scene.his.named(entry.arguments)
    needed, own = getattr(entry, method), scene.hers.sent(entry.sent)
    if needed is None:
        assert ask(scene.owner, method, name, hers, own).status_code == 405
        return
    assert asks_to_log_in(name, ask(Client(), method, name, hers, own))
    if needed > Level.VIEWER:
        assert ask(scene.members[lower(needed)], method, name, hers, own).status_code == 403
    for arguments in (hers, *mixed(his, hers)):
        answer = ask(scene.stranger, method, name, arguments, scene.his.sent(entry.sent))
        assert answer.status_code == entry.refused
    assert changed(scene.hers, before) == []
    with undone():
        assert ask(scene.members[needed], method, name, hers, own).status_code != 403
    assert ask(scene.owner, method, name, hers, own).status_code not in {403, 405, entry.refused}


def lower(level: Level) -> Level:
    """The next lower level."""
    return max(one for one in Level if one < level)


def changed(hers: Belongings, before: dict) -> list[str]:
    """Her tables that are no longer as they were."""
    now = hers.rows()
    return [table for table in before if before[table] != now[table]]


def test_a_strangers_key_finds_nothing_through_the_api(scene):
    _, key = make_api_key(user=scene.his.user, workspace=scene.his.workspace, name="Phone")
    for name in [name for name in OWNED if name.startswith("api:")]:
        url = reverse(name, args=scene.hers.named(OWNED[name].arguments))
        assert Client(headers={"Authorization": f"Bearer {key}"}).get(url).status_code == 404
        assert Client(headers={"Authorization": f"Bearer {key}x"}).get(url).status_code == 401


def test_what_names_nobodys_row_is_for_members_and_knows_its_words(scene, subtests):
    for name, entry in OWN.items():
        (method,) = [method for method in METHODS if getattr(entry, method)]
        needed, named = getattr(entry, method), scene.hers.named(entry.arguments)
        with subtests.test(name), undone():
            assert asks_to_log_in(name, ask(Client(), method, name, named))
            assert ask(scene.members[lower(needed)], method, name, named).status_code == 403
            assert ask(scene.members[needed], method, name, named).status_code not in {403, 404}
            for arguments in wrong(named):
                assert ask(scene.owner, method, name, arguments).status_code == 404


def test_what_is_public_opens_with_its_own_words_only(scene, subtests, client):
    for name, entry in PUBLIC.items():
        hers, his = scene.hers.named(entry.arguments), scene.his.named(entry.arguments)
        for method in entry.methods:
            with subtests.test(f"{method} {name}"), undone():
                assert ask(client, method, name, hers).status_code in entry.answers
                before = scene.hers.rows()
                for arguments in (*wrong(hers), *mixed(his, hers)):
                    assert ask(client, method, name, arguments).status_code == 404
                assert changed(scene.hers, before) == []


def test_lists_show_a_stranger_nothing_whatever_he_names(scene):
    """Every address without an argument, with `?persona=` and all the other names for hers."""
    scene.hers.write_everywhere("Zenobia")
    day, asked = date.today(), [name for name, takes in ours() if not takes]
    days = {"from": day - timedelta(days=2), "to": day + timedelta(days=2)}
    for name in asked:
        for query in (days, scene.hers.queries()):
            assert b"Zenobia" not in ask(scene.stranger, "get", name, [], query).getvalue(), f"{name} {query}"
    shown = {name for name in asked if b"Zenobia" in ask(scene.owner, "get", name, [], days).getvalue()}
    assert shown >= LISTS
