"""The elementary functions that the series need, on Arb balls and on numbers of an mpmath context."""

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


class BallArithmetic:
    """Arb balls at the precision of flint's global context; use inside `flint_precision` only."""

    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on."""
        flint.ctx.prec = bits

    def rational(self, value: Fraction) -> Any:
        """A ball round the rational, exact if it is a short dyadic number."""
        return self.quotient(value.numerator, value.denominator)

    def quotient(self, top: int, bottom: int) -> Any:
        """The same of ``top/bottom``, in lowest terms or not."""
        return flint.arb(flint.fmpq(top, bottom))

    def pi(self) -> Any:
        """The circle constant."""
        return flint.arb.pi()

    def exp(self, x: Any) -> Any:
        """e^x."""
        return x.exp()

    def log(self, x: Any) -> Any:
        """Natural logarithm."""
        return x.log()

    def sqrt(self, x: Any) -> Any:
        """Square root."""
        return x.sqrt()

    def sin_cos(self, x: Any) -> tuple[Any, Any]:
        """Sine and cosine."""
        sine, cosine = x.sin_cos()
        return sine, cosine

    def upper(self, x: Any) -> Any:
        """The upper end of ``|x|``, an exact number."""
        return x.abs_upper()


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
