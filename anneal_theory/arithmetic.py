"""The elementary functions that generated code and the series need, on Arb balls and on numbers of mpmath."""

from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

import flint


@runtime_checkable
class Arithmetic(Protocol):
    """What the series need of a number system besides ``+ - * /``: elementary functions and a precision."""

    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on."""

    def rational(self, value: Fraction) -> Any:
        """The number nearest to a rational (or enclosing it)."""

    def quotient(self, top: int, bottom: int) -> Any:
        """The same of ``top/bottom``, in lowest terms or not."""

    @property
    def pi(self) -> Any:
        """The circle constant."""

    def exp(self, x: Any) -> Any:
        """e^x."""

    def log(self, x: Any) -> Any:
        """Natural logarithm."""

    def sqrt(self, x: Any) -> Any:
        """Square root."""

    def sin_cos(self, x: Any) -> tuple[Any, Any]:
        """Sine and cosine."""

    def upper(self, x: Any) -> Any:
        """A number not below ``|x|``."""


def exact_ball(value: Fraction) -> Any:
    """A rational as a ball at flint's working precision, exact for dyadic numbers of any length.

    Example:
        >>> exact_ball(Fraction(3, 8)).is_exact(), exact_ball(Fraction(1, 3)).is_exact()
        (True, False)
    """
    exponent = value.denominator.bit_length() - 1
    if value.denominator == 1 << exponent:
        return flint.arb((value.numerator, -exponent))
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


class BallContext:
    """Arb balls at flint's working precision: what generated code asks its context for, and what the series need."""

    inf = property(lambda self: flint.arb.pos_inf())
    pi = property(lambda self: flint.arb.pi())

    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on; inside `flint_precision` only."""
        flint.ctx.prec = bits

    def rational(self, value: Fraction) -> Any:
        """A ball round a rational."""
        return exact_ball(value)

    def quotient(self, top: int, bottom: int) -> Any:
        """The same of ``top/bottom``, in lowest terms or not."""
        return flint.arb(flint.fmpq(top, bottom))

    def exp(self, x: Any) -> Any:
        """e^x."""
        return x.exp()

    def expm1(self, x: Any) -> Any:
        """e^x - 1."""
        return x.expm1()

    def sqrt(self, x: Any) -> Any:
        """Square root, also of a whole number, which generated code may have."""
        return (flint.arb(x) if isinstance(x, int) else x).sqrt()

    def log(self, x: Any) -> Any:
        """Natural logarithm."""
        return x.log()

    def log1p(self, x: Any) -> Any:
        """log(1 + x)."""
        return x.log1p()

    def cos(self, x: Any) -> Any:
        """Cosine."""
        return x.cos()

    def sin(self, x: Any) -> Any:
        """Sine."""
        return x.sin()

    def sin_cos(self, x: Any) -> tuple[Any, Any]:
        """Sine and cosine."""
        sine, cosine = x.sin_cos()
        return sine, cosine

    def upper(self, x: Any) -> Any:
        """The upper end of ``|x|``, an exact number."""
        return x.abs_upper()


CONTEXT = BallContext()


class FloatArithmetic:
    """mpmath numbers of one context; use inside `mpmath_precision` only."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on."""
        self.context.prec = bits

    def rational(self, value: Fraction) -> Any:
        """The rational, rounded."""
        return self.quotient(value.numerator, value.denominator)

    def quotient(self, top: int, bottom: int) -> Any:
        """The same of ``top/bottom``, in lowest terms or not."""
        return self.context.mpf(top) / bottom

    @property
    def pi(self) -> Any:
        """The circle constant."""
        return +self.context.pi

    def exp(self, x: Any) -> Any:
        """e^x."""
        return self.context.exp(x)

    def log(self, x: Any) -> Any:
        """Natural logarithm."""
        return self.context.log(x)

    def sqrt(self, x: Any) -> Any:
        """Square root."""
        return self.context.sqrt(x)

    def sin_cos(self, x: Any) -> tuple[Any, Any]:
        """Sine and cosine."""
        cosine, sine = self.context.cos_sin(x)
        return sine, cosine

    def upper(self, x: Any) -> Any:
        """``|x|``; roundings are covered by the guard bits."""
        return abs(x)
