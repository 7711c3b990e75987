"""What a computation took: counted by the engines where they work, in the context of the call that asked for it."""

import functools
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

Door = TypeVar("Door", bound=Callable[..., Any])


@dataclass(frozen=True)
class Work:
    """What an estimate took.

    The counts depend on the arguments alone; the time is left out of comparisons and of what is written to files.

    Attributes:
        runs: Trainings followed to their end, or (where digits were asked for) once through by power series.
        steps: Steps of their integrator, or power series.
        nodes: Starts at which an integrand was evaluated: each with a threshold of its own, but for the formula of slow
            annealing.
        seconds: By the clock on the wall; None if read from a file.

    Example:
        >>> Work(runs=2, steps=81, seconds=0.5) == Work(runs=2, steps=81)
        True
    """

    runs: int = 0
    steps: int = 0
    nodes: int = 0
    seconds: float | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, int]:
        """The counts, without the time: the same arguments give the same bytes."""
        return {"runs": self.runs, "steps": self.steps, "nodes": self.nodes}


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


def count_work(runs: int = 0, steps: int = 0, nodes: int = 0) -> None:
    """Add to the work of the call in whose context this is; nothing where none counts."""
    done = _WORK.get()
    if done is not None:
        _WORK.set(Work(done.runs + int(runs), done.steps + int(steps), done.nodes + int(nodes)))


def measured(door: Door) -> Door:
    """A function whose result, with a field `work`, says what it took; what a call inside of it took is its own."""

    @functools.wraps(door)
    def with_work(*args: object, **kwargs: object) -> object:
        began, outer = time.perf_counter(), _WORK.set(Work())
        try:
            result = door(*args, **kwargs)
            done = result.work or _WORK.get() or Work()
        finally:
            _WORK.reset(outer)
        return replace(result, work=replace(done, seconds=time.perf_counter() - began))

    return cast(Door, with_work)


def peak_memory() -> int | None:
    """The largest memory that this process has had, in bytes; None where the system does not tell."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
