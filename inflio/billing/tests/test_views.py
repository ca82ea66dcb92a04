"""The credit history: every line with its reason, its job and the balance after it."""

import pytest

from inflio.billing import services as billing

pytestmark = pytest.mark.django_db


def spend(workspace, number: int) -> None:
    """Three lines: one piece of work done, one given back."""
    billing.reserve_credits(workspace=workspace, amount=3, reference=f"job:{number}", reason=f"Portrait {number}")
    billing.capture_credits(reference=f"job:{number}", reason=f"Portrait {number}")


def test_history_counts_the_balance_back(alice_client, workspace, alice):
    spend(workspace, 1)
    billing.reserve_credits(workspace=workspace, amount=5, reference="job:2", reason="Portrait 2")
    billing.refund_credits(reference="job:2", reason="Portrait 2: failed")
    billing.reserve_credits(workspace=workspace, amount=4, reference="job:3", reason="Portrait 3")
    billing.grant_credits(workspace=workspace, amount=10, reason="Thanks", by=alice)
    context = alice_client.get("/credits/").context
    seen = [(line.entry.kind, line.entry.amount, line.balance, line.job_id) for line in context["lines"]]
    assert seen == [
        ("grant", 10, 103, None),
        ("reserve", -4, 93, 3),
        ("refund", 5, 97, 2),
        ("reserve", -5, 92, 2),
        ("capture", 0, 97, 1),
        ("reserve", -3, 97, 1),
        ("grant", 100, 100, None),
    ]
    assert (context["account"].available, context["reserved"]) == (103, 4)


def test_history_says_what_and_links_to_the_job(alice_client, workspace):
    spend(workspace, 7)
    html = alice_client.get("/credits/").content.decode()
    assert '<a href="/jobs/7/">Portrait 7</a>' in html
    assert "Welcome: credits of the Free plan" in html
    assert "+100" in html


def test_history_costs_the_same_with_one_line_and_many(alice_client, workspace, django_assert_num_queries):
    alice_client.get("/credits/")
    with django_assert_num_queries(12):
        alice_client.get("/credits/")
    for number in range(30):
        spend(workspace, number)
    with django_assert_num_queries(12):
        alice_client.get("/credits/")


def test_history_goes_on_page_by_page_without_a_gap(alice_client, workspace):
    for number in range(20):
        spend(workspace, number)
    first = alice_client.get("/credits/").context
    second = alice_client.get("/credits/", {"before": first["next_before"]}).context
    lines = [*first["lines"], *second["lines"]]
    assert [line.entry.pk for line in lines] == sorted((line.entry.pk for line in lines), reverse=True)
    assert len({line.entry.pk for line in lines}) == 41
    assert all(
        above.balance - above.entry.amount == below.balance for above, below in zip(lines, lines[1:], strict=False)
    )
    assert lines[-1].balance == 100
    assert second["next_before"] is None


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999999"])
def test_history_with_a_wrong_key_still_answers(alice_client, before):
    assert alice_client.get("/credits/", {"before": before}).status_code == 200


def test_history_for_htmx_is_the_rows_only(alice_client):
    answer = alice_client.get("/credits/", headers={"HX-Request": "true", "HX-Target": "credit-rows"})
    assert "<h1" not in answer.content.decode()
    assert "Welcome" in answer.content.decode()


def test_history_of_others_is_not_shown(charlie_client, workspace):
    spend(workspace, 7)
    html = charlie_client.get("/credits/").content.decode()
    assert "Portrait 7" not in html


def test_viewer_sees_the_history_and_a_guest_does_not(bob_client, client):
    assert bob_client.get("/credits/").status_code == 200
    assert client.get("/credits/")["Location"] == "/accounts/login/?next=/credits/"
