"""Where packages come from is a setting of the machine, never of this repository."""

from tests.house.source_files import ROOT, every_file

# Written in two parts, or this file would break its own rule.
REGISTRIES = tuple(
    ".".join(parts).encode()
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("repo1", "maven", "org"),
        ("repo", "maven", "apache", "org"),
        ("static", "crates", "io"),
        ("proxy", "golang", "org"),
    )
)


def test_no_file_names_a_package_registry() -> None:
    naming = [path for path in every_file() if any(host in path.read_bytes() for host in REGISTRIES)]
    assert [path.relative_to(ROOT).as_posix() for path in naming] == []
