"""What Google and LinkedIn tell about a new user, and the workspace that each gets."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from inflio.accounts import services
from inflio.accounts.models import User


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Keeps the person's name, and gives those who need no form their workspace (the form gives it to the others)."""

    def populate_user(self, request: HttpRequest, sociallogin, data: dict) -> User:
        user = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or f"{user.first_name} {user.last_name}").strip()[:120]
        return user

    def save_user(self, request: HttpRequest, sociallogin, form=None) -> User:
        user = super().save_user(request, sociallogin, form)
        if form is None:
            services.create_workspace(owner=user)
        return user
