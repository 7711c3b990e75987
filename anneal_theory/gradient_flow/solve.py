"""Training flows as trajectories: the type of the start selects the equations (theory sections 3 and 4)."""

from typing import Any, Unpack

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow.driver import RecordedRun, Settings, Statistics, System, integrate, sample_times
from anneal_theory.gradient_flow.general import general_system
from anneal_theory.gradient_flow.gram import GramState
from anneal_theory.gradient_flow.pair import CROSSINGS, full_system, reduced_system
from anneal_theory.gradient_flow.sphere import sphere_system
from anneal_theory.gradient_flow.sphere_means import sphere_means_system
from anneal_theory.gradient_flow.sphere_starts import SphereState
from anneal_theory.gradient_flow.starts import FullState, Numbers, ReducedState
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianMixture, ModelOptions
from anneal_theory.problem.dynamics import law_dim, require_dim
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Trajectory
from anneal_theory.schedules import Schedule

Target = BimodalTarget | GaussianMixture
Batch = ReducedState | FullState | SphereState
Start = Batch | GramState


@checked(target="any_target", times="flow_times", method="stepper")
def solve_flow(
    target: Target,
    schedule: Schedule,
    start: Start,
    times: Numbers,
    *,
    method: str = "LSODA",
    rtol: float = 1e-10,
    max_steps: int = 200_000,
    stop_at: str = "",
    dim: int | None = None,
    **dynamics: Unpack[ModelOptions],
) -> Trajectory:
    """Follow training from one start: gradient flow of the loss while the temperature falls.

    Args:
        target: A `BimodalTarget`, or the `GaussianMixture` that a `GramState` was made with.
        schedule: The temperature.
        start: State at time 0. A `ReducedState` selects the three reduced statistics (theory section 4), a
            `FullState` the five of theory section 3, a `GramState` the general flow of K means on K* modes. With
            ``constraint="sphere"`` it is a `SphereState` (theory section 11).
        times: Times of gradient flow to report, increasing, >= 0.
        method: SciPy's "LSODA" (switches between stiff and explicit), "DOP853" or "Radau".
        rtol: Relative error allowed a step; the trajectory's own is some ten to a hundred times larger.
        max_steps: Steps after which the run stops early.
        stop_at: Name of an event that ends the run, one of `anneal_theory.gradient_flow.CROSSINGS`; empty for none.
        dim: The dimension, where variances are trained on the sphere. Of equal family weights the variance, one for
            both components, then follows its law in that dimension, and without `dim` its law in large ones. Unequal
            weights need it: components of different variances are told apart the better the more coordinates there
            are. No other flow depends on it.
        **dynamics: Arguments of `Dynamics`, constraint and variance included. A `GramState` brings its own weights: no
            family_weight with it.

    Returns:
        Trajectory. Its statistics are s, delta, perp, m1, m2, rho, log_rho, distance (reduced); m1, m2, s11, s12, s22,
        distance and the cosine of the angle between mu_1 - mu_2 and mu* (full); m1, m2, pair_overlap
        (mu_1 . mu_2/R^2), variance (v1 and v2 where those of unequal weights are trained), cosine, log_cosine
        (of |cosine|), distance (sphere); or gram, shape (n, K + K*, K + K*).
        Its events are the times at which a mean crosses the boundary between the two basins, in either direction
        (all flows but the general one).

    Raises:
        DomainError: times are negative or do not increase, the start is a batch, it does not belong to the target,
            it does not go with the constraint, the dynamics have no reduced flow, or dim is missing or has no use.

    Source:
        theory sections 3, 4 and 11; derivations/summary_statistics.py, derivations/alignment.py,
        derivations/sphere_flow.py.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> target = BimodalTarget(3, 0.8)
        >>> start = ReducedState.from_rho(s=0, rho=0.2, distance=2**0.5, target=target)
        >>> run = solve_flow(target, Exponential(10, 10), start, [0, 10, 1000])
        >>> run.status, [round(float(m), 4) for m in run["m2"]]
        ('finished', [-0.416, -2.2085, -8.9619])
        >>> paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
        >>> run = solve_flow(target, Exponential(9, 2), SphereState(0.1), [0, 5, 60], **paper)
        >>> [round(float(s), 4) for s in run["pair_overlap"]]
        [0.0, -0.6222, -1.0]
        >>> run = solve_flow(target, Exponential(9, 2), SphereState(0.1), [0, 5], dim=3, **paper)
        >>> round(float(run["variance"][-1]), 4)
        3.1686
        >>> run = solve_flow(target, Exponential(9, 2), SphereState(0.1), [0, 5], dim=128, family_weight=0.6, **paper)
        >>> round(float(run["v1"][-1]), 4), round(float(run["v2"][-1]), 4)
        (2.0877, 2.5501)
    """
    settings = Settings(method, rtol, max_steps, stop_at)
    at = sample_times(times)
    rules = Dynamics(**dynamics)
    _require_event(start, stop_at)
    if _batch_size(start) is not None:
        raise DomainError.of("start", "one state", f"a batch of {_batch_size(start)}", "use solve_flows for batches")
    system, statistics = _system(target, schedule, start, rules, rtol, dim)
    run = integrate(system, at, schedule.strides(), settings)
    named = {
        name: values[:, 0] if name != "gram" else values for name, values in statistics(_rows(run, system)).items()
    }
    events = {name: [time for event, _, time in run.crossings if event == name] for name in system.event_names}
    return _trajectory(run, schedule, named, events, rules)


@checked(times="flow_times", method="stepper")
def solve_flows(
    target: BimodalTarget,
    schedule: Schedule,
    starts: Batch,
    times: Numbers,
    *,
    method: str = "DOP853",
    rtol: float = 1e-10,
    max_steps: int = 200_000,
    dim: int | None = None,
    **dynamics: Unpack[ModelOptions],
) -> Trajectory:
    """Follow training from many starts at once.

    Args:
        target: The target.
        schedule: The temperature.
        starts: A state of arrays of shape (n,), one entry a trajectory.
        times: As in `solve_flow`.
        method: "DOP853" steps all trajectories together, in compiled code, which is the fastest up to times of some
            1e4; "LSODA" and "Radau" take one trajectory after the other and step far over long times.
        rtol: Relative error allowed a step, of each trajectory.
        max_steps: As in `solve_flow`.
        dim: As in `solve_flow`.
        **dynamics: Arguments of `Dynamics`.

    Returns:
        Trajectory whose statistics have shape (times, n). Its events hold, for each name, the first time of each
        trajectory (infinite if it never happens). If one trajectory stops early, all are cut at the last time that
        every one reached.

    Raises:
        DomainError: as `solve_flow`, or the start is a single state.

    Source:
        theory sections 3 and 4.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> target = BimodalTarget(3, 0.8)
        >>> starts = ReducedState.from_rho(s=0, rho=[0.28766, 0.28767], distance=2**0.5, target=target)
        >>> solve_flows(target, Constant(1), starts, [0, 500])["m2"][-1].round(3)  # one collapses, one is saved
        array([ 8.547, -8.962])
    """
    at = sample_times(times)
    rules = Dynamics(**dynamics)
    count = _batch_size(starts)
    if count is None:
        raise DomainError.of("starts", "a state of arrays of shape (n,)", starts, "use solve_flow for one start")
    if count == 0:
        raise DomainError.of("starts", "a state of one start or more", starts, "give arrays that are not empty")
    if method == "DOP853":
        # SciPy's error norm is a mean over all variables: one trajectory alone may have sqrt(n) times it.
        strict = max(rtol / np.sqrt(count), 1e-13)
        system, statistics = _system(target, schedule, starts, rules, strict, dim)
        run = integrate(system, at, schedule.strides(), Settings(method, strict, max_steps))
        return _trajectory(run, schedule, statistics(_rows(run, system)), _first_times(run, system, count), rules)
    alike: dict[str, Any] = {"method": method, "rtol": rtol, "max_steps": max_steps, "dim": dim}
    runs = [solve_flow(target, schedule, _one(starts, j), at, **alike, **dynamics) for j in range(count)]
    return _stack(runs)


def _system(
    target: Target, schedule: Schedule, start: Start, dynamics: Dynamics, rtol: float, dim: int | None
) -> tuple[System, Statistics]:
    if isinstance(start, SphereState) != (dynamics.constraint == "sphere"):
        need = "a SphereState for means on the sphere" if dynamics.constraint == "sphere" else "one of free means"
        step = "make one: SphereState(cosine)" if dynamics.constraint == "sphere" else 'or add constraint="sphere"'
        raise DomainError.of("start", need, type(start).__name__, step)
    if isinstance(start, GramState):
        if not dynamics.equal_weights:
            step = "give the weights to the GramState"
            raise DomainError.of("family_weight", "left out for a GramState", dynamics.family_weight, step)
        start.require_target(target)
        return general_system(start, schedule, dynamics.objective, dynamics.metric)
    if not isinstance(target, BimodalTarget):
        step = "use a GramState for general mixtures"
        raise DomainError.of("target", f"a BimodalTarget for a {type(start).__name__}", target, step)
    require_dim(dynamics, dim)
    if isinstance(start, SphereState):
        if dynamics.equal_weights:
            return sphere_system(target, schedule, start, dynamics, rtol, law_dim(dynamics, dim))
        return sphere_means_system(target, schedule, start, dynamics, rtol, dim or 1)
    build = reduced_system if isinstance(start, ReducedState) else full_system
    return build(target, schedule, start, dynamics, rtol)  # type: ignore[arg-type]  # matched on the line above


def _require_event(start: Start, name: str) -> None:
    events = () if isinstance(start, GramState) else CROSSINGS
    if name and name not in events:
        need = " or ".join(map(repr, events)) or "empty for a GramState, which has no events"
        raise DomainError.of("stop_at", need, name, "leave it empty to follow the run to its end")


def _batch_size(start: Start) -> int | None:
    """Number of trajectories of a batch, None for a single state."""
    first = 0.0 if isinstance(start, GramState) else next(iter(vars(start).values()))
    return None if np.ndim(first) == 0 else int(np.size(first))


def _one(starts: Batch, index: int) -> Batch:
    start: Batch = type(starts)(**{name: float(values[index]) for name, values in vars(starts).items()})
    return start


def _rows(run: RecordedRun, system: System) -> FloatArray:
    return np.array(run.states).reshape(len(run.states), system.start.size)


def _first_times(run: RecordedRun, system: System, count: int) -> dict[str, list[float]]:
    first = {name: [float("inf")] * count for name in system.event_names}
    for name, index, time in run.crossings:
        first[name][index] = min(first[name][index], time)
    return first


def _trajectory(
    run: RecordedRun, schedule: Schedule, statistics: dict[str, FloatArray], events: dict[str, list[float]],
    dynamics: Dynamics,
) -> Trajectory:  # fmt: skip
    times = np.array(run.times, dtype=np.float64)
    temperature = np.array([schedule.temperature(float(t)) for t in times], dtype=np.float64)
    if dynamics.variance == "follows-temperature":  # it is no variable of the flow
        statistics["variance"] = (statistics["variance"].T * temperature).T
    return Trajectory(times, statistics, temperature, run.status, run.message, events)


def _stack(runs: list[Trajectory]) -> Trajectory:
    """Single trajectories side by side, as far as all of them reach."""
    shortest = min(runs, key=lambda run: len(run.times))
    size = len(shortest.times)
    statistics = {name: np.stack([run[name][:size] for run in runs], axis=1) for name in shortest.statistics}
    events = {name: [min(run.events[name], default=float("inf")) for run in runs] for name in shortest.events}
    return Trajectory(shortest.times, statistics, shortest.temperature, shortest.status, shortest.message, events)
