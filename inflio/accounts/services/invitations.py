"""Invite people by e-mail: the link's secret is sent once and only its hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from inflio.accounts.models import Invitation, Level, Membership, User, Workspace, invitation_end, token_hash
from inflio.common.errors import Conflict, InvalidInput, NotAllowed

OPEN_AT_MOST = 50  # in one workspace, so that it is no tool for unwanted mail
SECONDS_BETWEEN = 60  # mails to the same address


@dataclass(frozen=True)
class Invited:
    """An invitation and its link, which can never be shown again."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite_member(*, workspace: Workspace, email: str, level: int, by: Membership) -> Invited:
    """Invite an address; an open invitation to it is renewed, so that only its newest link works.

    Raises Conflict for a personal workspace, a present member or too many mails, NotAllowed for a level above the
    inviter's own, InvalidInput for what is no address.
    """
    email = _clean_email(email)
    _require_right(by, level)
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if workspace.kind != User.Role.BUSINESS:
        raise Conflict("This workspace is personal. Turn it into a business workspace to invite people.")
    if Membership.objects.filter(workspace=workspace, user__email=email).exists():
        raise Conflict(f"{email} is a member already.", code="already_member")
    _refuse_flood(workspace, email)
    token = secrets.token_urlsafe(32)
    changes = {"level": level, "token_hash": token_hash(token), "invited_by": by.user, "expires_at": invitation_end()}
    invitation, _ = Invitation.objects.update_or_create(
        workspace=workspace, email=email, accepted_at=None, defaults=changes
    )
    link = f"{settings.SITE_URL}{reverse('accounts:join', args=[token])}"
    transaction.on_commit(partial(_send, invitation, link), robust=True)
    return Invited(invitation, link)


def renew_invitation(*, invitation: Invitation, by: Membership) -> Invited:
    """Send a new link that works for another 14 days; the old one stops working."""
    return invite_member(workspace=invitation.workspace, email=invitation.email, level=invitation.level, by=by)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Membership) -> None:
    """Make an open invitation's link useless."""
    _require_right(by, invitation.level)
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


@transaction.atomic
def accept_invitation(*, token: str, user: User) -> Membership:
    """Join the workspace with the offered level; safe to repeat.

    The user's address must be the invited one, so that a link cannot simply be passed on.
    Raises InvalidInput for a link that is unknown, used or too old, NotAllowed for another address.
    """
    invitation = Invitation.objects.select_for_update().filter(token_hash=token_hash(token)).first()
    if invitation and invitation.accepted_at and (joined := _membership(invitation, user)):
        return joined
    if invitation is None or not invitation.is_open:
        raise InvalidInput("This invitation is no longer valid. Ask for a new one.", code="invitation_over")
    if invitation.email != user.email.lower():
        raise NotAllowed(f"This invitation is for {invitation.email}. Log in with that address, or ask for a new one.")
    membership, _ = Membership.objects.get_or_create(
        workspace=invitation.workspace, user=user, defaults={"level": invitation.level}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at", "updated_at"])
    return membership


def _require_right(by: Membership, level: int) -> None:
    if by.level < Level.MANAGER:
        raise NotAllowed("Only managers and owners invite people.")
    if level not in Level.values or level > by.level:
        raise NotAllowed("You can invite people up to your own role.")


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput("Write a complete e-mail address, such as ada@example.com.", code="email") from error
    return email


def _refuse_flood(workspace: Workspace, email: str) -> None:
    waiting = Invitation.objects.filter(workspace=workspace, accepted_at=None)
    just_now = timezone.now() - timedelta(seconds=SECONDS_BETWEEN)
    if waiting.filter(email=email, updated_at__gt=just_now).exists():
        raise Conflict(f"An invitation went to {email} just now. Wait a minute before you send another.")
    if waiting.exclude(email=email).count() >= OPEN_AT_MOST:
        raise Conflict(f"{OPEN_AT_MOST} invitations are waiting already. Withdraw some first.")


def _membership(invitation: Invitation, user: User) -> Membership | None:
    return Membership.objects.filter(workspace=invitation.workspace_id, user=user).first()


def _send(invitation: Invitation, link: str) -> None:
    context = {"invitation": invitation, "link": link}
    send_mail(
        subject=f"Join {invitation.workspace} on Inflio",
        message=render_to_string("accounts/email/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
