"""Refusals: written down and kept whatever the caller rolls back, reviewed once, and forgotten by nobody."""

import pytest
from django.db import transaction
from django.urls import reverse

from inflio.accounts.models import Workspace
from inflio.common.errors import Conflict, InflioError, InvalidInput
from inflio.safety.checks import BadCheck, Check, Finding, load_checks
from inflio.safety.models import Refusal
from inflio.safety.services import (
    Unsafe,
    check_output,
    check_prompt,
    keep_refusals,
    log_upload_refusal,
    review_refusal,
)
from inflio.safety.startup import check_safety_checks


class RefuseAll(Check):
    """Objects to everything."""

    name = "all"

    def look(self, data: bytes) -> Finding:
        return Finding("other", "Not this one.", {"bytes": float(len(data))})


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_a_refusal_is_written_at_once(workspace, alice):
    with pytest.raises(Unsafe) as caught:
        check_prompt(workspace=workspace, user=alice, text="A nude portrait")
    refusal = Refusal.objects.get()
    assert (caught.value.code, caught.value.status) == ("unsafe", 422)
    assert (refusal.workspace, refusal.user, refusal.category) == (workspace, alice, "sexual")
    assert refusal.evidence == "A nude portrait"
    assert refusal.reason == caught.value.message
    assert "“nude”" in refusal.reason


@pytest.mark.django_db(transaction=True)
def test_a_refusal_survives_the_transaction_that_it_rolled_back(workspace, alice):
    @transaction.atomic
    def change_and_refuse():
        Workspace.objects.filter(pk=workspace.pk).update(name="Changed")
        check_prompt(workspace=workspace, user=alice, text="a schoolgirl")

    with keep_refusals():
        with pytest.raises(Unsafe):
            change_and_refuse()
        assert not Refusal.objects.exists()
    assert Refusal.objects.get().category == "minor"
    workspace.refresh_from_db()
    assert workspace.name != "Changed"


def test_nobody_keeping_leaves_a_line_in_the_servers_log(workspace, alice, caplog):
    with pytest.raises(Unsafe):
        check_prompt(workspace=workspace, user=alice, text="nude")
    assert not Refusal.objects.exists()
    assert "refused prompt (sexual)" in caplog.text


def test_harmless_words_pass_and_leave_no_trace(workspace, alice):
    with keep_refusals():
        check_prompt(workspace=workspace, user=alice, text="Portrait in Essex, bare shoulders")
    assert not Refusal.objects.exists()


def refused(workspace, user, text: str) -> Refusal:
    with keep_refusals(), pytest.raises(Unsafe):
        check_prompt(workspace=workspace, user=user, text=text)
    return Refusal.objects.first()


def test_overturned_words_pass_in_that_workspace_only(workspace, alice, charlie):
    refusal = refused(workspace, alice, "A topless car, red")
    review_refusal(refusal=refusal, by=charlie, decision="overturned", note="It is about a car.")
    check_prompt(workspace=workspace, user=alice, text="a  TOPLESS car, red")
    with pytest.raises(Unsafe):
        check_prompt(workspace=charlie.workspaces.get(), user=charlie, text="A topless car, red")
    refusal.refresh_from_db()
    assert (refusal.decision, refusal.reviewed_by, refusal.note) == ("overturned", charlie, "It is about a car.")
    assert refusal.reviewed_at is not None


def test_a_decision_is_taken_once_and_some_cannot_be_overturned(workspace, alice):
    refusal = refused(workspace, alice, "A nude child")
    with pytest.raises(InvalidInput):
        review_refusal(refusal=refusal, by=alice, decision="overturned")
    with pytest.raises(InvalidInput):
        review_refusal(refusal=refusal, by=alice, decision="maybe")
    review_refusal(refusal=refusal, by=alice, decision="upheld")
    with pytest.raises(Conflict):
        review_refusal(refusal=refusal, by=alice, decision="overturned")


def test_evidence_is_short_and_outlives_the_account(workspace, alice):
    refused(workspace, alice, "nude " + "x" * 900)
    workspace.delete()
    alice.delete()
    refusal = Refusal.objects.get()
    assert (refusal.workspace, refusal.user, len(refusal.evidence)) == (None, None, 500)


def test_a_refusal_cannot_be_rewritten_or_removed(workspace, alice):
    refusal = refused(workspace, alice, "nude")
    refusal.reason = "nothing"
    for change in (refusal.save, refusal.delete):
        with pytest.raises(InflioError):
            change()
    refusal.refresh_from_db()
    assert "nude" in refusal.reason


def test_an_upload_is_logged_once(workspace, alice):
    for _ in range(2):
        log_upload_refusal(workspace=workspace, user=alice, finding=Finding("minor", "Looks young."), sha256="a" * 64)
    assert Refusal.objects.get().stage == "upload"


def test_a_check_of_the_operators_own_decides(workspace, alice, settings):
    settings.SAFETY_CHECKS = [f"{__name__}.RefuseAll"]
    with keep_refusals(), pytest.raises(Unsafe) as caught:
        check_output(workspace=workspace, user=alice, data=b"picture")
    assert caught.value.message == "Not this one."
    assert Refusal.objects.get().scores == {"bytes": 7.0}
    settings.SAFETY_CHECKS = []
    check_output(workspace=workspace, user=alice, data=b"picture")


def test_a_check_that_does_not_exist_stops_the_start(settings):
    assert check_safety_checks(None) == []
    settings.SAFETY_CHECKS = ["inflio.safety.checks.embedded.Nothing"]
    assert "INFLIO_SAFETY_CHECKS" in check_safety_checks(None)[0].msg
    with pytest.raises(BadCheck):
        load_checks(("inflio.safety.models.Refusal",))


def test_staff_decide_in_the_back_office_and_change_nothing_else(admin_client, workspace, alice):
    one, other = refused(workspace, alice, "nude, one"), refused(workspace, alice, "a nude child")
    listing = reverse("admin:safety_refusal_changelist")
    assert "nude, one" in admin_client.get(listing).content.decode()
    chosen = {"action": "overturn", "_selected_action": [one.pk, other.pk]}
    page = admin_client.post(listing, chosen, follow=True).content.decode()
    assert "Decided on 1." in page
    assert "cannot be overturned" in page
    one.refresh_from_db()
    assert one.decision == "overturned"
    change = reverse("admin:safety_refusal_change", args=[one.pk])
    admin_client.post(change, {"reason": "something else"})
    one.refresh_from_db()
    assert "nude" in one.reason
