"""docs/law.md is what the statute files say, and lists every entry with its standing."""

from pathlib import Path

from pic_law import document, generate
from pic_law.agreements import agreements
from pic_law.duties import profiles
from pic_law.markdown import UNVERIFIED
from pic_law.rules import rules

PAGE = document.page()


def test_the_page_is_what_the_statute_files_say() -> None:
    assert not generate.drifted(), "run python -m pic_law.generate"


def test_a_page_that_is_missing_or_differs_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "law.md"
    assert generate.drifted(file)
    generate.write(file)
    assert not generate.drifted(file)
    file.write_text(file.read_text("utf-8").replace("Art. 6", "Art. 7", 1), "utf-8")
    assert generate.drifted(file)


def test_every_entry_stands_in_the_page() -> None:
    ids = [
        *rules(),
        *(duty for profile in profiles().values() for duty in profile.duties),
        *(one.id for one in agreements()),
        *("TH_39_15", "EU_39_1_D_PLASTICS", "MY_SIRIM_COA", "EU_GUIDELINE_12_IN", "REFERENCE"),
    ]
    assert [id_ for id_ in ids if f"`{id_}`" not in PAGE] == []


def test_what_was_not_read_is_marked() -> None:
    page = PAGE
    unverified = [entry for entry in document.every_entry() if not entry.verified]
    assert unverified
    assert page.count(f"| {UNVERIFIED} |\n") >= len(unverified)
    line = next(line for line in page.splitlines() if line.startswith("| `ID_PLASTICS`"))
    assert line.endswith(f"| {UNVERIFIED} |")


def test_what_is_not_established_is_said() -> None:
    assert "Which Parties waived written transit consent" in PAGE
