"""What the account screens show."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet

from inflio.accounts.models import Invitation, Level, Membership, User, Workspace, token_hash


@dataclass(frozen=True)
class MemberRow:
    """A member and what the person who looks may do with them."""

    member: Membership
    is_self: bool
    levels: list[tuple[int, str]]
    can_remove: bool
    can_hand_over: bool

    @property
    def has_actions(self) -> bool:
        return bool(self.levels or self.can_remove or self.can_hand_over)


def member_rows(*, by: Membership) -> list[MemberRow]:
    """The members of a workspace, owners first, each with the actions that `by` has."""
    rows = Membership.objects.filter(workspace=by.workspace_id).select_related("user")
    members = list(rows.order_by("-level", "created_at", "pk"))
    owners = sum(member.level == Level.OWNER for member in members)
    return [_member_row(member, by, last_owner=owners == 1 and member.level == Level.OWNER) for member in members]


def _member_row(member: Membership, by: Membership, *, last_owner: bool) -> MemberRow:
    is_self = member.pk == by.pk
    rules = by.level >= Level.OWNER or (by.level >= Level.MANAGER and member.level < by.level)
    may_change = rules and not last_owner
    levels = [(value, label) for value, label in Level.choices if value <= by.level and value != member.level]
    return MemberRow(
        member=member,
        is_self=is_self,
        levels=levels if may_change else [],
        can_remove=may_change and not is_self,
        can_hand_over=by.level >= Level.OWNER and not is_self,
    )


def waiting_invitations(workspace: Workspace) -> QuerySet[Invitation]:
    """Invitations nobody has accepted, newest first, those that are too old included."""
    return workspace.invitations.filter(accepted_at=None).select_related("invited_by").order_by("-updated_at")


def invitation_behind(token: str) -> Invitation | None:
    """The invitation that a link opens, None when it is unknown, used, withdrawn or too old."""
    rows = Invitation.objects.select_related("workspace", "invited_by")
    row = rows.filter(token_hash=token_hash(token)).first()
    return row if row and row.is_open else None


@dataclass(frozen=True)
class Security:
    """How a user's account is protected."""

    has_password: bool
    two_factor: bool
    codes_left: int
    connected: list[str]
    connectable: bool


def security_of(user: User) -> Security:
    """Password, two-factor and connected accounts of a user, in two queries."""
    kinds = {row.type: row.wrap() for row in Authenticator.objects.filter(user=user)}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    accounts = SocialAccount.objects.filter(user=user).order_by("pk")
    connected = [account.get_provider_account().get_brand()["name"] for account in accounts]
    return Security(
        has_password=user.has_usable_password(),
        two_factor=Authenticator.Type.TOTP in kinds,
        codes_left=len(codes.get_unused_codes()) if codes else 0,
        connected=connected,
        connectable=bool(connected or settings.SOCIALACCOUNT_PROVIDERS),
    )


def unverified_email(user: User) -> str:
    """The user's own address while it is not verified, else an empty string."""
    if not user.is_authenticated:
        return ""
    rows = EmailAddress.objects.filter(user=user, primary=True, verified=False)
    return rows.values_list("email", flat=True).first() or ""
