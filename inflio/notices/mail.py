"""Mails notices to members: at most once each, one mail for each person and run."""

import logging
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from inflio.accounts.models import User
from inflio.notices.models import Notice
from inflio.notices.queries import readers_of, unmailed
from inflio.queue.leases import db_now

log = logging.getLogger(__name__)
MOST = 500  # in one run
TOO_LATE = timedelta(days=1)  # yesterday's news is no help in the mail box; it is still in the app


def mail_notices() -> int:
    """Mail what is new to those who want it; return how many mails went out.

    A notice is claimed before anything is sent: a mailer that is killed loses a mail rather than send it twice.
    """
    claimed = _claim()
    letters: dict[User, list[Notice]] = defaultdict(list)
    readers = readers_of({notice.workspace_id for notice in claimed})
    for notice in claimed:
        for reader in readers[notice.workspace_id]:
            if reader.wants(notice):
                letters[reader.user].append(notice)
    if not letters:
        return 0
    sent = 0
    with get_connection() as connection:
        for user, notices in letters.items():
            sent += _send(connection, user, notices)
    return sent


def _claim() -> list[Notice]:
    """Take what nobody has taken, row by row: of several mailers one gets each. What is too old is not sent."""
    now, claimed = db_now(), []
    for notice in unmailed(MOST):
        late = notice.created_at < now - TOO_LATE
        error = "It was a day old before it could be mailed." if late else ""
        taken = Notice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=now, mail_error=error)
        if taken and not late:
            claimed.append(notice)
    return claimed


def _send(connection, user: User, notices: list[Notice]) -> int:
    """One mail with all of a person's notices; what fails is written down and not tried again."""
    groups: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[str(notice.workspace)].append(notice)
    context = {"user": user, "groups": dict(groups), "count": len(notices), "site": settings.SITE_URL}
    only = notices[0].title if len(notices) == 1 else f"{len(notices)} notices"
    subject = " ".join(f"{settings.EMAIL_SUBJECT_PREFIX}{only}".split())
    letter = EmailMessage(subject, render_to_string("notices/mail.txt", context), None, [user.email])
    letter.connection = connection
    try:
        return letter.send()
    except (OSError, ValueError) as error:  # of a mail server (SMTPException is one of these), or of a bad address
        log.warning("Notices could not be mailed to user %s: %s", user.pk, error)
        text = f"Not to every member: {type(error).__name__}: {error}"[:300]
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail_error=text)
        return 0
