"""The exact threshold to any number of digits: Newton's method on the run that ends in a saddle (theory section 5)."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import flint
import mpmath

from anneal_theory.errors import PrecisionError
from anneal_theory.precision import bits_of, flint_precision, rounded, to_ball
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.free_separatrix import FreeSeparatrix
from anneal_theory.threshold.digits.held import HeldRun, HeldTimes, finer, first_grid, held, resampled, wanted_points
from anneal_theory.threshold.digits.newton_pass import Pass, corrected, own_bits
from anneal_theory.threshold.digits.separatrix import Branch, Separatrix
from anneal_theory.threshold.digits.shooting import FIRST_BITS, Shooting, first_nodes, working_bits

METHOD = "exact"
PRACTICAL_DIGITS = 150
_CLOSE, _STALE = 2.0**-9, 2.0**-20  # changes of a run that are small, and that leave derivatives as they are
_PASSES = 24
_DOUBLES, _AHEAD = 32, 64  # bits that a pass gains at least, and that it works beyond those known
_SAFE_BITS = 4  # over what the next pass is expected to change the threshold by
_FINER = 4  # times that points are added
_GUARD_BITS = 24
_SETTLED_BITS = 8  # beyond the digits asked for, that the last pass may still change
_MORE_BITS = 8  # of passes that measure what those before have left
_LOG10 = math.log10(2.0)
_UNSETTLED = "the threshold does not settle to so many digits"
_SECONDS, _POWER = 2.5, 2.4  # at 50 digits, and how they grow; 0.5 to 1.4 s were measured at 24, 1.1 to 2.4 s at 54

Tell = Callable[[str, float], None]


def silent(what: str, share: float) -> None:
    """Where nobody wants to know how far passes are."""


def threshold_cost(digits: int) -> float:
    """Rough seconds that a threshold of so many digits takes, for a schedule of about a hundred units of time."""
    return float(_SECONDS * (0.1 + 0.9 * (digits / 50) ** _POWER))


def threshold_at_digits(
    target: BimodalTarget, schedule: Schedule, s0: Fraction, distance_squared: Fraction, dynamics: Dynamics,
    digits: int, rough: float, tell: Tell = silent, allow_slow: bool = False,
) -> Estimate:  # fmt: skip
    """rho_c with so many digits.

    `rough` is log rho_c in doubles; the first component is the better aligned. The error is what more precision and
    more points change. A run of more than 2500 power series, minutes for each pass, has to be allowed.
    """
    model = FreeSeparatrix(target, dynamics, s0, distance_squared)
    return settled_threshold(model, schedule, digits, rough, tell, allow_slow)


def settled_threshold(
    model: Separatrix, schedule: Schedule, digits: int, rough: float, tell: Tell = silent, allow_slow: bool = False,
) -> Estimate:  # fmt: skip
    """The threshold of any model with so many digits; `rough` is its logarithm in doubles, the rest as above."""
    shooting = Shooting(model, pieces(schedule), schedule.highest_after, allow_slow)
    branches = model.branches(float(schedule.highest_after(0.0)))
    nodes, branch = first_nodes(shooting, rough, branches, horizon_of(digits))
    grid = first_grid(nodes)
    result = confirmed(shooting, grid, held(shooting, nodes, grid), branch, digits, tell)
    return stated(result.run.states[0][model.aligned], result.error, digits)


def horizon_of(digits: int) -> float:
    """Factors of e that a deviation is to grow by at the saddle, so that its curvature no longer counts."""
    return digits * math.log(10) + 12


def wanted_bits(digits: int) -> int:
    """Bits of the last pass."""
    return bits_of(digits) + _GUARD_BITS


def stated(log_threshold: flint.arb, error: float, digits: int) -> Estimate:
    """A threshold from its logarithm and the error of that, rounded to its digits."""
    with flint_precision(working_bits(wanted_bits(digits))):
        log_rho = flint.arb(log_threshold, error)
        if not log_rho.rad() < flint.arb(10) ** -(digits + 1):
            raise PrecisionError(f"{digits} digits were asked for and fewer reached; the threshold does not settle")
        value, log_value = to_ball(log_rho.exp(), digits + 5), to_ball(log_rho, digits + 5)
    # what `rounded` leaves is a few thousandths of the last digit asked for
    off, unit = mpmath.mpf(error), mpmath.mpf(10) ** -(digits + 2)
    size, log_size = (off + unit) * value.midpoint, off + unit * abs(log_value.midpoint)
    return Estimate(
        rounded(value.midpoint, digits), size, rounded(log_value.midpoint, digits), METHOD, log_error=log_size,
        digits=digits,
    )  # fmt: skip


@dataclass(frozen=True)
class Settled:
    """What Newton's method came to; `error`, of log rho_c, is what another pass would change, or what was measured."""

    grid: HeldTimes
    run: HeldRun
    error: float


def confirmed(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, branch: Branch, digits: int, tell: Tell = silent
) -> Settled:
    """A run, near the separatrix, at as many points as its digits take, its error measured by more of both."""
    wanted, aligned = wanted_bits(digits), shooting.model.aligned
    result = settled(shooting, grid, run, branch, FIRST_BITS, tell)
    counts = wanted_points(shooting, result.grid, result.run, own_bits(result.run, wanted))
    result = settled(shooting, *resampled(result.grid, result.run, counts), branch, wanted, tell)
    for _ in range(_FINER):
        better = settled(shooting, *finer(result.grid, result.run), branch, wanted + _MORE_BITS, tell)
        with flint_precision(working_bits(wanted)):
            change = abs(better.run.states[0][aligned] - result.run.states[0][aligned]).mid()
        if change < flint.arb(2) ** _limit(wanted):
            return Settled(result.grid, result.run, float(change) + better.error)
        result = better
    raise PrecisionError(f"{_UNSETTLED}; ask for fewer")


def settled(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, branch: Branch, wanted: int, tell: Tell = silent,
    most: int | None = None,
) -> Settled:  # fmt: skip
    """Passes until the next one would change nothing that counts, by how the changes fall from pass to pass.

    `wanted` are bits of the last pass; after `most` passes (None: many, more of them for more bits) it does not settle.
    """
    good = _DOUBLES if run.slopes else 0.0
    before = -math.inf
    for number in range(most or _PASSES + wanted // _DOUBLES):
        bits = int(min(wanted, max(good + _AHEAD, FIRST_BITS)))
        report = partial(
            tell,
            f"pass {number + 1} at {bits} bits over {len(grid.counts)} stretches, {int(good * _LOG10)} digits known",
        )
        made = _pass(shooting, grid, run, branch, bits, report, last=bits == wanted)
        faster = min(made.counted - before, 0.0) if before > -math.inf else 0.0
        after = max(_SAFE_BITS + made.counted + faster, -wanted)
        if bits == wanted and made.largest < _CLOSE and after < _limit(wanted):
            return Settled(grid, made.run, float(2.0**after))
        before, good = made.counted, max(-after, 0.0)
        run = made.run if made.largest < _STALE else replace(made.run, slopes=[], factors=[])
    raise PrecisionError(f"{_UNSETTLED}; ask for fewer")


def _pass(
    shooting: Shooting, grid: HeldTimes, run: HeldRun, branch: Branch, bits: int, tell: Callable[[float], None], *,
    last: bool,
) -> Pass:  # fmt: skip
    try:
        return corrected(shooting, grid, run, branch, bits, tell, last)
    except (OverflowError, ValueError, PrecisionError, ZeroDivisionError) as error:  # a node has left every domain
        raise PrecisionError(f"{_UNSETTLED}; ask for doubles") from error


def _limit(wanted: int) -> int:
    """Binary logarithm of what the last of passes may still change."""
    return _GUARD_BITS - _SETTLED_BITS - wanted
