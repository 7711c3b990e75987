"""The threshold of slow annealing to leading order: rho_c = exp(-kappa* tau_hot)/C(s0) (theory section 6, A = 1)."""

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

import flint

from anneal_theory._types import Exactable
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, answer, ball_of, refined
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import collapsed_state, critical_temperature
from anneal_theory.fixed_points.transient_gain import transient_gain
from anneal_theory.formulas.slow_annealing import slow_threshold
from anneal_theory.plain_data import Answer
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Ball, Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.slow.regime import EXACT, clock_above, require_equal_weights, require_passage

METHOD = "leading-order"
_LEFT_OUT = "leading order: the prefactor A is left out, and the exact value may be far off"
_PARTS = "hot_clock", "critical_temperature", "escape_rate", "gain"
_NO_PREFACTOR = 0  # log A
_ATTEMPTS = 4
_SPARE_DIGITS = 6
_LATER = 1e-9  # relative: later than, and hotter than, what rounding explains


@checked
def leading_threshold(
    target: BimodalTarget, schedule: Schedule, s0: Exactable, dynamics: Dynamics, digits: int | None = None,
    certified: bool = False,
) -> Estimate:  # fmt: skip
    """rho_c of slow annealing to leading order, ``exp(-kappa* tau_hot)/C(s0)``, as an Estimate of unknown error.

    The prefactor A(t0) of theory section 6 is left out. What is proven when certified is the value of this formula, not
    its distance from the separatrix. The schedule starts above the critical temperature and cools below it, s0 lies in
    the basin of the heavy mode, and weights are equal. Parts: hot_clock (tau_hot), critical_temperature (T_c),
    escape_rate (kappa*), gain (C(s0)). Source: theory section 6.
    """
    require_equal_weights(dynamics)
    temperature = critical_temperature(target)
    above = clock_above(schedule, dynamics)
    hot = dynamics.clock_rate * float(above(temperature))
    require_passage(schedule, temperature)
    # Hot from the start until it is hot no more: a colder stretch in between would count as well.
    last = float(schedule.time_above(temperature))
    if not schedule.highest_after(last * (1 + _LATER)) <= temperature * (1 + _LATER):
        what = f"one that stays above T_c = {temperature:.9g} from the start until it cools below it, once"
        raise DomainError.of("schedule", what, schedule, f"use {EXACT}")
    if digits is None and not certified:
        rate, gain = collapsed_state(target).escape_rate, float(transient_gain(target, s0))
        log_rho = slow_threshold(rate, hot, math.log(gain), _NO_PREFACTOR)
        return _estimate((math.exp(log_rho), log_rho, hot, temperature, rate, gain), digits)
    count = DEFAULT_DIGITS if digits is None else checked_digits(digits)
    balls = _proven(target, schedule, exact(s0, "s0"), dynamics, count)
    return _estimate(balls if certified else tuple(ball.midpoint for ball in balls), count)


def _estimate(numbers: tuple[Answer, ...], digits: int | None) -> Estimate:
    value, log_value, *others = numbers
    return leading_estimate(value, log_value, None, digits, dict(zip(_PARTS, others, strict=True)))


def leading_estimate(
    value: Answer, log_value: Answer, log_complement: Answer | None, digits: int | None,
    parts: Mapping[str, Answer] = MappingProxyType({}),
) -> Estimate:  # fmt: skip
    """An Estimate to leading order, whose error is not known."""
    unknown = None if log_complement is None else math.inf
    return Estimate(
        value, math.inf, log_value, METHOD, log_complement, _LEFT_OUT, math.inf, unknown, digits, dict(parts)
    )  # fmt: skip


@lru_cache(maxsize=32)
def _proven(
    target: BimodalTarget, schedule: Schedule, s0: Fraction, dynamics: Dynamics, digits: int
) -> tuple[Ball, ...]:
    rough = collapsed_state(target).escape_rate
    above = clock_above(schedule, dynamics)
    size = rough * dynamics.clock_rate * float(above(critical_temperature(target)))
    spare = _SPARE_DIGITS + max(0, math.ceil(math.log10(max(size, 1.0))))
    for _ in range(_ATTEMPTS):
        inner = digits + spare
        temperature = critical_temperature(target, digits=inner + _SPARE_DIGITS, certified=True)
        rate = collapsed_state(target, digits=inner, certified=True).escape_rate
        gain = transient_gain(target, s0, digits=digits + _SPARE_DIGITS, certified=True)
        try:
            clock = above(temperature, digits=inner, certified=True)
            return _combined(temperature, rate, gain, clock, dynamics, digits)
        except PrecisionError:
            spare += max(10, digits)
    return _combined(temperature, rate, gain, above(temperature, digits=inner, certified=True), dynamics, digits)


def _combined(
    temperature: Ball, rate: Ball, gain: Ball, clock: Ball, dynamics: Dynamics, digits: int
) -> tuple[Ball, ...]:
    def evaluate() -> tuple[flint.arb, ...]:
        hot = ball_of(clock, "clock") * CONTEXT.rational(dynamics.exact_clock_rate)
        kappa, gained = ball_of(rate, "escape_rate"), ball_of(gain, "gain")
        log_rho = slow_threshold(kappa, hot, gained.log(), _NO_PREFACTOR)
        return log_rho.exp(), log_rho, hot, ball_of(temperature, "T_c"), kappa, gained

    balls = refined(evaluate, digits, "the critical temperature is not known to more")
    return tuple(answer(part, digits, True) for part in balls)
