"""The record of periodic hooks in the back office."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inflio.queue.models import PeriodicRun

LIST = "admin:queue_periodicrun_changelist"


@pytest.fixture
def hook(db) -> PeriodicRun:
    return PeriodicRun.objects.create(hook="a.hook", ran_at=timezone.now(), error="RuntimeError: no luck")


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_superuser_reads_what_went_wrong(hook):
    root = browser_of(get_user_model().objects.create_superuser("root@example.com", "a-long-password"))

    page = root.get(reverse(LIST))
    row = root.get(reverse("admin:queue_periodicrun_change", args=[hook.pk]))

    assert "RuntimeError: no luck" in page.content.decode()
    assert "RuntimeError: no luck" in row.content.decode()
    assert root.get(reverse("admin:queue_periodicrun_add")).status_code == 403


def test_staff_with_the_right_still_read_nothing_of_the_installation(hook):
    staff = get_user_model().objects.create_user("staff@example.com", "a-long-password", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_periodicrun"))

    assert browser_of(staff).get(reverse(LIST)).status_code == 403
