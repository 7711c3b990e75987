"""What `anneal-theory bench` compares, each topic by its name: the package's way beside another's.

Setting throughout: R = 3, w* = 0.8, d = 128, T = 1 + 9 exp(-t/10); on the sphere the paper's, d = 512. `quick` asks for
smaller pieces of the same work; the ratios are for the sizes that the rows tell.
"""

import importlib.util
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from anneal_theory.averages import psi
from anneal_theory.initial_law import sample_full_statistics
from anneal_theory.models.runs import sides
from anneal_theory.phase_diagrams import phase_diagram
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Exponential, ExponentialToOne
from tests.benchmarks.heyoka_runs import BATCH, batch_runs
from tests.benchmarks.numbalsoda_runs import lsoda_runs
from tests.benchmarks.paired import Pair, Side, Skipped, measured
from tests.benchmarks.sizes import Scale, scaled, scales
from tests.benchmarks.tools import tools

__all__ = ["TOPICS", "measured", "scaled"]

TARGET, INIT, SCHEDULE = BimodalTarget(3, "0.8"), GaussianInit(128), Exponential(10, 10)
SPHERE: tuple[Any, ...] = BimodalTarget(3, "0.8"), ExponentialToOne(90, "7.778175"), SphereInit(512)
PAPER: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
_TOLERANCE, _MAX_STEPS, _END = 1e-9, 1_000_000, 1000.0
Rows = Iterator[Pair | Scale | Skipped]


def single(quick: bool) -> Rows:
    """psi of one double."""
    x = 1.25
    yield Pair("psi of one double", Side("averages.psi", lambda: psi(x, TARGET)), Side("np.tanh", lambda: np.tanh(x)))


def arrays(quick: bool) -> Rows:
    """psi of an array, allocation included on both sides."""
    count = 100_000 if quick else 1_000_000
    m = np.random.default_rng(0).uniform(-9, 9, count)
    ours, peer = Side("averages.psi", lambda: psi(m, TARGET), count), Side("np.tanh", lambda: np.tanh(m), count)
    yield Pair(f"psi of {count} doubles, a value", ours, peer)


def digits(quick: bool) -> Rows:
    """Proven psi by the package and by Arb's integration."""
    from tests.benchmarks.averages_digits import integral, ours

    for count in (15, 50, 1000):
        mine = Side("averages.psi, certified", lambda count=count: ours("psi", count))
        yield Pair(f"psi, {count} digits", mine, Side("acb.integral", lambda count=count: integral("psi", count)))


def runs(quick: bool) -> Rows:
    """Runs of the full flow from draws of the initial law: compiled to their verdict, by SciPy, and by heyoka."""
    from anneal_theory.models.free_pair import full_free_pair
    from anneal_theory.models.free_pair_run_kernels import full_searches
    from tests.benchmarks.flow_speed import by_definition

    count, few = (64, 1) if quick else (1000, 10)
    starts = sample_full_statistics(TARGET, INIT, count, np.random.default_rng(0))
    packed = full_free_pair(TARGET, SCHEDULE, Dynamics()).packed

    def verdicts(states: np.ndarray) -> np.ndarray:
        """On one core."""
        none = np.zeros(len(states)), np.empty((2, 2, 0)), (0.0, 0.0, 0.0), False
        return np.asarray(full_searches(states, *none, packed, _TOLERANCE, _MAX_STEPS)[1])

    ours = Side("compiled, to the verdict", lambda: verdicts(starts), count)

    for method in ("LSODA", "DOP853"):

        def by_scipy(method: str = method) -> list[bool]:
            return [by_definition(TARGET, SCHEDULE, start, _END, method) for start in starts[:few]]

        yield Pair("a run, to its verdict", ours, Side(f"SciPy {method}, public averages", by_scipy, few))
    yield from _run_peers(ours, verdicts, starts)


def _run_peers(ours: Side, verdicts: Callable[[np.ndarray], np.ndarray], starts: np.ndarray) -> Rows:
    """Compiled integrators, both to t = 1000, where they are installed and their verdicts are the package's."""
    about, whole = f"a run, beside one to t = {_END:g}", starts[: len(starts) // BATCH * BATCH]
    collapsed = sides(verdicts(whole)) > 0
    peers = {"heyoka": (f"heyoka, batches of {BATCH}", _heyoka), "numbalsoda": ("numbalsoda, compiled rates", _lsoda)}
    for library, (name, made) in peers.items():
        if importlib.util.find_spec(library) is None:
            yield Skipped(about, name, f"{library} is not installed")
            continue
        try:
            by_peer = made(whole)
        except OSError as error:  # built for a library that this machine lacks
            yield Skipped(about, name, f"{library} cannot be loaded: {error}")
            continue
        if np.array_equal(by_peer(), collapsed):
            yield Pair(about, ours, Side(name, by_peer, len(whole)))
        else:
            yield Skipped(about, name, "its verdicts differ from the compiled runs'")


def _heyoka(starts: np.ndarray) -> Callable[[], np.ndarray]:
    return batch_runs(TARGET, SCHEDULE, starts, _END, _TOLERANCE)[0]


def _lsoda(starts: np.ndarray) -> Callable[[], np.ndarray]:
    return lsoda_runs(TARGET, SCHEDULE, starts, _END, _TOLERANCE)


def probability(quick: bool) -> Rows:
    """One exact probability, at the error it is asked for, beside counted runs at that standard error."""
    replicas = 200 if quick else 2000
    for about, problem, rules in (("free means", (TARGET, SCHEDULE, INIT), {}), ("sphere", SPHERE, PAPER)):
        found: list[Estimate] = []

        def exact(problem: Any = problem, rules: Any = rules, found: list[Estimate] = found) -> None:
            found[:] = [collapse_probability(*problem, **rules)]

        def counted(problem: Any = problem, rules: Any = rules) -> Estimate:
            return collapse_probability(*problem, method="simulated", replicas=replicas, seed=0, **rules)

        def needed(found: list[Estimate] = found) -> float:
            """Runs whose share has the standard error that the exact value was asked for, 1e-4 of the smaller one."""
            value = found[0].value
            return value * (1 - value) / (1e-4 * min(value, 1 - value)) ** 2

        yield Pair(
            f"a probability, {about}", Side("exact, relative error 1e-4", exact),
            Side("counted runs of the flow, same standard error", counted, replicas, needed),
        )  # fmt: skip


def maps(quick: bool) -> Rows:
    """A small map at relative error 1e-3 beside a loop over its cells, both on all cores, and beside counted runs."""
    size, few = (3, 20) if quick else (6, 100)
    temperatures, spans = (np.geomspace(*ends, size).round(6).tolist() for ends in ((1, 100), (1, 1000)))
    cells = [Exponential(temperature, span) for temperature, span in product(temperatures, spans)]
    found: list[Any] = []

    def loop() -> None:
        for schedule in cells:
            collapse_probability(TARGET, schedule, INIT, relative_error=1e-3)

    def whole() -> None:
        axes = {"initial_temperatures": temperatures, "decay_times": spans}
        found[:] = [phase_diagram(TARGET, INIT, **axes, relative_error=1e-3)]

    def counted() -> None:
        for schedule in cells:
            collapse_probability(TARGET, schedule, INIT, method="simulated", replicas=few, seed=0)

    def needed() -> float:
        """Runs a cell, on average, whose share has a standard error of 1e-3 of the smaller of both probabilities."""
        value = np.asarray(found[0]["value"])
        return float(np.mean(value * (1 - value) / (1e-3 * np.minimum(value, 1 - value)) ** 2))

    ours, about = Side("phase_diagram", whole, len(cells)), f"a cell of a map of {size} x {size}"
    yield Pair(about, ours, Side("collapse_probability cell by cell", loop, len(cells)))
    yield Pair(about, ours, Side("counted runs, same standard error", counted, few * len(cells), needed))


def mixtures(quick: bool) -> Rows:
    """A step of one replica of a mixture, batch 1000."""
    from tests.benchmarks.training_speed import SPHERE, draws
    from tests.benchmarks.training_speed import mixtures as tasks

    made = tasks(128, ("reduced", "plain", *SPHERE))
    ours, plain = (Side(f"{route} route", *made[f"mixture, {route} route"]) for route in ("reduced", "plain"))
    yield Pair("a step of a mixture, d = 128, batch 1000", ours, plain)
    for route in SPHERE:
        on_sphere = Side(route, *made[f"mixture, {route} route"])
        yield Pair(
            "a step of a mixture, d = 128, batch 1000",
            on_sphere,
            Side("reduced route of free means", *made["mixture, reduced route"]),
        )
    alone = draws(128)
    for route, numbers in zip(("reduced", list(SPHERE)[1]), alone, strict=True):
        yield Pair(
            "a step of a mixture, d = 128, batch 1000",
            Side(f"{route} route" if route == "reduced" else route, *made[f"mixture, {route} route"]),
            Side(f"its random numbers alone, {numbers}", *alone[numbers]),
        )


def flows(quick: bool) -> Rows:
    """A step of one RealNVP flow, one thread: beside its matrix products alone, and beside zuko's flow."""
    about = "a step of RealNVP, d = 128, batch 512"
    lacking = [name for name in ("torch", "zuko") if importlib.util.find_spec(name) is None]
    if lacking:
        for peer in ("its matrix products alone", "zuko"):
            yield Skipped(about, peer, f"{' and '.join(lacking)} not installed")
        return
    import torch

    from tests.benchmarks.flow_training import REPLICAS
    from tests.benchmarks.flow_training import flows as tasks

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        made = tasks(128, compiled=not quick, steps=3 if quick else 15)
        kind = "RealNVP, eager" if quick else f"RealNVP, compiled, {REPLICAS} as one batch"
        ours = Side(kind.removeprefix("RealNVP, "), *made[kind])
        yield Pair(about, ours, Side("its matrix products alone", *made["RealNVP, matrix products alone"]))
        yield Pair(about, ours, Side("zuko", *made["RealNVP of zuko"]))
    finally:
        torch.set_num_threads(before)


TOPICS: dict[str, Callable[[bool], Rows]] = {
    "single": single,
    "arrays": arrays,
    "digits": digits,
    "runs": runs,
    "probability": probability,
    "map": maps,
    "mixture": mixtures,
    "realnvp": flows,
    "tools": tools,
    "sizes": scales,
}
