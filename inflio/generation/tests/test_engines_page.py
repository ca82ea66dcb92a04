"""Engines and their keys: managers add, test and delete them, nobody ever sees one again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inflio.accounts.models import Level
from inflio.common.errors import InvalidInput
from inflio.generation import keys
from inflio.generation.models import Job, ProviderCall, ProviderKey
from inflio.generation.tests.cloud import order
from inflio.generation.tests.emulators.fal import KEY

pytestmark = pytest.mark.django_db
PAGE = "generation:engines"


@pytest.fixture(autouse=True)
def no_keys(settings):
    """An installation without keys."""
    settings.PROVIDER_KEYS = {}


def url(what: str) -> str:
    return reverse(f"generation:{what}", args=["fal"])


def test_engines_says_what_each_can_do_and_costs(alice_client):
    page = alice_client.get(reverse(PAGE)).content.decode()
    for words in ("Inflio on this machine", "Nano Banana Pro (fal)", "5 credits for each", "$0.15 a picture to fal"):
        assert words in page
    assert "Needs set-up" in page


def test_engines_says_how_long_it_took_here_and_else_what_is_expected(alice_client, workspace):
    page = alice_client.get(reverse(PAGE)).content.decode()
    assert "Expected to take about 25 s, not measured here yet" in page
    assert "as measured here" not in page
    for number, took in enumerate((40, 44, 300)):
        made = {"kind": "picture", "engine": "fal_nano_banana_pro", "state": "done", "idempotency_key": str(number)}
        begun = timezone.now()
        Job.objects.create(
            workspace=workspace, **made, started_at=begun, finished_at=begun + timedelta(seconds=took), count=4
        )
    assert "Usually about 44 s, as measured here" in alice_client.get(reverse(PAGE)).content.decode()


def test_engines_shows_a_viewer_no_form(bob, bob_client, set_level):
    set_level(bob, Level.VIEWER)
    page = bob_client.get(reverse(PAGE)).content.decode()
    assert "Add a key" not in page
    assert "A manager or the owner of this workspace can add it." in page


def test_engines_asks_a_guest_to_log_in(client):
    assert client.get(reverse(PAGE)).status_code == 302


def test_save_key_keeps_it_encrypted_and_never_shows_it(alice, alice_client, workspace, caplog):
    secret = "abcdefgh:12345678-tail"
    assert alice_client.post(url("save_key"), {"key": secret}).url == reverse(PAGE)
    row = ProviderKey.objects.get()
    assert (row.workspace, row.provider, row.last4, row.added_by) == (workspace, "fal", "tail", alice)
    assert keys.key_for(workspace=workspace, provider="fal") == secret
    page = alice_client.get(reverse(PAGE)).content.decode()
    assert "Your key ends in <strong>tail</strong>" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM generation_providerkey")
        stored = cursor.fetchone()[0]
    for text in (page, stored, caplog.text):
        assert secret not in text
        assert "12345678" not in text


@pytest.mark.parametrize("key", ["", "short", "with space:inside", "x" * 501, "ключ-ключ-ключ"])
def test_save_key_that_cannot_be_one_is_refused(alice_client, key):
    page = alice_client.post(url("save_key"), {"key": key})
    assert (page.status_code, ProviderKey.objects.count()) == (422, 0)
    assert '<details class="engine-key__form" open' in page.content.decode()


def test_save_key_of_other_letters_says_what_a_key_is_made_of(alice, workspace):
    with pytest.raises(InvalidInput, match="only plain letters, digits and signs"):
        keys.save_key(workspace=workspace, provider="fal", key="abcdefgh:１２３４５６７８", by=alice)
    assert not ProviderKey.objects.exists()


def test_save_key_again_replaces_it(alice, workspace):
    for key in ("first-key-0001", "second-key-0002"):
        keys.save_key(workspace=workspace, provider="fal", key=key, by=alice)
    assert keys.key_for(workspace=workspace, provider="fal") == "second-key-0002"
    assert ProviderKey.objects.count() == 1


def test_save_key_of_nobody_is_refused(alice, alice_client, workspace):
    with pytest.raises(InvalidInput):
        keys.save_key(workspace=workspace, provider="nobody", key="x" * 20, by=alice)
    assert alice_client.post(reverse("generation:save_key", args=["nobody"]), {"key": "x" * 20}).status_code == 404


def test_keys_need_a_manager(bob_client):
    for what in ("save_key", "remove_key", "check_key"):
        assert bob_client.post(url(what), {"key": "x" * 20}).status_code == 403
    assert not ProviderKey.objects.exists()


def test_workspace_s_own_key_wins_and_stays_its_own(alice, workspace, charlie, settings):
    settings.PROVIDER_KEYS = {"fal": "of-the-installation"}
    keys.save_key(workspace=workspace, provider="fal", key="of-alice-alone", by=alice)
    assert keys.key_for(workspace=workspace, provider="fal") == "of-alice-alone"
    assert keys.key_for(workspace=charlie.workspaces.get(), provider="fal") == "of-the-installation"


def test_key_of_another_secret_key_says_so(alice, workspace, settings):
    keys.save_key(workspace=workspace, provider="fal", key="abcdefgh-1234", by=alice)
    settings.SECRET_KEY = "another"
    with pytest.raises(keys.NeedsKey, match="can no longer be read"):
        keys.key_for(workspace=workspace, provider="fal")


def test_check_key_asks_the_provider_for_free(fal, alice, alice_client, workspace, settings):
    settings.PROVIDER_KEYS = {}
    keys.save_key(workspace=workspace, provider="fal", key=KEY, by=alice)
    page = alice_client.post(url("check_key"), follow=True).content.decode()
    assert "fal accepts the key." in page
    row = ProviderKey.objects.get()
    assert (row.works, row.tested_at is not None, fal.effects) == (True, True, [])
    keys.save_key(workspace=workspace, provider="fal", key="not:the-right-key", by=alice)
    assert "fal does not accept this key." in alice_client.post(url("check_key"), follow=True).content.decode()
    assert ProviderKey.objects.get().works is False


def test_check_key_when_fal_is_away_says_so(fal, alice, workspace):
    fal.__exit__()
    keys.save_key(workspace=workspace, provider="fal", key=KEY, by=alice)
    assert keys.check_key(workspace=workspace, provider="fal") == (
        False,
        "fal does not answer at the moment. Try again in a minute.",
    )


def test_remove_key_leaves_none(alice, alice_client, workspace):
    keys.save_key(workspace=workspace, provider="fal", key="abcdefgh-1234", by=alice)
    alice_client.post(url("remove_key"))
    alice_client.post(url("remove_key"))
    assert not ProviderKey.objects.exists()


def test_charlie_sees_and_deletes_nothing_of_alice_s(alice, charlie_client, workspace):
    keys.save_key(workspace=workspace, provider="fal", key="abcdefgh-tail", by=alice)
    assert "ends in" not in charlie_client.get(reverse(PAGE)).content.decode()
    charlie_client.post(url("remove_key"))
    assert ProviderKey.objects.filter(workspace=workspace).exists()


def test_available_engines_say_what_is_missing(workspace, settings):
    why = {state.name: state.why_not for state in keys.available_engines(workspace)}
    assert (why["embedded"], why["fal_nano_banana_pro"]) == ("", "Needs set-up: a key of fal.")
    assert "trial" not in why
    settings.PROVIDER_KEYS = {"fal": "x"}
    assert {state.name for state in keys.available_engines(workspace) if state.is_ready} >= {"fal_gpt_image_1_5"}


def test_create_job_without_a_key_spends_nothing(workspace):
    with pytest.raises(keys.NeedsKey, match="fal needs a key. A manager can add one under Engines."):
        order(workspace, "fal_nano_banana_pro")
    workspace.credits.refresh_from_db()
    assert workspace.credits.available == 100


def test_engines_adds_up_what_was_paid_with_a_fixed_number_of_queries(alice_client, workspace, settings):
    settings.PROVIDER_KEYS = {"fal": KEY}
    job = order(workspace, "fal_nano_banana_pro")

    def pay(slot: str, **changes) -> None:
        row = {"provider": "fal", "endpoint": "e", "usd_expected": "0.15", "state": "answered"} | changes
        ProviderCall.objects.create(workspace=workspace, job=job, slot=slot, **row)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            alice_client.get(reverse(PAGE))
        return len(seen)

    alice_client.get(reverse(PAGE))
    pay("a")
    with_one = queries()
    pay("b", usd="0.30")
    pay("c", charged=False, state="failed")
    assert queries() == with_one
    assert "2 paid calls in 30 days, about $0.45" in alice_client.get(reverse(PAGE)).content.decode()
