"""Posts from a CSV file: each row judged by itself; every fault is a sentence, and nothing is guessed. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inflio.common.params import read_key
from scheduling.recurrence import Moment, resolve

COLUMNS = ("date", "time", "zone", "persona", "channels", "caption", "hashtags", "pictures", "title", "format")
REQUIRED = ("date", "time", "persona", "caption")
MOST_ROWS = 500
MOST_BYTES = 512_000
LONGEST_CAPTION = 5000
LONGEST_TITLE = 120
MOST_PICTURES = 35
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell
FORMATS = ("image", "carousel", "story")


class NotCsv(ValueError):
    """The file as a whole cannot be read; the message is for the user."""


@dataclass
class Row:
    """One line of the file: what it asks for, and what is wrong with it (empty: it is good)."""

    line: int
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)
    persona: int | None = None
    channels: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    hashtags: tuple[str, ...] = ()
    format: str = ""
    tzid: str = "UTC"
    moment: Moment | None = None

    @property
    def good(self) -> bool:
        return not self.faults

    @property
    def caption(self) -> str:
        return self.cells.get("caption", "")


@dataclass(frozen=True)
class Known:
    """What rows may name. personas, channels: lower-case name -> id (0: two have it). items: id -> persona's id."""

    personas: Mapping[str, int]
    channels: Mapping[str, int]
    tzid: str
    now: datetime


def read_rows(text: str, known: Known) -> list[Row]:
    """Read and judge a CSV text with a header line; raises NotCsv."""
    lines = _lines(text)
    header = [name.strip().lower().replace(" ", "_") for name in (lines[0] if lines else [])]
    _check_header(header)
    rows: list[Row] = []
    seen: dict[tuple, int] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= MOST_ROWS:
            raise NotCsv(f"The file has more than {MOST_ROWS} rows. Split it into several files.")
        row = Row(number, {name: safe_text(cell) for name, cell in zip(header, cells, strict=False) if name})
        if len(cells) > len(header):
            row.faults.append("It has more cells than columns. Put quotes around a text that holds a comma.")
        _judge(row, known)
        key = (row.persona, row.moment.at if row.moment else None, row.caption)
        if row.moment and key in seen:
            row.faults.append(f"It is the same as line {seen[key]}.")
        seen.setdefault(key, number)
        rows.append(row)
    if not rows:
        raise NotCsv("The file has a header and no rows. Add one row for each post.")
    return rows


def write_rows(rows: list[list[str]]) -> str:
    """A CSV text that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[f"'{cell}" if cell.startswith(DANGEROUS) else cell for cell in row] for row in rows])
    return out.getvalue()


def safe_text(cell: str) -> str:
    """A cell without the mark that keeps spreadsheets from running it."""
    cell = cell.replace("\r\n", "\n").strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(DANGEROUS) else cell


def _lines(text: str) -> list[list[str]]:
    if "\0" in text:
        raise NotCsv("This is not a CSV file. Save the table as CSV (UTF-8) and choose it again.")
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise NotCsv(f"The file could not be read as CSV ({error}). Check its quotation marks.") from None


def _check_header(header: list[str]) -> None:
    if missing := [name for name in REQUIRED if name not in header]:
        raise NotCsv(f"The first line has to name the columns; missing: {', '.join(missing)}.")
    if unknown := [name for name in header if name and name not in COLUMNS]:
        raise NotCsv(f"Unknown columns: {', '.join(unknown)}. Possible are {', '.join(COLUMNS)}.")
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise NotCsv(f"These columns are there twice: {', '.join(twice)}.")


def _judge(row: Row, known: Known) -> None:
    _judge_time(row, known)
    cells, faults = row.cells, row.faults
    name = cells.get("persona", "")
    row.persona = known.personas.get(name.lower()) or None
    if not row.persona:
        twice = known.personas.get(name.lower()) == 0
        faults.append(
            f"Two personas are called “{name}”: write the number." if twice else f"There is no persona “{name}”."
        )
    row.channels = _judge_channels(row, known)
    if not row.caption and not cells.get("pictures"):
        faults.append("It has neither words nor pictures.")
    if len(row.caption) > LONGEST_CAPTION:
        faults.append(f"The caption has more than {LONGEST_CAPTION:,} characters.")
    if len(cells.get("title", "")) > LONGEST_TITLE:
        faults.append(f"The title has more than {LONGEST_TITLE} characters.")
    row.hashtags = tuple(tag.lstrip("#") for tag in cells.get("hashtags", "").replace(",", " ").split())
    row.items = _judge_pictures(row)
    row.format = cells.get("format", "").lower() or ("carousel" if len(row.items) > 1 else "image")
    if row.format not in FORMATS:
        faults.append(f"Format “{row.format}” is none of {', '.join(FORMATS)}.")


def _judge_time(row: Row, known: Known) -> None:
    row.tzid = row.cells.get("zone") or known.tzid
    text = f"{row.cells.get('date', '')}T{row.cells.get('time', '').zfill(5)}"
    try:
        local = datetime.strptime(text, "%Y-%m-%dT%H:%M")
    except ValueError:
        row.faults.append("Write the date like 2026-12-04 and the time like 09:30.")
        return
    try:
        row.moment = resolve(local, row.tzid)
    except (ValueError, OverflowError):
        row.faults.append(f"There is no time zone “{row.tzid}”. Write one by its city, such as Europe/Paris.")
        return
    if row.moment.at <= known.now:
        row.faults.append("This time is over.")
    if row.moment.at.year > known.now.year + 10:
        row.faults.append("This is more than ten years ahead.")


def _judge_channels(row: Row, known: Known) -> tuple[int, ...]:
    found = []
    for name in _channel_names(row.cells.get("channels", ""), known):
        key = known.channels.get(name.lower().replace("@", ""))
        if key:
            found.append(key)
        else:
            several = key == 0
            words = "names two channels: write it like" if several else "is no channel of yours: write it like"
            row.faults.append(f"“{name}” {words} instagram:name.")
    return tuple(dict.fromkeys(found))


def _channel_names(text: str, known: Known) -> Iterator[str]:
    """The names in a cell, between commas, semicolons or spaces; an account's own name may hold spaces too."""
    for part in re.split(r"[;,]|\s+(?=[a-z]+:)", text, flags=re.IGNORECASE):
        whole = part.strip()
        yield from [whole] if whole.lower().replace("@", "") in known.channels else whole.split()


def _judge_pictures(row: Row) -> tuple[int, ...]:
    found = []
    for text in row.cells.get("pictures", "").replace(";", " ").replace(",", " ").split():
        if (key := read_key(text)) is not None:
            found.append(key)
        else:
            row.faults.append(f"“{text}” is no number of a picture. It is in the picture's address in the gallery.")
    if len(found) > MOST_PICTURES:
        row.faults.append(f"It has more than {MOST_PICTURES} pictures.")
    return tuple(dict.fromkeys(found))
