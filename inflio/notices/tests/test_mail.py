"""Mailing of notices: at most once, in one mail for each person, and only what they want."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from inflio.accounts.models import User
from inflio.notices.mail import mail_notices
from inflio.notices.models import Notice
from inflio.notices.services import choose_mail, mark_read, notify

HERE = "inflio.notices.tests.test_mail"


class KilledBackend(EmailBackend):
    """A mailer that is killed right after its first mail left."""

    def send_messages(self, letters) -> int:
        super().send_messages(letters)
        raise SystemExit("killed")


class BrokenBackend(EmailBackend):
    """A mail server that is not there for one of the recipients."""

    def send_messages(self, letters) -> int:
        if "alice@example.com" in letters[0].to:
            raise ConnectionRefusedError("no mail server")
        return super().send_messages(letters)


def tell(workspace, title: str = "A post did not go out", level: str = "bad", **values) -> Notice:
    return notify(workspace=workspace, kind="post_failed", title=title, level=level, url="/posts/7", **values)


def recipients() -> list[str]:
    return sorted(address for letter in mail.outbox for address in letter.to)


def test_one_mail_for_each_member_with_everything_new(workspace, alice, bob):
    tell(workspace, "First problem", text="Log in again.")
    tell(workspace, "Second problem", level="warn")
    tell(workspace, "Just so you know", level="info")
    assert mail_notices() == 2
    assert recipients() == ["alice@example.com", "bob@example.com"]
    letter = mail.outbox[0]
    assert letter.subject == "[Inflio] 2 notices"
    assert "First problem" in letter.body
    assert "Log in again." in letter.body
    assert "http://127.0.0.1:8000/posts/7" in letter.body
    assert "Just so you know" not in letter.body  # only what needs them, unless they ask for more
    assert mail_notices() == 0
    assert len(mail.outbox) == 2


def test_choices_of_members_are_respected(workspace, alice, bob, charlie):
    choose_mail(user=alice, workspace=workspace, mail="all")
    choose_mail(user=bob, workspace=workspace, mail="none")
    tell(workspace, "Just so you know", level="info")
    tell(workspace)
    mail_notices()
    assert recipients() == ["alice@example.com"]
    assert "Just so you know" in mail.outbox[0].body


def test_what_was_read_in_the_app_is_not_mailed(workspace, alice, bob):
    notice = tell(workspace)
    mark_read(user=alice, workspace=workspace, upto=notice.pk)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert mail_notices() == 0


def test_killed_mailer_never_mails_twice(workspace, alice, bob, settings):
    tell(workspace)
    settings.EMAIL_BACKEND = f"{HERE}.KilledBackend"
    with pytest.raises(SystemExit):
        mail_notices()
    assert len(mail.outbox) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_notices() == 0
    assert len(mail.outbox) == 1  # the second member sees it in the app; nobody gets it twice
    tell(workspace, "The next one")
    assert mail_notices() == 2


def test_notice_that_another_mailer_took_is_left_alone(workspace, alice, monkeypatch):
    notice = tell(workspace)
    late = list(Notice.objects.filter(pk=notice.pk))
    assert mail_notices() == 1
    monkeypatch.setattr("inflio.notices.mail.unmailed", lambda limit: late)  # what a slower mailer had read
    assert mail_notices() == 0
    assert recipients() == ["alice@example.com"]


def test_failing_mail_is_written_down_and_stops_no_other(workspace, alice, bob, settings):
    settings.EMAIL_BACKEND = f"{HERE}.BrokenBackend"
    notice = tell(workspace)
    assert mail_notices() == 1
    notice.refresh_from_db()
    assert "no mail server" in notice.mail_error
    assert recipients() == ["bob@example.com"]
    assert mail_notices() == 0


def test_old_news_is_not_mailed(workspace, alice):
    notice = tell(workspace)
    Notice.objects.filter(pk=notice.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert mail_notices() == 0
    notice.refresh_from_db()
    assert notice.mailed_at is not None
    assert "a day old" in notice.mail_error


def test_line_breaks_cannot_add_headers(workspace, alice):
    tell(workspace, "A post\nBcc: someone@example.com")
    mail_notices()
    assert mail.outbox[0].subject == "[Inflio] A post Bcc: someone@example.com"
    assert recipients() == ["alice@example.com"]


def test_costs_the_same_for_one_workspace_and_three(workspace, alice, make_user, django_assert_num_queries):
    tell(workspace)
    with django_assert_num_queries(4):  # unmailed, claim, choices, members
        mail_notices()
    others = [make_user(f"user{number}").workspaces.get() for number in range(2)]
    for place in (workspace, *others):
        tell(place)
    with django_assert_num_queries(6):  # two claims more
        mail_notices()
