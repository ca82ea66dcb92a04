"""Time zones: the list to choose from, and the middleware that never fails on a bad one."""

from django.utils import timezone

from inflio.accounts.checks import check_workspace_created
from inflio.accounts.models import User
from inflio.accounts.templatetags.accounts import browser_name
from inflio.accounts.zones import zone_names, zone_or_utc


def test_zone_names_are_regions_and_utc():
    names = zone_names()
    assert names[0] == "UTC"
    assert {"Europe/Paris", "Asia/Kolkata", "America/New_York"} <= set(names)
    assert not {"posixrules", "localtime", "Factory", "EST"} & set(names)


def test_zone_or_utc_knows_no_invented_zone():
    assert str(zone_or_utc("Europe/Paris")) == "Europe/Paris"
    assert str(zone_or_utc("Mars/Olympus")) == "UTC"


def test_page_works_for_a_user_whose_zone_has_vanished(alice, client_of):
    User.objects.filter(pk=alice.pk).update(time_zone="Mars/Olympus")
    assert client_of(alice).get("/profile/").status_code == 200
    assert timezone.get_current_timezone_name() == "UTC"


def test_workspace_created_must_name_a_function(settings):
    assert check_workspace_created(None) == []
    settings.WORKSPACE_CREATED = "inflio.accounts.nowhere"
    assert [error.id for error in check_workspace_created(None)] == ["accounts.E001"]
    settings.WORKSPACE_CREATED = "inflio.accounts.zones.REGIONS"
    assert [error.id for error in check_workspace_created(None)] == ["accounts.E002"]


def test_browser_name_reads_what_browsers_send():
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
    assert browser_name(chrome) == "Chrome on Linux"
    assert browser_name(chrome + " Edg/131.0") == "Edge on Linux"
    assert browser_name("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1") == "Safari on iPhone"
    assert browser_name("curl/8") == "curl/8"
    assert browser_name("") == "Unknown"
