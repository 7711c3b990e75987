"""Which arithmetic answers: mpmath for digits, Arb balls for proven digits."""

from typing import Any, Literal

from anneal_theory.averages import ball, multiprecision

DEFAULT_CERTIFIED_DIGITS = 15


def evaluate(
    name: Literal["psi", "psi_prime", "phi", "mmse"], first: Any, second: Any, digits: int | None, certified: bool
) -> Any:
    """An average with `digits` correct relative digits, as an ``mpf`` or, if certified, as a `Ball`.

    Args:
        name: "psi", "psi_prime", "phi" (m, target) or "mmse" (distance, weight).
        first: m or the distance, a single number.
        second: The target or the weight.
        digits: Correct decimal digits; None means 15.
        certified: Whether to give a `Ball` that encloses the truth.

    Raises:
        DomainError: an argument is out of its domain.
        PrecisionError: the digits are out of reach.

    Source:
        theory section 2.

    Example:
        >>> evaluate("mmse", 0, 0.5, 5, False), evaluate("mmse", 0, 0.5, None, True).error
        (mpf('0.25'), mpf('0.0'))
    """
    count = DEFAULT_CERTIFIED_DIGITS if digits is None else digits
    module = ball if certified else multiprecision
    if name == "mmse":
        return module.mmse(first, second, digits=count)
    return getattr(module, name)(first, second, count)
