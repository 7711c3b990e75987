"""The averages as proven enclosures: Arb balls with every truncation bound added to the radius.

Every function returns a `Ball` that contains the true number, with ``radius <= 10^-digits |midpoint|``: `digits` are
relative digits, in the tails (psi' = e^-2000000) and near the zero of psi too. Parameters are exact rationals
(a float stands for its shortest decimal), so the answer is for the numbers as written.

Which series is summed, and where the switches lie: `anneal_theory.averages.plan`.
"""

import flint

from anneal_theory._types import Exactable
from anneal_theory.averages.enclosure import Task, mmse_task, phi_task, psi_prime_task, psi_task, solve, summed
from anneal_theory.averages.plan import Plan
from anneal_theory.digits import checked_digits
from anneal_theory.precision import bits_of, flint_precision, to_ball
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Ball


def psi(m: Exactable, target: BimodalTarget, digits: int) -> Ball:
    """Mean label ``E tanh(m + h + R z)``, proven; exactly 0 with radius 0 where m + h = 0.

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
        >>> import mpmath
        >>> mpmath.nstr(psi(0, BimodalTarget(3, 0.8), 30).value, 30)
        '0.175202104520091681393665687872'
    """
    return _ball(psi_task(m, target), digits)


def psi_prime(m: Exactable, target: BimodalTarget, digits: int) -> Ball:
    """``E sech^2(m + h + R z)``, proven. Arguments and errors as for `psi`.

    Source:
        theory section 2; docs/derivations/mordell.md.

    Example:
        >>> import mpmath
        >>> mpmath.nstr(9 * psi_prime(0, BimodalTarget(3, 0.8), 20).value, 15)
        '2.23788120969891'
    """
    return _ball(psi_prime_task(m, target), digits)


def phi(m: Exactable, target: BimodalTarget, digits: int) -> Ball:
    """``E log cosh(m + h + R z)``, proven. Arguments and errors as for `psi`.

    Source:
        theory section 2; docs/derivations/fourier_residues.md.

    Example:
        >>> ball = phi(0, BimodalTarget(3, 0.5), 30)
        >>> bool(ball.error <= 1e-30 * ball.value)
        True
    """
    return _ball(phi_task(m, target), digits)


def mmse(distance: Exactable, weight: Exactable = 0.5, *, digits: int) -> Ball:
    """G(D; w), the mean-square error of the label of a two-point mixture, proven.

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
        >>> import mpmath
        >>> mpmath.nstr(mmse(1.3, 0.5, digits=30).value, 30)
        '0.172696117552238840304368129046'
    """
    return _ball(mmse_task(distance, weight), digits)


def _ball(task: Task, digits: int) -> Ball:
    count = checked_digits(digits)
    if task.known is not None:
        with flint_precision(bits_of(count) + 32) as arithmetic:
            return to_ball(arithmetic.rational(task.known), count)
    ball: Ball = to_ball(solve(task, count, attempt), count)
    return ball


def attempt(task: Task, plan: Plan) -> tuple[flint.arb, int]:
    """One evaluation in balls: the result, and the relative bits it is good for."""
    with flint_precision(plan.bits) as arithmetic:
        value, bound = summed(arithmetic, task.location.point(arithmetic), plan, task.quantity)
        result = task.finish(arithmetic, plan, value + flint.arb(0, bound))
        return result, int(result.rel_accuracy_bits()) if result.is_finite() else -1
