"""Delete an account with everything that belongs to it: rows, files and sessions."""

import time
from functools import partial

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q, QuerySet

from inflio.accounts.models import Invitation, Level, User, Workspace
from inflio.common.errors import Conflict
from inflio.generation.models import Job
from inflio.generation.services import cancel_job
from inflio.media import services as media
from inflio.queue.leases import db_now
from personas.models import Persona
from personas.services import delete_persona
from scheduling.models import Channel, Publication
from scheduling.services.connecting.channels import disconnect_channel

TELL_SECONDS = 15  # in which platforms are told one after the other that an access has ended
STOP_SECONDS = 15  # how long work that runs may take to notice that it is cancelled


def ending_workspaces(user: User) -> list[Workspace]:
    """Workspaces that end with the account; raises Conflict when other members would be left without an owner."""
    ending = []
    for membership in user.memberships.filter(level=Level.OWNER).select_related("workspace"):
        others = membership.workspace.memberships.exclude(user=user)
        if not others.exists():
            ending.append(membership.workspace)
        elif not others.filter(level=Level.OWNER).exists():
            raise Conflict(
                f"{membership.workspace} has other members. Hand it over to one of them, or remove them, "
                "before you delete your account.",
                code="ownership",
            )
    return ending


def delete_account(*, user: User) -> None:
    """Delete the user and every workspace nobody else is in; what they did in other workspaces stays without a name.

    Running work is stopped first. Raises Conflict, and deletes nothing, when it does not stop in time or when
    somebody else would lose their owner.
    """
    ending = ending_workspaces(user)
    _stop_jobs(Job.objects.filter(workspace__in=ending, state__in=Job.OPEN))
    _stop_publishing(ending)
    _give_access_back(ending)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        for workspace in ending_workspaces(user):
            _delete_workspace(workspace)
        Invitation.objects.filter(email=user.email.lower()).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()
        user.delete()


def _stop_jobs(jobs: QuerySet[Job]) -> None:
    """Cancel open jobs and wait for those that a worker holds: its last file must not come after the deletion."""
    for job in jobs:
        cancel_job(job=job)
    deadline = time.monotonic() + STOP_SECONDS
    while jobs.filter(lease_until__gt=db_now()).exists():
        if time.monotonic() > deadline:
            raise Conflict("A picture is still being made. It is told to stop; try again in a minute.", code="busy")
        time.sleep(0.2)


def _stop_publishing(workspaces: list[Workspace]) -> None:
    """Take back what waits, and wait for what a worker publishes right now: it must not go out after the deletion."""
    rows = Publication.objects.filter(workspace__in=workspaces)
    free = rows.filter(Q(lease_until=None) | Q(lease_until__lt=db_now()), state=Publication.State.SCHEDULED)
    free.update(state=Publication.State.CANCELLED)
    deadline = time.monotonic() + STOP_SECONDS
    while rows.filter(lease_until__gt=db_now()).exists():
        if time.monotonic() > deadline:
            raise Conflict("A post is going out right now. Try again in a minute.", code="busy")
        time.sleep(0.2)


def _give_access_back(workspaces: list[Workspace]) -> None:
    """Tell the platforms that their access has ended, as far as they answer in time; ours ends in any case."""
    deadline = time.monotonic() + TELL_SECONDS
    for channel in Channel.objects.filter(workspace__in=workspaces, status=Channel.Status.ACTIVE):
        disconnect_channel(channel=channel, by=None, tell=time.monotonic() < deadline)


def _delete_workspace(workspace: Workspace) -> None:
    for persona in Persona.objects.for_workspace(workspace):
        delete_persona(persona=persona)
    key = workspace.pk
    workspace.delete()
    transaction.on_commit(partial(media.delete_workspace_files, workspace_id=key), robust=True)
