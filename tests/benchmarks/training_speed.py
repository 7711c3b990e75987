"""Time of a step of training beside its peers, in one process and in turns, one thread.

    python -m tests.benchmarks.training_speed [--dim 128 --rounds 5 --no-compile]

Mixtures: the reduced route beside the plain one in numpy and in torch, on the sphere, and beside the random numbers of
a step, at batch 1000. RealNVP (8 couplings, networks 64-64, batch 512, Adam): ours eager, compiled and compiled
with eight replicas as one batch, beside zuko's in the same loop, and beside the matrix products alone, which no
implementation can do without.
"""

import argparse
import time
from collections.abc import Callable, Iterable
from statistics import median

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.schedules import Constant
from anneal_theory.training import train_mixture
from anneal_theory.training.noise_kernels import fill_normals
from anneal_theory.training.sphere_kernels import ROWS, fill_noise

TARGET = BimodalTarget(3, "0.8")
BATCH, STEP = 1000, 0.05
Tasks = dict[str, tuple[Callable[[], object], int]]  # name: what to time, and how many steps of one replica it makes


# On the sphere: the variance of a training by the reduced route
SPHERE = {"reduced, sphere, held variance": "follows-temperature", "reduced, sphere, trained variances": "trained"}


def mixtures(dim: int, routes: Iterable[str] = ("reduced", "plain", "torch", *SPHERE)) -> Tasks:
    """Runs of mixtures by each route; every one has made itself ready."""
    init = GaussianInit(dim)

    def run(route: str, replicas: int, steps: int) -> Callable[[], object]:
        words = {"replicas": replicas, "batch_size": BATCH, "step_size": STEP, "end_time": STEP * steps}
        words["most_undecided"] = 1  # the time of a step is asked for, not where it leads
        if route == "torch":
            from anneal_theory.training import train_mixture_torch

            return lambda: train_mixture_torch(TARGET, Constant(1), init, **words)
        words |= {"stop_at_rest": False, "threads": 1}
        if route in SPHERE:
            words |= {"constraint": "sphere", "variance": SPHERE[route]}
            return lambda: train_mixture(TARGET, Constant(1), SphereInit(dim), route="reduced", **words)
        return lambda: train_mixture(TARGET, Constant(1), init, route=route, **words)

    sizes = {"reduced": (8, 250), "plain": (2, 40), "torch": (2, 10)} | dict.fromkeys(SPHERE, (8, 250))
    tasks: Tasks = {}
    for route in routes:
        replicas, steps = sizes[route]
        name = f"mixture, {route} route" if route != "torch" else "mixture, torch"
        tasks[name] = run(route, replicas, steps), replicas * steps
    for task, _ in tasks.values():
        task()
    return tasks


@kernel(nogil=True)
def _drawn_in_plane(counter, noise, often):
    for _ in range(2 * often):
        counter = fill_normals(counter, noise[0], noise[1], noise[2], noise[3])
    return counter


@kernel(nogil=True)
def _drawn_on_sphere(rng, counter, dim, samples, often):
    for _ in range(2 * often):
        counter = fill_noise(rng, counter, dim, samples)
    return counter


def draws(dim: int, steps: int = 250) -> Tasks:
    """The random numbers alone of steps by the reduced routes: two normals a sample, or six and a uniform number."""
    rng, counter, samples = np.random.Generator(np.random.SFC64(0)), np.uint64(0), np.empty((ROWS, BATCH))
    tasks: Tasks = {
        "two normals a sample": (lambda: _drawn_in_plane(counter, samples[:4], steps), steps),
        "six normals a sample": (lambda: _drawn_on_sphere(rng, counter, float(dim), samples, steps), steps),
    }
    for task, _ in tasks.values():
        task()
    return tasks


def medians(tasks: Tasks, rounds: int) -> dict[str, float]:
    """Median seconds a step of one replica; the tasks take turns, so that a busy moment hits all of them."""
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, (task, steps) in tasks.items():
            start = time.perf_counter()
            task()
            spent[name].append((time.perf_counter() - start) / steps)
    return {name: median(times) for name, times in spent.items()}


def show(times: dict[str, float], unit: str) -> None:
    """One line a way to train."""
    for name, spent in times.items():
        print(f"{name:36s} {1e3 * spent:9.4f} ms a step of one replica, {spent / times[unit]:7.2f} times {unit}")


def main() -> None:
    """Print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out (it takes minutes)")
    given = parser.parse_args()
    import torch

    from tests.benchmarks.flow_training import flows  # which needs torch and zuko

    torch.set_num_threads(1)
    show(medians(mixtures(given.dim) | draws(given.dim), given.rounds), "mixture, reduced route")
    show(medians(flows(given.dim, not given.no_compile), given.rounds), "RealNVP, matrix products alone")


if __name__ == "__main__":
    main()
