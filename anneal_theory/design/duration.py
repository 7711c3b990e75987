"""How long the paper's schedule has to cool from a given temperature for a given probability of collapse."""

import math
from collections.abc import Callable
from functools import partial
from typing import Unpack

from scipy.optimize import brentq

from anneal_theory._types import Exactable
from anneal_theory.design.box import box_of
from anneal_theory.design.certain import require_something_to_design
from anneal_theory.design.designing import aim_of
from anneal_theory.design.result import PricedSchedule
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import Dynamics, ModelOptions, require_fitting
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, ExponentialToOne
from anneal_theory.threshold.sphere.antipodal import antipodal_temperature

_FIRST, _GROWTH, _LONGEST = 5.0, 2.0, 1e5
_SATURATED, _LONG = 0.01, 50.0  # of log(P/(1-P)) at twice the time, once that is so long: more time buys nothing
_WIDTH = 2e-4  # of log t0
_STRETCHES = 40


@checked(init="initial_law")
def least_duration(
    target: BimodalTarget,
    init: GaussianInit | SphereInit,
    initial_temperature: Exactable,
    max_probability: float,
    *,
    relative_error: float | None = None,
    **dynamics: Unpack[ModelOptions],
) -> PricedSchedule:
    """The least t0 with which ``T0^(1 - t/t0)`` keeps the probability of collapse at most so large, at a given T0.

    The exact probability falls with t0: the search doubles t0 until it is small enough, then closes in on the least.
    `design_schedule(family="exponential-to-one")` looks for the best T0 as well.

    Args:
        target: Separation and weight.
        init: Law of the initial means; `SphereInit` where ``constraint="sphere"``.
        initial_temperature: T0 > 1.
        max_probability: The largest probability of collapse, in (0, 1): P with its error is at most that.
        relative_error: Aim of the probabilities, for the smaller of P and 1 - P; 1e-3 unless given. Left out for
            unequal weights on the sphere, whose probabilities are averages over 1024 starts, the same at every t0.
        **dynamics: Arguments of `Dynamics`, constraint and variance included.

    Returns:
        The schedule, to about 2e-4 of its t0, which is `cost`, with its probability; ``Constant(1)`` at cost 0 where no
        annealing already keeps the limit.

    Raises:
        DomainError: an argument lies outside its domain; every pair collapses or none does (below R_c); or P saturates
            above the limit: the error says where, and which temperature has to be exceeded.

    Source:
        theory sections 5, 11 and 12.

    Example:
        >>> paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
        >>> found = least_duration(BimodalTarget(3, 0.8), SphereInit(512), 90, 0.1, relative_error=0.01, **paper)
        >>> round(found.cost), found.probability.value <= 0.1
        (33, True)
    """
    rules = Dynamics(**dynamics)
    require_fitting(init, rules)
    aim = aim_of(rules, relative_error)
    require_something_to_design(box_of(target, None, None), rules)

    def chance(schedule: Constant | ExponentialToOne) -> Estimate:
        return collapse_probability(target, schedule, init, relative_error=aim, **dynamics)

    def priced(time: float) -> PricedSchedule:
        schedule = ExponentialToOne(initial_temperature, duration=f"{time:.6g}")
        return PricedSchedule(schedule, float(schedule.duration), chance(schedule), target)

    unannealed = chance(Constant(1))
    if unannealed.value + unannealed.error <= max_probability:
        return PricedSchedule(Constant(1), 0.0, unannealed, target)
    goal = math.log(max_probability) - math.log1p(-max_probability)

    def excess(estimate: Estimate) -> float:
        return float(estimate.log_value - estimate.log_complement) - goal

    beyond = partial(_out_of_reach, target, rules, initial_temperature, max_probability)
    low, high = map(math.log, _bracket(priced, lambda candidate: excess(candidate.probability), beyond))
    root = brentq(lambda log_time: excess(priced(math.exp(log_time)).probability), low, high, xtol=_WIDTH)
    for stretch in range(_STRETCHES):
        best = priced(math.exp(root + _WIDTH * stretch * (1 + stretch) / 2))
        if best.probability.value + best.probability.error <= max_probability:
            return best
    raise SolveError(
        f"the probability stays at {best.probability.value:.6g} +- {best.probability.error:.1g} where the search had "
        f"found max_probability={max_probability:g}; ask for a smaller relative_error"
    )


def _bracket(
    priced: Callable[[float], PricedSchedule], excess: Callable[[PricedSchedule], float],
    refusal: Callable[..., DomainError],
) -> tuple[float, float]:  # fmt: skip
    """A time that is too short and one that is long enough; `refusal` of a schedule says why there is none."""
    low, current = _FIRST / _GROWTH, priced(_FIRST)
    while excess(current) > 0:
        longer = priced(_GROWTH * current.cost)
        saturates = excess(current) - excess(longer) < _SATURATED  # no number where both are certain to the last bit
        if longer.cost > _LONGEST or (longer.cost > _LONG and saturates):
            raise refusal(longer, saturates=saturates)
        low, current = current.cost, longer
    while low > 1e-3 and excess(priced(low)) <= 0:  # so short a time is enough
        low, current = low / _GROWTH, priced(low)
    return low, current.cost


def _out_of_reach(
    target: BimodalTarget, rules: Dynamics, temperature: Exactable, limit: float, longest: PricedSchedule, *,
    saturates: bool,
) -> DomainError:  # fmt: skip
    """The error for a probability that no time buys at this temperature; it names the one to exceed."""
    chance, step = longest.probability, "start hotter"
    at_limit = f"where P saturates with T0 = {temperature} (it is that at t0 = {longest.cost:g})"
    what = f"at least about {chance.value:.4g}, {at_limit}"
    if not saturates:
        what = (
            f"at least about {chance.value:.4g}, what T0 = {temperature} comes to at t0 = {longest.cost:g}, the longest"
        )
    try:
        if rules.equal_weights and rules.constraint == "sphere" and rules.variance != "fixed":
            step += f": the means are held apart above T = {antipodal_temperature(target):.4g}"
        elif rules.equal_weights and rules.constraint == "free":
            step += f": a collapsed pair is released above T_c = {float(critical_temperature(target)):.4g}"
    except DomainError:  # no such temperature
        pass
    return DomainError.of("max_probability", what, limit, step)
