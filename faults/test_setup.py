"""The set-up behind `make run`: whatever goes wrong is one plain sentence, and it can be repeated."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKE = shutil.which("make")


def write_wheel(folder: Path, version: str, *, name: str = "probe", module: str = "", filler: int = 0) -> None:
    """Put a wheel into a folder: with probe.py, or with `module` as cv2.py; `filler` bytes make it large."""
    folder.mkdir(exist_ok=True)
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(
        folder / f"{info.removesuffix('.dist-info')}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED
    ) as wheel:
        wheel.writestr("cv2.py" if module else "probe.py", module or f"VERSION = {version!r}\n")
        wheel.writestr(f"{name}.bin", bytes(filler))
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", kind)
        wheel.writestr(f"{info}/RECORD", "")


def make_checkout(folder: Path) -> Path:
    """A checkout with the real set-up files, and one small package to install instead of the real ones."""
    folder.mkdir()
    for name in ("Makefile", "bootstrap.py"):
        shutil.copy(ROOT / name, folder)
    (folder / "requirements.txt").write_text("probe==1.0\n")
    (folder / "requirements-dev.txt").write_text("-r requirements.txt\n")
    write_wheel(folder / "wheels", "1.0")
    return folder


@pytest.fixture
def checkout(tmp_path):
    return make_checkout(tmp_path / "checkout")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A checkout whose set-up has run."""
    folder = make_checkout(tmp_path_factory.mktemp("finished") / "checkout")
    assert run_setup(folder).returncode == 0
    return folder


@pytest.fixture
def installed(finished, tmp_path):
    """A copy of a checkout whose set-up has run."""
    return shutil.copytree(finished, tmp_path / "installed", symlinks=True)


def environment(checkout: Path, **changes: str) -> dict[str, str]:
    """The environment of a set-up that finds packages in the checkout's own folder only."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "MAKE", "MFLAGS"))
    }
    found = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout / "wheels")}
    return plain | found | changes


def run_setup(checkout: Path, *, shell: str | None = None, **changes: str) -> subprocess.CompletedProcess:
    """Run `make packages` in the checkout, or a shell script that ends with it."""
    command = ["unshare", "--map-root-user", "--mount", "sh", "-ec", shell] if shell else [MAKE, "packages"]
    return subprocess.run(
        command,
        cwd=checkout,
        env=environment(checkout, **changes),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_sentence(outcome: subprocess.CompletedProcess, beginning: str) -> None:
    """The set-up failed and said why in exactly one line, besides make's own closing line."""
    assert outcome.returncode != 0
    said = [line for line in outcome.stderr.splitlines() if not line.startswith(("make:", "make["))]
    assert len(said) == 1, outcome.stderr
    assert said[0].startswith(beginning)
    assert said[0].endswith(".")
    assert "Traceback" not in outcome.stdout


def ask_for_more(checkout: Path) -> None:
    """Change a pin, so that the set-up has something to install."""
    (checkout / "requirements.txt").write_text("probe==2.0\n")
    write_wheel(checkout / "wheels", "2.0")


def installed_version(checkout: Path) -> str:
    command = [checkout / ".venv/bin/python", "-c", "import probe; print(probe.VERSION)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_setup_installs_once_then_only_looks(finished):
    assert installed_version(finished) == "1.0"

    second = run_setup(finished, PIP_FIND_LINKS="/nowhere")

    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_setup_follows_a_changed_pin_and_keeps_the_environment(installed):
    keepsake = installed / ".venv/keepsake"
    keepsake.touch()
    ask_for_more(installed)

    run_setup(installed)

    assert installed_version(installed) == "2.0"
    assert keepsake.exists()


def test_setup_starts_afresh_when_the_environment_is_broken(installed):
    python = installed / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3")

    assert run_setup(installed).returncode == 0
    assert installed_version(installed) == "1.0"


def test_setup_takes_the_other_opencv_where_display_libraries_are_missing(installed):
    (installed / "requirements.txt").write_text("opencv-python==1.0\n")
    broken = "raise ImportError('libGL.so.1: cannot open shared object file')\n"
    write_wheel(installed / "wheels", "1.0", name="opencv-python", module=broken)
    write_wheel(installed / "wheels", "1.0", name="opencv-python-headless", module="BUILD = 'headless'\n")

    assert run_setup(installed).returncode == 0

    command = [installed / ".venv/bin/python", "-c", "import cv2; print(cv2.BUILD)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "headless"


def test_setup_interrupted_can_be_repeated(installed):
    ask_for_more(installed)
    with socket.create_server(("127.0.0.1", 0)) as silent_index:
        url = f"http://127.0.0.1:{silent_index.getsockname()[1]}/simple"
        changes = environment(installed, PIP_INDEX_URL=url, PIP_FIND_LINKS="")
        del changes["PIP_NO_INDEX"]
        running = subprocess.Popen(
            [MAKE, "packages"],
            cwd=installed,
            env=changes,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        silent_index.settimeout(60)
        silent_index.accept()[0].close()  # pip is at work now
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=120)

    assert "Set-up was interrupted: run make again" in said
    assert "Traceback" not in said
    assert run_setup(installed).returncode == 0
    assert installed_version(installed) == "2.0"


def test_setup_without_network_says_so(installed):
    ask_for_more(installed)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        outcome = run_setup(installed, PIP_INDEX_URL=url, PIP_FIND_LINKS="", PIP_NO_INDEX="0")

    assert_one_sentence(outcome, "The package index could not be reached: check the network")


def test_setup_with_an_old_python_says_so(checkout, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    old = (
        f"""#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.version_info = (3, 9, 2); exec(sys.argv[2])' "$@"\n"""
    )
    (tools / "python3").write_text(old)
    (tools / "python3").chmod(0o755)

    outcome = run_setup(checkout, PATH=str(tools))

    assert_one_sentence(outcome, "Inflio needs Python 3.11 or newer: install it")
    assert not (checkout / ".venv").exists()


def test_setup_passes_over_an_old_python(installed, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in {
        "python3": "#!/bin/sh\nexit 1\n",
        "python3.12": f'#!/bin/sh\nexec {sys.executable} "$@"\n',
    }.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)

    assert run_setup(installed, PATH=str(tools)).returncode == 0


def test_setup_without_venv_module_says_so(checkout, tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as on Debian without python3-venv')\n")

    outcome = run_setup(checkout, PYTHONPATH=str(tmp_path))

    assert_one_sentence(outcome, "This Python has no venv module: install it")


def can_mount() -> bool:
    command = ["unshare", "--map-root-user", "--mount", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_mount = pytest.mark.skipif(not can_mount(), reason="this machine lets nobody mount a small disk for the trial")
SMALL_DISK = "mount -t tmpfs -o size={size} none {disk}; cp -r . {disk}; cd {disk}; "


@needs_mount
def test_setup_on_a_disk_too_small_says_so(checkout, tmp_path):
    script = SMALL_DISK.format(size="30m", disk=tmp_path / "disk") + "make packages"
    (tmp_path / "disk").mkdir()

    assert_one_sentence(run_setup(checkout, shell=script), "The disk is full: free about 1.5 GB")


@needs_mount
def test_setup_when_the_disk_fills_up_says_so(checkout, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    (checkout / "requirements.txt").write_text("probe==2.0\n")
    write_wheel(checkout / "wheels", "2.0", filler=90_000_000)
    (checkout / "stamp.json").write_text(json.dumps({"python": sys.version}))
    begun = f"{sys.executable} -m venv .venv; mv stamp.json .venv/inflio-setup.json; "

    outcome = run_setup(checkout, shell=SMALL_DISK.format(size="70m", disk=disk) + begun + "make packages")

    assert_one_sentence(outcome, "The disk is full: free about 1.5 GB")


@needs_mount
def test_setup_without_write_permission_says_so(checkout, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = SMALL_DISK.format(size="30m", disk=disk) + f"mount -o remount,ro {disk}; make packages"

    assert_one_sentence(run_setup(checkout, shell=script), "Files in")


def test_two_setups_at_once_wait_for_each_other(checkout):
    changes = environment(checkout)
    both = [
        subprocess.Popen([MAKE, "packages"], cwd=checkout, env=changes, stdout=subprocess.DEVNULL) for _ in range(2)
    ]

    assert [one.wait(timeout=120) for one in both] == [0, 0]
    assert (checkout / "var/log/setup.log").read_text().count("Successfully installed probe-1.0") == 1
