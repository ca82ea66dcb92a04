"""Files that are not usable photos, each wrong in its own way."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image


def write_bad_files(folder: Path, photo: Path) -> dict[str, Path]:
    """Write one file for each way to be no photo; keys name the way."""
    still = Image.open(photo).convert("RGB").resize((640, 640))
    files = {
        "corrupt": folder / "corrupt.jpg",
        "empty": folder / "empty.jpg",
        "renamed": folder / "renamed.jpg",
        "animated": folder / "animated.webp",
        "hundred megapixels": folder / "huge.png",
        "bomb": folder / "bomb.png",
        "drawing": folder / "drawing.svg.jpg",
    }
    content = photo.read_bytes()
    files["corrupt"].write_bytes(content[: len(content) // 3])
    files["empty"].write_bytes(b"")
    files["renamed"].write_bytes(b"Dear diary, this is no picture at all.\n" * 50)
    still.save(files["animated"], save_all=True, append_images=[still.rotate(5)], duration=200)
    Image.new("L", (10_000, 10_000), 128).save(files["hundred megapixels"])
    files["bomb"].write_bytes(png_claiming(60_000, 60_000))
    files["drawing"].write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    return files


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def write_poor_photos(folder: Path, photo: Path) -> dict[str, Path]:
    """Write real pictures that show no face, two faces, and a tiny face; keys name the fault."""
    face = cv2.imread(str(photo))
    slope = np.linspace(60, 200, 1000, dtype=np.float32)[:, None, None]
    meadow = np.repeat(np.repeat(slope, 1000, axis=1), 3, axis=2) * np.float32([0.9, 1.0, 0.7])
    tiny = np.full((1600, 1600, 3), 190, np.uint8)
    tiny[700:860, 700:860] = cv2.resize(face, (160, 160), interpolation=cv2.INTER_AREA)
    pictures = {
        "no face": meadow.astype(np.uint8),
        "two faces": np.hstack([face, cv2.flip(face, 1)]),
        "tiny face": tiny,
    }
    files = {name: folder / f"{name.replace(' ', '_')}.jpg" for name in pictures}
    for name, picture in pictures.items():
        cv2.imwrite(str(files[name]), picture)
    return files


def write_variants(folder: Path, photo: Path, count: int) -> list[Path]:
    """Write `count` photos of the same person, each cropped a little differently."""
    picture = cv2.imread(str(photo))
    paths = [folder / f"variant_{number:02}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), picture[number * 4 :, number * 4 :])
    return paths
