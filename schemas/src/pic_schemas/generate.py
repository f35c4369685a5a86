"""Write the contract's files, or `--check` that they are what the code says; a broken contract is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pic_schemas.compatibility import breaks
from pic_schemas.contract import files, schemas

ROOT = Path(__file__).resolve().parents[2]


def broken(root: Path = ROOT) -> list[str]:
    """Incompatible differences between the committed schemas and the code, each naming its file."""
    current = schemas()
    found: list[str] = []
    for path in sorted((root / "json").glob("*.json")):
        if path.stem not in current:
            found.append(f"{path.name}: the type was removed")
            continue
        found += [
            f"{path.name}{why}" for why in breaks(json.loads(path.read_text("utf-8")), current[path.stem])
        ]
    return found


def drifted(root: Path = ROOT) -> list[str]:
    """Files that are missing or differ from what the code says."""
    return [name for name, text in files().items() if _text(root / name) != text]


def write(root: Path = ROOT) -> None:
    """Write every file of the contract."""
    for name, text in files().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    if found := broken():
        print(
            "Incompatible with the committed contract; make it a new type beside the old:", *found, sep="\n  "
        )
        return 1
    if "--check" in arguments:
        stale = drifted()
        if stale:
            print("Not what the code says; run python -m pic_schemas.generate:", *stale, sep="\n  ")
        return 1 if stale else 0
    write()
    return 0


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
