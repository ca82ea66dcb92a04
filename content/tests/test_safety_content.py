"""What may not be asked for is refused before anything is made or spent, and written down."""

import pytest

from content.models import Shoot
from content.services.shoots import start_shoot
from content.tests.test_views_compose import CREATE, chosen
from inflio.billing.models import CreditAccount
from inflio.common.errors import InvalidInput
from inflio.safety.models import Refusal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", [{"details": "fully nude"}, {"setting": "a nude beach, naked"}, {"prompt": "naked"}])
def test_unsafe_words_are_refused_before_credits(ready, alice, workspace, words):
    with pytest.raises(InvalidInput) as refused:
        start_shoot(persona=ready, by=alice, look="lifestyle.travel", **words)
    assert refused.value.code == "unsafe"
    assert not Shoot.objects.exists()
    assert CreditAccount.objects.get(workspace=workspace).available == 100


def test_our_own_words_pass(ready, alice):
    shoot = start_shoot(persona=ready, by=alice, look="portrait.headshot", count=1)
    again = start_shoot(persona=ready, by=alice, look="portrait.headshot", count=1, prompt=shoot.prompt)
    assert again.prompt == shoot.prompt


def test_refusal_stays_on_record(alice_client, ready):
    response = alice_client.post(CREATE, chosen(ready, setting="fully nude, naked"))
    assert response.status_code == 422
    assert Refusal.objects.count() == 1
