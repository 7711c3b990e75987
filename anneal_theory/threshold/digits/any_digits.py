"""The exact threshold to any number of digits: Newton's method on the run that ends in a saddle (theory section 5)."""

import math
from collections.abc import Callable
from fractions import Fraction

import flint
import mpmath

from anneal_theory.errors import PrecisionError
from anneal_theory.precision import bits_of, flint_precision, rounded, to_ball
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.threshold.digits.free_separatrix import FreeSeparatrix
from anneal_theory.threshold.digits.newton_pass import corrected
from anneal_theory.threshold.digits.separatrix import Branch, Separatrix
from anneal_theory.threshold.digits.shooting import FIRST_BITS, Node, Shooting, first_nodes, working_bits

METHOD = "exact"
PRACTICAL_DIGITS = 150
_CLOSE = 2.0**-16  # changes of nodes from which on Newton's method doubles digits
_PASSES = 24
_FACTOR = 2.0**16  # over the product of two changes, that a pass may change the threshold by
_GUARD_BITS = 24
_SETTLED_BITS = 8  # beyond the digits asked for, that the last pass may still change
_UNSETTLED = "the threshold does not settle to so many digits"
_SECONDS, _POWER = 11.0, 2.6  # at 50 digits, and how they grow; 11 s were measured (T0 = 10, t0 = 100), 1.4 s at 23


def threshold_cost(digits: int) -> float:
    """Rough seconds that a threshold of so many digits takes, for a schedule of about a hundred units of time.

    Example:
        >>> threshold_cost(50) < 60 < threshold_cost(1000)
        True
    """
    return float(_SECONDS * (0.06 + 0.94 * (digits / 50) ** _POWER))


def threshold_at_digits(
    target: BimodalTarget,
    schedule: Schedule,
    s0: Fraction,
    distance_squared: Fraction,
    dynamics: Dynamics,
    digits: int,
    rough: float,
    tell: Callable[[str, float], None] = lambda what, share: None,
    allow_slow: bool = False,
    one_of_many: bool = False,
) -> Estimate:
    """rho_c with so many digits.

    Args:
        target: Separation and weight.
        schedule: With a closed form, and an end at temperature 1.
        s0: Mean overlap at the start.
        distance_squared: D0^2.
        dynamics: Reducible.
        digits: Correct relative digits.
        rough: log rho_c in doubles; finite.
        tell: Called with the name and the share done of each pass.
        allow_slow: Whether a run of more than 2500 power series, minutes for each pass, is fine.
        one_of_many: Whether others are there to compare with, so that the error of the last pass need not be measured
            by one more.

    Returns:
        Estimate with ``mpf`` numbers; `error` is the change that one more pass makes at more precision and order, or
        for one of many the change that is expected of it.

    Raises:
        DomainError: the schedule is a function of the user's.
        PrecisionError: Newton's method does not settle, or the run is too long.
    """
    model = FreeSeparatrix(target, dynamics, s0, distance_squared)
    return settled_threshold(model, schedule, digits, rough, tell, allow_slow, one_of_many)


def settled_threshold(
    model: Separatrix,
    schedule: Schedule,
    digits: int,
    rough: float,
    tell: Callable[[str, float], None] = lambda what, share: None,
    allow_slow: bool = False,
    one_of_many: bool = False,
) -> Estimate:
    """The threshold of any model with so many digits; `rough` is its logarithm in doubles, the rest as above."""
    shooting = Shooting(model, pieces(schedule), schedule.highest_after, allow_slow)
    branches = model.branches(float(schedule.highest_after(0.0)))
    nodes, branch = first_nodes(shooting, rough, branches, digits * math.log(10) + 12)
    nodes, error = _settled(shooting, nodes, branch, bits_of(digits) + _GUARD_BITS, tell, one_of_many)
    with flint_precision(working_bits(bits_of(digits) + _GUARD_BITS)):
        log_rho = flint.arb(nodes[0].state[model.aligned], error)
        if not log_rho.rad() < 10.0 ** -(digits + 1):
            raise PrecisionError(f"{digits} digits were asked for and fewer reached; the threshold does not settle")
        value, log_value = to_ball(log_rho.exp(), digits + 5), to_ball(log_rho, digits + 5)
    # what `rounded` leaves is a few thousandths of the last digit asked for
    off, unit = mpmath.mpf(error), mpmath.mpf(10) ** -(digits + 2)
    size, log_size = (off + unit) * value.midpoint, off + unit * abs(log_value.midpoint)
    return Estimate(
        rounded(value.midpoint, digits), size, rounded(log_value.midpoint, digits), METHOD, log_error=log_size,
        digits=digits,
    )  # fmt: skip


def _settled(
    shooting: Shooting, nodes: list[Node], branch: Branch, wanted: int, tell: Callable[[str, float], None],
    one_of_many: bool,
) -> tuple[list[Node], float]:  # fmt: skip
    """Passes at ever more precision until one at full precision changes nothing that counts.

    Newton's method squares the changes of the nodes, so the pass after that would change the threshold by this one's
    change times the largest of a node, but for a factor: what is enough for `one_of_many`.
    """
    limit = 2.0 ** -(wanted - _GUARD_BITS + _SETTLED_BITS)
    bits, change, largest = FIRST_BITS, math.inf, math.inf
    for number in range(_PASSES):
        full = bits >= wanted
        known = 0 if math.isinf(change) else int(-math.log10(max(change, 2.0**-wanted)))
        name = f"pass {number + 1} at {bits} bits over {len(nodes)} series, {max(known, 0)} digits known"
        try:
            nodes, moved, largest = corrected(shooting, nodes, branch, bits, lambda share, name=name: tell(name, share))  # type: ignore[misc]
        except (OverflowError, ValueError, PrecisionError) as error:  # a node has left every domain
            raise PrecisionError(f"{_UNSETTLED}; ask for doubles") from error
        change = abs(float(moved))
        left = change * min(_FACTOR * largest, 1.0) if one_of_many else change
        if full and left < limit:
            return nodes, max(left, 2.0**-wanted)
        if largest < _CLOSE:
            good = -math.log2(max(change, 2.0 ** -(2 * wanted)))
            bits = min(wanted if bits < wanted else bits + 8, max(FIRST_BITS, int(2 * good) + 16))
    raise PrecisionError(f"{_UNSETTLED}; ask for fewer")
