"""Job screens: members see and steer their workspace's jobs, strangers find nothing."""

import pytest
from django.urls import reverse

from inflio.accounts.models import Level
from inflio.generation import services
from inflio.generation.finish import end_job
from inflio.generation.models import Job
from inflio.queue.leases import claim

pytestmark = pytest.mark.django_db


def make_job(workspace, by=None) -> Job:
    return services.create_job(
        workspace=workspace,
        kind="illustration",
        engine="embedded",
        title="Ada: Headshot",
        subject="persona:1",
        params={"scenario": "x", "seed": 7},
        by=by,
    )


def fail(job: Job) -> Job:
    end_job(job=job, token=claim(Job, job.pk), state="failed", code="internal", message="The lens was dirty.")
    return job


def test_jobs_lists_only_the_workspace_s_own(alice_client, charlie, workspace):
    make_job(workspace)
    theirs = make_job(charlie.workspaces.get())
    page = alice_client.get(reverse("generation:jobs"))
    assert [job.workspace_id for job in page.context["jobs"]] == [workspace.pk]
    assert theirs.get_absolute_url() not in page.content.decode()


def test_jobs_pages_by_key(alice_client, workspace):
    jobs = [make_job(workspace) for _ in range(32)]
    first = alice_client.get(reverse("generation:jobs")).context
    assert [job.pk for job in first["jobs"]] == [job.pk for job in reversed(jobs[2:])]
    second = alice_client.get(
        reverse("generation:jobs"),
        {"before": first["next_before"]},
        headers={"HX-Request": "true", "HX-Target": "job-rows"},
    )
    listed = [job.pk for job in jobs if f'href="{job.get_absolute_url()}"' in second.content.decode()]
    assert listed == [jobs[0].pk, jobs[1].pk]
    assert b"<html" not in second.content


@pytest.mark.parametrize("count", [1, 3])
def test_jobs_takes_the_same_queries(alice_client, workspace, count, django_assert_num_queries):
    for _ in range(count):
        make_job(workspace)
    alice_client.get(reverse("generation:jobs"))
    with django_assert_num_queries(6):
        alice_client.get(reverse("generation:jobs"))


def test_job_says_its_place_and_asks_again_while_open(alice_client, workspace):
    make_job(workspace)
    job = make_job(workspace)
    page = alice_client.get(job.get_absolute_url()).content.decode()
    assert "Next in the queue" in page
    assert 'hx-trigger="every 1s"' in page


def test_job_that_failed_gives_the_reason_and_stops_asking(alice_client, workspace):
    job = fail(make_job(workspace))
    page = alice_client.get(job.get_absolute_url()).content.decode()
    assert "The lens was dirty." in page
    assert "Try again for 1 credit" in page
    assert "every 1s" not in page


def test_job_is_404_for_a_stranger(charlie_client, workspace):
    job = make_job(workspace)
    assert charlie_client.get(job.get_absolute_url()).status_code == 404
    for name in ("generation:cancel_job", "generation:retry_job"):
        assert charlie_client.post(reverse(name, args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == "queued"


def test_job_asks_a_guest_to_log_in(client, workspace):
    assert client.get(make_job(workspace).get_absolute_url()).status_code == 302


def test_cancel_job_ends_it_and_gives_the_credit_back(bob_client, workspace):
    job = make_job(workspace)
    assert bob_client.post(reverse("generation:cancel_job", args=[job.pk])).url == job.get_absolute_url()
    job.refresh_from_db()
    workspace.credits.refresh_from_db()
    assert (job.state, workspace.credits.available) == ("cancelled", 100)


def test_cancel_and_retry_need_an_editor(bob, bob_client, set_level, workspace):
    set_level(bob, Level.VIEWER)
    job = fail(make_job(workspace))
    for name in ("generation:cancel_job", "generation:retry_job"):
        assert bob_client.post(reverse(name, args=[job.pk])).status_code == 403
    assert Job.objects.count() == 1


def test_retry_job_twice_makes_one_new_job(bob, bob_client, workspace):
    job = fail(make_job(workspace))
    urls = {bob_client.post(reverse("generation:retry_job", args=[job.pk])).url for _ in range(2)}
    new = Job.objects.latest("pk")
    assert urls == {new.get_absolute_url()}
    assert (new.retry_of, new.created_by, Job.objects.count()) == (job, bob, 2)


def test_retry_job_that_still_runs_says_why_not(alice_client, workspace):
    page = alice_client.post(reverse("generation:retry_job", args=[make_job(workspace).pk]))
    assert page.status_code == 409
    assert "only a failed or cancelled one can be tried again" in page.content.decode()
