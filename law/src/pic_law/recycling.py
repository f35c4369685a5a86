"""Which operations, in which order, a waste code stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pic_law.codes import find, waste


def misfits(code: str, operations: Sequence[str], on: date) -> Iterator[str]:
    """What is wrong with these operations, in their order, for this code; nothing where the code sets none.

    B3011 stands for R3, or for one temporary storage (R13) followed by R3.
    """
    declared = waste(code, on)
    if declared is None or not declared.operations:
        return
    yield from (f"{code} is not for {one}" for one in operations if one not in declared.operations)
    yield from (f"{code} needs {one}" for one in declared.operations_need if one not in operations)
    interim = [one for one in operations if (entry := find("operation", one, on)) and entry.interim]
    if len(interim) > 1:
        yield f"{code} allows one temporary storage, {len(interim)} are declared"
    if interim and operations[-1] in interim:
        yield f"{operations[-1]} must be followed by {' or '.join(declared.operations_need)}"
