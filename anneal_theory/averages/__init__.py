"""The functions everything is made of (theory section 2): psi, psi', phi and the label overlap G.

Numbers and arrays are answered in double precision; with ``digits=`` a single number is answered by mpmath, and with
``certified=True`` by a ball that provably encloses the truth.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.averages import double as _double
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact as _exact
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked

__all__ = ["mmse", "phi", "psi", "psi_prime"]

_CERTIFIED_DIGITS = 15  # unless given


@checked
def psi(m: Any, target: BimodalTarget, *, digits: int | None = None, certified: bool = False) -> Any:
    """Mean of the target's mode label under a component of overlap m: ``E tanh(m + h + R z)``.

    Args:
        m: Overlap or overlaps ``mu . mu*`` (in units of the modes' variance), finite, with digits at most 10^12.
        target: Separation R, at most 1e100 for doubles and 10^6 with digits, and weight w*.
        digits: None for doubles (relative error below 1e-13, for R up to 100), else correct decimal digits.
            Python prints 15 digits of an ``mpf``; ``mpmath.nstr(value, digits)`` gives them all.
        certified: Return a `Ball` that encloses the truth.

    Returns:
        In (-1, 1); float or array like m, ``mpf`` with digits, `Ball` when certified.

    Raises:
        DomainError: m is not finite, or an array or beyond 10^12 where digits are asked for, or R is too large.

    Source:
        theory section 2.

    Example:
        >>> round(psi(0, BimodalTarget(3, 0.8)), 13)
        0.1752021045201
        >>> import mpmath
        >>> mpmath.nstr(psi(0, BimodalTarget(3, 0.8), digits=30), 30)
        '0.175202104520091681393665687872'
    """
    return _answer("psi", m, target, digits, certified)


@checked
def psi_prime(m: Any, target: BimodalTarget, *, digits: int | None = None, certified: bool = False) -> Any:
    """Derivative of `psi`: ``E sech^2(m + h + R z)``. Arguments, errors and source as for `psi`.

    The relative error stays below ``1e-13 max(1, |log psi'|)`` in the tails; it underflows where the truth does.

    Example:
        >>> round(9 * psi_prime(0, BimodalTarget(3, 0.8)), 12)
        2.237881209699
    """
    return _answer("psi_prime", m, target, digits, certified)


@checked
def phi(m: Any, target: BimodalTarget, *, digits: int | None = None, certified: bool = False) -> Any:
    """Primitive of `psi`: ``E log cosh(m + h + R z)`` > 0. Arguments, errors and source as for `psi`.

    Example:
        >>> round(phi(0, BimodalTarget(0.01, 0.5)) / 0.5e-4, 3)
        1.0
    """
    return _answer("phi", m, target, digits, certified)


@checked(distance="distances", weight="share")
def mmse(distance: Any, weight: Exactable = 0.5, *, digits: int | None = None, certified: bool = False) -> Any:
    """Label overlap G(D; w) of two unit-variance components: the least mean-square error of their label.

    Args:
        distance: D >= 0 in standard deviations, number or array.
        weight: w in (0, 1), the weight of one component.
        digits: None for doubles (relative error below ``1e-13 max(1, |log G|)``), else correct decimal digits.
            Python prints 15 digits of an ``mpf``; ``mpmath.nstr(value, digits)`` gives them all.
        certified: Return a `Ball` that encloses the truth.

    Returns:
        In [0, 1/4]; float or array like the distance, ``mpf`` with digits, `Ball` when certified.

    Raises:
        DomainError: a distance is negative or not finite, or the weight is not between 0 and 1.

    Source:
        theory section 2.

    Example:
        >>> round(mmse(0), 13), round(mmse(1.3), 12)
        (0.25, 0.172696117552)
    """
    share = _exact(weight, "weight")
    if digits is not None or certified:
        return _at_digits("mmse", distance, weight, digits, certified)
    values, _ = _as_numbers(distance, "distance")
    if type(values) is float:
        return _double.mmse_of_number(values, share)
    return _double.elementwise(lambda part: _double.mmse(part, share), values)


def _answer(name: str, m: Any, target: BimodalTarget, digits: int | None, certified: bool) -> Any:
    if digits is not None or certified:
        return _at_digits(name, m, target, digits, certified)
    values, low_part = _as_numbers(m, "m")
    if type(values) is float:
        return _double.of_number(name, values, target, low_part)
    rule = getattr(_double, name)
    return _double.elementwise(lambda part: rule(part, target, low_part), values)


def _as_numbers(value: Any, argument: str) -> tuple[Any, float]:
    """Doubles, and what a single number has beyond its nearest double; the door has made arrays of lists."""
    if isinstance(value, float) or (type(value) is int and abs(value) <= 2**53):
        return float(value), 0.0
    if isinstance(value, np.ndarray):
        return value, 0.0
    number = _exact(value, argument)
    try:
        nearest = float(number)
    except OverflowError as error:
        raise DomainError.of(argument, "within the range of doubles", value, "ask for digits= instead") from error
    return nearest, float(number - Fraction(nearest))


def _at_digits(name: str, first: Any, second: Any, digits: int | None, certified: bool) -> Any:
    if isinstance(first, np.ndarray | list | tuple):
        raise DomainError.of("digits", "None for arrays", digits, "ask for digits of one number at a time")
    return _rule(name, certified)(first, second, digits=_CERTIFIED_DIGITS if digits is None else digits)


@cache
def _rule(name: str, certified: bool) -> Callable[..., Any]:
    """What answers to digits; it loads mpmath and flint, which doubles do not need."""
    from anneal_theory.averages import ball, multiprecision

    rule: Callable[..., Any] = getattr(ball if certified else multiprecision, name)
    return rule
