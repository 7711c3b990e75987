r"""What a slow passage through T_c needs to know of a mode: the frozen orbit's X, the normal form, Airy's constants.

From them follow log A and the duration of the passage (docs/derivations/slow_prefactor.md), given r, the rate at which
T falls per unit of the clock at T_c.
"""

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import flint
import numpy as np

from anneal_theory._types import MpContext, Mpf
from anneal_theory.averages.jets import derivatives, psi_jet, squared_overlap_jet
from anneal_theory.balls import ball_of, exact_ball
from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points import Mode, hot_separation
from anneal_theory.formulas.pair_coordinates import quarter_squared
from anneal_theory.formulas.slow_passage import passage_coefficients, passage_wall
from anneal_theory.formulas.slow_passage_mp import ramp_scale
from anneal_theory.formulas.slow_prefactor import refined_prefactor
from anneal_theory.formulas.slow_prefactor_mp import passage_time
from anneal_theory.numerics.taylor import series_length
from anneal_theory.precision import bits_of, flint_precision, to_ball
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.threshold.slow.centre_manifold import centre_manifold
from anneal_theory.threshold.slow.heteroclinic_orbit import CoincidentPair, clocks_at, orbit_offset
from anneal_theory.threshold.slow.orbit_series import PairFlow

EASY_DIGITS = 17
_GUARD_BITS = 36  # beyond a ninth of the bits: a step multiplies roundings by e^(|lambda| h)
_FOLD_TERMS = 0.6  # of the series at the fold, a bit
_LEAST_RATE = 5e-4  # kappa* of which the orbit at T_c has been followed
_WARMER = 1e-2  # relative step in T of the orbit's sensitivity
_FAR_BACK, _ORBIT_POINTS = 6.0, 40  # how far before the orbit feels T its integral begins, and its points


@dataclass(frozen=True)
class SlowPassage:
    """Constants of a mode, each an ``mpmath.mpf`` of the digits asked for."""

    overlap: Mpf  # s*
    escape_rate: Mpf  # kappa*
    critical_temperature: Mpf  # T_c
    orbit_offset: Mpf  # X
    drive: Mpf  # a c
    tilt: Mpf  # b
    cubic: Mpf  # a_3/a^2
    warming: Mpf  # c_1/(a c)
    growth: Mpf  # K_c
    airy_zero: Mpf  # |z0|
    airy_constant: Mpf  # B_0
    error: float  # estimate of the error of X

    def within(self, context: MpContext) -> "SlowPassage":
        """The same numbers in another mpmath context."""
        numbers: dict[str, Any] = {name: context.mpf(number) for name, number in vars(self).items() if name != "error"}
        return replace(self, **numbers)

    def log_prefactor(self, ramp_rate: Mpf) -> Mpf:
        """log A, for the rate r at which T falls per unit of the clock at T_c, in the context of the constants."""
        context = ramp_rate.context
        alpha = ramp_scale(context, self.drive, ramp_rate)
        duration = passage_time(context, self.cubic, self.warming, self.airy_zero, self.airy_constant, alpha)
        prefactor: Mpf = refined_prefactor(self.escape_rate, self.orbit_offset, duration)
        return prefactor


@checked(mode="target_mode")
def passage(mode: Mode, digits: int = EASY_DIGITS) -> SlowPassage:
    """The constants of a mode to about ``10^-digits``; refused below kappa* = 5e-4 (R beyond about 4.1)."""
    rate, _ = mode.escape_rate, mode.critical_fold()
    if rate < _LEAST_RATE:
        raise PrecisionError(
            f"0 digits reached: kappa* = {rate:.3g} of {mode.target!r} is below {_LEAST_RATE:g}, and the orbit at T_c "
            'too slow to be followed; use method="exact", or method="leading-order" for digits'
        )
    constants: SlowPassage = mode.remembered(("passage", digits), lambda: _passage(mode, digits))
    return constants


def _passage(mode: Mode, digits: int) -> SlowPassage:
    bits = bits_of(digits)
    extra = _GUARD_BITS + bits // 9
    inner = digits + int(extra * 0.302) + 4
    corner = mode.fold_at(inner)
    with flint_precision(bits + extra):
        first, second, temperature = (ball_of(ball, "fold").mid() for ball in corner)
        flow = PairFlow.of(mode.target, temperature)
        series = centre_manifold(flow, first, second, 8 + int(_FOLD_TERMS * (bits + extra)))
        rest = _rest(mode, temperature, inner)
        offset, error = orbit_offset(flow, rest, series, extra)
        a, c, b, cubic, warming, growth = _coefficients(mode.target, first, second, temperature)
        zero, constant = airy_constants()
        parts = (
            rest.overlap,
            rest.rate,
            temperature,
            offset,
            a * c,
            b,
            cubic / a**2,
            warming / (a * c),
            growth,
            -zero,
            constant,
        )
        numbers = [to_ball(flint.arb(part), digits).midpoint for part in parts]
        names = [field.name for field in fields(SlowPassage)]
        values: list[Any] = [*numbers, error]
        return SlowPassage(**dict(zip(names, values, strict=True)))


def _rest(mode: Mode, temperature: flint.arb, digits: int) -> CoincidentPair:
    state = mode.at(digits)
    exact_temperature = to_ball(temperature, digits + 2).midpoint
    apart = ball_of(hot_separation(exact_temperature, digits=digits, certified=True), "D")
    return CoincidentPair(
        ball_of(state.overlap, "s*").mid(), apart.mid().log(), ball_of(state.escape_rate, "kappa*").mid()
    )


def _coefficients(
    target: BimodalTarget, first: flint.arb, second: flint.arb, temperature: flint.arb
) -> tuple[flint.arb, ...]:
    """a, c, b, a_3, c_1, K_c of the generated normal form."""
    radius = exact_ball(target.exact_separation)
    up, down = (psi_jet(overlap, target, 4) for overlap in (first, second))
    square, *moves = quarter_squared(flint.arb_series([first, radius]), second, 0, radius).coeffs()  # one more in D
    along = flint.arb_poly(squared_overlap_jet(square, "1/2", 4))(flint.arb_poly([0, *moves]))
    labels = [value for pair in zip(derivatives(up), derivatives(down), strict=True) for value in pair]
    return passage_coefficients(
        first, second, radius, flint.arb(0.5), temperature, *labels, *derivatives([along[k] for k in range(4)])
    )


def airy_constants() -> tuple[flint.arb, flint.arb]:
    r"""(z0, B_0) at flint's working precision: Airy's first zero and the integral of its cubic term.

    ``B_0 = lim [ Ai'(z0)^-2 int_{z0+e}^inf Ai'^3/Ai dz + log e ]``, by Taylor series on discs that keep away from the
    zeros of Ai (all of them at z <= z0). Source: theory section 6; docs/derivations/slow_prefactor.md.
    """
    bits = flint.ctx.prec
    zero = flint.arb.airy_ai_zero(1).mid()
    slope = flint.arb(zero).airy()[1]
    distance = 0.875  # from z0
    total = (
        _disc(zero, flint.arb(0), flint.arb(distance), int(1.1 * bits) + 10, True)
        + slope * slope * flint.arb(distance).log()
    )
    end = (1.5 * bits * math.log(2) / 2 + 8) ** (2 / 3) + 3
    while distance < end:
        width = min(distance / 2, 1.0)  # on longer ones Ai varies too much for its own series
        count = int(bits * (math.log(2) / math.log((distance + width) / width) + 0.25)) + 10
        total += _disc(zero + distance + width, flint.arb(-width), flint.arb(width), count, False)
        distance += 2 * width
    return zero, total / (slope * slope)


def _disc(centre: flint.arb, low: flint.arb, high: flint.arb, count: int, pole: bool) -> flint.arb:
    """Integral of Ai'^3/Ai between two distances from a centre; without its pole where the centre is z0."""
    with series_length(count + 1):
        value = flint.arb_series([centre, 1]).airy_ai()
        slope = value.derivative()
    with series_length(count):
        slope = flint.arb_series(slope.coeffs())
        cube = slope * slope * slope
        if not pole:
            terms = (cube / flint.arb_series(value.coeffs())).coeffs()
        else:
            terms = (cube / flint.arb_series(value.coeffs()[1:])).coeffs()[1:]
    primitive = flint.arb_poly([0, *(term / (k + 1) for k, term in enumerate(terms))])
    return (primitive(high) - primitive(low)).mid()


@checked(mode="target_mode")
def drift_integrals(mode: Mode) -> tuple[float, float]:
    r"""``(S(x_w), int S dtau)``, by which log A changes as T falls along the orbit, each to a few per cent.

    S(x) is the derivative with respect to T, at T_c, of the orbit's clock at log rho = x; x_w is the wall. A run on the
    ramp passes x while T is still r (|z0|/alpha + tau_w - tau) above T_c, so that by parts, to first order in r, ``log
    A`` changes by ``kappa* r (S(x_w) |z0|/alpha + int S dtau)``, the integral along the orbit up to the wall. Source:
    theory section 6; docs/derivations/slow_prefactor.md.
    """
    integrals: tuple[float, float] = mode.remembered("drift integrals", lambda: _drift_integrals(mode))
    return integrals


def _drift_integrals(mode: Mode) -> tuple[float, float]:
    constants = passage(mode)
    drive, growth, rate = (float(number) for number in (constants.drive, constants.growth, constants.escape_rate))
    wall = float(passage_wall(drive, float(constants.tilt), growth))
    # S falls as e^(2x) below the x at which K leaves kappa*, about log(kappa*)/2
    log_rhos = np.linspace(min(0.5 * math.log(rate), wall) - _FAR_BACK, wall, _ORBIT_POINTS)
    temperature = float(constants.critical_temperature)
    clocks = []
    with flint_precision(bits_of(EASY_DIGITS) + _GUARD_BITS // 2):
        for warm in (temperature, temperature * (1 + _WARMER)):
            rest = _rest(mode, flint.arb(warm), EASY_DIGITS + 20)
            # x = kappa* tau - log D_T far back: measured from a given x there
            start = float(rest.log_distance) / float(rest.rate)
            clocks.append(clocks_at(PairFlow.of(mode.target, flint.arb(warm)), rest, log_rhos) - start)
    sensitivity = (clocks[1] - clocks[0]) / (temperature * _WARMER)
    return float(sensitivity[-1]), float(np.trapezoid(sensitivity, clocks[0]))
