"""The engine of the fault trials: it sleeps, falls silent or kills its own worker as told, and keeps a log of it."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inflio.common.errors import EngineRefused
from inflio.generation.engines.base import Capability, Engine, EngineRequest, Output, Progress, Result

STEP_SECONDS = 0.05
PIXEL = bytes.fromhex(  # a grey PNG of one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a4944415478da6368000000820081da45083b0000000049454e44ae426082"
)


class TrialEngine(Engine):
    """Exists only where INFLIO_TRIAL_ENGINE is set; INFLIO_TRIAL_LOG names the log, one line for each start and end.

    Parameters: `name` in the log, `seconds` of work in small steps, `silent` seconds without any progress in the first
    run, `mute` to report none afterwards either, `kill` to SIGKILL its own worker.
    """

    name = "trial"
    title = "The trial engine"
    capabilities = {
        "trial": Capability(credits=1, typical_seconds=1, cluster="default"),
        "trial_gpu": Capability(credits=1, typical_seconds=1, cluster="gpu"),
    }

    def __init__(self) -> None:
        if os.environ.get("INFLIO_TRIAL_ENGINE") != "1":
            raise EngineRefused("The trial engine exists only in fault trials.")
        self._log = Path(os.environ["INFLIO_TRIAL_LOG"])

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        params = request.params
        first = not self._log.exists() or f"start {params['name']} " not in self._log.read_text()
        self._write("start", params)
        try:
            self._work(params, first, progress)
        except BaseException as error:
            self._write(type(error).__name__, params)
            raise
        self._write("end", params)
        return Result(outputs=(Output(PIXEL, "image/png", "png", 1, 1, {"trial": params["name"]}),))

    def _work(self, params: Mapping[str, Any], first: bool, progress: Progress) -> None:
        if params.get("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        if first:
            time.sleep(params.get("silent", 0))
        if params.get("mute"):
            return
        seconds = params.get("seconds", 0)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            progress(1 - left / seconds, "Trying")
            time.sleep(min(left, STEP_SECONDS))
        progress(1, "Tried")

    def _write(self, event: str, params: Mapping[str, Any]) -> None:
        """Append one line; short appends of several processes do not mix."""
        with self._log.open("a") as log:
            log.write(f"{event} {params['name']} {os.getpid()} {time.monotonic():.3f}\n")
