"""Guides as programs: their fenced blocks, run in order in one shell, and what each must print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.support.exchanges import ROOT, SECRET

GUIDES = ROOT / "docs"
_FENCE = re.compile(r"^```(\w+) *(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_MARK = re.compile(r"^@@ (\d+) (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the words behind it, its text, and where it stands."""

    guide: str
    line: int
    language: str
    marks: str
    text: str

    @property
    def is_run(self) -> bool:
        return self.language == "bash" and self.marks.split(" ")[0] == "run"

    @property
    def exit_code(self) -> int:
        found = re.search(r"exit=(\d+)", self.marks)
        return int(found.group(1)) if found else 0

    @property
    def file(self) -> str | None:
        found = re.search(r"file=(\S+)", self.marks)
        return found.group(1) if found else None

    def __str__(self) -> str:
        return f"docs/{self.guide}.md, line {self.line}"


def blocks_of(guide: str) -> list[Block]:
    """All fenced blocks of a guide, in order."""
    text = (GUIDES / f"{guide}.md").read_text("utf-8")
    return [
        Block(guide, text[: found.start()].count("\n") + 1, *found.groups())
        for found in _FENCE.finditer(text)
    ]


def play_guide(guide: str, url: str, folder: Path) -> dict[int, str]:
    """Run every block marked `run` in one bash; what each printed, by line. Raises AssertionError."""
    blocks = blocks_of(guide)
    _furnish(folder, blocks)
    ran = subprocess.run(
        ["bash", "-c", _script(blocks)], cwd=folder, env=_environment(url, folder), timeout=240, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    parts = _MARK.split(ran.stdout)
    printed = {int(line): text for text, line in zip(parts[::3], parts[1::3], strict=False)}
    codes = {int(line): int(code) for line, code in zip(parts[1::3], parts[2::3], strict=False)}
    for block in filter(lambda block: block.is_run, blocks):
        assert block.line in codes, f"{block} was not finished; it said: {parts[-1]}"
        told = f"{block} ended with {codes[block.line]}: {printed[block.line]}"
        assert codes[block.line] == block.exit_code, told
    for before, after in pairwise(blocks):
        if after.marks == "seen":
            _check_seen(after, printed[before.line])
    return printed


def _furnish(folder: Path, blocks: list[Block]) -> None:
    for name in ("Makefile", "tasks.py"):
        (folder / name).symlink_to(ROOT / name)
    # A copy: the workshop changes stories, and through a link it changed the library itself.
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for block in blocks:
        if block.file is not None:
            (folder / block.file).write_text(block.text, "utf-8")


def _environment(url: str, folder: Path) -> dict[str, str]:
    tools = Path(sys.executable).parent
    return {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PIC_URL": url,
        "PIC_OPERATOR_SECRET": SECRET,
        "PIC_HOME": str(folder / ".pic"),
        "COLUMNS": "140",
        "NO_COLOR": "1",
    }


def _script(blocks: list[Block]) -> str:
    """One shell for the whole guide, as its reader has it; the first unexpected error ends it."""
    lines = ["set -euo pipefail"]
    for block in filter(lambda block: block.is_run, blocks):
        wanted = "-e" if block.exit_code == 0 else "+e"
        # Whoever only presses Enter; a pipe would make a shell of its own.
        enter = " < <(yes '')" if "enter" in block.marks else ""
        lines += [f"set {wanted}", "{", block.text.rstrip(), f"}}{enter}", "code=$?", "set -e"]
        lines.append(f"printf '\\n@@ {block.line} %s\\n' \"$code\"")
    return "\n".join(lines)


def _check_seen(block: Block, printed: str) -> None:
    """Each line shown in the guide was printed, in this order; `...` stands for anything within a line."""
    rest = printed
    for line in block.text.splitlines():
        pattern = ".*".join(re.escape(part) for part in line.split("..."))
        found = re.search(pattern, rest)
        assert found is not None, f"{block}: {line!r} was not printed, but: {printed}"
        rest = rest[found.end() :]
