r"""The one orbit that leaves the collapsed pair at T = T_c and creeps up to the fold, and its number X.

Far back ``log rho = kappa* (tau - tau_0) + X`` on it, where tau_0 is the zero of its clock at the fold (page The
constant of the passage). It is followed by three series in turn: the unstable manifold of the
coincident pair in ``e = exp(kappa* tau)``, so that X is read off exactly; Taylor steps; and the centre manifold of the
fold, which is entered where the orbit lies on it to the working precision.

Source:
    theory section 6; docs/derivations/slow_prefactor.md.
"""

import math
from dataclasses import dataclass

import flint
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import PrecisionError
from anneal_theory.formulas.pair_coordinates import across_coordinates
from anneal_theory.numerics.taylor import Coefficients, in_time, leaving, stretch
from anneal_theory.threshold.slow.centre_manifold import CentreManifold
from anneal_theory.threshold.slow.orbit_series import PairFlow

_TERMS_PER_BIT = 0.26
_MOST_STEPS = 4000
_HALVINGS = 60


@dataclass(frozen=True, eq=False)
class CoincidentPair:
    """The coincident pair at a temperature: s*, log D_T and kappa*, as points at flint's working precision."""

    overlap: flint.arb
    log_distance: flint.arb
    rate: flint.arb


def orbit_offset(
    flow: PairFlow, rest: CoincidentPair, fold: CentreManifold, spare_bits: int
) -> tuple[flint.arb, float]:
    """X as an Arb number, and an estimate of its absolute error.

    `spare_bits` is by how much the working precision exceeds the digits wanted. Where kappa* is too small for explicit
    steps the orbit takes too many, which is refused.
    """
    bits = flint.ctx.prec
    aim = 2.0 ** (spare_bits - bits)
    state, clock = _start(flow, rest, bits)
    for _ in range(_MOST_STEPS):
        y, z = fold.coordinates(state[0], state[1])
        size = -float(y)
        if 0 < size < 1:
            since, last = fold.clock(y)
            error = (last + _entry(fold, state, y, z)) * float(rest.rate)
            if error < aim:
                return rest.rate * (clock - since) - rest.log_distance, error
        state, step = _step(flow, state, bits)
        clock += step
    raise PrecisionError(
        f"0 digits reached: the orbit at T_c does not reach the fold within {_MOST_STEPS} steps, as kappa* = "
        f"{float(rest.rate):.3g} is too small for them; ask for the leading order"
    )


def clocks_at(flow: PairFlow, rest: CoincidentPair, log_rhos: FloatArray) -> FloatArray:
    """The orbit's clock, in which ``log rho = kappa* tau - log D_T`` far back, at ascending log rho, shape (n,)."""
    bits, radius = flint.ctx.prec, flow.target.separation
    series = _leaving(flow, rest, bits)
    clock, leaves, passed = 0.0, True, np.full(log_rhos.shape, np.nan)
    for _ in range(_MOST_STEPS):
        step = stretch(series, bits)
        orbit = [flint.arb_poly(terms) for terms in series]
        end = _state(orbit, step)
        within = np.isnan(passed) & (log_rhos <= _log_rho(end, radius))
        passes = np.array([_pass(orbit, radius, level, step) for level in log_rhos[within]])
        passed[within] = np.log(passes) / float(rest.rate) if leaves else clock + passes
        if not np.isnan(passed).any():
            return passed
        clock = math.log(step) / float(rest.rate) if leaves else clock + step
        series, leaves = in_time(flow, end, flow.temperature, _terms(bits)), False
    raise PrecisionError(f"0 digits reached: the orbit does not pass log rho = {log_rhos.max():.6g}")


def _pass(orbit: list[flint.arb_poly], radius: float, log_rho: float, step: float) -> float:
    """Where a stretch of the orbit, on which log rho grows, passes log rho."""
    low, high = 0.0, step
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _log_rho(_state(orbit, middle), radius) >= log_rho else (middle, high)
    return high


def _state(orbit: list[flint.arb_poly], argument: float) -> list[flint.arb]:
    return [poly(flint.arb(argument)).mid() for poly in orbit]


def _log_rho(state: list[flint.arb], radius: float) -> float:
    m1, m2, length = (float(entry) for entry in state)
    return float(across_coordinates(m1, m2, length, radius, 0.5)[1])


def _leaving(flow: PairFlow, rest: CoincidentPair, bits: int) -> Coefficients:
    """The orbit near the coincident pair as a series in e = exp(kappa* tau), which is (m1 - m2)/R to first order."""
    state, half = [rest.overlap, rest.overlap, rest.log_distance], flow.radius / 2
    return leaving(flow, state, [half, -half, flint.arb(0)], rest.rate, flow.temperature, _terms(bits))


def _start(flow: PairFlow, rest: CoincidentPair, bits: int) -> tuple[list[flint.arb], flint.arb]:
    """A point of the orbit as far out as its first series goes, and the clock there."""
    series = _leaving(flow, rest, bits)
    reach = flint.arb(stretch(series, bits))
    return [flint.arb_poly(terms)(reach).mid() for terms in series], reach.log() / rest.rate


def _terms(bits: int) -> int:
    return 10 + int(_TERMS_PER_BIT * bits)


def _step(flow: PairFlow, state: list[flint.arb], bits: int) -> tuple[list[flint.arb], flint.arb]:
    series = in_time(flow, state, flow.temperature, _terms(bits))
    step = flint.arb(stretch(series, bits))
    return [flint.arb_poly(terms)(step).mid() for terms in series], step


def _entry(fold: CentreManifold, state: list[flint.arb], y: flint.arb, z: flint.arb) -> float:
    """What is left of the way to the fold that its series does not know: how far the clock may be off.

    Off the curve and off the axis the pair decays back; an error e of the rate of y over a time t shifts the clock by
    about ``e t/(a y^2)``. Factors of order one are left out: that the sum covers what more digits show is a test.
    """
    speed = float(fold.speed[2]) * float(y) ** 2
    away = float(fold.off(y, z).mid()) + float((2 * state[2]).exp().mid())
    return away / speed * (1 + 1 / -float(fold.stable_rate))
