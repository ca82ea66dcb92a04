"""For fault trials only: points in the middle of publishing at which a worker dies when it is told to."""

import os
import signal
from pathlib import Path


def strike(point: str) -> None:
    """SIGKILL this process when the folder INFLIO_TRIAL_KILLS holds an order for this point; each order kills once.

    Does nothing outside of fault trials (INFLIO_TRIAL_ENGINE).
    """
    folder = os.environ.get("INFLIO_TRIAL_KILLS")
    if not folder or os.environ.get("INFLIO_TRIAL_ENGINE") != "1":
        return
    for order in Path(folder).glob(f"{point}.*"):
        try:
            order.unlink()
        except FileNotFoundError:
            continue  # another worker took it
        os.kill(os.getpid(), signal.SIGKILL)
