"""Q_CLUSTER: the rules that django-q2 does not check."""

import pytest

from inflio.queue.conf import CLUSTERS, q_cluster


@pytest.fixture(params=CLUSTERS)
def effective(request):
    """What django-q2 makes of the setting in a process of that cluster."""
    conf = q_cluster()
    return conf | conf["ALT_CLUSTERS"].get(request.param, {})


def test_message_is_not_delivered_again_while_its_task_may_run(effective):
    assert effective["retry"] > effective["timeout"] * (2 + effective["queue_limit"] / effective["workers"])


def test_guard_timer_reaches_exactly_zero(effective):
    assert ((effective["timeout"] + 3) / effective["guard_cycle"]).is_integer()


def test_retries_and_schedules_are_ours(effective):
    assert effective["ack_failures"] is True
    assert effective["max_attempts"] == 1
    assert effective["scheduler"] is False


def test_gpu_worker_is_alone_and_keeps_its_model():
    gpu = q_cluster()["ALT_CLUSTERS"]["gpu"]

    assert gpu["workers"] == 1
    assert gpu["recycle"] >= 10**6
    assert "max_rss" not in gpu | q_cluster()


def test_database_is_the_broker_without_redis():
    assert q_cluster()["orm"] == "default"
    assert "redis" not in q_cluster()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://cache:6379/3", "redis://cache:6379/3?socket_connect_timeout=2&socket_timeout=10"),
        ("redis://cache/3?ssl=1", "redis://cache/3?ssl=1&socket_connect_timeout=2&socket_timeout=10"),
    ],
)
def test_redis_gets_time_outs(url, expected):
    conf = q_cluster(redis_url=url)

    assert conf["redis"] == expected
    assert "orm" not in conf
