"""Delete a user's account with everything that belongs to it: for requests that come by mail."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inflio.accounts.models import User
from inflio.common.errors import InflioError
from inflio.privacy.erase import delete_account, ending_workspaces


class Command(BaseCommand):
    """`manage.py delete_account ada@example.com` says what would go; with --yes it goes."""

    help = "Delete a user with the workspaces nobody else is in: rows, files and sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do it; without this only say what would be deleted")

    def handle(self, *args, email: str, yes: bool, **options) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no user {email}.")
        try:
            names = ", ".join(str(workspace) for workspace in ending_workspaces(user)) or "no workspace"
            if not yes:
                self.stdout.write(f"{user.email} and {names} would be deleted. Add --yes to do it.")
                return
            delete_account(user=user)
        except InflioError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{email} and {names} are deleted.")
