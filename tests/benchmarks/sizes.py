"""What work costs against its size: the processor's time at each size, and the exponent of a power law through them.

The setting is that of `tests.benchmarks.pairs`. Every size is run; nothing is extrapolated.
"""

import importlib.util
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from anneal_theory.averages import ball
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.models.free_pair import full_free_pair
from anneal_theory.models.free_pair_run_kernels import full_searches
from anneal_theory.phase_diagrams import phase_diagram
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.schedules import Constant, Exponential, ExponentialToOne
from anneal_theory.threshold import collapse_threshold
from anneal_theory.training import train_mixture
from tests.benchmarks.paired import Skipped
from tests.benchmarks.worker import enough, seconds

TARGET, SCHEDULE = BimodalTarget(3, "0.8"), Exponential(10, 10)
_LONG = 1.0  # seconds: what takes longer is timed once
_STEPS = 50  # of a mixture
_FLOW: dict[str, Any] = {"couplings": 2, "hidden": (16,)}
_FLOW_DIM, _FLOW_BATCH, _FLOW_STEPS = 8, 64, 4


@dataclass(frozen=True)
class Scale:
    """Work of growing size: what it is, what its size counts, the sizes, and the task of a size."""

    about: str
    counts: str
    sizes: Sequence[int]
    task: Callable[[int], Callable[[], Any]]


@dataclass(frozen=True)
class Scaled:
    """Milliseconds of the processor at each size, medians; the exponent over all sizes, and between neighbours."""

    about: str
    counts: str
    sizes: list[int]
    ms: list[float]
    exponent: float
    lowest: float
    highest: float

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def scaled(scale: Scale, rounds: int) -> Scaled:
    """Time a scale, each size after a first call of the least one, which compiles.

    Args:
        scale: What grows.
        rounds: How often each size is timed; once where that takes seconds.
    """
    times = []
    scale.task(scale.sizes[0])()
    for size in scale.sizes:
        task = scale.task(size)
        first = seconds(task, 1, time.process_time)
        if first > _LONG:
            times.append(first)
            continue
        often = enough(task)
        times.append(statistics.median(seconds(task, often, time.process_time) for _ in range(rounds)))
    return Scaled(
        scale.about, scale.counts, list(scale.sizes), [1e3 * one for one in times], *exponents(scale.sizes, times)
    )


def exponents(sizes: Sequence[float], times: Sequence[float]) -> tuple[float, float, float]:
    """The slope of log time against log size by least squares, and the least and the greatest between neighbours."""
    x, y = np.log(sizes), np.log(times)
    between = np.diff(y) / np.diff(x)
    return float(np.polyfit(x, y, 1)[0]), float(between.min()), float(between.max())


def scales(quick: bool) -> Iterator[Scale | Skipped]:
    """All of them; `quick` leaves out the largest sizes."""
    yield Scale("runs to their verdict, d = 128", "runs", [10**k for k in range(1, 4 if quick else 7)], _runs)
    dims = (10, 10**3, 10**6, 10**12) if quick else [10**k for k in range(1, 13)]
    yield Scale("a probability, free means", "d", dims, _probability)
    yield Scale("a probability, sphere", "d", dims, _sphere_probability)
    counts = (1, 8, 64) if quick else [4**k for k in range(7)]
    yield Scale(f"{_STEPS} steps of a mixture, d = 128, batch 1000, reduced route", "replicas", counts, _mixtures)
    flows = f"{_FLOW_STEPS} steps of RealNVP, d = {_FLOW_DIM}, batch {_FLOW_BATCH}, one batch"
    if importlib.util.find_spec("torch") is None:
        yield Skipped(flows, "itself at other sizes", "torch is not installed")
    else:
        yield Scale(flows, "replicas", counts, _flows)
    yield Scale("psi, certified", "digits", (15, 50, 200, 1000) if quick else (15, 30, 50, 100, 200, 500, 1000), _psi)
    yield Scale("a threshold", "digits", (15, 30) if quick else (15, 20, 30, 40, 50), _threshold)
    sides = (5, 10) if quick else (5, 10, 20, 50, 100, 200)
    yield Scale("a map, free means, d = 128", "cells", [side**2 for side in sides], _map)


def _runs(count: int) -> Callable[[], Any]:
    starts = sample_full_statistics(TARGET, GaussianInit(128), count, np.random.default_rng(0))
    packed = full_free_pair(TARGET, SCHEDULE, Dynamics()).packed
    none = np.zeros(count), np.empty((2, 2, 0)), (0.0, 0.0, 0.0), False
    return lambda: full_searches(starts, *none, packed, 1e-9, 1_000_000)


def _probability(dim: int) -> Callable[[], Any]:
    return lambda: collapse_probability(TARGET, SCHEDULE, GaussianInit(dim))


def _sphere_probability(dim: int) -> Callable[[], Any]:
    schedule, init = ExponentialToOne(90, 35), SphereInit(dim)
    rules: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    return lambda: collapse_probability(TARGET, schedule, init, **rules)


def _mixtures(replicas: int) -> Callable[[], Any]:
    words: dict[str, Any] = {"batch_size": 1000, "step_size": 0.05, "end_time": 0.05 * _STEPS, "most_undecided": 1}
    words |= {"replicas": replicas, "route": "reduced", "stop_at_rest": False, "threads": 1}
    return lambda: train_mixture(TARGET, Constant(1), GaussianInit(128), **words)


def _flows(replicas: int) -> Callable[[], Any]:
    from anneal_theory.training.annealed import AnnealedRun
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP
    from anneal_theory.training.realnvp_outcome import target_log_density
    from anneal_theory.training.rules import TrainingRules

    noise = Noise(0, replicas)
    rules = TrainingRules(steps=_FLOW_STEPS, batch_size=_FLOW_BATCH, record_every=_FLOW_STEPS, record_samples=2)
    density = partial(target_log_density, TARGET)
    flow = RealNVP(_FLOW_DIM, noise, **_FLOW)
    return lambda: AnnealedRun(flow, density, Constant(1), rules, noise).run()


def _psi(digits: int) -> Callable[[], Any]:
    return lambda: ball.psi(1.25, TARGET, digits)


def _threshold(digits: int) -> Callable[[], Any]:
    return lambda: collapse_threshold(TARGET, SCHEDULE, distance_squared=2, digits=digits)


def _map(cells: int) -> Callable[[], Any]:
    side = math.isqrt(cells)
    temperatures, spans = (np.geomspace(*ends, side).round(6).tolist() for ends in ((1, 100), (1, 1000)))
    init = GaussianInit(128)
    words: dict[str, Any] = {"relative_error": 1e-3, "allow_slow": True}
    return lambda: phase_diagram(TARGET, init, initial_temperatures=temperatures, decay_times=spans, **words)
