"""A copy of everything a user owns: one zip with readable rows and the pictures."""

import json
import tempfile
import zipfile
from typing import IO

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from content.models import Batch, BatchCell, Board, BoardItem, ContentItem, Message, Shoot, Tag, Thread
from inflio.accounts.models import ApiKey, Invitation, Level, Membership, User, Workspace
from inflio.billing.models import CreditAccount, CreditEntry
from inflio.generation.models import Job, ProviderCall, ProviderKey
from inflio.media import storage
from inflio.media.models import Asset
from inflio.notices.models import Notice, NoticeSeen
from inflio.safety.models import Refusal
from personas.models import ActivityEntry, Consent, Persona, Portrait, ReferencePhoto, TrainedModel
from scheduling.models import (
    Channel,
    Metric,
    OccurrenceChange,
    PageAddress,
    Post,
    PostEvent,
    PostMedia,
    PostTarget,
    Publication,
    PublishAttempt,
    Review,
    ReviewLink,
    SchedulingSettings,
    Slot,
)

README = """Your data on Inflio.

account/       you: profile, e-mail addresses, memberships, ways to log in, sessions, consents you declared
workspace-N/   one folder for each workspace you own: its rows as JSON, and its pictures under files/

A picture's row (assets.json) says how it was made; "name" ends with its file's name. Left out: passwords and secrets
of log-ins, the keys of providers, the access to connected accounts, and the face embeddings, which are measurements
that only this software can use.
"""
SECRET = {
    "password",
    "data",
    "embedding",
    "lease_token",
    "token_hash",
    "session_key",
    "idempotency_key",
    "secret",
    "token",
    "access_token",
    "refresh_token",
    "grant",
    "progress",
    "verifier",
    "nonce",
    "found",
}


def write_export(user: User) -> IO[bytes]:
    """Return an open temporary zip file of everything the user owns; it vanishes when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that streams it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for name, rows in _account_tables(user).items():
            _write(archive, f"account/{name}.json", rows)
        owned = {"memberships__user": user, "memberships__level": Level.OWNER}
        for workspace in Workspace.objects.filter(**owned).order_by("pk"):
            folder = f"workspace-{workspace.pk}"
            for name, rows in _workspace_tables(workspace).items():
                _write(archive, f"{folder}/{name}.json", rows)
            _write_files(archive, f"{folder}/files", workspace)
    file.seek(0)
    return file


def _account_tables(user: User) -> dict[str, QuerySet]:
    return {
        "profile": User.objects.filter(pk=user.pk),
        "emails": EmailAddress.objects.filter(user=user),
        "memberships": Membership.objects.filter(user=user),
        "connected": SocialAccount.objects.filter(user=user),
        "two_factor": Authenticator.objects.filter(user=user),
        "sessions": UserSession.objects.filter(user=user),
        "consents": Consent.objects.filter(user=user),
        "notices_read": NoticeSeen.objects.filter(user=user),
    }


def _workspace_tables(workspace: Workspace) -> dict[str, QuerySet]:
    return {
        "workspace": Workspace.objects.filter(pk=workspace.pk),
        "members": Membership.objects.filter(workspace=workspace),
        "invitations": Invitation.objects.filter(workspace=workspace),
        "personas": Persona.objects.for_workspace(workspace),
        "photos": ReferencePhoto.objects.filter(persona__workspace=workspace),
        "trained_models": TrainedModel.objects.filter(persona__workspace=workspace),
        "portraits": Portrait.objects.filter(persona__workspace=workspace),
        "consents": Consent.objects.filter(persona__workspace=workspace),
        "activity": ActivityEntry.objects.filter(persona__workspace=workspace),
        "shoots": Shoot.objects.for_workspace(workspace),
        "content": ContentItem.objects.for_workspace(workspace),
        "boards": Board.objects.for_workspace(workspace),
        "board_items": BoardItem.objects.filter(board__workspace=workspace),
        "tags": Tag.objects.for_workspace(workspace),
        "batches": Batch.objects.for_workspace(workspace),
        "batch_cells": BatchCell.objects.filter(batch__workspace=workspace),
        "conversations": Thread.objects.for_workspace(workspace),
        "messages": Message.objects.filter(thread__workspace=workspace),
        **_posting_tables(workspace),
        "notices": Notice.objects.for_workspace(workspace),
        "api_keys": ApiKey.objects.filter(workspace=workspace),
        "refusals": Refusal.objects.filter(workspace=workspace),
        "jobs": Job.objects.for_workspace(workspace),
        "paid_calls": ProviderCall.objects.for_workspace(workspace),
        "provider_keys": ProviderKey.objects.for_workspace(workspace),
        "plan": CreditAccount.objects.filter(workspace=workspace),
        "credits": CreditEntry.objects.filter(account__workspace=workspace),
        "assets": Asset.objects.for_workspace(workspace),
    }


def _posting_tables(workspace: Workspace) -> dict[str, QuerySet]:
    return {
        "channels": Channel.objects.for_workspace(workspace),
        "page_addresses": PageAddress.objects.filter(channel__workspace=workspace),
        "posting_settings": SchedulingSettings.objects.filter(workspace=workspace),
        "slots": Slot.objects.for_workspace(workspace),
        "posts": Post.objects.for_workspace(workspace),
        "post_media": PostMedia.objects.filter(post__workspace=workspace),
        "post_channels": PostTarget.objects.filter(post__workspace=workspace),
        "post_changes": OccurrenceChange.objects.filter(post__workspace=workspace),
        "post_history": PostEvent.objects.filter(post__workspace=workspace),
        "reviews": Review.objects.filter(post__workspace=workspace),
        "review_links": ReviewLink.objects.for_workspace(workspace),
        "publications": Publication.objects.for_workspace(workspace),
        "publish_attempts": PublishAttempt.objects.filter(publication__workspace=workspace),
        "figures": Metric.objects.filter(channel__workspace=workspace),
    }


def _write(archive: zipfile.ZipFile, name: str, rows: QuerySet) -> None:
    kept = [_plain(row) for row in rows.order_by("pk")]
    archive.writestr(name, json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))


def _plain(row) -> dict:
    """Every column of a row but secrets, by field name; a link is the other row's id."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in SECRET}


def _write_files(archive: zipfile.ZipFile, folder: str, workspace: Workspace) -> None:
    names = Asset.objects.for_workspace(workspace).order_by("name").values_list("name", flat=True).distinct()
    for name in names:
        file = name.rsplit("/", 1)[-1]
        try:
            archive.writestr(f"{folder}/{file}", storage.read(name), zipfile.ZIP_STORED)
        except FileNotFoundError:
            archive.writestr(f"{folder}/{file}.missing.txt", "This file was not in storage when the copy was made.\n")
