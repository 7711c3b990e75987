"""What each derived function moves: ``python -m tests.derivations.mutated_outputs``, with NUMBA_DISABLE_JIT=1.

Without the compiler njit leaves functions as they are, so a derived function can be replaced in the running package by
one whose results are 1.01 times as large. Numbers that depend on it are computed before and after and printed as JSON:
function, then number, then the largest relative change.
"""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import FrameType
from typing import Any

from tests.agreement.wrong_theory import forget
from tests.derivations import free_numbers, noise_numbers, noisy_numbers, sphere_numbers
from tests.derivations.moves import MOVES, ZEROS

FACTOR = 1.01
LATE, SPARE = 3, 0.1  # times what the right number takes, and seconds: whatever makes it take longer matters to it
FACTORS = {"trapping.distance_ceiling": 1e-9}  # the boxes reach so far that the distance shrinks by a wide margin
NUMBERS = free_numbers.NUMBERS | noise_numbers.NUMBERS | noisy_numbers.NUMBERS | sphere_numbers.NUMBERS
# Only the ratios of their entries count: the last entry alone is wrong.
RATIOS = frozenset({"pair_coordinates.across_products", "transient_gain.gain_quotient", "saddle_node.fold_normal_form"})


def _wrong(name: str, value: Any) -> Any:
    """A result of a derived function, by one per cent wrong."""
    if isinstance(value, tuple):
        if name in RATIOS:
            return *value[:-1], FACTOR * value[-1]
        return tuple(_wrong(name, one) for one in value)
    return value + 0.01 if name in ZEROS else FACTORS.get(name, FACTOR) * value


@contextmanager
def mutated(name: str) -> Iterator[None]:
    """The package with one derived function times `FACTOR`, wherever a module holds it."""
    module, _, function = name.rpartition(".")
    right = getattr(import_module(f"anneal_theory.formulas.{module}"), function)

    def wrong(*arguments: Any, **named: Any) -> Any:
        return _wrong(name, right(*arguments, **named))

    places = [(held, key) for held in package() for key, value in vars(held).items() if value is right]
    for held, key in places:
        setattr(held, key, wrong)
    try:
        yield
    finally:
        for held, key in places:
            setattr(held, key, right)


def package() -> list[Any]:
    """Every loaded module of the package."""
    return [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "anneal_theory"]


def number(name: str) -> list[float]:
    """One of the numbers, from scratch."""
    forget()
    return NUMBERS[name]()


class Late(Exception):
    """A wrong theory has taken far longer than the right one."""


def _late(number: int, frame: FrameType | None) -> None:
    raise Late


def wrong_number(name: str, right_seconds: float) -> list[float]:
    """The same with a wrong theory, which may fail in any way or search on and on: nothing then, a change too."""
    signal.signal(signal.SIGPROF, _late)
    signal.setitimer(signal.ITIMER_PROF, LATE * right_seconds + SPARE)  # of this process, however busy the machine
    try:
        return number(name)
    except Exception:
        return []
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def change(before: list[float], after: list[float]) -> float:
    """The largest relative change; infinite where the numbers are not comparable."""
    if len(before) != len(after):
        return float("inf")
    return max(abs(b - a) / max(abs(a), abs(b), 1e-300) for a, b in zip(before, after, strict=True))


def main() -> None:
    """For each function named on the standard input, the changes of every number that it must move, as a line.

    "nothing" stands for all numbers computed again. What is not wrong is computed when it is first asked for.
    """
    before: dict[str, list[float]] = {}
    seconds: dict[str, float] = {}
    for line in sys.stdin:
        function = line.strip()
        names = MOVES.get(function) or sorted({name for numbers in MOVES.values() for name in numbers})
        for name in names:
            if name not in before:
                begun = time.process_time()
                before[name] = number(name)
                seconds[name] = time.process_time() - begun
        with mutated(function) if function in MOVES else nullcontext():
            told = {name: change(before[name], wrong_number(name, seconds[name])) for name in names}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
