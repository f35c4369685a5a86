"""Rows as CSV: no cell is ever a formula."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from pic_kit.spreadsheet import as_csv


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0"])
def test_what_could_start_a_formula_is_text(cell: str) -> None:
    _, (read, number) = csv.reader(StringIO(as_csv(["a", "b"], [[cell, -5]]), newline=""))
    assert read == f"'{cell}"
    assert number == "-5"


def test_quotes_commas_and_lines_come_back_as_they_were() -> None:
    cell = 'bales, "wet"\nand more'
    assert list(csv.reader(StringIO(as_csv(["a"], [[cell], [None]]), newline=""))) == [["a"], [cell], [""]]
