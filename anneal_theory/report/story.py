"""One start that annealing saves, and what is behind the two probabilities: the losses of both ends."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError, NoCollapsedState, SolveError
from anneal_theory.fixed_points import attractors, collapsed_state
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import sphere_attractors
from anneal_theory.gradient_flow import ReducedState, SphereState, solve_flow
from anneal_theory.plots import DensityFrame
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Trajectory
from anneal_theory.schedules import Constant, Schedule
from anneal_theory.threshold import collapse_threshold

_SHARES = (math.exp(-0.5), math.exp(-2))  # of the highest T - 1 that is left at the frames in the middle
_SLOWEST = 1e-6  # rate to rest that a run is waited for: far modes part a pair on the sphere at theirs ever more slowly
_FIRST = 0.1  # of the times of many frames, before which the pair hardly moves
SETTLED = 30.0  # escape times after which a run beside the separatrix is at rest


@dataclass(frozen=True)
class Story:
    """One start, trained without annealing and with it.

    `centre` is s0, on the sphere y, the cosine of the means' sum with the axis; `alignment` is rho, on the sphere the
    cosine x of their difference. `frames` has, by way of training, the pair in the plane at a few times, the last at
    rest.
    """

    centre: float
    distance: float
    alignment: float
    frames: Mapping[str, list[DensityFrame]]


@dataclass(frozen=True)
class Losses:
    """The least KL divergence of a collapsed end and of one with both modes, at T = 1."""

    collapsed: float
    split: float


def tell(
    target: BimodalTarget, schedule: Schedule, centre: float, distance: float, count: int | None = None, **dynamics: Any
) -> Story | tuple[float, float]:
    """A start whose angle lies between the thresholds with and without annealing, and both its runs.

    `count` times are shown, evenly in log t; unless given the four at which something happens. Where the schedule saves
    no start that collapses without it, or all pairs end alike, both thresholds come back.
    """
    plain: Schedule = Constant(1)
    low, high = (
        float(collapse_threshold(target, one, s0=centre, distance_squared=distance**2, **dynamics).value)
        for one in (schedule, plain)
    )
    if not 0 < low < high < math.inf:
        return low, high
    rho = math.sqrt(low * high)
    end = max(settled(target, one) for one in (schedule, plain))
    times = _times(schedule, end, count)
    start = ReducedState.from_rho(centre, rho, distance, target)
    return Story(centre, distance, rho, _frames(target, schedule, start, times, dynamics))


def tell_on_sphere(
    target: BimodalTarget, schedule: Schedule, centre: float, count: int | None = None, **dynamics: Any
) -> Story | tuple[float, float]:
    """The same on the sphere, of a start at right angles whose sum has the cosine `centre` with the axis."""
    low, high = (
        float(collapse_threshold(target, one, mean_cosine=centre, **dynamics).value) for one in (schedule, Constant(1))
    )
    if not 0 < low < high < math.inf:
        return low, high
    x = math.sqrt(low * high)
    start = SphereState(cosine=x, mean_cosine=centre)
    times = _times(schedule, settled_on_sphere(target, schedule), count)
    return Story(centre, math.sqrt(2) * target.separation, x, _frames(target, schedule, start, times, dynamics))


def _frames(
    target: BimodalTarget, schedule: Schedule, start: ReducedState | SphereState, times: FloatArray,
    dynamics: dict[str, Any],
) -> dict[str, list[DensityFrame]]:  # fmt: skip
    """The pair at these times, the last of which is at rest, without the schedule and with it."""
    frames = {}
    for label, kind in (("no annealing", Constant(1)), ("annealed", schedule)):
        run = solve_flow(target, kind, start, times, **dynamics)
        whens = [f"$t = {time:.3g}$" for time in run.times[:-1]] + ["at rest"]
        variances = run["variance"] if "variance" in run.statistics else np.ones(len(whens))
        frames[label] = [
            DensityFrame(f"{when}, $T = {temperature:.3g}$", means, float(variance))
            for when, temperature, means, variance in zip(
                whens, run.temperature, places(target, run), variances, strict=True
            )
        ]
    return frames


def _times(schedule: Schedule, end: float, count: int | None) -> FloatArray:
    """So many times, evenly in log t.

    Unless given: the start, when the schedule is nearly at its hottest for the last time, when nearly cold, the end.
    """
    if count is not None:
        return np.concatenate([[0.0], np.geomspace(_FIRST, end, count - 1)])
    excess = max(float(schedule.highest_after(0.0)) - 1, 0.0)
    return np.unique([0.0, *(float(schedule.settling_time(share * excess)) for share in _SHARES), end])


def settled(target: BimodalTarget, schedule: Schedule) -> float:
    """A time by which a run that starts beside the separatrix is at rest; infinite if T does not settle at 1."""
    return float(schedule.settling_time(1e-3)) + SETTLED / max(float(collapsed_state(target).escape_rate), 1e-12)


def settled_on_sphere(target: BimodalTarget, schedule: Schedule) -> float:
    """The same on the sphere, by the slowest rate at which a pair comes to rest."""
    flow = FrozenSphere(target, 1.0, 1.0)
    rates = [flow.return_rate(one.m1, one.m2, one.pair_overlap) for one in sphere_attractors(target, 1.0, 1.0)]
    return float(schedule.settling_time(0)) + SETTLED / max(min(rates), _SLOWEST)


def places(target: BimodalTarget, run: Trajectory) -> FloatArray:
    """The two means in the plane, shape (times, 2, 2): along the axis, across it, in deviations of a mode.

    The other direction of the plane is that of their difference across the axis; what both have in common across it is
    not seen.
    """
    along = np.stack([run["m1"], run["m2"]], axis=1) / target.separation
    apart = run["perp"] if "perp" in run.statistics else _across(run["distance"], along)
    across = 0.5 * np.stack([apart, -apart], axis=1)
    return np.stack([along, across], axis=2)


def _across(distance: FloatArray, along: FloatArray) -> FloatArray:
    """How far means are apart across the axis, by their distance and their places along it."""
    return np.asarray(np.sqrt(np.clip(distance**2 - (along[:, 0] - along[:, 1]) ** 2, 0, None)))


def losses_of(target: BimodalTarget, family_weight: Fraction = Fraction(1, 2)) -> Losses | None:
    """The losses of the better of either kind of end; None where there is one kind only."""
    try:
        ends = [one for w in {family_weight, 1 - family_weight} for one in attractors(target, family_weight=w)]
    except (DomainError, NoCollapsedState, SolveError):
        return None
    kinds = [[one.loss for one in ends if one.collapsed == kind] for kind in (True, False)]
    return Losses(*(min(kind) for kind in kinds)) if all(kinds) else None
