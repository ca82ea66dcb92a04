"""Every page of allauth and ours that a user can reach has our look and no inline script or style."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from conftest import PASSWORD

pytestmark = pytest.mark.django_db
OUTSIDE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-abc/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/abc/",
    "/accounts/inactive/",
    "/accounts/3rdparty/login/cancelled/",
    "/accounts/3rdparty/login/error/",
    "/profile/join/abc/",
]
STATUS = {"/profile/join/abc/": 404, "/accounts/3rdparty/login/error/": 401}
INSIDE = [
    "/profile/",
    "/profile/workspace/",
    "/profile/workspaces/new/",
    "/profile/delete/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    "/accounts/logout/",
    "/credits/",
]


def look_at(answer) -> None:
    html = answer.content.decode()
    assert html.count("<h1") + html.count('class="empty__title"') >= 1
    assert 'id="main"' in html
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "Sign In" not in html


@pytest.mark.parametrize("url", OUTSIDE)
def test_page_for_guests(client, url):
    answer = client.get(url)
    assert answer.status_code == STATUS.get(url, 200)
    look_at(answer)


@pytest.mark.parametrize("url", INSIDE)
def test_page_for_members(alice_client, url):
    alice_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = alice_client.get(url)
    assert answer.status_code == 200
    look_at(answer)


@pytest.mark.parametrize(
    "url", ["/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/"]
)
def test_page_for_members_with_two_factor(alice, alice_client, url):
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(alice)
    alice_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = alice_client.get(url)
    assert answer.status_code == 200
    look_at(answer)
