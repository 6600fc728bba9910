"""The checklists that come with Taishan: forms like any other, kept as text (forms/library)."""

from pathlib import Path

FOLDER = Path(__file__).parent / "libraries" / "checklists"
