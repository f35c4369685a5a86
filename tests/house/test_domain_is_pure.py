"""The domain rooms know the standard library, the law, the contract and nothing else."""

import ast
import re
import sys
from collections.abc import Iterator

from tests.house.source_files import Source, within

DOMAIN = re.compile(r"services/[^/]+/src/(?P<service>[^/]+)/domain(/|\.py$)")
ALLOWED = {*sys.stdlib_module_names, "pic_law", "pic_schemas"}


def imported(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, "." * node.level + (node.module or "")


def strangers(source: Source, service: str) -> list[str]:
    own = f"{service}.domain"
    return [
        f"{source.at(node)} {name}"
        for node, name in imported(source.tree)
        if name.split(".")[0] not in ALLOWED and not f"{name}.".startswith(f"{own}.")
    ]


def test_a_stranger_in_a_domain_room_is_recognised() -> None:
    text = (
        "import dataclasses\nimport pydantic\n"
        "from notifier.store import Row\nfrom notifier.domain.states import State\n"
    )
    assert len(strangers(Source("example.py", text, ast.parse(text)), "notifier")) == 2


def test_a_domain_room_imports_only_the_law_and_the_contract() -> None:
    rooms = [(source, DOMAIN.match(source.path)) for source in within("services/")]
    assert [place for source, room in rooms if room for place in strangers(source, room["service"])] == []
