"""A process that times calls of the `anneal_theory` of one tree, on orders that it reads, a line of JSON each.

Run as a file, by `regressions`, with that tree first in the path and in the current folder: the tree may be one that
does not have this file. So it takes nothing but the standard library and, by name, the package.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

_SHORTEST = 0.01  # seconds: shorter calls are repeated until they take so long
_MOST_REPEATS = 10_000


def seconds(task: Callable[[], Any], repeats: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Mean time of a call."""
    start = clock()
    for _ in range(repeats):
        task()
    return (clock() - start) / repeats


def enough(task: Callable[[], Any]) -> int:
    """How many calls in a row can be timed well; the task is called twice for that, which warms it up."""
    task()
    once = seconds(task, 1)
    return max(1, min(_MOST_REPEATS, int(_SHORTEST / max(once, 1e-9)))) if once < _SHORTEST else 1


class Tasks:
    """The calls that were prepared, by number, and how often each is repeated."""

    def __init__(self, names: str) -> None:
        self._names: dict[str, Any] = {}
        exec(names, self._names)
        self._made: dict[int, tuple[Callable[[], Any], int]] = {}

    def prepare(self, number: int, given: str, call: str) -> int:
        """Make a call's own names and the call, and warm it up."""
        names = dict(self._names)
        exec(given, names)
        task = eval(f"lambda: {call}", names)
        self._made[number] = task, enough(task)
        return self._made[number][1]

    def seconds(self, number: int, wall: bool) -> float:
        """Mean time of a call, now: of the processor in all threads of this process, or by the clock on the wall."""
        return seconds(*self._made[number], time.perf_counter if wall else time.process_time)

    def drop(self, number: int) -> None:
        """Let go of a call and of all that it holds."""
        del self._made[number]


def serve(orders: TextIO, answers: TextIO) -> None:
    """Answer each order with what the method returns, or with what it raised."""
    tasks: Tasks | None = None
    for line in orders:
        order, *arguments = json.loads(line)
        try:
            if order == "names":
                tasks, answer = Tasks(*arguments), None
            else:
                answer = getattr(tasks, order)(*arguments)
            told = {"answer": answer}
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    answering = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the calls themselves print is not an answer
    serve(sys.stdin, answering)
