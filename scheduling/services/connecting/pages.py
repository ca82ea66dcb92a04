"""A persona's public page: opened at an address of its own, moved without breaking links, closed at once."""

import re

from django.db import IntegrityError, transaction

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.media import storage, thumbnails
from inflio.media.credentials import xmp
from inflio.media.models import Asset
from inflio.safety.services import check_prompt
from personas.models import Persona
from personas.queries import consent_in_force
from scheduling.models import Channel, PageAddress, Publication
from scheduling.queries.pages import TAKEN_DOWN

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTHS = (3, 40)
ABOUT_LENGTH = 500
NOT_OURS_TO_GIVE = frozenset(
    ("admin", "api", "about", "help", "inflio", "legal", "login", "press", "privacy", "security", "staff", "support")
)


@transaction.atomic
def open_page(*, persona: Persona, slug: str, about: str = "", by: User) -> Channel:
    """Open (or open again) the persona's page at /p/<slug>; a double click gives the same page.

    Raises InvalidInput for an address that cannot be one, Conflict for one that is taken, and for a persona that is in
    the archive or whose face may not be shown.
    """
    persona = Persona.objects.locked(persona)
    if persona.archived_at:
        raise Conflict(f"{persona} is in the archive. Restore it first.")
    if persona.look == Persona.Look.PHOTOREAL and consent_in_force(persona) is None:
        raise Conflict(
            f"Nothing may show the face of {persona} without a consent. Declare it first.", code="no_consent"
        )
    about = _clean_about(persona, about, by)
    page = Channel.objects.filter(persona=persona, platform=Channel.Platform.SITE).first()
    if page is None:
        page = Channel(workspace=persona.workspace, persona=persona, platform=Channel.Platform.SITE)
    page.name, page.connected_by, page.status, page.problem = persona.name, by, Channel.Status.ACTIVE, ""
    page.facts = {**page.facts, "about": about}
    return _save_at(page, clean_slug(slug))


@transaction.atomic
def change_page(*, page: Channel, slug: str, about: str, by: User) -> Channel:
    """Move the page and rewrite what it says of its persona; old addresses lead to the new one. Raises as open_page."""
    page = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("persona").get(pk=page.pk)
    if page.persona is None:
        raise Conflict("The persona of this page was deleted.")
    page.name = page.persona.name
    page.facts = {**page.facts, "about": _clean_about(page.persona, about, by)}
    return _save_at(page, clean_slug(slug))


def clean_slug(text: str) -> str:
    """The address in the form it is kept in. Raises InvalidInput."""
    slug = text.strip().lower()
    shortest, longest = SLUG_LENGTHS
    if not SLUG.fullmatch(slug) or not shortest <= len(slug) <= longest:
        raise InvalidInput(
            f"Use {shortest} to {longest} letters a-z, digits and single hyphens between them.", code="slug"
        )
    if slug in NOT_OURS_TO_GIVE:
        raise InvalidInput("This address is kept for the site itself. Choose another one.", code="slug")
    return slug


@transaction.atomic
def take_down(*, publication: Publication, shown: bool = False) -> None:
    """Show a published post on its page no more, or again; elsewhere nothing changes."""
    rows = Publication.objects.filter(
        pk=publication.pk, state=Publication.State.PUBLISHED, channel__platform=Channel.Platform.SITE
    )
    rows.update(code="" if shown else TAKEN_DOWN)


def public_picture(asset: Asset, width: int) -> bytes:
    """A sized WebP copy that still says how the picture was made (IPTC source type); `width` as for thumbnails.

    Raises FileNotFoundError, ValueError for another width.
    """
    if width not in thumbnails.WIDTHS:
        raise ValueError(f"width {width}: use one of {thumbnails.WIDTHS}")
    name = f"{storage.thumbnail_folder(asset.name)}/public-{width}.webp"
    try:
        return storage.read(name)
    except FileNotFoundError:
        data = _stated(thumbnails.thumbnail(asset, width), xmp.read_source_type(storage.read(asset.name), asset.mime))
        storage.write_once(name, data)
        return data


def _stated(webp: bytes, source_type: str) -> bytes:
    if not source_type:
        return webp
    packet = xmp.make_packet(source_type=source_type, title="Picture", tool="Inflio")
    return xmp.put_packet(webp, "image/webp", packet)


def _clean_about(persona: Persona, about: str, by: User) -> str:
    about = about.strip()
    if len(about) > ABOUT_LENGTH:
        raise InvalidInput(f"Use at most {ABOUT_LENGTH} characters.", code="about")
    check_prompt(workspace=persona.workspace, user=by, text=about)
    return about


def _save_at(page: Channel, slug: str) -> Channel:
    """Save the page under its address, keeping those that it had."""
    taken = Conflict("This address is taken. Choose another one.", code="slug_taken")
    page.handle = page.external_id = slug
    try:
        with transaction.atomic():
            page.save()
            address, _ = PageAddress.objects.get_or_create(slug=slug, defaults={"channel": page})
    except IntegrityError:
        raise taken from None
    if address.channel_id != page.pk:
        raise taken
    return page
