"""XMP in JPEG, PNG and WebP: put in beside the pixels, which are never decoded, read out, or left aside."""

import hashlib
import re
import struct
import zlib
from xml.sax.saxutils import escape, quoteattr

JPEG_MARK = b"http://ns.adobe.com/xap/1.0/\x00"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEYWORD = b"XML:com.adobe.xmp"
WEBP_HAS_XMP, WEBP_HAS_ALPHA = 0x04, 0x10
LONGEST_SEGMENT = 65_533  # bytes a JPEG segment can hold
SOURCE_TYPE = re.compile(r"Iptc4xmpExt:DigitalSourceType\s*(?:=\s*[\"']|>)\s*([^\"'<\s]{1,200})")


class NotThatFormat(ValueError):
    """The bytes are not a whole file of the format they are said to be."""


def make_packet(*, source_type: str, title: str, tool: str) -> bytes:
    """An XMP packet with the digital source type (an IRI, or "" where it is unknown), title and software; UTF-8."""
    stated = f" Iptc4xmpExt:DigitalSourceType={quoteattr(source_type)}" if source_type else ""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
{stated} xmp:CreatorTool={quoteattr(tool)}>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def put_packet(data: bytes, mime: str, packet: bytes) -> bytes:
    """Return the file with this packet in place of any other; raises NotThatFormat."""
    try:
        return {"image/jpeg": _into_jpeg, "image/png": _into_png, "image/webp": _into_webp}[mime](data, packet)
    except (struct.error, IndexError) as error:
        raise NotThatFormat(f"This is no whole {mime}.") from error


def read_source_type(data: bytes, mime: str) -> str:
    """The digital source type in the file's XMP as it is written there, "" where there is none; never raises."""
    try:
        packet = {"image/jpeg": _from_jpeg, "image/png": _from_png, "image/webp": _from_webp}[mime](data)
    except (struct.error, IndexError, KeyError, zlib.error, NotThatFormat):
        return ""  # a damaged file states nothing
    found = SOURCE_TYPE.search(packet.decode("utf-8", "replace"))
    return found.group(1) if found else ""


def picture_digest(data: bytes, mime: str) -> str:
    """SHA-256 of what is needed to show the picture: the same after all metadata were removed, "" if it can't be read.

    Saving the picture again changes it: then only a person can say that it looks the same.
    """
    try:
        parts = {"image/jpeg": _bare_jpeg, "image/png": _bare_png, "image/webp": _bare_webp}[mime](data)
        return hashlib.sha256(b"".join(parts)).hexdigest()
    except (struct.error, IndexError, KeyError, NotThatFormat):
        return ""


def _jpeg_segments(data: bytes):
    """Yield (marker, start, end) of each segment before the picture itself."""
    if data[:2] != b"\xff\xd8":
        raise NotThatFormat("This is no JPEG.")
    at = 2
    while data[at] == 0xFF and data[at + 1] not in {0xDA, 0xD9}:
        if data[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield data[at + 1], at, end
        at = end


def _into_jpeg(data: bytes, packet: bytes) -> bytes:
    body = JPEG_MARK + packet
    if len(body) > LONGEST_SEGMENT:
        raise NotThatFormat("The packet is too long for a JPEG.")
    first, others, end = [], [], 2
    for mark, start, end in _jpeg_segments(data):
        if data[start + 4 : end].startswith(JPEG_MARK):
            continue
        leads = mark == 0xE0 or (mark == 0xE1 and data[start + 4 : start + 8] == b"Exif")  # they want to be first
        (first if leads else others).append(data[start:end])
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b"".join([data[:2], *first, segment, *others, data[end:]])


def _bare_jpeg(data: bytes) -> list[bytes]:
    """Tables and pixels; APP and COM segments hold words, but 14 (Adobe) says how colours are written."""
    parts, end = [], 2
    for mark, start, end in _jpeg_segments(data):
        if mark == 0xEE or not (0xE0 <= mark <= 0xEF or mark == 0xFE):
            parts.append(data[start:end])
    return [*parts, data[end:]]


def _from_jpeg(data: bytes) -> bytes:
    for mark, start, end in _jpeg_segments(data):
        if mark == 0xE1 and data[start + 4 : end].startswith(JPEG_MARK):
            return data[start + 4 + len(JPEG_MARK) : end]
    return b""


def _png_chunks(data: bytes):
    """Yield (type, content start, content end)."""
    if not data.startswith(PNG_SIGNATURE):
        raise NotThatFormat("This is no PNG.")
    at = len(PNG_SIGNATURE)
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if at + 12 + size > len(data):
            raise NotThatFormat("This PNG is cut off.")
        yield kind, at + 8, at + 8 + size
        at += 12 + size


def _into_png(data: bytes, packet: bytes) -> bytes:
    body = b"iTXt" + PNG_KEYWORD + b"\x00\x00\x00\x00\x00" + packet
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    parts = [PNG_SIGNATURE]
    for kind, start, end in _png_chunks(data):
        if kind == b"iTXt" and data[start:end].startswith(PNG_KEYWORD + b"\x00"):
            continue
        parts.append(data[start - 8 : end + 4])
        if kind == b"IHDR":
            parts.append(chunk)
    return b"".join(parts)


def _bare_png(data: bytes) -> list[bytes]:
    shown = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
    return [data[start - 4 : end] for kind, start, end in _png_chunks(data) if kind in shown]


def _from_png(data: bytes) -> bytes:
    for kind, start, end in _png_chunks(data):
        if kind == b"iTXt" and data[start:end].startswith(PNG_KEYWORD + b"\x00\x00"):  # not compressed, as XMP demands
            return data[start + len(PNG_KEYWORD) + 3 : end].split(b"\x00", 2)[-1]
    return b""


def _webp_chunks(data: bytes):
    """Yield (type, content)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise NotThatFormat("This is no WebP.")
    at, total = 12, min(len(data), 8 + struct.unpack("<I", data[4:8])[0])
    while at + 8 <= total:
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        if at + 8 + size > total:
            raise NotThatFormat("This WebP is cut off.")
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _into_webp(data: bytes, packet: bytes) -> bytes:
    chunks = [(kind, body) for kind, body in _webp_chunks(data) if kind != b"XMP "]
    if not chunks:
        raise NotThatFormat("This WebP is empty.")
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _extended_header(*chunks[0])))
    header = bytearray(chunks[0][1])
    header[0] |= WEBP_HAS_XMP
    chunks[0] = (b"VP8X", bytes(header))
    body = b"".join(_webp_chunk(*chunk) for chunk in [*chunks, (b"XMP ", packet)])
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _bare_webp(data: bytes) -> list[bytes]:
    shown = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
    return [kind + body for kind, body in _webp_chunks(data) if kind in shown]


def _webp_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)


def _extended_header(kind: bytes, body: bytes) -> bytes:
    """The header that a simple WebP lacks, from the size its picture states."""
    if kind == b"VP8L":
        bits = struct.unpack("<I", body[1:5])[0]
        width, height, flags = (bits & 0x3FFF), ((bits >> 14) & 0x3FFF), WEBP_HAS_ALPHA if bits >> 28 & 1 else 0
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", body[6:10]))
        width, height, flags = width - 1, height - 1, 0
    else:
        raise NotThatFormat("This WebP begins with no picture.")
    return bytes([flags, 0, 0, 0]) + struct.pack("<I", width)[:3] + struct.pack("<I", height)[:3]


def _from_webp(data: bytes) -> bytes:
    return next((body for kind, body in _webp_chunks(data) if kind == b"XMP "), b"")
