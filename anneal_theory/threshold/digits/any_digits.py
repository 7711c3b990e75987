"""The exact threshold to any number of digits: Newton's method on the run that ends in a saddle (theory section 5)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
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
from anneal_theory.threshold.digits.newton_pass import corrected
from anneal_theory.threshold.digits.separatrix import Branch, Separatrix
from anneal_theory.threshold.digits.shooting import FIRST_BITS, Node, Shooting, first_nodes, working_bits

METHOD = "exact"
PRACTICAL_DIGITS = 150
_CLOSE = 2.0**-9  # changes of nodes from which on Newton's method doubles digits
_PASSES = 24
_FACTOR = 2.0**4  # over the squares of changes by their weights, that a pass may change the threshold by
_GUARD_BITS = 24
_SETTLED_BITS = 8  # beyond the digits asked for, that the last pass may still change
_MORE_BITS = 8  # of a pass that measures what the one before has left
_UNSETTLED = "the threshold does not settle to so many digits"
_SECONDS, _POWER = 7.0, 2.6  # at 50 digits, and how they grow; 2 s were measured at 24 (T0 = 10, t0 = 100)


def threshold_cost(digits: int) -> float:
    """Rough seconds that a threshold of so many digits takes, for a schedule of about a hundred units of time.

    Example:
        >>> threshold_cost(50) < 60 < threshold_cost(1000)
        True
    """
    return float(_SECONDS * (0.1 + 0.9 * (digits / 50) ** _POWER))


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
    nodes, branch = first_nodes(shooting, rough, branches, horizon_of(digits))
    found = settled(shooting, nodes, branch, wanted_bits(digits), tell, one_of_many)
    return stated(found.nodes[0].state[model.aligned], found.error, digits)


def horizon_of(digits: int) -> float:
    """Factors of e that a deviation is to grow by at the saddle, so that its curvature no longer counts."""
    return digits * math.log(10) + 12


def wanted_bits(digits: int) -> int:
    """Bits of the last pass."""
    return bits_of(digits) + _GUARD_BITS


def stated(log_threshold: flint.arb, error: float, digits: int) -> Estimate:
    """A threshold from its logarithm and the error of that, rounded to its digits.

    Raises:
        PrecisionError: the error is larger than the digits allow.
    """
    with flint_precision(working_bits(wanted_bits(digits))):
        log_rho = flint.arb(log_threshold, error)
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


@dataclass(frozen=True)
class Settled:
    """What Newton's method came to.

    Attributes:
        nodes: Of the run.
        error: Of the logarithm of the threshold.
        guess_left: What the first pass left by its own account, as `newton_pass.Pass` has it.
    """

    nodes: list[Node]
    error: float
    guess_left: float


def settled(
    shooting: Shooting,
    nodes: list[Node],
    branch: Branch,
    wanted: int,
    tell: Callable[[str, float], None] = lambda what, share: None,
    one_of_many: bool = False,
    expected: float = 1.0,
) -> Settled:
    """Passes at ever more precision until one at full precision changes nothing that counts.

    Newton's method squares the changes of the nodes, so that these say what the pass after that would change the
    threshold by, but for a factor: what is enough for `one_of_many`.

    Args:
        shooting: The problem.
        nodes: A run near the separatrix.
        branch: The saddles that it comes to.
        wanted: Bits of the last pass.
        tell: Called with the name and the share done of each pass.
        one_of_many: As `settled_threshold` has it.
        expected: What the first pass is expected to leave, 1 where nothing is known of the nodes.

    Raises:
        PrecisionError: Newton's method does not settle.
    """
    limit = 2.0 ** -(wanted - _GUARD_BITS + _SETTLED_BITS)
    bits, known, guess_left = _first_bits(wanted, expected, limit), 0, math.inf
    for number in range(_PASSES):
        full = bits >= wanted
        told = partial(tell, f"pass {number + 1} at {bits} bits over {len(nodes)} series, {known} digits known")
        try:
            found = corrected(shooting, nodes, branch, bits, told, full)
        except (OverflowError, ValueError, PrecisionError) as error:  # a node has left every domain
            raise PrecisionError(f"{_UNSETTLED}; ask for doubles") from error
        nodes, change, left = found.nodes, abs(float(found.change)), _FACTOR * found.left
        guess_left = found.left if number == 0 else guess_left
        after = min(left, change) if one_of_many else change
        known = max(int(-math.log10(max(change, 2.0**-wanted))), 0)
        if full and found.largest < _CLOSE and after < limit:
            return Settled(nodes, max(after, 2.0**-wanted), guess_left)
        if found.largest < _CLOSE:
            more = 0 if one_of_many else _MORE_BITS
            bits = bits + more if full else _next_bits(wanted, -math.log2(max(left, 2.0 ** -(2 * wanted))))
    raise PrecisionError(f"{_UNSETTLED}; ask for fewer")


def _first_bits(wanted: int, expected: float, limit: float) -> int:
    """Of the first pass: all, if no other is expected to follow."""
    bits = _next_bits(wanted, -math.log2(_FACTOR * expected) if expected > 0 else wanted)
    if bits >= wanted > FIRST_BITS + _SETTLED_BITS and not _FACTOR * expected < limit:
        return max(wanted // 2 + _GUARD_BITS, FIRST_BITS)
    return bits


def _next_bits(wanted: int, good: float) -> int:
    """The most of wanted, its half, the half of that, .. that a pass reaches from so many good bits."""
    bits = wanted
    while bits > max(2 * good, FIRST_BITS + _SETTLED_BITS):
        bits = max(bits // 2 + _GUARD_BITS, FIRST_BITS)
    return bits
