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
from anneal_theory.gradient_flow import ReducedState, solve_flow
from anneal_theory.plots import DensityFrame
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Trajectory
from anneal_theory.schedules import Constant, Schedule
from anneal_theory.threshold import collapse_threshold

_SHARES = (math.exp(-0.5), math.exp(-2))  # of the highest T - 1 that is left at the frames in the middle
_FIRST = 0.1  # of the times of many frames, before which the pair hardly moves
SETTLED = 30.0  # escape times after which a run beside the separatrix is at rest


@dataclass(frozen=True)
class Story:
    """One start, trained without annealing and with it.

    Attributes:
        centre: s0, the mean of its two overlaps.
        distance: D0 of its means.
        rho: The cotangent of the angle between their difference and the axis.
        frames: By way of training, the pair in the plane at a few times; the last is at rest.
    """

    centre: float
    distance: float
    rho: float
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

    Args:
        target: The target.
        schedule: The annealing; it has to end at T = 1.
        centre: s0 of the start.
        distance: D0 of the start.
        count: How many times are shown, evenly in log t; the four at which something happens unless given.
        **dynamics: Rules of training that have a threshold.

    Returns:
        The story; where the schedule saves no start that collapses without it, or all pairs end alike, both thresholds.
    """
    plain: Schedule = Constant(1)
    low, high = (
        float(collapse_threshold(target, one, s0=centre, distance_squared=distance**2, **dynamics).value)
        for one in (schedule, plain)
    )
    if not 0 < low < high < math.inf:
        return low, high
    rho = math.sqrt(low * high)
    end = max(settled(target, schedule), settled(target, plain))
    times = _moments(schedule, end) if count is None else np.concatenate([[0.0], np.geomspace(_FIRST, end, count - 1)])
    frames = {}
    for label, kind in (("no annealing", plain), ("annealed", schedule)):
        run = solve_flow(target, kind, ReducedState.from_rho(centre, rho, distance, target), times, **dynamics)
        whens = [f"$t = {time:.3g}$" for time in run.times[:-1]] + ["at rest"]
        temperatures = [f"$T = {temperature:.3g}$" for temperature in run.temperature]
        frames[label] = [
            DensityFrame(f"{when}, {temperature}", means)
            for when, temperature, means in zip(whens, temperatures, places(target, run), strict=True)
        ]
    return Story(centre, distance, rho, frames)


def _moments(schedule: Schedule, end: float) -> FloatArray:
    """The start, when the schedule is nearly at its hottest for the last time, when it is nearly cold, and the end."""
    excess = max(float(schedule.highest_after(0.0)) - 1, 0.0)
    return np.unique([0.0, *(float(schedule.settling_time(share * excess)) for share in _SHARES), end])


def settled(target: BimodalTarget, schedule: Schedule) -> float:
    """A time by which a run that starts beside the separatrix is at rest; infinite if T does not settle at 1."""
    return float(schedule.settling_time(1e-3)) + SETTLED / max(float(collapsed_state(target).escape_rate), 1e-12)


def places(target: BimodalTarget, run: Trajectory) -> FloatArray:
    """The two means in the plane, shape (times, 2, 2): along the axis, across it, in deviations of a mode."""
    along = np.stack([run["m1"], run["m2"]], axis=1) / target.separation
    across = 0.5 * np.stack([run["perp"], -run["perp"]], axis=1)
    return np.stack([along, across], axis=2)


def losses_of(target: BimodalTarget, family_weight: Fraction = Fraction(1, 2)) -> Losses | None:
    """The losses of the better of either kind of end; None where there is one kind only.

    Args:
        target: The target.
        family_weight: w1; either component may have the larger overlap.
    """
    try:
        ends = [one for w in {family_weight, 1 - family_weight} for one in attractors(target, family_weight=w)]
    except (DomainError, NoCollapsedState, SolveError):
        return None
    kinds = [[one.loss for one in ends if one.collapsed == kind] for kind in (True, False)]
    return Losses(*(min(kind) for kind in kinds)) if all(kinds) else None
