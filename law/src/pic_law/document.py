"""The law as one page: every rule, duty, prohibition, agreement and limit with source, dates and standing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pic_law import (
    changes,
    codes,
    contamination,
    data_elements,
    detentions,
    duties,
    grounds,
    illegal_traffic,
    numbers,
    passages,
    plastics,
    remedies,
    views,
)
from pic_law.agreements import agreements
from pic_law.border_papers import exemptions, papers
from pic_law.countries import Country, PlasticRule, countries, projects, unions
from pic_law.dated import Entry, Timelines
from pic_law.dual_notices import dual_notices
from pic_law.duties import Duty
from pic_law.export_grounds import export_grounds
from pic_law.governing import regimes
from pic_law.indicators import all_indicators
from pic_law.markdown import (
    UNVERIFIED,
    Column,
    bond,
    flat,
    id_,
    listed,
    markdown,
    outcome,
    roles,
    said,
    span,
    table,
    title,
    where,
    whose,
)
from pic_law.open_points import open_points
from pic_law.prohibitions import ban_amendment, judged, procedures, prohibitions
from pic_law.reach import Reach
from pic_law.requirements import all_requirements
from pic_law.rules import rules
from pic_law.samples import samples
from pic_law.tolerances import Tolerance, tolerances

HEAD = f"""# The law in this exchange

Made by `python -m pic_law.generate` from the statute files in `law/src/pic_law/statutes`; do not edit.
Texts are short forms, the cited texts are authoritative. {UNVERIFIED}: known, but the text itself was not
read again; nothing hard should rest on it alone. Dates are the first and the last day on which an entry
holds; a blank is open.
"""


def page() -> str:
    """The whole document as Markdown."""
    return "\n".join((HEAD, _state(), *_sections())) + "\n"


def every_entry() -> tuple[Entry, ...]:
    """Every statement of the law but the codes of the lists."""
    return (
        *rules().values(),
        *_duties(),
        *regimes(),
        *agreements(),
        *changes.change_rules(),
        *(entry for lines in _reaches() for entry in flat(lines)),
        *(ban_amendment(recovery) for recovery in (False, True)),
        *(*contamination.all_limits(), plastics.reference()),
        *(*papers(), *exemptions(), *illegal_traffic.letters(), *remedies.measures()),
        *(*data_elements.elements().values(), *data_elements.bridges()),
        *flat(tolerances()),
        *(*passages.stamps(), *passages.times(), *detentions.ends(), *detentions.report_fields()),
        *flat(all_indicators()),
        *flat(dual_notices()),
        *flat(views.disagreements()),
        *flat(export_grounds()),
        *flat(numbers.schemes()),
        *flat(samples()),
        *(*countries().values(), *unions()),
        *_grounds(),
    )


def _sections() -> Iterator[str]:
    yield table("Rules", rules().values(), ("id", id_), ("rule", title), ("weight", lambda r: r.severity))
    for profile in duties.profiles().values():
        columns: tuple[Column[Duty], ...] = (("duty", id_), ("what", said), ("binds", roles))
        yield table(f"Profile {profile.id}: {profile.title}", profile.duties.values(), *columns)
    yield table("Own law of the authorities", regimes(), ("of", whose), ("profile", lambda r: r.profile))
    yield table(
        "Changes of a notification",
        changes.change_rules(),
        ("id", id_),
        ("place", lambda r: r.at or "everything else"),
        ("kind", lambda r: r.kind),
    )
    yield table("Agreements", agreements(), ("id", id_), ("agreement", title), ("outcome", outcome))
    yield table(
        "Numbers of notifications",
        flat(numbers.schemes()),
        ("id", id_),
        ("of", lambda s: listed(s.state, s.group) or "everybody else"),
        ("number", title),
    )
    yield from _control()
    yield from _plastics()
    yield from _border()
    yield from _places()
    yield table(
        "Grounds of objection", _grounds(), ("letter", lambda g: g.letter), ("ground", lambda g: g.text)
    )
    yield _code_lists()
    yield _not_established()


def _control() -> Iterator[str]:
    yield table("Prohibitions", flat(prohibitions()), ("id", id_), ("what", title), ("where", where))
    bans = [ban_amendment(recovery) for recovery in (False, True)]
    yield table("Ban Amendment", bans, ("operation", id_), ("classes", lambda b: ", ".join(b.classes)))
    yield table("For a person to judge", flat(judged()), ("id", id_), ("what", title), ("where", where))
    columns: tuple[Column[Reach], ...] = (("id", id_), ("what", title), ("where", where))
    yield table("Stricter procedures", flat(procedures()), *columns, ("outcome", outcome))
    yield table("Samples and small quantities", flat(samples()), ("id", id_), ("what", title))
    own = flat(views.classifications())
    yield table("States' own classifications", own, ("id", id_), ("what", title), ("view", lambda v: v.view))
    disputes = flat(views.disagreements())
    grounds_of_export = flat(export_grounds())
    yield table("Reasons for export", grounds_of_export, ("id", id_), ("what", title))
    yield table("Views that differ", disputes, ("id", id_), ("what", title), ("about", lambda d: d.about))
    needed = flat(all_requirements())
    yield table(
        "Requirements", needed, ("id", id_), ("what", title), ("where", where), ("at", lambda r: r.at)
    )
    pairs = flat(dual_notices())
    yield table(
        "Two notices", pairs, ("id", id_), ("what", title), ("where", where), ("compared", lambda p: p.policy)
    )


def _plastics() -> Iterator[str]:
    schemes = flat(plastics.schemes())
    entries: Column[plastics.Scheme] = ("entries", lambda s: listed(s.hazardous, s.clean, s.residual))
    yield table("Plastic-waste entries", schemes, ("id", id_), ("scheme", title), entries)
    limits = (*contamination.all_limits(), plastics.reference())
    yield table(
        "Limits of contamination", limits, ("id", id_), ("limit", title), ("binds", lambda x: x.binding)
    )


def _border() -> Iterator[str]:
    yield table("Papers at the border", papers(), ("code", lambda p: p.code), ("paper", title))
    yield table("Exemptions at the border", exemptions(), ("code", lambda p: p.code), ("exemption", title))
    yield table(
        "Declaration, field by field",
        data_elements.elements().values(),
        ("field", lambda e: f"`{e.field}`"),
        ("element", lambda e: e.id),
        ("class and path", lambda e: f"{e.wco_class}: {e.path}"),
        ("format", lambda e: e.format or "not read"),
        ("what", title),
        ("here and there", lambda e: ", ".join(f"{ours} = {theirs}" for ours, theirs in e.values.items())),
    )
    without: Column[data_elements.Bridge] = ("field", lambda e: f"`{e.field}`")
    yield table("Declaration, fields without an element", data_elements.bridges(), without, ("what", title))
    weights: tuple[Column[Tolerance], ...] = (
        ("noted above", lambda t: f"{t.warn_above_percent} %"),
        ("held above", lambda t: f"{t.hold_above_percent} %"),
    )
    yield table("Weighed mass beside the declared mass", flat(tolerances()), ("id", id_), *weights)
    on_the_way = (*passages.stamps(), *passages.times())
    yield table("Loads on their way", on_the_way, ("id", id_), ("what", title))
    yield table("Ends of a detention", detentions.ends(), ("end", id_), ("what", title))
    fields = detentions.report_fields()
    yield table("Report of a seizure", fields, ("field", id_), ("what", title))
    signs = flat(all_indicators())
    yield table("Indicators of risk", signs, ("id", id_), ("sign", title), ("points", lambda i: i.points))
    yield table("Failed movements", remedies.measures(), ("measure", id_), ("what", title))
    yield table("Illegal traffic", illegal_traffic.letters(), ("letter", id_), ("case", title))


def _places() -> Iterator[str]:
    columns: tuple[Column[Country], ...] = (
        ("country", lambda c: f"{c.iso} {c.name}"),
        ("Party", lambda c: bond(c.party) if c.party else "no"),
        ("Ban Amendment", lambda c: bond(c.ban)),
        ("OECD", lambda c: c.oecd or ""),
        ("Union", lambda c: span(c.eu, c.eu_to) if c.eu else ""),
        (
            "waived transit consent",
            lambda c: span(c.waiver.valid_from, c.waiver.valid_to) if c.waiver else "",
        ),
    )
    yield table("Countries", (*countries().values(), *unions()), *columns)
    ruled = [(c.iso, c.plastic_rule) for c in (*countries().values(), *unions()) if c.plastic_rule]
    yield table("National rules for plastic waste", [r for _, r in ruled], ("rule", _of_country(ruled)))
    yield table("Projects", projects(), ("id", id_), ("members", lambda p: ", ".join(p.members)))


def _of_country(ruled: Sequence[tuple[str, PlasticRule]]) -> Callable[[PlasticRule], str]:
    return lambda one: next(f"{iso}: {one.text}" for iso, rule in ruled if rule is one)


def _state() -> str:
    entries = every_entry()
    unverified = sum(not entry.verified for entry in entries)
    return (
        f"{len(entries)} entries, of which {unverified} are {UNVERIFIED}; {len(open_points())} open points."
    )


def _code_lists() -> str:
    names = (*codes.LISTS, *codes.FORM_LISTS)
    rows = [
        (name, len(lines), ", ".join(one.code for one in lines if not one.verified), codes.version(name))
        for name in names
        for lines in [flat(codes.code_list(name))]
    ]
    return markdown("Code lists", ("list", "entries", UNVERIFIED, "version"), rows)


def _not_established() -> str:
    rows = [(point.what, point.effect, point.source) for point in open_points()]
    return markdown("Not established", ("what", "what the exchange does", "seen"), rows)


def _reaches() -> tuple[Timelines[Reach], ...]:
    every = (prohibitions(), judged(), procedures(), views.classifications(), all_requirements())
    # Each kind of entry reaches a State; a tuple of timelines is invariant in its kind.
    return (*every, plastics.schemes())  # type: ignore[return-value]


def _duties() -> Iterator[Duty]:
    for profile in duties.profiles().values():
        yield from profile.duties.values()


def _grounds() -> Iterator[grounds.Ground]:
    for profile, recovery in _ground_lists():
        yield from grounds.grounds(profile, "import", recovery)


def _ground_lists() -> Iterator[tuple[str, bool]]:
    for profile in grounds.profiles_with_grounds():
        yield from ((profile, recovery) for recovery in (True, False))
