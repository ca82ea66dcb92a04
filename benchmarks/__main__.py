"""Run every benchmark and print one table; figures are reported as measured, none is ever asserted."""

import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from benchmarks.table import as_markdown

BENCHMARKS = (
    "worker",
    "content",
    "journey",
    "queries",
    "faults",
    "gallery",
    "cloud",
    "providers",
    "films",
    "schedule",
    "publishing",
)


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them, with data of their own."""
    with tempfile.TemporaryDirectory(prefix="inflio-bench-") as var:
        os.environ["INFLIO_VAR"] = var
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inflio.settings")
        Path(var, "static").mkdir()  # its absence would be warned about
        import_module("django").setup()
        rows = []
        for name in names or BENCHMARKS:
            sys.stderr.write(f"Measuring: {name} …\n")
            rows += import_module(f"benchmarks.{name}").measure()
    sys.stdout.write(f"{as_markdown(rows)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
