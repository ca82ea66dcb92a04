"""Write the small sample pictures of the looks, as the Create page shows them, with the demo persona and its photos."""

import io

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from PIL import Image

from content.categories import LOOKS
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import EngineRequest, Picture
from inflio.management.commands.seed_demo import demo_photos
from inflio.media.storage import sha256

WIDTH, HEIGHT = 512, 640  # pixels as rendered; then made smaller
SHOWN = (240, 300)
QUALITY = 78
FOLDER = settings.BASE_DIR / "static" / "img" / "looks"


class Command(BaseCommand):
    help = "Write static/img/looks: one small picture for each look, made by the embedded engine from demo/photos."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("looks", nargs="*", help="keys such as luxury.yacht; all when none is named")
        parser.add_argument("--seed", type=int, default=0, help="chooses place and variation")

    def handle(self, *args, looks: list[str], seed: int, **options) -> None:
        if unknown := set(looks) - set(LOOKS):
            raise CommandError(f"There is no look {', '.join(sorted(unknown))}.")
        engine = get_engine("embedded")
        photos = tuple(Picture(path, sha256(path.read_bytes())) for path in demo_photos())
        FOLDER.mkdir(parents=True, exist_ok=True)
        for look in looks or LOOKS:
            params = {"look": look, "seed": seed, "width": WIDTH, "height": HEIGHT, "style": "natural"}
            result = engine.run(EngineRequest("picture", params, photos), lambda *_: None)
            with Image.open(io.BytesIO(result.outputs[0].data)) as picture:
                small = picture.convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS)
            path = FOLDER / f"{look.replace('.', '-')}.webp"
            small.save(path, "WEBP", quality=QUALITY, method=6)
            self.stdout.write(f"{path.name}: {path.stat().st_size // 1024} KiB")
