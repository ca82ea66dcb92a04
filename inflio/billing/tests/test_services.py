"""Credits move only in pairs that exclude each other, and the balance always equals the ledger."""

import pytest

from inflio.accounts.models import Workspace
from inflio.billing import services as billing
from inflio.billing.models import CreditAccount, CreditEntry
from inflio.common.errors import Conflict, InflioError, NotEnoughCredits

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    workspace = Workspace.objects.create(name="Studio")
    billing.open_account(workspace=workspace)
    return workspace


def available(workspace) -> int:
    assert billing.ledger_faults() == []
    return CreditAccount.objects.get(workspace=workspace).available


def test_open_account_grants_the_plan_once(workspace):
    billing.open_account(workspace=workspace)
    assert available(workspace) == 100
    assert list(CreditEntry.objects.values_list("kind", "amount")) == [("grant", 100)]


def test_reserve_then_capture_spends(workspace):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    billing.capture_credits(reference="job:1", reason="Portrait")
    assert available(workspace) == 93


def test_reserve_then_refund_gives_back(workspace):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    billing.refund_credits(reference="job:1", reason="Portrait: failed")
    assert available(workspace) == 100


def test_capture_of_a_part_gives_the_rest_back(workspace):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    entry = billing.capture_credits(reference="job:1", reason="Portrait", used=3)
    assert (entry.amount, entry.reason) == (4, "Portrait: 3 credits spent, 4 given back")
    assert available(workspace) == 97
    with pytest.raises(Conflict):
        billing.refund_credits(reference="job:1", reason="late")
    assert available(workspace) == 97


@pytest.mark.parametrize("used", [-1, 8])
def test_capture_of_more_than_was_set_aside_is_refused(workspace, used):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    with pytest.raises(ValueError, match="cannot be spent of the 7"):
        billing.capture_credits(reference="job:1", reason="Portrait", used=used)
    assert available(workspace) == 93


def test_capture_and_refund_exclude_each_other(workspace):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    billing.capture_credits(reference="job:1", reason="Portrait")
    with pytest.raises(Conflict):
        billing.refund_credits(reference="job:1", reason="late")
    with pytest.raises(Conflict):
        billing.capture_credits(reference="job:1", reason="again")
    assert available(workspace) == 93


def test_refund_twice_gives_back_once(workspace):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    billing.refund_credits(reference="job:1", reason="failed")
    with pytest.raises(Conflict):
        billing.refund_credits(reference="job:1", reason="failed")
    assert available(workspace) == 100


def test_reserve_the_same_reference_twice_is_refused(workspace):
    billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    with pytest.raises(Conflict):
        billing.reserve_credits(workspace=workspace, amount=7, reference="job:1", reason="Portrait")
    assert available(workspace) == 93


def test_reserve_more_than_available_changes_nothing(workspace):
    with pytest.raises(NotEnoughCredits, match="costs 101 credits and 100 credits are left"):
        billing.reserve_credits(workspace=workspace, amount=101, reference="job:1", reason="Portrait")
    assert available(workspace) == 100
    assert CreditEntry.objects.count() == 1


def test_ledger_is_append_only(workspace):
    entry = CreditEntry.objects.get()
    entry.amount = 1000
    for change in (entry.save, entry.delete, CreditEntry.objects.all().delete):
        with pytest.raises(InflioError, match="append-only"):
            change()
    with pytest.raises(InflioError, match="append-only"):
        CreditEntry.objects.update(amount=1000)


def test_ledger_faults_names_an_account_that_is_off(workspace):
    CreditAccount.objects.update(available=5)
    assert billing.ledger_faults() == [f"account {workspace.credits.pk}: available 5, entries sum to 100"]


def test_deleting_a_workspace_takes_its_ledger_along(workspace):
    workspace.delete()
    assert not CreditEntry.objects.exists()
