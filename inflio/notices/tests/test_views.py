"""The bell and the page of notices: counted in one query, paged by key, seen by nobody else."""

import pytest
from django.urls import reverse

from inflio.accounts.models import Membership
from inflio.notices.models import Notice, NoticeSeen
from inflio.notices.queries import unread_count
from inflio.notices.services import mark_read, notify

PAGE = reverse("notices:notices")
BELL = reverse("notices:bell")


def tell(workspace, count: int = 1, **values) -> Notice:
    values = {"kind": "post_failed", "title": "A post did not go out", "level": "bad", "url": "/posts/1"} | values
    return [notify(workspace=workspace, **values) for _ in range(count)][-1]


def test_bell_counts_what_is_unread_in_one_query(workspace, alice, charlie, django_assert_num_queries):
    for count in (1, 3):
        tell(workspace, count)
        with django_assert_num_queries(1):
            unread_count(user=alice, workspace=workspace)
    newest = tell(workspace)
    tell(charlie.workspaces.get())
    assert unread_count(user=alice, workspace=workspace) == 5
    mark_read(user=alice, workspace=workspace, upto=newest.pk - 1)
    assert unread_count(user=alice, workspace=workspace) == 1


def test_bell_shows_the_number_in_both_places(workspace, alice_client, bob_client):
    assert b"unread" not in alice_client.get(BELL).content
    tell(workspace, 120)
    for browser in (alice_client, bob_client):
        words = browser.get(BELL).content.decode()
        assert words.count("more than 99 unread") == 2  # in the side bar, and out of band in the top bar
        assert 'id="bell-top"' in words


def test_same_thing_is_told_once(workspace):
    assert notify(workspace=workspace, kind="x", title="Once", key="post:1") is not None
    assert notify(workspace=workspace, kind="x", title="Once", key="post:1") is None
    assert Notice.objects.count() == 1


def test_page_lists_with_links_to_mend_and_pages_by_key(workspace, alice_client, django_assert_num_queries):
    tell(workspace, title="Instagram wants you to log in again", url="/channels/1")
    first = alice_client.get(PAGE).content.decode()
    assert 'href="/channels/1"' in first
    assert "Instagram wants you to log in again" in first
    with django_assert_num_queries(7) as one:
        alice_client.get(PAGE)
    tell(workspace, 34)
    with django_assert_num_queries(len(one.captured_queries)):
        answer = alice_client.get(PAGE)
    assert len(answer.context["notices"]) == 30
    older = alice_client.get(PAGE, {"before": answer.context["next_before"]})
    assert [row.title for row in older.context["notices"]][-1] == "Instagram wants you to log in again"
    assert len(older.context["notices"]) == 5
    assert alice_client.get(PAGE, {"before": "9" * 40}).status_code == 200


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_links_never_lead_away(workspace, alice_client, url):
    tell(workspace, url=url)
    assert b"evil" not in alice_client.get(PAGE).content
    assert b"javascript:alert" not in alice_client.get(PAGE).content


def test_marking_read_is_of_one_member_and_never_goes_back(workspace, alice, bob, alice_client):
    newest = tell(workspace, 3)
    for upto in (newest.pk, 1, "x", "", "²", "9" * 30, "9" * 4400):
        assert alice_client.post(reverse("notices:read"), {"upto": upto}).status_code == 302
        assert unread_count(user=alice, workspace=workspace) == 0
    assert unread_count(user=bob, workspace=workspace) == 3
    tell(workspace)  # a later one is not read by a number that was too high
    assert unread_count(user=alice, workspace=workspace) == 1


def test_stranger_sees_nothing(workspace, charlie_client, client):
    tell(workspace, title="Only for Alice")
    assert b"Only for Alice" not in charlie_client.get(PAGE).content
    assert b"unread" not in charlie_client.get(BELL).content
    assert client.get(PAGE).status_code == 302


def test_choice_of_mail(workspace, alice, alice_client):
    url = reverse("notices:mail")
    assert alice_client.get(PAGE).context["form"].initial == {"mail": "problems"}
    assert alice_client.post(url, {"mail": "none"}).status_code == 302
    assert NoticeSeen.objects.get(user=alice, workspace=workspace).mail == "none"
    assert alice_client.post(url, {"mail": "often"}).status_code == 422
    assert alice_client.get(url).status_code == 405


def test_user_without_workspace_is_sent_to_make_one(alice, alice_client):
    Membership.objects.filter(user=alice).delete()
    assert alice_client.get(PAGE).status_code == 302
