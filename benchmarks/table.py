"""A row of figures and the table they are printed in."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADS = ("What", "Measured", "Target", "Unavoidable", "Ratio")


@dataclass(frozen=True)
class Row:
    """One figure; `unavoidable` is the time, in the same unit, of the work that any solution has to do."""

    what: str
    measured: float | str
    unit: str = "s"
    target: str = ""
    unavoidable: float | None = None

    def cells(self) -> tuple[str, ...]:
        """The row's five cells as text."""
        floor, ratio = "", ""
        if self.unavoidable:
            floor, ratio = self._with_unit(self.unavoidable), f"{self.measured / self.unavoidable:.1f} x"
        return (self.what, self._with_unit(self.measured), self.target, floor, ratio)

    def _with_unit(self, value: float | str) -> str:
        number = f"{value:.2f}" if isinstance(value, float) else str(value)
        return f"{number} {self.unit}".strip()


def as_markdown(rows: Sequence[Row]) -> str:
    """A Markdown table whose columns also line up in a terminal."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)
