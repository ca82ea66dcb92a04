"""How many queries the long lists need with one row and with thousands: it should be the same number."""

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.pictures import seconds
from benchmarks.table import Row
from inflio.accounts.models import User, Workspace
from inflio.accounts.services import create_workspace
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas.models import Persona, Portrait
from personas.scenarios import SCENARIOS

MANY = 3000
PAGES = {"Gallery of personas": "/personas/", "Dashboard": "/dashboard"}


def measure() -> list[Row]:
    """Count queries and time of both pages, first with one persona, then with MANY."""
    call_command("migrate", verbosity=0)
    user = User.objects.create_user("queries@example.com", "a-long-quiet-evening")
    workspace = create_workspace(owner=user).workspace
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    add_personas(workspace, 1)
    one = {page: count_queries(client, address) for page, address in PAGES.items()}
    add_personas(workspace, MANY - 1)
    many = {page: count_queries(client, address) for page, address in PAGES.items()}
    rows = []
    for page in PAGES:
        counted = f"{one[page][0]} and {many[page][0]}"
        rows.append(Row(f"{page}: queries with 1 and {MANY} personas", counted, "", "the same"))
        rows.append(Row(f"{page}: time with {MANY} personas", many[page][1] * 1000, "ms"))
    return rows


def count_queries(client: Client, address: str) -> tuple[int, float]:
    """Queries and seconds of one page, which was read once before."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        took = seconds(lambda: client.get(address))
    return len(captured), took


def add_personas(workspace: Workspace, count: int) -> None:
    """Finished personas with their five portraits and jobs; lists do not open the files behind them."""
    picture = {"workspace": workspace, "source": Asset.Source.ENGINE, "mime": "image/jpeg", "size": 1}
    names = [f"Persona {number}" for number in range(count)]
    personas = Persona.objects.bulk_create(
        Persona(workspace=workspace, name=name, status=Persona.Status.READY) for name in names
    )
    places = [(persona, scenario) for persona in personas for scenario in SCENARIOS]
    assets = Asset.objects.bulk_create(
        Asset(**picture, name="bench.jpg", sha256="0" * 64, width=1024, height=1280, identity_score=0.9) for _ in places
    )
    jobs = Job.objects.bulk_create(
        Job(
            workspace=workspace,
            kind="portrait",
            engine="embedded",
            cluster="gpu",
            title=scenario.title,
            state=Job.State.DONE,
            idempotency_key=f"bench:{persona.pk}:{scenario.key}",
        )
        for persona, scenario in places
    )
    Portrait.objects.bulk_create(
        Portrait(persona=persona, scenario=scenario.key, asset=asset, job=job)
        for (persona, scenario), asset, job in zip(places, assets, jobs, strict=True)
    )
