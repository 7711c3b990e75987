"""Drawing calls and making them, in processes that may be ended when a call never comes back."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait

from tests.doors import DOORS, uncovered
from tests.fuzz.calls import Call, draw
from tests.fuzz.costs import SHARES
from tests.fuzz.watch import Verdict, judge

_START = 60.0  # seconds that a new process may take to import
_PATIENCE = 40.0  # times the limit, after which a process that does not even take its alarm is ended


def fuzz(calls: int, seed: int, function: str = "", processes: int = 1, limit: float = 20.0) -> Iterator[Verdict]:
    """The verdicts on so many calls, as they come.

    Raises:
        ValueError: a public name is not covered, or no function has this name.
    """
    missing = uncovered()
    if missing:
        raise ValueError(f"these public names are neither functions nor known results: {missing}; see tests/doors.py")
    doors = [name for name in DOORS if function in name]
    if not doors:
        raise ValueError(f"no public function's name contains {function!r}; they are {', '.join(DOORS)}")
    drawn = [_call(seed, number, doors) for number in range(calls)]
    if processes <= 1:
        return (judge(one, limit) for one in drawn)
    return _in_processes(drawn, processes, limit)


def _call(seed: int, number: int, doors: list[str]) -> Call:
    rng = random.Random(f"{seed}/{number}")
    return draw(rng.choices(doors, [SHARES.get(name, 1.0) for name in doors])[0], rng)


def _in_processes(drawn: list[Call], processes: int, limit: float) -> Iterator[Verdict]:
    left = drawn[::-1]
    workers = [Worker(limit) for _ in range(min(processes, len(left)))]
    for worker in workers:
        worker.give(left.pop())
    while any(worker.call for worker in workers):
        ready = wait([worker.line for worker in workers if worker.call], timeout=1.0)
        for worker in workers:
            if worker.call is None or (worker.line not in ready and not worker.is_late):
                continue
            yield worker.verdict()
            if left:
                worker.give(left.pop())
    for worker in workers:
        worker.process.kill()


class Worker:
    """A process that makes one call after the other, and is replaced where it does not come back."""

    def __init__(self, limit: float) -> None:
        self.limit, self.call = limit, None
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self.limit), daemon=True)
        self.process.start()
        theirs.close()  # so that its end is seen here

    def give(self, call: Call) -> None:
        """Let it make a call."""
        self.call, self.since = call, time.perf_counter()
        self.line.send(call)

    @property
    def is_late(self) -> bool:
        """Whether it does not even take the alarm that ends a call over its time."""
        return time.perf_counter() - self.since > _PATIENCE * self.limit + _START

    def verdict(self) -> Verdict:
        """How the call went."""
        call, self.call = self.call, None
        assert call is not None
        try:
            if self.line.poll():
                return self.line.recv()
            reason = f"not back after {time.perf_counter() - self.since:.0f} s, and it took no alarm"
        except EOFError:
            self.process.join()
            reason = f"the process ended with {self.process.exitcode}"
        self.process.kill()
        self._start()
        return Verdict(call, "failure", reason, time.perf_counter() - self.since)


def _work(line: Connection, limit: float) -> None:
    while True:
        try:
            call = line.recv()
        except EOFError:
            return
        line.send(judge(call, limit))


def table(verdicts: list[Verdict]) -> str:
    """Counts by function."""
    head = f"{'function':34} {'calls':>7} {'answers':>8} {'refusals':>9} {'failures':>9} {'seconds':>8} {'longest':>8}"
    rows = [head, "-" * len(head)]
    for name in [*sorted({one.call.door for one in verdicts}), "all"]:
        own = [one for one in verdicts if name in (one.call.door, "all")]
        counts = [sum(one.outcome == kind for one in own) for kind in ("answer", "refusal", "failure")]
        took = sum(one.seconds for one in own), max((one.seconds for one in own), default=0.0)
        numbers = f"{len(own):7} {counts[0]:8} {counts[1]:9} {counts[2]:9} {took[0]:8.1f} {took[1]:8.1f}"
        rows.append(f"{name:34} {numbers}")
    return "\n".join(rows)
