"""The back office: every page answers with few queries, and staff see only what is theirs."""

import io

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from PIL import Image

from inflio.accounts import services as accounts
from inflio.accounts.models import Level, Membership, User, Workspace
from inflio.billing.models import CreditAccount, CreditEntry
from inflio.billing.services import ledger_faults, reserve_credits
from inflio.generation.keys import save_key
from inflio.generation.models import Job
from inflio.media import services as media
from inflio.media.models import Asset
from inflio.notices import services as notices
from inflio.safety.models import Refusal

OURS = {"accounts", "billing", "notices", "media", "generation", "safety"}
OURS |= {"account", "socialaccount", "usersessions", "mfa"}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)


PROVIDERS = ("fal", "replicate", "gemini")
CHANGELIST_QUERIES = {
    "account.EmailAddress": 5,
    "accounts.ApiKey": 5,
    "accounts.Invitation": 7,
    "accounts.Membership": 7,
    "accounts.User": 8,
    "accounts.Workspace": 7,
    "billing.CreditAccount": 5,
    "billing.CreditEntry": 7,
    "generation.Job": 10,
    "generation.ProviderCall": 10,
    "generation.ProviderKey": 6,
    "notices.Notice": 8,
    "notices.NoticeSeen": 5,
    "safety.Refusal": 7,
    "media.Asset": 8,
    "mfa.Authenticator": 5,
    "socialaccount.SocialAccount": 6,
    "usersessions.UserSession": 7,
}


def page(model, view: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def make_asset(workspace) -> Asset:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "teal").save(out, "JPEG")
    file = media.store_file(
        workspace_id=workspace.pk, data=out.getvalue(), mime="image/jpeg", extension="jpg", width=60, height=80
    )
    return media.create_asset(workspace=workspace, file=file, source=Asset.Source.ENGINE)


def make_job(workspace, key: str, **values) -> Job:
    values = {"kind": "portrait", "engine": "embedded", "cluster": "gpu", "title": "A portrait", "cost": 3, **values}
    job = Job.objects.create(workspace=workspace, idempotency_key=key, **values)
    reserve_credits(workspace=workspace, amount=job.cost, reference=job.reference, reason=job.title)
    return job


def fill(user: User, number: int) -> None:
    """Give a user one row of everything."""
    membership = user.memberships.select_related("user").first()
    workspace = membership.workspace
    email = f"guest{number}-{user.pk}@example.com"
    accounts.invite_member(workspace=workspace, email=email, level=Level.VIEWER, by=membership)
    guest = User.objects.create_user(f"colleague{number}-{user.pk}@example.com")
    Membership.objects.create(workspace=workspace, user=guest, level=Level.VIEWER)
    job = make_job(workspace, f"key{number}")
    job.assets.add(make_asset(workspace))
    job.calls.create(workspace=workspace, slot="picture:0", provider="fal", endpoint="fal-ai/x", usd_expected="0.15")
    save_key(
        workspace=workspace, provider=PROVIDERS[number % len(PROVIDERS)], key=f"key-{number}-HIDDENSECRET", by=user
    )
    Refusal.objects.create(workspace=workspace, user=user, stage="prompt", category="sexual", reason="No.", sha256="0")
    accounts.make_api_key(user=user, workspace=workspace, name=f"Phone {number}")
    notices.notify(workspace=workspace, kind="post_failed", title="A post did not go out", level="bad")
    notices.choose_mail(user=guest, workspace=workspace, mail="all")
    user.emailaddress_set.create(email=f"other{number}-{user.pk}@example.com")
    Authenticator.objects.get_or_create(user=user, type="totp", data={"secret": "HIDDENSECRET"})
    user.socialaccount_set.create(provider="google", uid=f"{user.pk}-{number}")
    user.usersession_set.create(ip="127.0.0.1", session_key=f"{user.pk}-{number}", user_agent="Firefox")


@pytest.fixture
def root_client(db, client_of):
    return client_of(User.objects.create_superuser("root@example.com", "x"))


@pytest.fixture
def staff(alice) -> User:
    """Alice as an account manager: staff with every right that the admin knows, but no superuser."""
    alice.is_staff = True
    alice.save()
    alice.user_permissions.set(Permission.objects.all())
    return User.objects.get(pk=alice.pk)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_changelist_costs_the_same_with_one_row_and_three(
    model, alice, make_user, root_client, django_assert_num_queries
):
    fill(alice, 1)
    root_client.get(page(model, "changelist"))
    with django_assert_num_queries(CHANGELIST_QUERIES[model._meta.label]):
        assert root_client.get(page(model, "changelist")).status_code == 200
    for number in (2, 3):
        fill(alice, number)
        fill(make_user(f"user{number}"), number)
    with django_assert_num_queries(CHANGELIST_QUERIES[model._meta.label]):
        assert root_client.get(page(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_row_has_a_page_and_search_works(model, alice, root_client):
    fill(alice, 1)
    answer = root_client.get(page(model, "change", model._default_manager.first().pk))
    assert answer.status_code == 200
    assert b"HIDDENSECRET" not in answer.content
    assert root_client.get(page(model, "changelist"), {"q": "alice"}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_staff_without_permission_is_refused(model, alice, client_of):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert client_of(alice).get(page(model, "changelist")).status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_staff_see_only_rows_of_their_workspaces(model, staff, charlie, client_of):
    fill(staff, 1)
    fill(charlie, 1)
    browser, foreign = client_of(staff), foreign_row(model, staff)
    assert browser.get(page(model, "change", foreign.pk)).status_code == 302
    listed = browser.get(page(model, "changelist"))
    assert listed.status_code == 200
    assert foreign.pk not in {row.pk for row in listed.context["cl"].result_list}
    assert listed.context["cl"].result_count > 0


def foreign_row(model, staff):
    """A row that is in none of the staff member's workspaces, found without the admin's own filter."""
    own = {row.pk for row in staff.workspaces.all()}
    for row in model._default_manager.all():
        if model is User:
            spaces = {space.pk for space in row.workspaces.all()}
        elif model is Workspace:
            spaces = {row.pk}
        elif hasattr(row, "workspace_id"):
            spaces = {row.workspace_id}
        elif hasattr(row, "account_id"):
            spaces = {row.account.workspace_id}
        else:
            spaces = {space.pk for space in row.user.workspaces.all()}
        if not spaces & own:
            return row
    raise AssertionError(f"no foreign {model._meta.label}")


def test_guest_is_sent_to_the_product_log_in(client, db):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"


def test_member_who_is_not_staff_is_refused(bob_client):
    assert bob_client.get("/admin/login/").status_code == 403


def test_grant_credits_writes_the_ledger(workspace, root_client):
    account = CreditAccount.objects.get(workspace=workspace)
    url = page(CreditAccount, "grant", account.pk)
    assert b"Grant credits" in root_client.get(url).content
    answer = root_client.post(url, {"amount": 25, "reason": "Sorry for the wait", "key": "k1"})
    assert answer.status_code == 302
    entry = CreditEntry.objects.latest("pk")
    assert (entry.amount, entry.reason, entry.created_by.email) == (25, "Sorry for the wait", "root@example.com")
    account.refresh_from_db()
    assert account.available == 125
    assert ledger_faults() == []


def test_grant_form_sent_twice_grants_once(workspace, root_client):
    account = CreditAccount.objects.get(workspace=workspace)
    url = page(CreditAccount, "grant", account.pk)
    keys = [root_client.get(url).context["form"]["key"].value() for _ in range(2)]
    for key, balance, said in (
        (keys[0], 125, "has 25 more credits"),
        (keys[0], 125, "was sent before"),
        (keys[1], 150, "has 25 more credits"),
    ):
        answer = root_client.post(url, {"amount": 25, "reason": "Sorry", "key": key}, follow=True)
        assert said in answer.content.decode()
        account.refresh_from_db()
        assert (account.available, ledger_faults()) == (balance, [])


def test_grant_without_its_key_grants_nothing(workspace, root_client):
    url = page(CreditAccount, "grant", workspace.credits.pk)
    assert root_client.post(url, {"amount": 25, "reason": "Sorry"}).status_code == 422
    assert CreditEntry.objects.filter(account__workspace=workspace).count() == 1


@pytest.mark.parametrize("amount", ["0", "-5", "1000000", "ten"])
def test_grant_refuses_a_bad_amount(workspace, root_client, amount):
    url = page(CreditAccount, "grant", workspace.credits.pk)
    assert root_client.post(url, {"amount": amount, "reason": "x", "key": "k1"}).status_code == 422
    assert CreditEntry.objects.filter(account__workspace=workspace).count() == 1


def test_grant_needs_the_right_and_the_workspace(staff, charlie, client_of):
    browser = client_of(staff)
    foreign = page(CreditAccount, "grant", charlie.workspaces.get().credits.pk)
    assert browser.post(foreign, {"amount": 5, "reason": "x"}).status_code == 404
    own = page(CreditAccount, "grant", staff.workspaces.get().credits.pk)
    staff.user_permissions.remove(Permission.objects.get(codename="add_creditentry"))
    assert browser.post(own, {"amount": 5, "reason": "x"}).status_code == 403
    assert CreditEntry.objects.count() == 2


@pytest.mark.parametrize(
    "model", [CreditEntry, CreditAccount, Job, Asset, Membership], ids=lambda model: model.__name__
)
def test_rows_that_services_write_can_be_neither_added_nor_changed_nor_deleted(model, alice, root_client):
    fill(alice, 1)
    row = model._default_manager.first()
    assert root_client.get(page(model, "add")).status_code == 403
    assert root_client.post(page(model, "change", row.pk), {"amount": 1}).status_code == 403
    assert root_client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


def test_cancel_action_stops_jobs_and_gives_credits_back(workspace, root_client):
    job = make_job(workspace, "key")
    root_client.post(page(Job, "changelist"), {"action": "cancel", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert CreditAccount.objects.get(workspace=workspace).available == 100


def test_retry_action_queues_failed_jobs_and_explains_the_others(workspace, root_client):
    failed = make_job(workspace, "failed", kind="illustration", state=Job.State.FAILED)
    done = make_job(workspace, "done", state=Job.State.DONE)
    keys = [failed.pk, done.pk]
    answer = root_client.post(page(Job, "changelist"), {"action": "retry", "_selected_action": keys}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert any("only a failed or cancelled one can be tried again" in line for line in said)
    assert said[-1] == "Queued again: 1."
    assert failed.retries.get().state == Job.State.QUEUED


def test_actions_need_the_right_to_change_jobs(staff, client_of):
    job = make_job(staff.workspaces.get(), "key")
    staff.user_permissions.remove(Permission.objects.get(codename="change_job"))
    client_of(staff).post(page(Job, "changelist"), {"action": "cancel", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_thumbnail_is_for_staff_of_the_workspace(staff, charlie, bob, client_of):
    own, foreign = make_asset(staff.workspaces.get()), make_asset(charlie.workspaces.get())
    browser = client_of(staff)
    answer = browser.get(page(Asset, "thumbnail", own.pk, 160))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert browser.get(page(Asset, "thumbnail", foreign.pk, 160)).status_code == 404
    assert browser.get(page(Asset, "thumbnail", own.pk, 161)).status_code == 404
    assert client_of(bob).get(page(Asset, "thumbnail", own.pk, 160)).status_code == 302


def test_staff_cannot_raise_rights_or_take_over_accounts(staff, bob, client_of):
    browser = client_of(staff)
    data = {"email": "stolen@example.com", "name": "Bobby", "role": "business", "time_zone": "europe/paris"}
    rights = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    assert browser.post(page(User, "change", bob.pk), data | rights | inline).status_code == 302
    bob.refresh_from_db()
    assert (bob.name, bob.time_zone, bob.email) == ("Bobby", "Europe/Paris", "bob@example.com")
    assert (bob.is_staff, bob.is_superuser) == (False, False)
    new = {"password1": "a brand new one 1", "password2": "a brand new one 1", "usable_password": "true"}
    browser.post(f"/admin/accounts/user/{bob.pk}/password/", new)
    bob.refresh_from_db()
    assert bob.check_password("correct horse battery staple")


def test_new_workspace_gets_owner_and_credits(alice, root_client):
    data = {"name": "Client", "kind": "business", "owner": alice.pk}
    assert root_client.post(page(Workspace, "add"), data).status_code == 302
    made = Workspace.objects.get(name="Client")
    assert made.memberships.get().user == alice
    assert made.credits.available == 100


def test_new_user_is_made_by_address(root_client):
    data = {"email": "New@Example.com", "password1": "a brand new one 1", "password2": "a brand new one 1"}
    assert root_client.post(page(User, "add"), data | {"usable_password": "true"}).status_code == 302
    assert User.objects.get(email="new@example.com").check_password("a brand new one 1")
