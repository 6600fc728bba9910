"""What a benchmark says: its time beside a floor measured in the same run, and its promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measurement. ``limit`` in seconds, ``ratio`` to the floor: what was promised."""

    name: str
    seconds: float
    floor: float
    limit: float | None = None
    ratio: float | None = None

    @property
    def is_kept(self) -> bool:
        in_time = self.limit is None or self.seconds <= self.limit
        return in_time and (self.ratio is None or self.seconds <= self.ratio * self.floor)

    @property
    def promise(self) -> str:
        limits = f"≤ {self.limit:.2f} s" if self.limit else ""
        ratio = f"≤ {self.ratio:.2f} × floor" if self.ratio else ""
        return ", ".join(filter(None, (limits, ratio)))


def show(lines: Iterable[Line]) -> None:
    """Print the measurements as one table."""
    print(f"{'what':<48}{'seconds':>9}{'floor':>9}{'ratio':>8}  promise")  # noqa: T201
    for line in lines:
        kept = "kept" if line.is_kept else "MISSED"
        print(  # noqa: T201
            f"{line.name:<48}{line.seconds:>9.3f}{line.floor:>9.3f}"
            f"{line.seconds / line.floor:>8.2f}  {line.promise}: {kept}"
        )
