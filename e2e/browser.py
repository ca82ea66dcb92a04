"""The browser that the tests drive: Playwright's own Chromium or the system's; `python -m e2e.browser` gets one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_SECONDS = 300
NOT_TO_BE_HAD = (
    "The browser tests need Chromium, and it could not be installed here: install it "
    "(Debian: sudo apt-get install chromium), then run make again."
)


def find_chromium() -> Path | None:
    """Path of a Chromium that can be started, Playwright's own before the system's."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    return next((Path(found) for name in SYSTEM_NAMES if (found := shutil.which(name))), None)


def install_chromium() -> None:
    """Try Playwright's download, then Debian's package; whether it worked is for find_chromium to say."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if root := as_root():
        attempts += [[*root, "apt-get", "update", "--quiet"], [*root, "apt-get", "install", "--yes", "chromium"]]
    for command in attempts:
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=DOWNLOAD_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            sys.stderr.write(f"{command[0]} did not work: {error}\n")
        if find_chromium():
            return


def as_root() -> list[str] | None:
    """How to run a command as root without being asked: nothing to add, sudo, or None where that is impossible."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    sudo = ["sudo", "--non-interactive", "env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
        return sudo
    return None


def main() -> int:
    """Make sure that there is a Chromium; 0, or 1 after one plain sentence."""
    if find_chromium():
        return 0
    sys.stdout.write("Getting Chromium for the browser tests (once) …\n")
    sys.stdout.flush()
    install_chromium()
    if find_chromium():
        return 0
    sys.stderr.write(f"{NOT_TO_BE_HAD}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
