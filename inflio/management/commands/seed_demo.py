"""Make the demo: a user, a workspace and a finished persona, by the same services and engine as everybody's."""

from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from inflio.accounts.models import User, Workspace
from inflio.accounts.services import create_workspace
from inflio.common.errors import InflioError
from personas import services
from personas.foreground import ProgressLine, run_to_end
from personas.models import Consent, Persona
from personas.scenarios import SCENARIOS

DEMO_EMAIL = "demo@inflio.local"
DEMO_PASSWORD = "portraits-please"  # known to everybody, hence only on a machine of one's own
WORKSPACE = "Demo studio"
NAME = "Eileen"
DESCRIPTION = (
    "A sample: the photos are made from NASA's public-domain portrait of the astronaut Eileen Collins. "
    "Neither she nor NASA endorses Inflio."
)
PHOTOS = settings.BASE_DIR / "demo" / "photos"
USABLE = range(1, 9)  # 09 is too dark and 10 is blurred, to show what is said about such photos


class Command(BaseCommand):
    """Safe to repeat; what is there already stays as it is."""

    help = "Make the demo user, workspace and persona; --reset makes the persona anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete what the demo workspace holds first")

    def handle(self, *args, reset: bool, **options) -> None:
        if settings.HTTPS:
            raise CommandError("The demo's password is known to everybody, so it is not made on a public address.")
        workspace = demo_workspace()
        owner = User.objects.get(email=DEMO_EMAIL)
        if reset:
            for persona in Persona.objects.for_workspace(workspace):
                services.delete_persona(persona=persona)
        persona = Persona.objects.for_workspace(workspace).filter(name=NAME, description=DESCRIPTION).first()
        if persona and persona.portraits.filter(asset__isnull=False).count() == len(SCENARIOS):
            return
        if persona:  # an interrupted start
            services.delete_persona(persona=persona)
        try:
            self._make(workspace, owner)
        except InflioError as error:
            raise CommandError(f"The demo persona could not be made: {error.message}") from error

    def _make(self, workspace: Workspace, owner: User) -> None:
        self.stdout.write("Making the demo persona from its photos (once, some seconds)")
        persona = services.create_persona(workspace=workspace, name=NAME, description=DESCRIPTION, by=owner)
        for path in demo_photos():
            with path.open("rb") as handle:
                services.add_photo(persona=persona, file=File(handle, name=path.name), by=owner)
        services.declare_consent(persona=persona, by=owner, face=Consent.Face.SAMPLE)
        services.start_analysis(persona=persona, by=owner, with_portraits=True)
        line = ProgressLine(self.stdout)
        try:
            run_to_end(persona, show=line)
        finally:
            line.clear()
        persona.refresh_from_db()
        made = persona.portraits.filter(asset__isnull=False).count()
        if made < len(SCENARIOS):
            raise InflioError(persona.status_reason or f"{made} of the five portraits were made.")


def demo_photos() -> list[Path]:
    """The sample photos that can be used, in order."""
    return [path for number in USABLE for path in PHOTOS.glob(f"{number:02}_*.jpg")]


@transaction.atomic
def demo_workspace() -> Workspace:
    """The demo user's workspace, made when it is not there."""
    user = User.objects.filter(email=DEMO_EMAIL).first()
    if user is None:
        user = User.objects.create_user(DEMO_EMAIL, DEMO_PASSWORD, name="Demo", role=User.Role.BUSINESS)
        EmailAddress.objects.create(user=user, email=DEMO_EMAIL, verified=True, primary=True)
    if not user.memberships.exists():
        create_workspace(owner=user, name=WORKSPACE, kind=User.Role.BUSINESS)
    return user.memberships.select_related("workspace").earliest("pk").workspace
