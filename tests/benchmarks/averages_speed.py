"""Time of the averages in double precision beside `numpy.tanh`, interleaved in one process.

    python -m tests.benchmarks.averages_speed [--separation 3 --weight 0.8 --points 1000000 --rounds 60]

Both sides write into the same array. Each line gives the median and the least time a value; the ratio is that of the
medians. Single calls are timed through the public functions, tables by building them afresh.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from anneal_theory.averages import mmse, phi, psi, psi_prime, tables
from anneal_theory.problem import BimodalTarget


def interleaved(rounds: int, *tasks: Callable[[], object]) -> list[list[float]]:
    """Seconds of every round of every task, after one warm-up each."""
    times: list[list[float]] = [[] for _ in tasks]
    for task in tasks:
        task()
    for _ in range(rounds):
        for task, record in zip(tasks, times, strict=True):
            start = time.perf_counter()
            task()
            record.append(time.perf_counter() - start)
    return times


def array_lines(target: BimodalTarget, points: int, rounds: int) -> None:
    """psi at a fixed target against tanh, on overlaps up to the mode and well beyond."""
    table, rng, out = tables.label_table(target), np.random.default_rng(0), np.empty(points)
    for name, reach in (("R^2", target.separation**2), ("2 R^2", 2 * target.separation**2)):
        m = rng.uniform(-reach, reach, points)
        ours, theirs = interleaved(rounds, lambda m=m: table.psi_values(m, out), lambda m=m: np.tanh(m, out=out))
        one = [f"{1e9 * statistics.median(t) / points:.2f} (least {1e9 * min(t) / points:.2f})" for t in (ours, theirs)]
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"|m| < {name:6s} psi {one[0]} ns, tanh {one[1]} ns, ratio {ratio:.2f}")


def public_lines(target: BimodalTarget, points: int, rounds: int) -> None:
    """The public functions on the array, on a single number, and their tables' construction."""
    m = np.random.default_rng(0).uniform(-1, 1, points) * target.separation**2
    for function, second in ((psi, target), (psi_prime, target), (phi, target), (mmse, target.weight)):
        values = np.abs(m) if function is mmse else m
        (many,) = interleaved(max(rounds // 6, 3), lambda f=function, v=values, s=second: f(v, s))
        (single,) = interleaved(200, lambda f=function, s=second: f(1.25, s))
        line = f"array {1e9 * statistics.median(many) / points:.2f} ns a value, single call"
        print(f"{function.__name__:10s} {line} {1e6 * statistics.median(single):.0f} us")

    def build() -> object:
        tables._label_panels.cache_clear()
        return tables._label_panels(target.exact_separation)

    (building,) = interleaved(rounds, build)
    print(f"table of psi and psi' built in {1e3 * statistics.median(building):.2f} ms")


def main() -> None:
    """Read the options and print the lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--separation", default="3")
    parser.add_argument("--weight", default="0.8")
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    target = BimodalTarget(options.separation, options.weight)
    print(target)
    array_lines(target, options.points, options.rounds)
    public_lines(target, options.points, options.rounds)


if __name__ == "__main__":
    main()
