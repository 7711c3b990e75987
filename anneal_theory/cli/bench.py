"""`anneal-theory bench`: the package beside other ways to do the same, as ratios of times from one run."""

import importlib
import os
import platform
import sys
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from importlib import metadata
from typing import Annotated, Any

from cyclopts import Parameter

from anneal_theory._version import __version__
from anneal_theory.cli.checkout import checkout
from anneal_theory.cli.option_fields import flag
from anneal_theory.cli.options import OUTPUT, OutputGroup
from anneal_theory.cli.output import emit
from anneal_theory.quantities.domains import Word

_LIBRARIES = (
    "numpy", "scipy", "numba", "python-flint", "mpmath", "heyoka", "numbalsoda", "torch", "zuko", "normflows",
    "linfa-vi", "sbi",
)  # fmt: skip
_ROUNDS = {True: 3, False: 7}  # by --quick
_ABSENT = "not installed"


def bench(
    *,
    only: Annotated[
        str | None, Parameter(help="topics, separated by commas; all unless given", metavar="TOPICS")
    ] = None,
    quick: Annotated[bool, flag("fewer rounds of smaller pieces, under two minutes")] = False,
    processor: Annotated[
        bool, flag("count this process's time of the processor: for a machine that is busy, and topics of one thread")
    ] = False,
    output: OutputGroup = OUTPUT,
) -> None:
    """Time the package beside NumPy, Arb, SciPy, heyoka, Monte Carlo, zuko and others (source checkouts only).

    Both sides of a row take turns in one process; a row is the median over the rounds of the other's time over the
    package's. Each side runs once before, so that compilation is not timed. The topic `sizes` times work of growing
    size instead, by the processor's time, and fits the exponent.
    """
    benchmarks = _benchmarks()
    chosen = _chosen(only, benchmarks.TOPICS)
    rounds, clock = _ROUNDS[quick], time.process_time if processor else time.perf_counter
    rows: list[dict[str, Any]] = []
    scaled: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    for name in chosen:
        print(f"bench: {name}", file=sys.stderr, flush=True)
        for entry in benchmarks.TOPICS[name](quick):
            if hasattr(entry, "reason"):
                skipped.append({"topic": name, "about": entry.about, "peer": entry.peer, "reason": entry.reason})
            elif hasattr(entry, "sizes"):
                scaled.append({"topic": name} | benchmarks.scaled(entry, rounds).to_dict())
            else:
                rows.append({"topic": name} | benchmarks.measured(entry, rounds, clock).to_dict())
    result: dict[str, Any] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), "versions": versions()}
    result |= {"rows": rows, "scaled": scaled, "skipped": skipped}
    emit(output, "bench", {"only": list(chosen), "quick": quick, "processor": processor}, result, text(result))


def _benchmarks() -> Any:
    """The module of pairs, which is with the tests and is not installed."""
    root = str(checkout("bench"))
    if root not in sys.path:
        sys.path.insert(0, root)
    return importlib.import_module("tests.benchmarks.pairs")


def _chosen(only: str | None, topics: Collection[str]) -> list[str]:
    names = list(topics) if only is None else [word.strip() for word in only.split(",")]
    for name in names:
        Word(f"one or more of {', '.join(topics)}", choices=tuple(topics)).check(
            name, "only", "separate the names with commas"
        )
    return list(dict.fromkeys(names))


def machine() -> dict[str, object]:
    """What the times depend on: processor, cores, system; nothing that names the machine itself.

    Example:
        >>> sorted(machine())
        ['cores', 'load', 'processor', 'system']
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    cores, system = os.cpu_count(), f"{platform.system()} {platform.machine()}"
    return {"processor": _processor(), "cores": cores, "system": system, "load": load and round(load, 1)}


def _processor() -> str:
    """The processor's name, where the system names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:  # no Linux
        models = []
    return models[0] if models else platform.processor() or "unknown"


def versions() -> dict[str, str]:
    """Versions of the package, Python, and the libraries that are timed or compute.

    Example:
        >>> versions()["anneal-theory"] == __version__
        True
    """
    numbers = {"anneal-theory": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            numbers[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            numbers[name] = _ABSENT
    return numbers


def text(measured: Mapping[str, Any]) -> str:
    """The table for people."""
    lines = [f"{'':44s}{'package':>12s}{'other':>12s}   other / package (least to greatest)"]
    for row in measured["rows"]:
        ratio = f"{row['ratio']:10.3g} ({row['lowest']:.3g} to {row['highest']:.3g})"
        lines.append(f"{row['about']:44s}{duration(row['ours_ms']):>12s}{duration(row['peer_ms']):>12s}{ratio}")
        lines.append(f"    {row['ours']}; {row['peer']}")
    for scaling in measured["scaled"]:
        times = ", ".join(f"{size:g}: {duration(ms)}" for size, ms in zip(scaling["sizes"], scaling["ms"], strict=True))
        spread = f"{scaling['exponent']:.2f} ({scaling['lowest']:.2f} to {scaling['highest']:.2f})"
        lines += [f"{scaling['about']}: exponent {spread} in {scaling['counts']}", f"    {times}"]
    lines += [
        f"{scaling['about']}: no row beside {scaling['peer']}; {scaling['reason']}" for scaling in measured["skipped"]
    ]
    about, libraries = (
        measured["machine"],
        ", ".join(f"{name} {scaling}" for name, scaling in measured["versions"].items()),
    )
    busy = "" if about["load"] is None else f", load {about['load']}"
    lines.append(f"{measured['date']}; {about['processor']}, {about['cores']} cores, {about['system']}{busy}")
    return "\n".join([*lines, libraries])


def duration(milliseconds: float) -> str:
    """A time in the unit that suits it.

    Example:
        >>> duration(0.0052), duration(1250.0)
        ('5.2 us', '1.25 s')
    """
    for unit, scale in (("ns", 1e6), ("us", 1e3), ("ms", 1.0)):
        if milliseconds * scale < 1000:
            return f"{milliseconds * scale:.3g} {unit}"
    return f"{milliseconds / 1000:.3g} s"
