"""The Python files of the house, read once as syntax trees, for the tests of the house rules."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"node_modules", "__pycache__"}


@dataclass(frozen=True)
class Source:
    path: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def every_file() -> Iterator[Path]:
    """Every file of the work tree but hidden folders (.git, .venv, .pic, caches) and what npm installs."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and (name == ".ci" or name[0] != ".")]
        yield from (Path(folder) / name for name in names)


@cache
def sources() -> tuple[Source, ...]:
    return tuple(_read(path) for path in sorted(every_file()) if path.suffix == ".py")


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def within(*rooms: str) -> tuple[Source, ...]:
    return tuple(source for source in sources() if source.path.startswith(rooms))
