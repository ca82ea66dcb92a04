"""The day's pictures: no way to a job passes the plan's limit, and what makes no pictures is free of it."""

import pytest
from django.urls import reverse

from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict
from inflio.generation import services
from inflio.generation.models import Job
from inflio.generation.tests.cloud import photo
from inflio.generation.usage import DAY_LIMIT, images_today

pytestmark = pytest.mark.django_db


def draw(workspace, **more) -> Job:
    arguments = {"kind": "illustration", "params": {"scenario": "x", "seed": 7}} | more
    return services.create_job(workspace=workspace, engine="embedded", title="Ada", subject="persona:1", **arguments)


def spend_day(workspace, count: int = 50) -> None:
    Job.objects.create(workspace=workspace, kind="picture", engine="embedded", count=count, state="done")


def test_new_job_over_the_day_is_refused_and_costs_nothing(workspace):
    spend_day(workspace)
    with pytest.raises(Conflict) as refused:
        draw(workspace)
    assert refused.value.code == DAY_LIMIT
    assert (images_today(workspace), CreditAccount.objects.get(workspace=workspace).available) == (50, 100)


def test_retries_on_the_page_of_jobs_cannot_double_the_day(alice_client, workspace):
    stock = [services.cancel_job(job=draw(workspace)) for _ in range(3)]
    spend_day(workspace, 49)
    answers = [alice_client.post(reverse("generation:retry_job", args=[job.pk])) for job in stock]
    assert [answer.status_code for answer in answers] == [302, 409, 409]
    assert "midnight UTC" in answers[1].content.decode()
    assert images_today(workspace) == 50


def test_key_of_the_last_picture_gives_it_again_when_the_day_is_used_up(workspace):
    job = draw(workspace, idempotency_key="click")
    spend_day(workspace, 49)
    assert draw(workspace, idempotency_key="click") == job


def test_work_without_pictures_is_free_of_the_day(workspace):
    spend_day(workspace)
    assert draw(workspace, kind="analysis", params={}, pictures=[photo(workspace)]).is_open
