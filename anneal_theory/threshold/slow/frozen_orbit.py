r"""The one orbit that leaves the collapsed pair at T = T_c and creeps up to the fold, and its number X.

Far back ``log rho = kappa* (tau - tau_0) + X`` on it, where tau_0 is the zero of its clock at the fold (page The
passage through the critical temperature). It is followed by three series in turn: the unstable manifold of the
coincident pair in ``e = exp(kappa* tau)``, so that X is read off exactly; Taylor steps; and the centre manifold of the
fold, which is entered where the orbit lies on it to the working precision.

Source:
    theory section 6; docs/derivations/slow_passage.md.
"""

import math
from dataclasses import dataclass
from typing import Any

import flint

from anneal_theory.errors import PrecisionError
from anneal_theory.threshold.slow.fold_series import FoldSeries
from anneal_theory.threshold.slow.orbit_series import PairFlow, State, in_time, leaving

_TERMS_PER_BIT = 0.26
_MOST_STEPS = 4000
_FAR = 1e6


@dataclass(frozen=True, eq=False)
class Rest:
    """The coincident pair at a temperature: s*, log D_T and kappa*, as points at flint's working precision."""

    overlap: Any
    log_distance: Any
    rate: Any


def orbit_offset(flow: PairFlow, rest: Rest, fold: FoldSeries, spare_bits: int) -> tuple[Any, float]:
    """X as an Arb number, and an estimate of its absolute error.

    Args:
        flow: At T_c.
        rest: The coincident pair there.
        fold: Series at the fold.
        spare_bits: By how much the working precision exceeds the digits wanted.

    Raises:
        PrecisionError: the orbit takes too many steps (kappa* is too small for explicit steps).
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


def clock_at(flow: PairFlow, rest: Rest, log_rho: float) -> float:
    """Clock of the orbit, in which ``log rho = kappa* tau - log D_T`` far back, when it passes log rho.

    Raises:
        PrecisionError: the orbit does not come so far.
    """
    bits = flint.ctx.prec
    state, clock = _start(flow, rest, bits)
    radius = flow.target.separation
    for _ in range(_MOST_STEPS):
        series = in_time(flow, state, _terms(bits))
        step = _stretch(series, bits)
        after = [flint.arb_poly(one)(flint.arb(step)).mid() for one in series]
        if _log_rho(after, radius) >= log_rho:
            low, high = 0.0, step
            while high - low > 1e-12 * (1 + step):
                middle = (low + high) / 2
                here = [flint.arb_poly(one)(flint.arb(middle)) for one in series]
                low, high = (low, middle) if _log_rho(here, radius) >= log_rho else (middle, high)
            return float(clock) + high
        state, clock = after, clock + flint.arb(step)
    raise PrecisionError(f"0 digits reached: the orbit does not pass log rho = {log_rho:.6g}")


def _log_rho(state: list[Any], radius: float) -> float:
    return math.log(float(state[0] - state[1]) / radius) - float(state[2])


def _start(flow: PairFlow, rest: Rest, bits: int) -> tuple[list[Any], Any]:
    """A point of the orbit as far out as its first series goes, and the clock there."""
    series = leaving(flow, rest.overlap, rest.log_distance, rest.rate, _terms(bits))
    reach = flint.arb(_stretch(series, bits))
    return [flint.arb_poly(one)(reach).mid() for one in series], reach.log() / rest.rate


def _terms(bits: int) -> int:
    return 10 + int(_TERMS_PER_BIT * bits)


def _step(flow: PairFlow, state: list[Any], bits: int) -> tuple[list[Any], Any]:
    series = in_time(flow, state, _terms(bits))
    step = flint.arb(_stretch(series, bits))
    return [flint.arb_poly(one)(step).mid() for one in series], step


def _stretch(series: State, bits: int) -> float:
    """Where the last terms of a series are 2^-bits."""
    length = _FAR
    for one in series:
        for k in range(len(one) - 4, len(one)):
            size = abs(one[k]).mid()
            if size > 0:
                length = min(length, math.exp((-bits * math.log(2) - float(size.log())) / k))
    return length


def _entry(fold: FoldSeries, state: list[Any], y: Any, z: Any) -> float:
    """What is left of the way to the fold that its series does not know: how far the clock may be off.

    Off the curve and off the axis the pair decays back; an error e of the rate of y over a time t shifts the clock by
    about ``e t/(a y^2)``. Constants of order one are covered by the bits to spare.
    """
    speed = float(fold.speed[2]) * float(y) ** 2
    away = float(fold.off(y, z).mid()) + float((2 * state[2]).exp().mid())
    return away / speed * (1 + 1 / -float(fold.stable_rate))
