"""The averages to any number of digits in mpmath (with or without gmpy2), by the same series as the balls.

The truncation bounds are the proved ones; roundings are covered by guard bits and by a second look at the size of
the result, not by a proof. `anneal_theory.averages.ball` proves every digit, and is faster where python-flint runs.
Each function returns an ``mpmath.mpf`` with `digits` correct relative digits and a few guard bits.
"""

import math

import mpmath

from anneal_theory._types import Exactable, Mpf
from anneal_theory.averages.enclosure import Task, mmse_task, phi_task, psi_prime_task, psi_task, solve, summed
from anneal_theory.averages.plan import LN2, Plan
from anneal_theory.digits import checked_digits
from anneal_theory.precision import bits_of, mpmath_precision, rounded
from anneal_theory.problem import BimodalTarget


def psi(m: Exactable, target: BimodalTarget, digits: int) -> Mpf:
    """Mean label ``E tanh(m + h + R z)``; exactly 0 where m + h = 0.

    Args:
        m: Overlap, at most 10^12 in size.
        target: Separation R and weight w*.
        digits: Correct relative digits, 1 to 10^6.

    Raises:
        DomainError: an argument is out of its domain.
        PrecisionError: the digits are out of reach.

    Source:
        theory section 2; docs/derivations/mordell.md.

    Example:
        >>> mpmath.nstr(psi(-3, BimodalTarget(2.5, 0.6), 25), 25)
        '-0.7077104362882683980593896'
    """
    return _value(psi_task(m, target), digits)


def psi_prime(m: Exactable, target: BimodalTarget, digits: int) -> Mpf:
    """``E sech^2(m + h + R z)``. Arguments and errors as for `psi`.

    Source:
        theory section 2; docs/derivations/mordell.md.

    Example:
        >>> mpmath.nstr(9 * psi_prime(0, BimodalTarget(3, 0.8), 20), 15)
        '2.23788120969891'
    """
    return _value(psi_prime_task(m, target), digits)


def phi(m: Exactable, target: BimodalTarget, digits: int) -> Mpf:
    """``E log cosh(m + h + R z)``. Arguments and errors as for `psi`.

    Source:
        theory section 2; docs/derivations/fourier_residues.md.

    Example:
        >>> mpmath.nstr(phi("1e6", BimodalTarget(3, 0.5), 15), 15)
        '999999.306852819'
    """
    return _value(phi_task(m, target), digits)


def mmse(distance: Exactable, weight: Exactable = 0.5, *, digits: int) -> Mpf:
    """G(D; w), the mean-square error of the label of a two-point mixture.

    Args:
        distance: D >= 0.
        weight: w in (0, 1).
        digits: Correct relative digits, 1 to 10^6.

    Raises:
        DomainError: an argument is out of its domain.
        PrecisionError: the digits are out of reach.

    Source:
        theory section 2; docs/derivations/mordell.md.

    Example:
        >>> mpmath.nstr(mmse(1.3, 0.5, digits=25), 25)
        '0.1726961175522388403043681'
    """
    return _value(mmse_task(distance, weight), digits)


def _value(task: Task, digits: int) -> Mpf:
    count = checked_digits(digits)
    if task.known is not None:
        with mpmath_precision(bits_of(count) + 32) as arithmetic:
            return rounded(arithmetic.rational(task.known), count)
    return rounded(solve(task, count, attempt), count)


def attempt(task: Task, plan: Plan) -> tuple[Mpf, int]:
    """One evaluation: the result, and the relative bits that the plan's absolute error leaves it."""
    with mpmath_precision(plan.bits) as arithmetic:
        value, bound = summed(arithmetic, task.location.point(arithmetic), plan, task.quantity)
        result = task.finish(arithmetic, plan, value)
        if not result:
            return result, 0
        planned = (plan.nats + float(mpmath.log(abs(result)))) / LN2
        proved = -float(mpmath.log(bound / abs(result), 2)) if bound else planned
        return result, math.floor(min(planned, proved))
