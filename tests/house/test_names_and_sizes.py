"""Names are the field's, modules say what they hold, files fit one sitting."""

import ast
import re
from pathlib import PurePosixPath

from tests.house.source_files import Source, sources

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "processor", "processors"}
LINES_AT_MOST = 400


def words(name: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)


def says_nothing(name: str) -> bool:
    lowered = [word.lower() for word in words(name)]
    return lowered == ["data"] or bool(EMPTY_WORDS & set(lowered))


def classes(source: Source) -> list[ast.ClassDef]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]


def test_a_name_that_says_nothing_is_recognised() -> None:
    assert all(map(says_nothing, ("utils", "case_helpers", "OutboxManager", "HTTPProcessor", "data", "Data")))
    assert not any(map(says_nothing, ("notification", "DatabaseId", "DataElement", "MovementDocument")))


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {s.path: PurePosixPath(s.path).with_suffix("").parts for s in sources()}
    assert [path for path, names in parts.items() if any(map(says_nothing, names))] == []


def test_no_class_has_a_name_that_says_nothing() -> None:
    assert [s.at(node) for s in sources() for node in classes(s) if says_nothing(node.name)] == []


def test_every_module_says_in_one_line_what_it_holds() -> None:
    assert [s.path for s in sources() if not has_one_line_summary(s)] == []


def has_one_line_summary(source: Source) -> bool:
    summary, _, rest = (ast.get_docstring(source.tree) or "").partition("\n")
    # A table or a tree may follow below a blank line, as in the module that draws the refusals.
    return len(summary) > len("TODO") and (not rest or rest.startswith("\n"))


def test_no_file_outgrows_400_lines() -> None:
    lengths = {source.path: source.text.count("\n") for source in sources()}
    assert {path: lines for path, lines in lengths.items() if lines > LINES_AT_MOST} == {}
