"""The back office shows paid calls with their sums, and of keys nothing that could be used."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inflio.accounts.models import User
from inflio.generation import keys
from inflio.generation.models import ProviderCall
from inflio.generation.tests.cloud import order, work
from inflio.generation.tests.emulators.fal import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client(client_of):
    return client_of(User.objects.create_superuser("root@example.com", "pw", name="Root"))


def test_calls_are_listed_with_what_they_cost(fal, workspace, staff_client):
    job = order(workspace, "fal_nano_banana_pro", count=2)
    work()
    page = staff_client.get(reverse("admin:generation_providercall_changelist"), {"job__id__exact": job.pk})
    assert "Alice&#x27;s studio, fal: <strong>$0.30</strong>" in page.content.decode()
    call = ProviderCall.objects.get()
    shown = staff_client.get(reverse("admin:generation_providercall_change", args=[call.pk])).content.decode()
    assert call.request_id in shown
    assert call.token not in shown


def test_calls_list_needs_as_many_queries_for_three_as_for_one(fal, workspace, staff_client):
    url = reverse("admin:generation_providercall_changelist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert staff_client.get(url).status_code == 200
        return len(seen)

    order(workspace, "fal_nano_banana_2")
    work()
    queries()  # the first visit loads what is kept
    with_one = queries()
    for _ in range(2):
        order(workspace, "fal_nano_banana_2")
    work()
    assert (queries(), ProviderCall.objects.count()) == (with_one, 3)


def test_keys_show_their_last_four_only(alice, workspace, staff_client):
    keys.save_key(workspace=workspace, provider="fal", key=KEY, by=alice)
    for name, args in (("changelist", []), ("change", [workspace.providerkeys.get().pk])):
        page = staff_client.get(reverse(f"admin:generation_providerkey_{name}", args=args)).content.decode()
        assert KEY[-4:] in page
        assert KEY not in page
        assert workspace.providerkeys.get().secret not in page
