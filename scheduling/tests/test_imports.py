"""Posts from a CSV file: a verdict for each row, nothing guessed, nothing twice, nothing that runs in a spreadsheet."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from content.tests.gallery_makers import plain_persona
from inflio.accounts.models import Level
from inflio.common.errors import InvalidInput
from scheduling.models import Post
from scheduling.post_rows import MOST_BYTES, MOST_ROWS, safe_text, write_rows
from scheduling.services.timing.imports import import_posts, look_over
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
HEADER = "date,time,zone,persona,channels,caption,pictures"
DAY = (datetime.now() + timedelta(days=20)).strftime("%Y-%m-%d")


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


@pytest.fixture
def page(persona):
    """Ada's own public page: a channel on which words alone may go out."""
    return makers.channel(persona, "site", handle="ada")


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def verdicts(workspace, *rows: str, **more) -> list[list[str]]:
    return [row.faults for row in look_over(workspace=workspace, data=table(*rows, **more), tzid="Europe/Paris")]


def fault(workspace, row: str) -> str:
    return " ".join(verdicts(workspace, row)[0])


def test_a_good_row_becomes_a_draft(workspace, alice, persona, page):
    item = makers.gallery_item(persona, size=(200, 250))
    data = table(f"{DAY},9:30,America/New_York,ada,site:ada,Hello there,{item.pk}")
    posts, rows = import_posts(workspace=workspace, data=data, tzid="UTC", schedule=False, by=alice)
    post = posts[0]
    assert (post.state, post.tzid, post.caption, post.persona) == ("draft", "America/New_York", "Hello there", persona)
    assert post.starts_local.strftime("%Y-%m-%d %H:%M") == f"{DAY} 09:30"
    assert [one.item for one in post.media.all()] == [item]
    assert [one.channel for one in post.targets.all()] == [page]


def test_channels_are_told_apart_though_a_name_holds_spaces(workspace, alice, persona, page):
    linkedin = makers.channel(persona, "linkedin", handle="Ada Studio")
    cells = (
        "ada linkedin:Ada Studio",
        '"linkedin:ada studio, ada"',
        "LinkedIn:Ada Studio; site:ada",
        "Ada Studio;ada",
    )
    for minute, cell in enumerate(cells, 10):
        data = table(f"{DAY},09:{minute},,Ada,{cell},Hello,")
        posts, rows = import_posts(workspace=workspace, data=data, tzid="UTC", schedule=False, by=alice)
        assert [row.faults for row in rows] == [[]], cell
        assert {one.channel for one in posts[0].targets.all()} == {page, linkedin}, cell
    assert "“linkedin:Nobody” is no channel" in fault(workspace, f"{DAY},09:30,,Ada,linkedin:Nobody Ada,Hello,")


def test_good_rows_are_scheduled_and_those_that_are_not_ready_stay_drafts(workspace, alice, persona, page):
    data = table(f"{DAY},09:30,,Ada,ada,Hello,", f"{DAY},10:30,,Ada,,No channel,")
    posts, rows = import_posts(workspace=workspace, data=data, tzid="UTC", schedule=True, by=alice)
    assert [post.state for post in posts] == ["scheduled", "draft"]
    assert posts[0].publications.count() == 1
    assert "Kept as a draft" in rows[1].cells["note"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"{DAY},09:30,Mars/Base,Ada,,Hello,", "no time zone"),
        ("2020-01-01,09:30,,Ada,,Hello,", "over"),
        ("2095-01-01,09:30,,Ada,,Hello,", "ten years"),
        (f"{DAY},25:30,,Ada,,Hello,", "Write the date"),
        ("tomorrow,09:30,,Ada,,Hello,", "Write the date"),
        (f"{DAY},09:30,,Nobody,,Hello,", "no persona"),
        (f"{DAY},09:30,,Ada,myspace:ada,Hello,", "no channel"),
        (f"{DAY},09:30,,Ada,,,", "neither words nor pictures"),
        (f"{DAY},09:30,,Ada,,Hello,999999", "no finished picture 999999"),
        (f"{DAY},09:30,,Ada,,Hello,first", "no number of a picture"),
        (f"{DAY},09:30,,Ada,,Hello,1,2,3", "more cells"),
        (f"{DAY},09:30,,Ada,,{'x' * 5001},", "5,000"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(workspace, persona, row, words):
    assert words in fault(workspace, row)


def test_foreign_and_other_peoples_pictures_are_refused(workspace, alice, charlie, persona):
    theirs = makers.gallery_item(plain_persona(charlie.workspaces.get(), charlie), size=(64, 80))
    hers = makers.gallery_item(plain_persona(workspace, alice, name="Grace"), 2, size=(64, 80))
    assert "no finished picture" in fault(workspace, f"{DAY},09:30,,Ada,,Hello,{theirs.pk}")
    assert "another persona" in fault(workspace, f"{DAY},09:30,,Ada,,Hello,{hers.pk}")
    channel = makers.channel(plain_persona(charlie.workspaces.get(), charlie), handle="charlies")
    assert "no channel" in fault(workspace, f"{DAY},09:30,,Ada,instagram:{channel.handle},Hello,")


def test_names_that_two_have_are_not_guessed(workspace, alice, persona):
    plain_persona(workspace, alice)
    assert "Two personas" in fault(workspace, f"{DAY},09:30,,Ada,,Hello,")
    assert verdicts(workspace, f"{DAY},09:30,,{persona.pk},,Hello,") == [[]]
    for platform in ("instagram", "tiktok"):
        makers.channel(persona, platform, handle="same")
    assert "two channels" in fault(workspace, f"{DAY},09:30,,{persona.pk},same,Hello,")
    assert verdicts(workspace, f"{DAY},09:30,,{persona.pk},tiktok:@same,Hello,") == [[]]


def test_a_row_that_is_there_twice_or_was_posted_before_is_left_out(workspace, alice, persona):
    row = f"{DAY},09:30,,Ada,,Hello,"
    first, second = verdicts(workspace, row, row)
    assert first == []
    assert "same as line 2" in second[0]
    by_hand = datetime.fromisoformat(f"{DAY}T09:30")
    makers.post(persona, pictures=0, caption="Hello", starts_local=by_hand, tzid="Europe/Paris", state="draft")
    assert "there already" in fault(workspace, row)


def test_importing_twice_makes_nothing_twice_even_after_a_cancel(workspace, alice, persona):
    data = table(f"{DAY},09:30,,Ada,,Hello,", f"{DAY},10:30,,Ada,,Hello,")
    args = {"workspace": workspace, "data": data, "tzid": "UTC", "schedule": False, "by": alice}
    assert len(import_posts(**args)[0]) == 2
    posts, rows = import_posts(**args)
    assert posts == []
    assert {"imported already" in row.faults[0] for row in rows} == {True}
    Post.objects.update(state=Post.State.CANCELLED)
    assert import_posts(**args)[0] == []
    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"date,time\n", "missing: persona, caption"),
        (b"date,time,persona,caption,colour\n", "Unknown columns: colour"),
        (b"date,time,persona,caption,caption\n", "twice"),
        (b"date,time,persona,caption\n\n", "no rows"),
        (b'date,time,persona,caption\n1,2,3,"x', "quotation"),
        (b"\0", "not a CSV"),
        (b"", "missing"),
        (b"date,time,persona,caption\n" + b"2026-01-01,09:30,Ada,x\n" * (MOST_ROWS + 1), "more than 500 rows"),
        (b"x" * (MOST_BYTES + 1), "larger"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(workspace, data, words):
    with pytest.raises(InvalidInput, match=words):
        look_over(workspace=workspace, data=data, tzid="UTC")


def test_semicolons_and_line_breaks_inside_quotes_are_read(workspace, persona):
    data = f'date;time;persona;caption\n{DAY};09:30;Ada;"Two\r\nlines; here"'.encode()
    rows = look_over(workspace=workspace, data=data, tzid="UTC")
    assert (rows[0].caption, rows[0].faults) == ("Two\nlines; here", [])


def test_gaps_of_the_clock_are_shown_in_the_verdict(workspace, persona):
    rows = look_over(
        workspace=workspace,
        data=table("2027-03-28,02:30,Europe/Paris,Ada,,Hello,", "2027-10-31,02:30,Europe/Paris,Ada,,Hello,"),
        tzid="UTC",
    )
    assert [row.moment.note for row in rows] == ["gap", "fold"]


@pytest.mark.parametrize("cell", ["=1+1", "+33 6", "-2", "@ada", "\t=1"])
def test_what_we_write_runs_in_no_spreadsheet_and_reads_back_the_same(cell):
    written = next(csv.reader(io.StringIO(write_rows([[cell]]))))[0]
    assert written.startswith("'")
    assert safe_text(written) == cell


def test_the_page_shows_verdicts_then_imports_once(alice_client, workspace, persona, page):
    data = table(f"{DAY},09:30,,Ada,ada,Hello,", "2020-01-01,09:30,,Ada,ada,Old,")
    looked = alice_client.post("/calendar/import", {"file": SimpleUploadedFile("p.csv", data)}).content.decode()
    assert "1 of 2 rows" in looked
    assert "This time is over" in looked
    assert not Post.objects.exists()
    for _ in range(2):
        alice_client.post("/calendar/import", {"text": data.decode(), "do": "schedule"})
    assert [post.state for post in Post.objects.all()] == ["scheduled"]


def test_faults_of_the_page(alice_client, persona):
    assert alice_client.post("/calendar/import", {}).status_code == 422
    big = SimpleUploadedFile("p.csv", b"x" * (MOST_BYTES + 1))
    assert alice_client.post("/calendar/import", {"file": big}).status_code == 422
    assert alice_client.post("/calendar/import", {"file": SimpleUploadedFile("p.csv", b"a,b")}).status_code == 422
    assert alice_client.post("/calendar/import", {"text": "", "do": "drafts"}).status_code == 302


def test_the_template_can_be_imported_as_it_is(alice_client, workspace, page, persona):
    answer = alice_client.get("/calendar/import/template.csv")
    rows = look_over(workspace=workspace, data=answer.content, tzid="UTC")
    assert [row.faults for row in rows] == [[]]


def test_strangers_import_into_their_own_studio_and_viewers_nowhere(
    charlie_client, bob_client, bob, set_level, persona
):
    data = table(f"{DAY},09:30,,Ada,,Hello,").decode()
    charlie_client.post("/calendar/import", {"text": data, "do": "drafts"})
    set_level(bob, Level.VIEWER)
    for url in ("/calendar/import", "/calendar/import/template.csv"):
        assert bob_client.get(url).status_code == 403
    assert not Post.objects.exists()
