"""Drawing calls and making them, in processes that may be ended when a call never comes back."""

import multiprocessing
import random
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.doors import DOORS, uncovered
from tests.fuzz.calls import SHARES, Call, draw
from tests.fuzz.known import known
from tests.fuzz.watch import Verdict, judge

_PATIENCE = 3.0  # times the limit, after which a process that does not even take its alarm is ended


def fuzz(calls: int, seed: int, function: str = "", processes: int = 1, limit: float = 20.0) -> list[Verdict]:
    """The verdicts on so many calls.

    Raises:
        ValueError: a public name is not covered, or no function has this name.
    """
    missing = uncovered()
    if missing:
        raise ValueError(f"these public names are neither functions nor known results: {missing}; see tests/doors.py")
    doors = [name for name in DOORS if function in name]
    if not doors:
        raise ValueError(f"no public function's name contains {function!r}; they are {', '.join(DOORS)}")
    drawn = [one for one in (_call(seed, number, doors) for number in range(calls)) if not known(one)]
    if processes <= 1:
        return [judge(one, limit) for one in drawn]
    return list(_in_processes(drawn, processes, limit))


def _call(seed: int, number: int, doors: list[str]) -> Call:
    rng = random.Random(f"{seed}/{number}")
    return draw(rng.choices(doors, [SHARES.get(name, 1.0) for name in doors])[0], rng)


def _in_processes(drawn: list[Call], processes: int, limit: float) -> Iterator[Verdict]:
    context = multiprocessing.get_context("spawn")
    left = list(enumerate(drawn))[::-1]
    workers: dict[Connection, tuple[Any, Call]] = {}

    def start(call: Call) -> None:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(theirs, limit), daemon=True)
        worker.start()
        ours.send(call)
        workers[ours] = worker, call

    for _ in range(min(processes, len(left))):
        start(left.pop()[1])
    while workers:
        ready = wait(list(workers), timeout=_PATIENCE * limit + 60)
        if not ready:  # none came back: end them all, and go on with the others
            for line, (worker, call) in list(workers.items()):
                worker.kill()
                del workers[line]
                yield Verdict(
                    call, "failure", f"not back after {_PATIENCE * limit:g} s, nor did it take an alarm", limit
                )
                if left:
                    start(left.pop()[1])
        for line in ready:
            worker, call = workers.pop(line)  # type: ignore[index]
            try:
                yield line.recv()  # type: ignore[union-attr]
            except EOFError:
                worker.join()
                yield Verdict(call, "failure", f"the process ended with {worker.exitcode}", 0.0)
                if left:
                    start(left.pop()[1])
                continue
            if left:
                _, following = left.pop()
                line.send(following)  # type: ignore[union-attr]
                workers[line] = worker, following  # type: ignore[index]
            else:
                line.close()


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
