"""What a small probability of collapse costs with each family of schedules: the law of a design, in closed form."""

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar

from anneal_theory._types import Objective
from anneal_theory.design.families import FamilyName
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import collapsed_state, critical_temperature, transient_gain
from anneal_theory.fixed_points.landscape import landscape_of
from anneal_theory.formulas.optimal_schedule import (
    alignment_cost,
    alignment_needed,
    exponential_price,
    exponential_price_free,
    exponential_to_one_price,
    exponential_to_one_price_free,
    passage_cost,
    passage_cost_free,
    pulse_temperature,
)
from anneal_theory.formulas.saddle_node import fold_normal_form
from anneal_theory.formulas.start_law import centre_deviation
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.quantities.doors import checked

_NODES = 40  # of the law of s(0)
_HOTTER = 1.001  # times T_c: where the search for a temperature begins
_CLOSE = 1e-4  # of log(T - 1)


@checked(family="design_family")
def schedule_cost(
    target: BimodalTarget,
    init: GaussianInit,
    max_probability: float,
    *,
    family: FamilyName = "exponential",
    objective: Objective = "tempered-target",
    highest_temperature: float | int = 100,
    highest_final_temperature: float | int = 1.15,
) -> float:
    """The gradient-flow time that the cheapest schedule of a family takes for a small probability of collapse.

    ``design_schedule(..., max_probability=...).cost`` by a formula: 2 Pi L/kappa*, where L is what log rho has to grow
    by and Pi the price of the family, with the time of passing the fold for a hold and a pulse.

    Args:
        target: With a critical temperature below the highest.
        init: Law of the initial means; free means of equal weights.
        max_probability: P, in (0, 1); small enough for alignment to cost time.
        family: As of `design_schedule`; "free" costs what a pulse costs, "monotone" what a hold costs.
        objective: "tempered-target" or "free-energy".
        highest_temperature: Of any schedule.
        highest_final_temperature: At which a schedule counts as cooled down, above 1.

    Raises:
        DomainError: the target has no critical temperature between the final and the highest one, or so large a
            probability asks for nothing.

    Remainder: O(1) beside L, which is log(1/P) and a constant; of exponentials O(L^(1/3)). The factor of L is exact.

    Source: theory section 12; docs/derivations/optimal_schedule.md.

    Example:
        >>> problem = BimodalTarget(3, 0.8), GaussianInit(128), 1e-8
        >>> [round(schedule_cost(*problem, family=family)) for family in ("cold-then-pulse", "hold", "exponential")]
        [1959, 10881, 58837]
    """
    critical = float(critical_temperature(target))
    if not critical * _HOTTER < highest_temperature:
        what = f"above T_c = {critical:.6g}"
        raise DomainError.of("highest_temperature", what, highest_temperature, "colder, no collapsed pair is released")
    if not 1 < highest_final_temperature < critical:
        what = f"above 1 and below T_c = {critical:.6g}"
        raise DomainError.of("highest_final_temperature", what, highest_final_temperature, "1.15 is the default")
    needed = _needed(target, init, max_probability)
    rate = float(collapsed_state(target.heavy_first).escape_rate)
    tempered, drive = objective == "tempered-target", _drive(target)

    def bought(price: float) -> float:
        return float(alignment_cost(escape_rate=rate, alignment_asked=needed, price=price))

    def passed(temperature: float) -> float:
        passage = passage_cost if tempered else passage_cost_free
        return float(passage(initial_temperature=temperature, critical_temperature=critical, passage_drive=drive))

    if family in ("cold-then-pulse", "free"):
        best = (
            float(pulse_temperature(critical_temperature=critical)) if tempered else math.inf
        )  # the hotter the faster
        return bought(1.0) + passed(min(best, highest_temperature))
    if family in ("hold", "monotone"):
        return _least(
            lambda temperature: bought(temperature if tempered else 1.0) + passed(temperature),
            critical,
            highest_temperature,
        )
    price, final = _price_of(family, objective), float(highest_final_temperature)

    def cooled(temperature: float) -> float:
        return bought(price(initial_temperature=temperature, final_temperature=final, critical_temperature=critical))

    return _least(cooled, critical, highest_temperature)


def _price_of(family: FamilyName, objective: Objective) -> Callable[..., float]:
    prices: dict[tuple[str, str], Callable[..., float]] = {
        ("exponential", "tempered-target"): exponential_price,
        ("exponential", "free-energy"): exponential_price_free,
        ("exponential-to-one", "tempered-target"): exponential_to_one_price,
        ("exponential-to-one", "free-energy"): exponential_to_one_price_free,
    }
    return prices[family, objective]


def _least(cost: Callable[[float], float], critical: float, highest: float) -> float:
    """The least cost over the temperatures above the critical one."""
    ends = math.log(critical * _HOTTER - 1), math.log(highest - 1)
    optimum = minimize_scalar(lambda log: cost(1 + math.exp(log)), bounds=ends, options={"xatol": _CLOSE})
    return float(min(optimum.fun, cost(highest)))


def _needed(target: BimodalTarget, init: GaussianInit, chance: float) -> float:
    """L, for a mean over starts in the basin of the heavy mode, whose pairs align most slowly."""
    unstable = landscape_of(target).unstable
    deviation = centre_deviation(target.separation, init.scale)
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    starts = [float(f"{deviation * node:.12g}") for node in nodes]
    symmetric, sign = target.half_log_odds == 0, 1.0 if target.half_log_odds >= 0 else -1.0
    inside = [symmetric or unstable is None or sign * start > unstable for start in starts]
    shares = [
        1 / float(transient_gain(target, start)) if held else 0.0 for start, held in zip(starts, inside, strict=True)
    ]
    mean = float(np.dot(weights, shares) / weights.sum())
    needed = float(alignment_needed(dim=init.dim, mean_inverse_gain=mean, collapse_chance=chance))
    if not needed > 0:
        what = f"small: below {chance * math.exp(needed):.3g}, above which no alignment has to be bought"
        raise DomainError.of("max_probability", what, chance, "use design_schedule, which is exact")
    return needed


def _drive(target: BimodalTarget) -> float:
    """a c of the normal form of the fold."""
    from anneal_theory.fixed_points.roots import fold_averages  # loads flint

    mode = landscape_of(target).heavy
    fold, averages = fold_averages(mode.target, mode.critical_fold(target))
    bend, drive = fold_normal_form(*fold, *averages)
    return float(bend * drive)
