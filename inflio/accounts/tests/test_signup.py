"""From nobody to a member with a workspace, and everything that protects a log-in."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value, validate_totp_code
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD
from inflio.accounts.models import User, Workspace

pytestmark = pytest.mark.django_db
TOTP_PERIOD = 30  # seconds that a code is shown
DETAILS = {
    "email": "Dan@Example.com",
    "password1": PASSWORD,
    "name": "Dan",
    "role": "consumer",
    "time_zone": "Asia/Tokyo",
}


def sign_up(client: Client, **changes):
    return client.post("/accounts/signup/", DETAILS | changes)


def log_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def link_in(message) -> str:
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def code_of(secret: str, at: float = 0) -> str:
    """What an authenticator app shows at that time (now, unless told)."""
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // TOTP_PERIOD))


def test_sign_up_as_creator_opens_a_personal_workspace(client):
    answer = sign_up(client)
    assert answer["Location"] == reverse("dashboard")
    user = User.objects.get()
    assert (user.email, user.name, user.role, user.time_zone) == ("dan@example.com", "Dan", "consumer", "Asia/Tokyo")
    membership = user.memberships.get()
    assert (str(membership.workspace), membership.workspace.kind) == ("Dan's studio", "consumer")
    assert membership.get_level_display() == "Owner"
    assert membership.workspace.credits.available == 100


def test_sign_up_as_business_names_the_workspace(client):
    sign_up(client, role="business", workspace_name="North Star")
    assert list(Workspace.objects.values_list("name", "kind")) == [("North Star", "business")]


def test_sign_up_as_business_without_a_name_says_so(client):
    answer = sign_up(client, role="business")
    assert "Write the name of the business." in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 5000])
def test_sign_up_with_a_wrong_zone_means_utc(client, zone):
    sign_up(client, time_zone=zone)
    assert User.objects.get().time_zone == "UTC"


def test_sign_up_with_a_common_password_says_so(client):
    assert "too common" in sign_up(client, password1="password123").content.decode()
    assert not User.objects.exists()


def test_sign_up_with_a_taken_address_makes_no_second_account(client, alice):
    answer = sign_up(client, email=alice.email)
    assert answer.status_code in {200, 302}
    assert User.objects.count() == 1
    assert client.get("/profile/").status_code == 302


def test_sign_up_sends_a_friendly_verification_mail_and_its_link_verifies(client):
    sign_up(client)
    assert mail.outbox[0].subject == "Welcome to Inflio: verify your e-mail address"
    link = link_in(mail.outbox[0])
    assert not EmailAddress.objects.get().verified
    assert "Yes, this is my address" in client.get(link).content.decode()
    client.post(link)
    assert EmailAddress.objects.get().verified


def test_banner_offers_to_send_the_mail_again_until_the_address_is_verified(client):
    sign_up(client)
    assert "Send it again" in client.get("/profile/").content.decode()
    EmailAddress.objects.update(verified=True)
    assert "Send it again" not in client.get("/profile/").content.decode()


def test_sending_again_is_limited(client):
    sign_up(client)
    for _ in range(5):
        client.post("/accounts/email/", {"email": "dan@example.com", "action_send": ""})
    assert len(mail.outbox) == 1


def test_mandatory_verification_lets_nobody_in_before(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert client.get("/profile/").status_code == 302
    assert User.objects.get().memberships.exists()


def test_log_in_with_a_wrong_password_says_the_same_as_for_an_unknown_address(client, alice):
    wrong = log_in(client, alice.email, "wrong").content.decode()
    unknown = log_in(client, "nobody@example.com", "wrong").content.decode()
    words = "The email address and/or password you specified are not correct."
    assert words in wrong
    assert words in unknown


def test_log_in_is_blocked_after_five_wrong_passwords(client, alice):
    for _ in range(5):
        log_in(client, alice.email, "wrong")
    assert "Too many failed login attempts" in log_in(client, alice.email).content.decode()
    assert client.get("/profile/").status_code == 302


def test_sign_up_is_limited_and_says_so_in_our_look(client):
    for number in range(21):
        answer = Client().post("/accounts/signup/", DETAILS | {"email": f"dan{number}@example.com"})
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


def test_password_reset_by_mail(client, alice):
    client.post("/accounts/password/reset/", {"email": alice.email})
    assert mail.outbox[0].subject == "Choose a new password"
    page = client.get(link_in(mail.outbox[0]), follow=True)
    form = page.redirect_chain[-1][0]
    assert "Choose a new password" in page.content.decode()
    assert client.post(form, {"password1": "another good one 7", "password2": "another good one 7"}).status_code == 302
    assert log_in(Client(), alice.email, "another good one 7")["Location"] == reverse("dashboard")
    used = Client().get(link_in(mail.outbox[0]), follow=True)
    assert "This link does not work any more" in used.content.decode()


def test_password_reset_for_an_unknown_address_looks_the_same(client, alice):
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert known["Location"] == unknown["Location"]
    assert mail.outbox[1].subject == "There is no account with this address"


def test_change_of_address_counts_once_it_is_verified(alice_client, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    alice_client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    if not mail.outbox:  # asked for the password first
        alice_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        alice_client.post("/accounts/email/", {"email": "new@example.com", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert "Until then you log in with the old one" in alice_client.get("/accounts/email/").content.decode()
    alice_client.post(link_in(mail.outbox[0]))
    alice.refresh_from_db()
    assert alice.email == "new@example.com"
    assert [row.email for row in EmailAddress.objects.filter(user=alice)] == ["new@example.com"]


def test_change_of_password_notifies_and_returns_to_the_profile(alice_client, alice):
    data = {"oldpassword": PASSWORD, "password1": "another good one 7", "password2": "another good one 7"}
    answer = alice_client.post("/accounts/password/change/", data | {"next": "/profile/"})
    assert answer["Location"] == "/profile/"
    assert mail.outbox[0].subject == "Your password was changed"
    assert alice_client.get("/profile/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth writes its mail after the commit
def test_two_factor_is_set_up_and_then_asked_for(alice_client, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    alice_client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = alice_client.get("/accounts/2fa/totp/activate/")
    assert 'src="data:image/svg+xml' in page.content.decode()
    secret = page.context["form"].secret
    answer = alice_client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert "Keep these where you will find them" in answer.content.decode()
    assert "On, 10 recovery codes left" in alice_client.get("/profile/").content.decode()
    assert mail.outbox[0].subject == "Two-factor log-in is on"

    browser = Client()
    assert log_in(browser, alice.email)["Location"] == "/accounts/2fa/authenticate/"
    assert browser.get("/profile/").status_code == 302
    assert "Incorrect code" in browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})["Location"] == reverse("dashboard")
    assert browser.get("/profile/").status_code == 200


@pytest.mark.parametrize(("seconds_ago", "taken"), [(0, True), (30, True), (-30, True), (60, False), (-60, False)])
def test_code_that_runs_out_while_it_is_typed_is_still_taken(monkeypatch, seconds_ago, taken):
    now, secret = time.time(), generate_totp_secret()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    assert validate_totp_code(secret, code_of(secret, now - seconds_ago)) is taken


def test_sessions_lists_browsers_and_ends_the_others(alice, client_of):
    here, there = client_of(alice), client_of(alice)
    here.get("/profile/")
    there.get("/profile/", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604.1")
    assert "Safari on iPhone" in here.get("/accounts/sessions/").content.decode()
    here.post("/accounts/sessions/")
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


def test_social_log_in_appears_when_its_key_is_set(client, settings):
    assert "Continue with" not in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [{"client_id": "id", "secret": "s", "key": ""}]}}
    for url in ("/accounts/login/", "/accounts/signup/"):
        assert "Continue with Google" in client.get(url).content.decode()
    assert "Go on to Google" in client.get("/accounts/google/login/").content.decode()


def test_session_is_noted_once_and_not_at_every_request(alice_client):
    alice_client.get("/profile/")
    seen = UserSession.objects.get().last_seen_at
    alice_client.get("/profile/")
    assert UserSession.objects.get().last_seen_at == seen
    cache.clear()
    alice_client.get("/profile/")
    assert UserSession.objects.get().last_seen_at > seen


def test_log_out_ends_the_session_and_returns_to_the_start_page(alice_client):
    assert alice_client.post("/accounts/logout/")["Location"] == reverse("landing")
    assert alice_client.get("/profile/").status_code == 302
