"""Recorded training over the gradient flow from the same starts."""

from typing import Any

from anneal_theory.errors import DomainError
from anneal_theory.gradient_flow import FullState, SphereState, solve_flows
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Outcomes, Trajectory
from anneal_theory.schedules import Schedule
from anneal_theory.training.mixture_history import SPHERE_STATISTICS, STATISTICS


@checked
def flows_beside(
    found: Outcomes, target: BimodalTarget, schedule: Schedule, *, replicas: int = 8, **dynamics: Any
) -> Trajectory:
    """Gradient flow from the starts of trained mixtures, at the times of their records.

    Args:
        found: From `train_mixture` with `record_every`.
        target: The target of that training.
        schedule: Its schedule.
        replicas: The first so many of them.
        **dynamics: Its arguments of `Dynamics`: objective, constraint ...; where it trained variances on the sphere its
            `dim` as well, as of `solve_flows`.

    Returns:
        Trajectory whose statistics have shape (records, n).

    Raises:
        DomainError: the training was not recorded.

    Source:
        theory sections 3 and 11.

    Example:
        >>> from anneal_theory import Exponential, GaussianInit
        >>> from anneal_theory.training import train_mixture
        >>> target, schedule = BimodalTarget(3, 0.8), Exponential(10, 10)
        >>> rules = {"replicas": 2, "batch_size": 5000, "step_size": 0.05, "end_time": 50, "record_every": 200}
        >>> found = train_mixture(target, schedule, GaussianInit(16), **rules)
        >>> flow = flows_beside(found, target, schedule)
        >>> flow["m1"].shape, bool(abs(found.history["m1"] - flow["m1"]).max() < 1)
        ((6, 2), True)
    """
    starts: FullState | SphereState
    if set(STATISTICS) <= found.history.keys():
        starts = FullState(**{name: found.history[name][0, :replicas] for name in STATISTICS})
    elif set(SPHERE_STATISTICS) <= found.history.keys():
        m1, m2, pair = (found.history[name][0, :replicas] for name in SPHERE_STATISTICS[:3])
        starts = SphereState.from_overlaps(m1, m2, pair, target)
    else:
        raise DomainError("found must be a recorded training; give record_every to train_mixture.")
    times = found.history["step"][:, 0] * float(found.settings["step_size"])
    return solve_flows(target, schedule, starts, times, **dynamics)
