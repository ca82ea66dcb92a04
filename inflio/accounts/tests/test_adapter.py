"""A new user from Google or LinkedIn keeps the name and gets a workspace."""

import pytest
from allauth.core.context import request_context
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from inflio.accounts.adapter import SocialAccountAdapter
from inflio.accounts.models import User

pytestmark = pytest.mark.django_db


def test_user_without_a_form_gets_name_and_workspace():
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    login = SocialLogin(user=User(), account=SocialAccount(provider="google", uid="1"))
    adapter = SocialAccountAdapter()
    with request_context(request):
        adapter.populate_user(request, login, {"email": "ada@example.com", "name": "Ada Lovelace"})
        adapter.save_user(request, login)
    user = User.objects.get(email="ada@example.com")
    assert user.get_full_name() == "Ada Lovelace"
    assert not user.has_usable_password()
    assert str(user.memberships.get().workspace) == "Ada Lovelace's studio"
    assert user.socialaccount_set.get().provider == "google"
