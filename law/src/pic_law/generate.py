"""Write docs/law.md from the statute files, or `--check` that it is what they say."""

from __future__ import annotations

import sys
from pathlib import Path

from pic_law.document import page
from pic_law.startup import read_every_statute

FILE = Path(__file__).resolve().parents[3] / "docs" / "law.md"


def drifted(file: Path = FILE) -> bool:
    """Whether the page is missing or not what the statute files say."""
    return not file.exists() or file.read_text("utf-8") != page()


def write(file: Path = FILE) -> None:
    """Write the page."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(), encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    read_every_statute()
    if "--check" not in arguments:
        write()
        return 0
    if drifted():
        print(f"{FILE} is not what the statute files say; run python -m pic_law.generate")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
