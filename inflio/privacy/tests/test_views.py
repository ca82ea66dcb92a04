"""Downloading one's data and deleting the account in the browser."""

import io
import zipfile

import pytest
from django.test import Client

from conftest import PASSWORD
from inflio.accounts.models import Level, User

pytestmark = pytest.mark.django_db
EXPORT, DELETE = "/profile/export/", "/profile/delete/"


def confirm_password(client: Client, password: str = PASSWORD) -> None:
    client.post("/accounts/reauthenticate/", {"password": password})


def test_export_downloads_a_zip(alice_client):
    answer = alice_client.get(EXPORT)
    assert answer["Content-Disposition"] == 'attachment; filename="inflio-export.zip"'
    assert "account/profile.json" in zipfile.ZipFile(io.BytesIO(b"".join(answer))).namelist()
    answer.close()


def test_export_twice_is_refused_with_a_sentence(alice_client, bob_client):
    alice_client.get(EXPORT).close()
    answer = alice_client.get(EXPORT)
    assert answer.status_code == 409
    assert "Wait two minutes" in answer.content.decode()
    other = bob_client.get(EXPORT)
    assert other.status_code == 200
    other.close()


@pytest.mark.parametrize("url", [EXPORT, DELETE])
def test_guest_is_sent_to_the_log_in(client, url):
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def test_delete_asks_for_the_password_first(alice_client):
    assert alice_client.get(DELETE)["Location"] == "/accounts/reauthenticate/?next=%2Fprofile%2Fdelete%2F"
    confirm_password(alice_client, "wrong")
    assert alice_client.get(DELETE).status_code == 302
    confirm_password(alice_client)
    answer = alice_client.get(DELETE)
    assert "and Alice&#x27;s studio will be deleted" in " ".join(answer.content.decode().split())


def test_delete_with_another_address_changes_nothing(alice_client, alice):
    confirm_password(alice_client)
    answer = alice_client.post(DELETE, {"email": "charlie@example.com"})
    assert answer.status_code == 422
    assert "This is not alice@example.com" in answer.content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


def test_delete_without_the_password_changes_nothing(alice_client, alice):
    assert alice_client.post(DELETE, {"email": alice.email}).status_code == 302
    assert User.objects.filter(pk=alice.pk).exists()


def test_delete_says_goodbye_and_logs_out(alice_client, alice):
    confirm_password(alice_client)
    answer = alice_client.post(DELETE, {"email": " Alice@example.com "})
    assert "Your account is deleted" in answer.content.decode()
    assert not User.objects.filter(pk=alice.pk).exists()
    assert alice_client.get("/profile/").status_code == 302


def test_delete_by_an_only_owner_with_members_says_what_to_do(alice_client, bob):
    confirm_password(alice_client)
    answer = alice_client.get(DELETE)
    assert answer.status_code == 409
    assert "Hand it over to one of them" in answer.content.decode()


@pytest.mark.parametrize("level", [Level.VIEWER, Level.EDITOR, Level.MANAGER])
def test_delete_by_a_member_leaves_the_workspace(bob_client, bob, workspace, set_level, level):
    set_level(bob, level)
    confirm_password(bob_client)
    assert bob_client.post(DELETE, {"email": bob.email}).status_code == 200
    assert [member.name for member in workspace.members.all()] == ["Alice"]
