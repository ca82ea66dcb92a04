"""Make a persona and its five portraits from photo files: the main job from the command line."""

import time
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from inflio.accounts.models import Membership, User, Workspace
from inflio.common.errors import InflioError
from inflio.media import storage
from personas import services
from personas.foreground import ProgressLine, run_to_end
from personas.models import Consent, Persona
from personas.scenarios import SCENARIOS

NO_CONSENT = (
    "Say whose face it is: --own-face when it is yours, or --permission-of NAME when that person gave you the "
    "permission in writing. Both declare that the person is 18 or older."
)


class Command(BaseCommand):
    """Photos in, five portraits out; exit status 1 with a plain reason when the photos won't do."""

    help = "Make a persona from 5 to 20 photos of one face, with five portraits, and print each portrait's likeness."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the persona")
        parser.add_argument("photos", metavar="PHOTO", nargs="+", type=Path, help="JPEG, PNG, WebP or HEIC files")
        parser.add_argument("--workspace", metavar="W", help="name or number; not needed when there is only one")
        parser.add_argument("--portraits-to", metavar="DIR", type=Path, help="folder to write the portraits to")
        parser.add_argument("--description", default="", help="a few words about the persona")
        parser.add_argument("--own-face", action="store_true", help="the face is that of the workspace's owner")
        parser.add_argument("--permission-of", metavar="NAME", help="the person who permitted it in writing")

    def handle(self, *args, **options) -> None:
        if options["own_face"] == bool(options["permission_of"]):
            raise CommandError(NO_CONSENT)
        workspace = find_workspace(options["workspace"])
        folder = options["portraits_to"]
        if folder:
            _make_folder(folder)
        by = owner_of(workspace)
        persona = None
        try:
            persona = services.create_persona(
                workspace=workspace, name=options["name"], description=options["description"], by=by
            )
            self._add_photos(persona, options["photos"], by)
            self._declare(persona, options["permission_of"], by)
            self._make(persona, by)
        except (InflioError, KeyboardInterrupt) as error:
            if persona:
                services.delete_persona(persona=persona)  # a script can simply be run again
            message = error.message if isinstance(error, InflioError) else "Interrupted."
            raise CommandError(f"{message} Nothing was kept.") from None
        self._report(persona, folder)

    def _add_photos(self, persona: Persona, paths: list[Path], by: User | None) -> None:
        for path in paths:
            try:
                with path.open("rb") as handle:
                    services.add_photo(persona=persona, file=File(handle, name=path.name), by=by)
            except OSError as error:
                self.stderr.write(f"{path}: {error.strerror}")
            except InflioError as error:
                self.stderr.write(f"{path}: {error.message}")

    def _declare(self, persona: Persona, permitted_by: str | None, by: User | None) -> None:
        face = Consent.Face.PERMITTED if permitted_by else Consent.Face.OWN
        services.declare_consent(persona=persona, by=by, face=face, person_name=permitted_by or "")

    def _make(self, persona: Persona, by: User | None) -> None:
        line = ProgressLine(self.stdout)
        started = time.monotonic()
        services.start_analysis(persona=persona, by=by, with_portraits=True)
        try:
            run_to_end(persona, show=line)
        finally:
            line.clear()
        persona.refresh_from_db()
        for photo in persona.photos.filter(verdict="rejected"):
            self.stderr.write(f"{photo}: {photo.message}")
        if persona.status != Persona.Status.READY:
            raise InflioError(persona.status_reason)
        took = time.monotonic() - started
        self.stdout.write(f"{persona}: set graded {persona.get_grade_display().lower()}, {took:.1f} s")

    def _report(self, persona: Persona, folder: Path | None) -> None:
        made = 0
        for portrait in persona.portraits.select_related("asset", "job"):
            if portrait.asset is None:
                self.stderr.write(f"{portrait.scenario}: {portrait.job.error_message}")
                continue
            made += 1
            path = folder / f"{portrait.scenario}.{portrait.asset.extension}" if folder else ""
            if folder:
                path.write_bytes(storage.read(portrait.asset.name))
            self.stdout.write(f"{portrait.scenario:24}{portrait.asset.identity_score:.3f}  {path}".rstrip())
        if made < len(SCENARIOS):
            raise CommandError(f"Only {made} of the five portraits could be made; the persona and these are kept.")


def find_workspace(wanted: str | None) -> Workspace:
    """The workspace with this number or name, or the only one; raises CommandError with what to do."""
    rows = Workspace.objects.order_by("pk")
    if wanted is not None:
        rows = rows.filter(Q(name__iexact=wanted) | (Q(pk=wanted) if wanted.isdecimal() else Q()))
    found = list(rows[:2])
    if len(found) == 1:
        return found[0]
    if wanted is None and found:
        raise CommandError("Say which workspace: --workspace NAME or its number.")
    if wanted is None:
        raise CommandError("There is no workspace yet: sign up first.")
    if found:
        raise CommandError(f"Several workspaces are called {wanted!r}: give the number instead.")
    raise CommandError(f"There is no workspace {wanted!r}.")


def owner_of(workspace: Workspace) -> User | None:
    """The member who stands for the workspace: the highest level, then the oldest."""
    rows = Membership.objects.filter(workspace=workspace).select_related("user")
    membership = rows.order_by("-level", "created_at").first()
    return membership.user if membership else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".inflio-probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CommandError(f"The portraits cannot be written to {folder}: {error.strerror}.") from error
