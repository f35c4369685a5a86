"""`make bench`, `bench-quick`, `bench-year SHARE=0.01`; with ARGS: `instances`, `growth --cases 1000000`."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from time import monotonic
from typing import Any

from bench import report
from bench.cases import cases_of
from bench.figures import Figure
from bench.ground import harbour, own_stack
from bench.growth import growth
from bench.instances import commanded_together, heard_together
from bench.laptop import laptop
from bench.load import Procession
from bench.logbook import lengthen
from bench.measures import (
    HEARERS,
    Bare,
    accepted_writes,
    border_decision,
    consumed,
    quiet_services,
    visible_elsewhere,
)
from bench.year import year
from pic_exchange.stack import Stack


async def _limits(stack: Stack, *, quick: bool) -> list[Figure]:
    """On one stack, one figure after the other."""
    figures: list[Figure] = []

    def note(figure: Figure) -> None:
        figures.append(figure)
        print(f"{figure.name}: {figure.ratio:.2f}, limit {figure.limit}", flush=True)

    async with Bare(stack).running() as bare:
        async with harbour(stack, "writes") as found:
            note(await accepted_writes(found, bare, 100 if quick else 2000, 2 if quick else 5))
        async with harbour(stack, "inboxes") as found:
            note(await visible_elsewhere(found, bare, 20 if quick else 200))
        async with harbour(stack, "border") as found:
            note(await border_decision(found, bare, 50 if quick else 500))
        # Last of all: the services are stopped for it.
        await _long_log(stack, quick=quick)
        for store in HEARERS:
            note(await consumed(stack, bare, store, 1 if quick else 2))
    return figures


async def _long_log(stack: Stack, *, quick: bool) -> int:
    """Stops the services; returns how many messages the log holds then."""
    async with harbour(stack, "movements") as found:
        # So that the log holds what a log holds, and not only drafts.
        await Procession(found, cases_of(10 if quick else 100)).run()
        quiet_services(stack)
        return await lengthen(stack.kafka.brokers, found.world.id, 20_000 if quick else 60_000)


async def _shared(stack: Stack, *, quick: bool) -> dict[str, Any]:
    """What a second process of a service brings; the services are stopped before the log is read."""
    rows = await commanded_together(stack, 40 if quick else 200)
    length = await _long_log(stack, quick=quick)
    return {"cores": os.cpu_count(), "rows": rows + await heard_together(stack, length)}


def limits(*, quick: bool, write: bool) -> None:
    began, load_before = monotonic(), os.getloadavg()[0]
    with own_stack() as stack:
        figures = asyncio.run(_limits(stack, quick=quick))
    figures += laptop()
    took = monotonic() - began
    print(f"{report.told(figures)}\n{took:.0f} s in all; load average before {load_before:.1f}")
    if write:
        rows = [report.row(figure) for figure in figures]
        found = {"quick": quick, "took": round(took), "load_before": round(load_before, 1), "figures": rows}
        report.keep("limits", found)
        report.write_page()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=("limits", "instances", "year", "growth"), default="limits"
    )
    parser.add_argument("--quick", action="store_true", help="fewer requests: under two minutes, rougher")
    parser.add_argument("--share", type=float, default=0.01, help="share of the year's movements")
    parser.add_argument("--cases", type=int, default=1_000_000, help="how many cases are stored for growth")
    parser.add_argument("--sample", type=int, default=60, help="how many cases are timed for growth")
    parser.add_argument("--at-once", type=int, default=32, help="requests under way at once in the year")
    parser.add_argument("--minutes", type=float, default=60, help="the year is given up after as many")
    parser.add_argument("--write", action="store_true", help="keep the result and write docs/benchmarks.md")
    given = parser.parse_args()
    # So that a run that is told to end stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if given.what == "limits":
        limits(quick=given.quick, write=given.write)
        return
    before = os.getloadavg()[0]
    found = {"load_before": round(before, 1), **_measured(given)}
    for name, value in found.items():
        print(f"{name}: {value}")
    if given.write:
        report.keep(given.what, found)
        report.write_page()


def _measured(given: argparse.Namespace) -> dict[str, Any]:
    if given.what == "year":
        return year(given.share, given.at_once, given.minutes).as_json()
    if given.what == "growth":
        return growth(given.cases, given.sample)
    with own_stack() as stack:
        return asyncio.run(_shared(stack, quick=given.quick))


if __name__ == "__main__":
    main()
