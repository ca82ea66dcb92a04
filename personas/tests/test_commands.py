"""The commands: what they refuse, and the whole way on an installation of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from inflio.accounts.services import create_workspace
from inflio.billing.models import CreditAccount
from inflio.media.models import Asset
from personas.models import Persona
from personas.tests.makers import encoded, picture

PHOTOS = sorted((settings.BASE_DIR / "demo" / "photos").glob("*.jpg"))


@pytest.fixture
def photos(tmp_path):
    """Six photos without a face."""
    paths = [tmp_path / f"{number}.jpg" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_bytes(encoded(picture(number)))
    return paths


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "Say whose face it is: --own-face"),
        ({"own_face": True, "permission_of": "Mae"}, "Say whose face it is"),
        ({"own_face": True, "workspace": "nowhere"}, "There is no workspace 'nowhere'"),
        ({"own_face": True, "name": " "}, "Give the persona a name. Nothing was kept"),
    ],
)
def test_create_persona_refuses_with_a_plain_reason(alice, photos, options, sentence):
    name = options.pop("name", "Ada")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_persona", name, *photos, **options)
    assert not Persona.objects.exists()


@pytest.mark.django_db
def test_create_persona_asks_for_the_workspace_when_there_are_several(alice, charlie, photos):
    with pytest.raises(CommandError, match="Say which workspace"):
        call_command("create_persona", "Ada", *photos, own_face=True)
    create_workspace(owner=alice, name="Charlie's studio", kind="business")
    with pytest.raises(CommandError, match="Several workspaces are called"):
        call_command("create_persona", "Ada", *photos, own_face=True, workspace="charlie's studio")


@pytest.mark.django_db
def test_create_persona_without_a_workspace_says_so(photos):
    with pytest.raises(CommandError, match="There is no workspace yet"):
        call_command("create_persona", "Ada", *photos, own_face=True)


@pytest.mark.django_db
def test_create_persona_names_each_refused_photo_and_keeps_nothing(alice, photos, capsys):
    photos[0].write_bytes(b"dear diary")
    photos[1].unlink()
    with pytest.raises(CommandError, match="4 photos and at least 5 are needed: add 1 more. Nothing was kept"):
        call_command("create_persona", "Ada", *photos, own_face=True)
    said = capsys.readouterr().err
    assert "0.jpg: This is not a photo we can read" in said
    assert "1.jpg: No such file" in said
    assert not Persona.objects.exists()
    assert not Asset.objects.exists()


@pytest.mark.django_db
def test_create_persona_stops_before_the_work_when_it_cannot_be_paid(alice, workspace, photos):
    CreditAccount.objects.filter(workspace=workspace).update(available=3)
    with pytest.raises(CommandError, match="5 portraits cost 5 credits and 3 are left"):
        call_command("create_persona", "Ada", *photos, own_face=True)
    assert not Persona.objects.exists()


@pytest.mark.django_db
def test_create_persona_checks_the_folder_before_the_work(alice, photos, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CommandError, match="cannot be written to"):
        call_command("create_persona", "Ada", *photos, own_face=True, portraits_to=tmp_path / "taken")


@pytest.mark.django_db
def test_demo_is_not_made_on_a_public_address(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="not made on a public address"):
        call_command("seed_demo")


@pytest.fixture(scope="module")
def installation(tmp_path_factory, django_db_setup, django_db_blocker):
    """The environment of an installation of its own: the commands use threads, which a test's transaction hides.

    Its tables are a copy of the tests' own; what a start on an empty folder makes, the browser tests show.
    """
    if connection.vendor != "sqlite":
        pytest.skip("tables can be copied into a file from SQLite only")
    var = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), closing(sqlite3.connect(var / "inflio.sqlite3")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    weights = os.environ.get("INFLIO_WEIGHTS", str(settings.BASE_DIR / "var" / "weights"))
    database = f"sqlite:///{var / 'inflio.sqlite3'}"
    return {**os.environ, "INFLIO_VAR": str(var), "INFLIO_WEIGHTS": weights, "INFLIO_DATABASE_URL": database}


@pytest.fixture(scope="module")
def manage(installation):
    """Runs manage.py there; there is one workspace."""

    def run(*words) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *map(str, words)]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=installation, capture_output=True, text=True, timeout=120, check=False
        )

    made = run("shell", "-c", "from inflio.management.commands.seed_demo import demo_workspace; demo_workspace()")
    assert made.returncode == 0, made.stderr
    return run


def test_a_persona_from_photos_is_alike(manage, tmp_path):
    some = [PHOTOS[number] for number in (0, 1, 3, 7, 8, 9)]  # the last two are dark and blurred
    made = manage("create_persona", "Ada", *some, "--permission-of", "Eileen Collins", "--portraits-to", tmp_path)
    assert made.returncode == 0, made.stderr
    assert "09_dark.jpg: " in made.stderr
    assert "10_blurred.jpg: " in made.stderr
    lines = [line.split() for line in made.stdout.splitlines() if line.endswith(".jpg")]
    assert len(lines) == 5
    for scenario, score, path in lines:
        assert path == str(tmp_path / f"{scenario}.jpg")
        assert (tmp_path / f"{scenario}.jpg").stat().st_size > 50_000
        assert float(score) >= 0.85


def test_photos_without_a_face_end_with_status_1_and_the_reason(manage, photos):
    refused = manage("create_persona", "Nobody", *photos, "--own-face")
    assert refused.returncode == 1
    assert "None of the photos can be used, and at least 3 are needed." in refused.stderr
    assert "Nothing was kept." in refused.stderr


def test_interrupt_ends_all_work_and_keeps_nothing(manage, installation):
    command = [sys.executable, "manage.py", "create_persona", "Cut", *map(str, PHOTOS[:5]), "--own-face"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=installation, stderr=subprocess.PIPE, text=True)
    running = "SELECT count(*) FROM generation_job WHERE state IN ('queued', 'running')"
    with closing(sqlite3.connect(Path(installation["INFLIO_VAR"]) / "inflio.sqlite3")) as database:
        while not database.execute(running).fetchone()[0] and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert "Interrupted. Nothing was kept." in process.communicate(timeout=60)[1]
        assert process.returncode == 1
        assert database.execute(running).fetchone()[0] == 0
        assert database.execute("SELECT count(*) FROM personas_persona WHERE name = 'Cut'").fetchone()[0] == 0
