"""The elementary functions that generated code and the series need, on Arb balls and on numbers of mpmath."""

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import Generic, TypeVar, overload

import flint

from anneal_theory._types import BallFunctions, MpContext, Mpf

Num = TypeVar("Num", flint.arb, Mpf)
"""A number of one arithmetic."""

Along = TypeVar("Along", flint.arb, flint.arb_series)
"""A number, or how it changes along a power series."""

Analytic = TypeVar("Analytic", flint.arb, flint.arb_series, flint.acb, flint.acb_series)
"""What analytic functions take and give: Arb balls, real or complex, and power series with such coefficients."""


class Arithmetic(ABC, Generic[Num]):
    """What the series need of a number system besides ``+ - * /``: elementary functions and a precision."""

    @abstractmethod
    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on."""

    @abstractmethod
    def rational(self, value: Fraction) -> Num:
        """The number nearest to a rational (or enclosing it)."""

    @abstractmethod
    def quotient(self, top: int, bottom: int) -> Num:
        """The same of ``top/bottom``, in lowest terms or not."""

    @property
    @abstractmethod
    def pi(self) -> Num:
        """The circle constant."""

    @abstractmethod
    def exp(self, x: Num) -> Num:
        """e^x."""

    @abstractmethod
    def log(self, x: Num) -> Num:
        """Natural logarithm."""

    @abstractmethod
    def sqrt(self, x: Num) -> Num:
        """Square root."""

    @abstractmethod
    def sin_cos(self, x: Num) -> tuple[Num, Num]:
        """Sine and cosine."""

    @abstractmethod
    def upper(self, x: Num) -> Num:
        """A number not below ``|x|``."""

    def half_log_odds(self, weight: Fraction) -> Num:
        """``log(w/(1 - w))/2``; the quotient is formed before anything is rounded."""
        return self.log(self.rational(weight / (1 - weight))) / 2


def exact_ball(value: Fraction) -> flint.arb:
    """A rational as a ball at flint's working precision, exact for dyadic numbers of any length."""
    exponent = value.denominator.bit_length() - 1
    if value.denominator == 1 << exponent:
        return flint.arb((value.numerator, -exponent))
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


class BallContext(Arithmetic[flint.arb], BallFunctions):
    """Arb balls at flint's working precision: what generated code takes from its context, and what the series need."""

    @property
    def inf(self) -> flint.arb:
        """Infinity."""
        return flint.arb.pos_inf()

    @property
    def pi(self) -> flint.arb:
        """The circle constant."""
        return flint.arb.pi()

    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on; inside `flint_precision` only."""
        flint.ctx.prec = bits

    def rational(self, value: Fraction) -> flint.arb:
        """A ball round a rational."""
        return exact_ball(value)

    def quotient(self, top: int, bottom: int) -> flint.arb:
        """The same of ``top/bottom``, in lowest terms or not."""
        return flint.arb(flint.fmpq(top, bottom))

    def exp(self, x: Analytic) -> Analytic:
        """e^x."""
        return x.exp()

    def expm1(self, x: flint.arb) -> flint.arb:
        """e^x - 1."""
        return x.expm1()

    @overload
    def sqrt(self, x: int) -> flint.arb: ...
    @overload
    def sqrt(self, x: Analytic) -> Analytic: ...
    def sqrt(self, x: int | Analytic) -> flint.arb | Analytic:
        """Square root, also of a whole number, which generated code may have."""
        return (flint.arb(x) if isinstance(x, int) else x).sqrt()

    def log(self, x: Analytic) -> Analytic:
        """Natural logarithm."""
        return x.log()

    def log1p(self, x: flint.arb) -> flint.arb:
        """log(1 + x)."""
        return x.log1p()

    def cos(self, x: Analytic) -> Analytic:
        """Cosine."""
        return x.cos()

    def sin(self, x: Analytic) -> Analytic:
        """Sine."""
        return x.sin()

    def sin_cos(self, x: Analytic) -> tuple[Analytic, Analytic]:
        """Sine and cosine."""
        sine, cosine = x.sin_cos()
        return sine, cosine

    def upper(self, x: flint.arb) -> flint.arb:
        """The upper end of ``|x|``, an exact number."""
        return x.abs_upper()


CONTEXT = BallContext()


class FloatArithmetic(Arithmetic[Mpf]):
    """mpmath numbers of one context; use inside `mpmath_precision` only."""

    def __init__(self, context: MpContext) -> None:
        self.context = context

    def set_bits(self, bits: int) -> None:
        """Work at this precision from here on."""
        self.context.prec = bits

    def rational(self, value: Fraction) -> Mpf:
        """The rational, rounded."""
        return self.quotient(value.numerator, value.denominator)

    def quotient(self, top: int, bottom: int) -> Mpf:
        """The same of ``top/bottom``, in lowest terms or not."""
        return self.context.mpf(top) / bottom

    @property
    def pi(self) -> Mpf:
        """The circle constant."""
        return +self.context.pi

    def exp(self, x: Mpf) -> Mpf:
        """e^x."""
        return self.context.exp(x)

    def log(self, x: Mpf) -> Mpf:
        """Natural logarithm."""
        return self.context.log(x)

    def sqrt(self, x: Mpf) -> Mpf:
        """Square root."""
        return self.context.sqrt(x)

    def sin_cos(self, x: Mpf) -> tuple[Mpf, Mpf]:
        """Sine and cosine."""
        cosine, sine = self.context.cos_sin(x)
        return sine, cosine

    def upper(self, x: Mpf) -> Mpf:
        """``|x|``; roundings are covered by the guard bits."""
        return abs(x)
