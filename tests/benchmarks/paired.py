"""Two ways to do one thing, timed in turns in one process: the median of the ratios, and what was left out and why."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

_SHORTEST = 0.01  # seconds: shorter calls are repeated until they take so long
_MOST_REPEATS = 10_000


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


def measured(pair: Pair, rounds: int) -> Row:
    """Time a pair.

    Args:
        pair: What to compare. Each side is called once before, which compiles and fills caches.
        rounds: How often each has its turn; the ratio is the median over the rounds.
    """
    sides = (pair.ours, pair.peer)
    repeats = [_repeats(side) for side in sides]
    factors = [side.factor() for side in sides]
    times: list[list[float]] = [[], []]
    for turn in range(rounds):
        for place in (0, 1) if turn % 2 == 0 else (1, 0):  # neither is always the one that finds the cache cold
            side = sides[place]
            spent = _seconds(side.task, repeats[place]) / side.units
            times[place].append(spent * factors[place])
    ratios = [peer / ours for ours, peer in zip(*times, strict=True)]
    ours_ms, peer_ms = (1e3 * statistics.median(one) for one in times)
    return Row(
        pair.about, pair.ours.name, pair.peer.name, ours_ms, peer_ms,
        statistics.median(ratios), min(ratios), max(ratios), rounds,
    )  # fmt: skip


def _repeats(side: Side) -> int:
    side.task()
    once = _seconds(side.task, 1)
    return max(1, min(_MOST_REPEATS, int(_SHORTEST / max(once, 1e-9)))) if once < _SHORTEST else 1


def _seconds(task: Callable[[], Any], repeats: int) -> float:
    """Mean time of a call."""
    start = time.perf_counter()
    for _ in range(repeats):
        task()
    return (time.perf_counter() - start) / repeats
