"""The copy of one's data holds everything one owns, and nothing of anybody else."""

import json
import zipfile

import pytest

from inflio.accounts.models import Level
from inflio.media import storage
from inflio.media.models import Asset
from inflio.privacy.export import write_export
from inflio.privacy.tests.test_erase import fill, tables_of_a_workspace
from scheduling.models import Channel
from scheduling.tests.rows import SECRET

pytestmark = pytest.mark.django_db


def read(user) -> tuple[list[str], dict]:
    with write_export(user) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        return names, {name: json.loads(archive.read(name)) for name in names if name.endswith(".json")}


def test_export_holds_every_row_and_picture_of_the_workspace(workspace, alice):
    fill(alice)
    names, rows = read(alice)
    folder = f"workspace-{workspace.pk}"
    kept = {name.split("/")[1].removesuffix(".json") for name in rows if name.startswith(folder)}
    assert len(kept) == len(tables_of_a_workspace()) + 1  # refusals, which outlive their workspace
    assert rows[f"{folder}/personas.json"][0]["name"] == "Ada"
    consent = rows[f"{folder}/consents.json"][0]
    assert consent["outside_at"]
    assert (consent["outside_by"], consent["outside_providers"]) == (alice.pk, ["fal", "replicate", "gemini"])
    assert "other companies" in consent["outside_text"]
    assert rows[f"{folder}/plan.json"][0]["available"] == 99
    assert [row["amount"] for row in rows[f"{folder}/credits.json"]] == [100, -1]
    pictures = {f"{folder}/files/{asset.name.rsplit('/', 1)[-1]}" for asset in Asset.objects.all()}
    assert len(pictures) == 2
    assert pictures <= set(names)
    assert "README.txt" in names


def test_export_holds_no_secret(alice, client_of):
    fill(alice)
    client_of(alice).get("/profile/")
    _, rows = read(alice)
    columns = {column for table in rows.values() for row in table for column in row}
    secret = {"password", "embedding", "token_hash", "session_key", "data", "lease_token", "secret", "token"}
    secret |= {"access_token", "refresh_token", "progress", "verifier", "found"}
    assert not columns & secret
    assert SECRET not in json.dumps(rows)
    assert Channel.objects.get().access_token not in json.dumps(rows)
    assert rows["account/profile.json"][0]["email"] == "alice@example.com"
    assert rows["account/sessions.json"][0]["ip"] == "127.0.0.1"


def test_export_of_an_editor_leaves_out_the_workspace_of_others(workspace, alice, bob, set_level):
    fill(alice)
    names, rows = read(bob)
    assert not [name for name in names if name.startswith("workspace-")]
    assert rows["account/memberships.json"][0]["level"] == Level.EDITOR
    assert "alice@example.com" not in json.dumps(rows)


def test_export_says_which_file_is_missing(workspace, alice):
    fill(alice)
    asset = Asset.objects.first()
    storage.remove(asset.name)
    names, _ = read(alice)
    assert f"workspace-{workspace.pk}/files/{asset.name.rsplit('/', 1)[-1]}.missing.txt" in names
