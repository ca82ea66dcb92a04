"""Write the pictures of the landing page from the demo persona's real portraits, with their measured scores."""

import io
import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

from inflio.management.commands.seed_demo import DEMO_EMAIL
from inflio.media import storage
from inflio.media.thumbnails import scale
from personas.models import Portrait

WIDTH = 800
FOLDER = settings.BASE_DIR / "static" / "img" / "landing"
SOURCE = settings.BASE_DIR / "demo" / "photos" / "01_front.jpg"


class Command(BaseCommand):
    help = "Write static/img/landing from the demo persona; run seed_demo first."

    def handle(self, **options) -> None:
        owned = Portrait.objects.filter(persona__workspace__memberships__user__email=DEMO_EMAIL)
        portraits = owned.exclude(asset=None).select_related("asset").order_by("pk")[:5]
        if len(portraits) < 5:
            raise CommandError("The demo persona has no five portraits: run manage.py seed_demo first.")
        FOLDER.mkdir(parents=True, exist_ok=True)
        for portrait in portraits:
            picture = scale(storage.read(portrait.asset.name), WIDTH)
            (FOLDER / f"{portrait.scenario}.webp").write_bytes(picture)
        (FOLDER / "source.webp").write_bytes(scale(SOURCE.read_bytes(), WIDTH))
        scores = {portrait.scenario: round(portrait.asset.identity_score, 3) for portrait in portraits}
        (FOLDER / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
        for file in sorted(FOLDER.glob("*.webp")):
            with Image.open(io.BytesIO(file.read_bytes())) as picture:
                self.stdout.write(f"{file.name}: {picture.width} x {picture.height}, {file.stat().st_size // 1024} KiB")
