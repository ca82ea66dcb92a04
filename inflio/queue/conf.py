"""The Q_CLUSTER setting of django-q2, in which every number has a measured reason."""

CLUSTERS = ("default", "gpu")
GUARD_CYCLE = 0.5  # the guard counts a timer down to exactly 0.0: other steps may skip past it and never kill


def q_cluster(
    *, redis_url: str = "", workers: int = 2, timeout: int = 120, gpu_timeout: int = 3600, poll: float = 0.2
) -> dict:
    """Return Q_CLUSTER: the database as broker, or Redis as a faster channel of hints when a URL is given.

    `timeout` and `gpu_timeout` are the longest run of one task in seconds. A message counts as lost only after `retry`
    seconds, which must exceed timeout x (2 + queue_limit / workers), or slow tasks are delivered twice.
    """
    broker: dict = {"redis": _redis(redis_url)} if redis_url else {"orm": "default"}
    return {
        "name": "inflio",  # also the signing salt: one for all clusters
        "label": "Background",
        **broker,
        "workers": workers,
        "queue_limit": workers,  # little prefetch: little to lose or to deliver again
        "bulk": 1,
        "timeout": timeout,
        "retry": timeout * 4,
        "ack_failures": True,  # a message is used up; whether to try again is decided in the row
        "max_attempts": 1,
        "save_limit": -1,
        "recycle": 500,
        "poll": poll,
        "guard_cycle": GUARD_CYCLE,
        "scheduler": False,  # our ticker instead
        "catch_up": False,
        "ALT_CLUSTERS": {
            "gpu": {
                "workers": 1,
                "queue_limit": 1,
                "timeout": gpu_timeout,
                "retry": gpu_timeout * 4,
                "recycle": 10**9,  # keep the loaded model; max_rss must stay unset for the same reason
            }
        },
    }


def _redis(url: str) -> str:
    """Add time-outs, so that a silent server delays a web request by two seconds and not for ever."""
    separator = "&" if "?" in url else "?"
    return f"{url}{separator}socket_connect_timeout=2&socket_timeout=10"
