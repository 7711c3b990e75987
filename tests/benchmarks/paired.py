"""Two ways to do one thing, timed in turns in one process: the median of the ratios, and what was left out and why."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from tests.benchmarks.worker import enough, seconds


@dataclass(frozen=True)
class Side:
    """One way: what to call, how many units of work a call does, and by how much its time counts.

    `factor` tells how many times the work of the other side is needed for the same end, such as the runs of a Monte
    Carlo at the error of a formula; it may be a function that is called after the warm-up.
    """

    name: str
    task: Callable[[], Any]
    units: float = 1.0
    factor: Callable[[], float] = lambda: 1.0


@dataclass(frozen=True)
class Pair:
    """The package's way and another's; `about` says what one unit is."""

    about: str
    ours: Side
    peer: Side


@dataclass(frozen=True)
class Skipped:
    """A row that is missing, and why."""

    about: str
    peer: str
    reason: str


@dataclass(frozen=True)
class Row:
    """Milliseconds a unit of work of both, and the other's time over the package's, round by round."""

    about: str
    ours: str
    peer: str
    ours_ms: float
    peer_ms: float
    ratio: float
    lowest: float
    highest: float
    rounds: int

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def turns(sides: Sequence[Callable[[], float]], rounds: int) -> list[list[float]]:
    """What each side tells of each round; neither is always the one that finds the cache cold."""
    told: list[list[float]] = [[] for _ in sides]
    for turn in range(rounds):
        order = range(len(sides)) if turn % 2 == 0 else reversed(range(len(sides)))
        for place in order:
            told[place].append(sides[place]())
    return told


def measured(pair: Pair, rounds: int, clock: Callable[[], float] = time.perf_counter) -> Row:
    """Time a pair.

    Args:
        pair: What to compare. Each side is called before, which compiles and fills caches.
        rounds: How often each has its turn; the ratio is the median over the rounds.
        clock: That on the wall, or the processor's.
    """
    sides = (pair.ours, pair.peer)
    repeats = [enough(side.task) for side in sides]
    tasks = [partial(seconds, side.task, often, clock) for side, often in zip(sides, repeats, strict=True)]
    scales = [side.factor() / side.units for side in sides]
    times = [[scale * one for one in told] for scale, told in zip(scales, turns(tasks, rounds), strict=True)]
    ratios = [peer / ours for ours, peer in zip(*times, strict=True)]
    ours_ms, peer_ms = (1e3 * statistics.median(one) for one in times)
    return Row(
        pair.about, pair.ours.name, pair.peer.name, ours_ms, peer_ms,
        statistics.median(ratios), min(ratios), max(ratios), rounds,
    )  # fmt: skip
