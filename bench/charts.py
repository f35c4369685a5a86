"""Bars as SVG, drawn without a library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" '
    'font-family="sans-serif" font-size="13">'
    '<rect width="760" height="{height}" fill="#fff"/>'
)


def bars(amounts: dict[str, float], to: Path, title: str) -> None:
    """One bar an entry."""
    most = max(amounts.values()) or 1
    parts = [
        HEAD.format(height=40 + 26 * len(amounts)),
        f'<text x="10" y="22" font-weight="bold">{title}</text>',
    ]
    for place, (name, amount) in enumerate(amounts.items()):
        y = 40 + 26 * place
        parts.append(f'<text x="10" y="{y + 13}">{name}</text>')
        parts.append(f'<rect x="150" y="{y}" width="{amount / most * 500:.0f}" height="18" fill="#2b6cb0"/>')
        parts.append(f'<text x="{156 + amount / most * 500:.0f}" y="{y + 13}">{amount:g}</text>')
    to.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")


def chart(figures: Sequence[dict[str, Any]], to: Path) -> None:
    """How much of its limit each ratio uses: full to the line is the limit, beyond it is not kept."""
    parts = [
        HEAD.format(height=60 + 30 * len(figures)),
        '<text x="10" y="22" font-weight="bold">Share of each limit that is used (line: the limit)</text>',
    ]
    for place, each in enumerate(figures):
        sign, bound = each["limit"].split()
        used = each["ratio"] / float(bound) if sign == "<=" else float(bound) / each["ratio"]
        y, colour = 44 + 30 * place, "#2f855a" if each["kept"] else "#c53030"
        parts.append(f'<text x="10" y="{y + 13}">{each["name"].replace("`", "")}</text>')
        parts.append(
            f'<rect x="400" y="{y}" width="{min(used, 1.6) * 200:.0f}" height="18" fill="{colour}"/>'
        )
        parts.append(f'<text x="{406 + min(used, 1.6) * 200:.0f}" y="{y + 13}">{used:.0%}</text>')
    height = 40 + 30 * len(figures)
    parts.append(f'<line x1="600" y1="36" x2="600" y2="{height}" stroke="#222" stroke-width="2"/>')
    to.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")
