"""Codes as people write them: look-alike letters, hard spaces, several codes in a cell, national codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Problem = Literal["LOOK_ALIKE", "NO_BREAK_SPACE", "SEVERAL_CODES", "NATIONAL_CODE"]

IN_WORDS: dict[Problem, str] = {
    "LOOK_ALIKE": "a letter of another alphabet that looks Latin",
    "NO_BREAK_SPACE": "a space that cannot be seen",
    "SEVERAL_CODES": "several codes in one place",
    "NATIONAL_CODE": "a national code that only looks like one of the Convention",
}


@dataclass(frozen=True)
class NormalForm:
    """Codes as the list writes them, and what was wrong with how they were written."""

    codes: tuple[str, ...]
    problems: tuple[Problem, ...]

    def explained(self) -> str:
        """The problems in words, e.g. for a refusal."""
        return " and ".join(IN_WORDS[problem] for problem in self.problems)


def normal_form(written: str, national: Collection[str] = ()) -> NormalForm:
    """Read what stood in a cell; `national` are the codes that the writer's State uses in its own sense."""
    spaced = "".join(" " if char in _HARD_SPACES else char for char in written).upper()
    latin = unicodedata.normalize("NFKC", spaced).translate(_LOOK_ALIKES)
    codes = tuple(dict.fromkeys(_split(latin)))
    named: dict[Problem, bool] = {
        "LOOK_ALIKE": latin != spaced,
        "NO_BREAK_SPACE": any(char in _HARD_SPACES for char in written),
        "SEVERAL_CODES": len(codes) > 1,
        "NATIONAL_CODE": any(code in national for code in codes),
    }
    return NormalForm(codes, tuple(name for name, there in named.items() if there))


# Cyrillic and Greek capitals that print like Latin ones; seen in national reports.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXYISJABEZHIKMNOPTYX")
_HARD_SPACES = "\u00a0\u2007\u2009\u202f\u200b\u2060\u00ad\ufeff"
_SEPARATORS = ",;/+&|\n\r\t"


def _split(text: str) -> list[str]:
    for mark in _SEPARATORS:
        text = text.replace(mark, " ")
    return text.split()
