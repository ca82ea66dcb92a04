"""`manage.py delete_account`: says what would go, and deletes only when told to."""

import pytest
from django.core.management import CommandError, call_command

from inflio.accounts.models import User

pytestmark = pytest.mark.django_db


def test_delete_account_only_says_what_would_go(alice, capsys):
    call_command("delete_account", "alice@example.com")
    assert capsys.readouterr().out == ("alice@example.com and Alice's studio would be deleted. Add --yes to do it.\n")
    assert User.objects.filter(pk=alice.pk).exists()


def test_delete_account_with_yes_deletes(alice, charlie):
    call_command("delete_account", "Alice@example.com", "--yes")
    assert list(User.objects.all()) == [charlie]


def test_delete_account_of_nobody_fails(db):
    with pytest.raises(CommandError, match="There is no user"):
        call_command("delete_account", "nobody@example.com")


def test_delete_account_of_an_only_owner_with_members_fails(alice, bob):
    with pytest.raises(CommandError, match="Hand it over"):
        call_command("delete_account", "alice@example.com", "--yes")
    assert User.objects.count() == 2
