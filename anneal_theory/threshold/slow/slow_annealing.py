r"""The threshold of slow annealing with its prefactor: ``log rho_c = -log C(s0) - kappa* tau_hot + log A`` (section 6).

``log A = X + kappa* tau_c`` (module `passage`). It holds where a pair of threshold alignment leaves the transient far
below alignment, spends many units of 1/(1 - kappa*) above T_c, and T falls slowly through T_c; the error says how far
the formula may be off and is large where this fails.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from anneal_theory._types import Exactable, Mpf, Number
from anneal_theory.balls import ball_of
from anneal_theory.digits import accepted_digits
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.exact import exact
from anneal_theory.fixed_points import Mode, hot_separation, landscape_of
from anneal_theory.formulas.slow_annealing import slow_threshold as log_threshold
from anneal_theory.formulas.slow_passage import ramp_scale
from anneal_theory.formulas.slow_prefactor import bend_of_the_ramp, drift_of_the_orbit
from anneal_theory.precision import bits_of, flint_precision, mpmath_context, rounded, to_ball, to_mpf
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.slow.error_weights import WEIGHTS
from anneal_theory.threshold.slow.passage import EASY_DIGITS, SlowPassage, drift_integrals, passage
from anneal_theory.threshold.slow.regime import clock_above, require_equal_weights, require_passage
from anneal_theory.threshold.slow.slow_gain import gain_table

_KINK = 1e-3
_SMOOTH_STEP = 1e-4
METHOD = "slow-annealing"
OUTSIDE = 0.5  # error of log rho_c from which on the formula is outside its regime
PRACTICAL_DIGITS = 300
_COST = 110.0 / 300**3  # seconds, times the cube of the digits: 33 and 110 s at 200 and 300 (R = 3, w* = 0.8)


@dataclass(frozen=True)
class SlowExponent:
    """``log rho_c + log C(s0)`` of one mode, and what it is made of; ``mpf`` numbers."""

    mode: Mode  # which mode
    value: Mpf  # ``log A - kappa* tau_hot``
    log_prefactor: Mpf  # log A
    hot_clock: Mpf  # tau_hot
    ramp_rate: Mpf  # r, by which T falls per unit of the clock at T_c
    constants: SlowPassage  # of the mode
    error_parts: tuple[float, float, float]  # what the formula leaves out, in log rho_c (`error_parts`)

    @property
    def error(self) -> float:
        """How far the formula may be off, in log rho_c: an empirical estimate and no bound."""
        derived, *scales = self.error_parts
        return derived + sum(weight * scale for weight, scale in zip(WEIGHTS, scales, strict=True))


def formula_digits(digits: int, allow_slow: bool) -> int:
    """`digits`, of which more than 300 have to be accepted for their cost."""
    return accepted_digits(digits, PRACTICAL_DIGITS, lambda count: _COST * count**3, allow_slow)


@checked(mode="target_mode")
def slow_exponent(mode: Mode, schedule: Schedule, dynamics: Dynamics, digits: int = EASY_DIGITS) -> SlowExponent:
    """The exponent of a mode; the schedule has to cool smoothly through T_c, once and for good."""
    require_equal_weights(dynamics)
    key = "exponent", schedule, dynamics, digits
    exponent: SlowExponent = mode.remembered(key, lambda: _exponent(mode, schedule, dynamics, digits))
    return exponent


def _exponent(mode: Mode, schedule: Schedule, dynamics: Dynamics, digits: int) -> SlowExponent:
    rough = passage(mode)
    require_passage(schedule, float(rough.critical_temperature))
    if not schedule.never_increases:
        what = "one that never warms up again, for the slow-annealing formula"
        raise DomainError.of("schedule", what, schedule, 'use method="exact"')
    size = abs(float(rough.escape_rate) * dynamics.clock_rate * float(_above(schedule, dynamics, rough, None)))
    inner = digits + max(0, math.ceil(math.log10(max(size, 1.0)))) + 2
    constants = rough if inner <= EASY_DIGITS else passage(mode, inner)
    clock, rate, bend = _ramp(schedule, dynamics, constants, inner)
    with mpmath_context(inner + 10) as context:
        own, factor = constants.within(context), context.mpf(dynamics.clock_rate)
        hot, ramp = factor * clock, rate / factor
        log_prefactor = own.log_prefactor(ramp)
        value = log_threshold(own.escape_rate, hot, 0, log_prefactor)
        apart = float(hot_separation(schedule.initial_temperature))
        parts = error_parts(mode, float(ramp), float(bend / factor), float(value), apart)
        value, log_prefactor, hot, ramp = (to_mpf(number) for number in (value, log_prefactor, hot, ramp))
    return SlowExponent(mode, value, log_prefactor, hot, ramp, constants, parts)


def _above(
    schedule: Schedule, dynamics: Dynamics, constants: SlowPassage, digits: int | None, level: Number | None = None
) -> Number:
    above = clock_above(schedule, dynamics)
    temperature = constants.critical_temperature if level is None else level
    clock: Number = above(float(temperature)) if digits is None else above(temperature, digits=digits)
    return clock


def _ramp(schedule: Schedule, dynamics: Dynamics, constants: SlowPassage, digits: int) -> tuple[Mpf, Mpf, Mpf]:
    """The clock above T_c (of weight 1), the rate at which T falls there per unit of it, and by what share it slows.

    By central differences; the last is the second derivative of T divided by that rate.
    """
    with mpmath_context(3 * digits + 40) as context:
        temperature = context.mpf(constants.critical_temperature)
        try:
            many: int | None = 2 * digits + 30
            middle, step = _above(schedule, dynamics, constants, many), context.mpf(10) ** -(digits // 2 + 8)
        except DomainError:
            if digits > EASY_DIGITS + 25:
                raise
            many = None  # a function of time has its clock in doubles
            middle, step = _above(schedule, dynamics, constants, many), context.mpf(_SMOOTH_STEP)
        longer, middle, shorter = (
            context.mpf(
                _above(schedule, dynamics, constants, many, to_mpf(temperature * (1 + sign * step))) if sign else middle
            )
            for sign in (-1, 0, 1)
        )
        before, after = middle - shorter, longer - middle
        total = before + after
        if not total > 0 or not abs(after - before) <= _KINK * total:
            raise DomainError.of(
                "schedule", f"one that cools smoothly through T_c = {float(temperature):.9g}", schedule,
                'it jumps or turns a corner there; use method="exact" or method="leading-order"',
            )  # fmt: skip
        return to_mpf(middle), to_mpf(2 * step * temperature / total), to_mpf(4 * (after - before) / total**2)


def error_parts(mode: Mode, ramp: float, bend: float, value: float, apart: float) -> tuple[float, float, float]:
    """What the error of log rho_c is made of: derived terms, and the scales of what is known by its order alone.

    1. To first order in r the drift of K with T along the orbit (`drift_integrals`), and the bend of the ramp: both are
       derived, and need no weight.
    2. The ramp's next terms, of order kappa* alpha.
    3. The nonlinear gain of the transient, by the square of the overlaps' difference: rho D for the distance D at which
       a pair settles while hot.

    `bend` is the second derivative of T by the clock over `ramp`, which is r; `value` is log A - kappa* tau_hot,
    `apart` D at the initial temperature.
    """
    constants = passage(mode)
    rate, zero = float(constants.escape_rate), float(constants.airy_zero)
    alpha = float(ramp_scale(float(constants.drive), ramp))
    drift = abs(drift_of_the_orbit(rate, zero, ramp, alpha, *drift_integrals(mode)))
    bent = abs(bend_of_the_ramp(rate, zero, bend, alpha))
    unit = abs(float(constants.cubic)) + abs(float(constants.warming)) / 2 + 1 / float(constants.growth)
    nonlinear = apart**2 * math.exp(min(2 * value, 700.0))
    return drift + bent, rate * alpha * unit**2, nonlinear


@checked
def slow_threshold(
    target: BimodalTarget, schedule: Schedule, s0: Exactable, dynamics: Dynamics, digits: int = EASY_DIGITS
) -> tuple[Mpf, Mpf, SlowExponent]:
    """(log rho_c, log C(s0), exponent) of the mode whose basin holds s0. Source: theory section 6."""
    start = exact(s0, "s0")
    mode, facing = _mode_of(target, start)
    exponent = slow_exponent(mode, schedule, dynamics, digits)
    constants = exponent.constants
    key = "log gain", facing, constants, digits
    log_gain = mode.remembered(key, lambda: _log_gain(mode, facing, constants, digits))
    with mpmath_context(digits + 15) as context:
        return to_mpf(context.mpf(exponent.value) - log_gain), log_gain, exponent


def _mode_of(target: BimodalTarget, start: Fraction) -> tuple[Mode, Fraction]:
    """The mode that a single mean from here runs to, and the start with that mode on the positive side."""
    landscape = landscape_of(target)
    facing = start if target.half_log_odds >= 0 else -start
    saddle = landscape.unstable
    if saddle is None or float(facing) > saddle:
        return landscape.heavy, facing
    light = landscape.light
    if float(facing) == saddle or light is None:
        what = f"away from the unstable overlap {saddle:.12g}, where the transient gain diverges"
        raise DomainError.of("s0", what, float(start), "start on either side of it")
    if not light.collapses:
        raise NoCollapsedState(
            f"no pair collapses to the light mode of {target!r} from s0 = {float(start):.6g}: its collapsed state has "
            'no fold above T = 1; use method="exact"'
        )
    return light, -facing


def _log_gain(mode: Mode, start: Fraction, constants: SlowPassage, digits: int) -> Mpf:
    near = float(start)
    with flint_precision(bits_of(digits) + 40):
        star, rate = (ball_of(number, "rest").mid() for number in (constants.overlap, constants.escape_rate))
        ends = min(near, mode.overlap) - 1e-6, max(near, mode.overlap) + 1e-6
        table = gain_table(mode, star, rate, *ends)
        point = ball_of(start, "s0")
        return to_ball(table.log_gain(point), digits + 2).midpoint


@checked
def slow_estimate(
    target: BimodalTarget, schedule: Schedule, s0: Exactable, dynamics: Dynamics, digits: int | None = None,
    allow_slow: bool = False,
) -> Estimate:  # fmt: skip
    """rho_c of slow annealing as an Estimate whose error says how far the formula may be off, with its parts."""
    count = EASY_DIGITS if digits is None else formula_digits(digits, allow_slow)
    rho: Number
    error: Number
    log_rho: Number
    log_rho, log_gain, exponent = slow_threshold(target, schedule, s0, dynamics, count)
    constants = exponent.constants
    parts: dict[str, Number] = {
        "log_prefactor": exponent.log_prefactor,
        "log_gain": log_gain,
        "hot_clock": exponent.hot_clock,
        "ramp_rate": exponent.ramp_rate,
        "critical_temperature": constants.critical_temperature,
        "escape_rate": constants.escape_rate,
    }
    with mpmath_context(2 * count) as context:
        rho = to_mpf(context.exp(log_rho))
        error = to_mpf(rho * context.expm1(min(exponent.error, 700.0)))
    if digits is None:
        rho, error, log_rho = (float(number) for number in (rho, error, log_rho))
        parts = {name: float(number) for name, number in parts.items()}
    else:
        rho = rounded(rho, count)
    return Estimate(
        rho, error, log_rho, METHOD, note=regime_note(exponent), log_error=exponent.error, digits=digits, parts=parts
    )


def regime_note(exponent: SlowExponent) -> str:
    """What to know of the regime: how large kappa* times the hot clock is, and how far off the formula may be.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> exponent = slow_exponent(landscape_of(BimodalTarget(3, 0.8)).heavy, Exponential(30, 10), Dynamics())
        >>> "outside its regime" in regime_note(exponent)
        True
    """
    size = float(exponent.constants.escape_rate * exponent.hot_clock)
    start = f"kappa* tau_hot = {size:.4g}, log A = {float(exponent.log_prefactor):.4g}"
    if exponent.error > OUTSIDE:
        return (
            f"the formula is used outside its regime ({start}): log rho_c may be off by {exponent.error:.2g}; anneal "
            'longer, or use method="exact"'
        )
    return f"asymptotic in slow annealing ({start}): log rho_c may be off by {exponent.error:.2g}"
