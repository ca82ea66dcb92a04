"""Plans of batches: every combination once, and every bad row named."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.batches.csv_plan import read_csv
from content.batches.orders import SEED_STEP, SEEDS, make_grid, picture_count
from inflio.common.errors import InvalidInput

YACHT = "luxury.yacht"
KNOWN = {
    "personas": {"ada": 1, "1": 1, "grace": 2, "2": 2},
    "styles": {"natural": "Natural", "bold": "Bold"},
    "aspects": ("4:5", "9:16"),
    "places": lambda persona, look: {"yacht_bow": "Bow at golden hour"} if (persona, look) == (1, YACHT) else {},
    "engine": "embedded",
    "first_seed": 100,
}


def read(text: str):
    return read_csv(text.encode(), **KNOWN)


def test_grid_holds_every_combination_once():
    orders = make_grid(
        personas=[1, 2],
        looks=["lifestyle.travel", "luxury.yacht"],
        styles=["natural", "bold"],
        first_seed=5,
        seeds=3,
        count=4,
        aspect="9:16",
    )
    assert len({(o.persona_id, o.look, o.style, o.seed) for o in orders}) == len(orders) == 2 * 2 * 2 * 3
    assert {o.seed for o in orders} == {5, 5 + SEED_STEP, 5 + 2 * SEED_STEP}
    assert {o.aspect for o in orders} == {"9:16"}
    assert picture_count(orders) == 24 * 4


def test_csv_reads_names_titles_and_defaults():
    plan = read("Persona,Look,Style,Count,Seed,Aspect\nAda,travel,Bold,4,7,9:16\n2,luxury.yacht,,,,\n")
    first, second = plan.orders
    assert (first.persona_id, first.look, first.style, first.count, first.seed, first.aspect) == (
        1,
        "lifestyle.travel",
        "bold",
        4,
        7,
        "9:16",
    )
    assert (second.persona_id, second.look, second.style, second.count) == (2, "luxury.yacht", "natural", 1)
    assert plan.faults == []


def test_csv_takes_semicolons_a_byte_order_mark_and_quoted_commas():
    plan = read_csv(
        '\ufeffpersona;look;details\nAda;journey;"rain, wind; a red coat"\n\n'.encode(),
        **KNOWN,
    )
    assert [order.details for order in plan.orders] == ["rain, wind; a red coat"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Eve,travel,,", "no persona “Eve”"),
        ("Ada,moon,,", "look “moon”"),
        ("Ada,travel,loud,", "style “loud”"),
        ("Ada,travel,,9", "count “9”"),
        ("Ada,travel,,-1", "count “-1”"),
        ("Ada,travel,,²", "count “²”"),
        ("Ada,travel,,1,extra", "more cells than columns"),
        ("Ada", "look “”"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_kept(row: str, words: str):
    plan = read(f"persona,look,style,count\n{row}\nGrace,headshot,,2\n")
    assert len(plan.orders) == 1
    assert len(plan.faults) == 1
    assert plan.faults[0].startswith("Line 2: ")
    assert words in plan.faults[0]


def test_a_row_that_ends_before_the_persona_is_named():
    assert read("look,persona\ntravel\n").faults == [
        "Line 2: there is no persona “” that is ready. Write its name or its number."
    ]


@pytest.mark.parametrize("place", ["yacht_bow", "Yacht_Bow", "bow at golden hour", ""])
def test_a_place_is_named_by_its_key_or_its_title(place: str):
    (order,) = read(f"persona,look,place\nAda,yacht,{place}\n").orders
    assert order.place == ("yacht_bow" if place else "")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Ada,yacht,the moon", "place “the moon” is none of yacht_bow."),
        ("Ada,travel,yacht_bow", "this engine has no places of its own. Leave it empty."),
        (f"Grace,yacht,{'x' * 41}", "Leave it empty."),
    ],
)
def test_a_place_that_is_not_offered_is_named(row: str, words: str):
    (fault,) = read(f"persona,look,place\n{row}\n").faults
    assert fault.startswith("Line 2: ")
    assert words in fault


def test_grid_seeds_begin_anew_where_they_would_be_too_high():
    orders = make_grid(personas=[1], looks=[YACHT], styles=["natural"], first_seed=SEEDS - SEED_STEP, seeds=3)
    assert [order.seed for order in orders] == [SEEDS - SEED_STEP, 0, SEED_STEP]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "missing: persona, look"),
        (b"persona\nAda", "missing: look"),
        (b"persona,look,colour\nAda,travel,red", "Unknown columns: colour"),
        (b"persona,look,look\nAda,travel,home", "twice: look"),
        (b"persona,look\n", "no rows"),
        (b"\xff\xfe\x00p", "not UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a CSV file"),
        (b'persona,look\n"Ada,travel', "quotation marks"),
        (b"persona,look\n" + b"Ada,travel\n" * 1001, "more than 1000 rows"),
    ],
)
def test_an_unreadable_file_says_what_to_do(data: bytes, words: str):
    with pytest.raises(InvalidInput, match=words):
        read_csv(data, **KNOWN)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes):
    try:
        plan = read_csv(data, **KNOWN)
    except InvalidInput:
        return
    assert plan.orders or plan.faults


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), max_size=5))
def test_every_row_becomes_an_order_or_a_fault(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["persona", "look", "count"], *rows])
    try:
        plan = read(out.getvalue())
    except InvalidInput:
        return
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert len(plan.orders) + len(plan.faults) == len(filled)
