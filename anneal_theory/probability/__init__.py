"""The probability of mode collapse (theory section 5)."""

from pathlib import Path
from typing import Any, Literal

from anneal_theory._types import Exactable, Metric, Objective
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import Ending, ending
from anneal_theory.probability.exact.average import certain, exact_probability
from anneal_theory.probability.simulated import quasi_random_probability, simulate_flow, simulated_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.methods import require_reducible, told

__all__ = ["collapse_probability", "simulate_flow"]

Method = Literal["exact", "large-dim", "slow-annealing", "simulated"]
_QUASI_RANDOM_RUNS = 1 << 15


@checked(method="probability_method")
def collapse_probability(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit,
    *,
    method: Method = "exact",
    objective: Objective = "tempered-target",
    metric: Metric = "euclidean",
    family_weight: Exactable = 0.5,
    relative_error: float | None = None,
    replicas: int | None = None,
    seed: int | None = None,
    digits: int | None = None,
    progress: bool = False,
    checkpoint: str | Path | None = None,
    processes: int = 1,
    accept_cost: bool = False,
) -> Estimate:
    """Probability that training ends with both means at one mode.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule ending at temperature 1; ``Constant(1)`` is no annealing.
        init: Dimension and variance of the initial means.
        method: "exact" (theory section 5; quasi-Monte Carlo over the five-dimensional initial law where the Euclidean
            metric meets unequal family weights; beyond d = 1e9 its limit, with the error of that), "large-dim" (the
            limit of large dimension), "slow-annealing" (the formula of theory
            section 6, whose error says how far the formula may be off) or "simulated" (counts runs of the full flow).
        objective: "tempered-target" or "free-energy".
        metric: "euclidean" or "natural".
        family_weight: w1 in (0, 1).
        relative_error: Aim of "exact" and "large-dim" for the smaller of P and 1 - P, from 1e-8 to 0.1; 1e-4 unless
            given. Where no double holds that, of its logarithm: to a millionth, or what its error says.
        replicas: Runs of "simulated" (1000 unless given) or of the quasi-Monte Carlo (32768 unless given).
        seed: Of the draws; 0 unless given. What the method does not use is refused.
        digits: For "slow-annealing" and "large-dim": None for doubles, else correct relative digits of P and of both
            logarithms, as ``mpf`` numbers. Those of "large-dim" take a threshold of so many digits for each of a
            hundred starts: minutes at 20 digits. The four arguments that follow are for them alone.
        progress: Whether the cost and a bar are written to the standard error.
        checkpoint: A file that keeps the thresholds found, to go on from after an interruption.
        processes: How many work at once. More than one are spawned: a script then needs ``if __name__ == "__main__"``.
        accept_cost: Whether more than an hour ("large-dim") or two minutes ("slow-annealing") is fine.

    Returns:
        Estimate; `log_value` and `log_complement` hold where P or 1 - P underflow.

    Raises:
        DomainError: an argument is outside its domain.
        SolveError: a run stayed undecided (targets at their critical separation).
        PrecisionError: the digits are out of reach.

    Source:
        theory section 5.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> p = collapse_probability(BimodalTarget(3, 0.8), Constant(1), GaussianInit(128))
        >>> round(p.value, 3)
        0.991
        >>> init = GaussianInit(16)
        >>> p = collapse_probability(BimodalTarget(3, 0.8), Constant(1), init, method="large-dim", digits=4)
        >>> round(float(p.value), 4)
        0.6802
    """
    dynamics = Dynamics(objective, metric, family_weight)
    drawn = method == "simulated" or (method == "exact" and not dynamics.reducible)
    _refuse_unused(method, digits is None and not drawn, drawn, relative_error, replicas, seed)
    aim, source = 1e-4 if relative_error is None else relative_error, seed or 0
    work: dict[str, Any] = {
        "progress": progress,
        "checkpoint": checkpoint,
        "processes": processes,
        "accept_cost": accept_cost,
    }
    if method == "large-dim" and digits is not None:
        from anneal_theory.probability.large_dim.digits import large_dim_probability_at_digits  # loads flint

        rules: dict[str, Any] = {"objective": objective, "metric": metric, "family_weight": family_weight}
        return large_dim_probability_at_digits(target, schedule, init, digits=digits, **rules, **work)
    _refuse_digits(method, digits, work)
    if method == "slow-annealing":
        from anneal_theory.probability.slow.slow_annealing import slow_probability  # loads flint

        return told(slow_probability(target, schedule, init, dynamics, digits, accept_cost), schedule)
    if method == "simulated":
        return told(simulated_probability(target, schedule, init, dynamics, replicas or 1000, source), schedule)
    if not dynamics.reducible and method == "exact":
        end = ending(target, dynamics)
        if end is not Ending.BOTH:
            return certain(end, method)
        runs = replicas or _QUASI_RANDOM_RUNS
        return told(quasi_random_probability(target, schedule, init, dynamics, runs, source), schedule)
    require_reducible(dynamics)
    large_dim = method == "large-dim"
    return told(exact_probability(target, schedule, init, dynamics, aim, large_dim=large_dim), schedule)


def _refuse_unused(
    method: str, integrated: bool, drawn: bool, relative_error: float | None, replicas: int | None, seed: int | None
) -> None:
    """Refuse an aim where nothing is integrated adaptively, and what belongs to draws where nothing is drawn."""
    if relative_error is not None and not (integrated and method in ("exact", "large-dim")):
        step = "its error is what the method has; leave it out"
        raise DomainError.of("relative_error", "left out where nothing is integrated to an aim", relative_error, step)
    for name, value in (("replicas", replicas), ("seed", seed)):
        if value is not None and not drawn:
            step = 'leave it out, or use method="simulated"'
            raise DomainError.of(name, f'left out for method="{method}", which draws nothing', value, step)


def _refuse_digits(method: str, digits: int | None, work: dict[str, Any]) -> None:
    """Refuse digits that a method lacks, and what belongs to those of "large-dim" alone."""
    if digits is not None and method != "slow-annealing":
        raise DomainError.of(
            "digits", 'left out, but for method="large-dim" and "slow-annealing"', digits,
            "probabilities of the other methods are computed in doubles",
        )  # fmt: skip
    for name, value in work.items():
        if name == "accept_cost" and digits is not None:
            continue
        if value != (1 if name == "processes" else None if name == "checkpoint" else False):
            raise DomainError.of(name, 'left out, but for digits of method="large-dim"', value, "leave it out")
