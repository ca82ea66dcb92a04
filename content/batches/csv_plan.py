"""A batch from a CSV file: each row is an order; every fault is a sentence with its line, and nothing is guessed."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from content.batches.orders import MAX_COUNT, SEEDS, Order
from content.categories import CATEGORY_OF, CONTENT_TYPES, LOOKS
from inflio.common.errors import InvalidInput

COLUMNS = ("persona", "look", "style", "place", "setting", "details", "content_type", "aspect", "count", "seed")
REQUIRED = ("persona", "look")
MAX_ROWS = 1000
LONGEST = {"setting": 200, "details": 1000}


@dataclass
class CsvPlan:
    """What was read: good orders, and one sentence for each row that is none."""

    orders: list[Order] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_csv(
    data: bytes,
    *,
    personas: Mapping[str, int],
    styles: Mapping[str, str],
    aspects: tuple[str, ...],
    places: Callable[[int, str], Mapping[str, str]],
    engine: str,
    first_seed: int,
) -> CsvPlan:
    """Read a CSV file (UTF-8, comma or semicolon) with a header row.

    personas: lower-case names and ids as text -> id; styles: key -> title; places: what can be chosen for a persona's
    id and a look, key -> title. Raises InvalidInput when the file as a whole cannot be read; faults of single rows are
    in the plan.
    """
    rows = _rows(data)
    header = [name.strip().lower().replace(" ", "_") for name in next(rows, [])]
    _check_header(header)
    plan = CsvPlan()
    for line, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(plan.orders) + len(plan.faults) >= MAX_ROWS:
            raise InvalidInput(f"The file has more than {MAX_ROWS} rows. Split it into several batches.")
        if len(cells) > len(header):
            plan.faults.append(f"Line {line}: more cells than columns. Put quotes around a text that holds a comma.")
            continue
        values = {name: cell.strip() for name, cell in zip_longest(header, cells, fillvalue="")}
        try:
            plan.orders.append(_order(values, personas, styles, aspects, places, engine, first_seed + line))
        except InvalidInput as fault:
            plan.faults.append(f"Line {line}: {fault.message}")
    if not plan.orders and not plan.faults:
        raise InvalidInput("The file has a header and no rows. Add one row for each set of pictures.")
    return plan


def _rows(data: bytes):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The file is not UTF-8 text. Save it as CSV (UTF-8) and choose it again.") from None
    if "\0" in text:
        raise InvalidInput("This is not a CSV file. Save the table as CSV (UTF-8) and choose it again.")
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        return iter(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error as error:
        raise InvalidInput(f"The file could not be read as CSV ({error}). Check its quotation marks.") from None


def _check_header(header: list[str]) -> None:
    if missing := [name for name in REQUIRED if name not in header]:
        raise InvalidInput(f"The first line has to name the columns; missing: {', '.join(missing)}.")
    if unknown := [name for name in header if name and name not in COLUMNS]:
        raise InvalidInput(f"Unknown columns: {', '.join(unknown)}. Possible are {', '.join(COLUMNS)}.")
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise InvalidInput(f"These columns are there twice: {', '.join(twice)}.")


def _order(
    values: dict, personas: Mapping, styles: Mapping, aspects: tuple, places: Callable, engine: str, seed: int
) -> Order:
    persona = personas.get(values["persona"].lower())
    if persona is None:
        raise InvalidInput(f"there is no persona “{values['persona']}” that is ready. Write its name or its number.")
    for name, limit in LONGEST.items():
        if len(values.get(name, "")) > limit:
            raise InvalidInput(f"{name} is longer than {limit} characters.")
    look = _look(values["look"])
    return Order(
        persona_id=persona,
        look=look,
        style=_one_of("style", values.get("style") or "natural", styles),
        place=_place(values.get("place", ""), places(persona, look)),
        setting=values.get("setting", ""),
        details=values.get("details", ""),
        content_type=_one_of("content_type", values.get("content_type") or "portrait", dict(CONTENT_TYPES)),
        aspect=_one_of("aspect", values.get("aspect") or "4:5", dict.fromkeys(aspects, "")),
        count=_number("count", values.get("count") or "1", 1, MAX_COUNT),
        seed=_number("seed", values.get("seed") or str(seed), 0, SEEDS - 1),
        engine=engine,
    )


def _look(text: str) -> str:
    wanted = text.lower().replace(" ", "_").replace("/", ".")
    matches = [key for key in LOOKS if wanted in (key, key.split(".")[1])]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(f"{CATEGORY_OF[key].key}.{key.split('.')[1]}" for key in LOOKS)
    raise InvalidInput(f"look “{text}” is none of {names}.")


def _place(text: str, known: Mapping[str, str]) -> str:
    if text and not known:
        raise InvalidInput(f"place “{text}” cannot be chosen: this engine has no places of its own. Leave it empty.")
    return _one_of("place", text, known) if text else ""


def _one_of(name: str, text: str, known: Mapping[str, str]) -> str:
    by_words = {key.lower(): key for key in known} | {title.lower(): key for key, title in known.items() if title}
    try:
        return by_words[text.lower()]
    except KeyError:
        raise InvalidInput(f"{name} “{text}” is none of {', '.join(known)}.") from None


def _number(name: str, text: str, lowest: int, highest: int) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 12 and lowest <= int(text) <= highest:
        return int(text)
    raise InvalidInput(f"{name} “{text}” has to be a whole number from {lowest} to {highest}.")
