"""The averages to any digits, of either arithmetic, and the loop behind them: plan, sum, look at what came out, and ask
for more where it was not enough.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Generic, Protocol, TypeVar, runtime_checkable

from anneal_theory._types import Exactable
from anneal_theory.arithmetic import Arithmetic, Num
from anneal_theory.averages import appell_lerch, fourier
from anneal_theory.averages.appell_lerch import Point
from anneal_theory.averages.plan import LN2, Quantity, SeriesPlan, log_size, plans
from anneal_theory.averages.shifted_argument import ShiftedArgument, of_distance, of_overlap
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.exact import exact
from anneal_theory.precision import bits_of
from anneal_theory.problem import BimodalTarget

Value = TypeVar("Value")
Result = TypeVar("Result")
_ATTEMPTS = 12


@runtime_checkable
class Finish(Protocol):
    """From the series' value to the result, in any arithmetic."""

    def __call__(self, arithmetic: Arithmetic[Num], plan: SeriesPlan, value: Num, /) -> Num:
        """The result."""


@dataclass(frozen=True)
class SeriesRequest:
    """A number to find: ``finish(series)`` of one of the three series' quantities at a place.

    Attributes:
        quantity: What the series give: 1 - psi, psi' or phi.
        argument: Where.
        size: Estimated natural logarithm of the result.
        finish: From the series' value to the result.
        known: The result where it is a rational, else None.
    """

    quantity: Quantity
    argument: ShiftedArgument
    size: float
    finish: Finish
    known: Fraction | None = None


def psi_request(m: Exactable, target: BimodalTarget) -> SeriesRequest:
    """psi; exactly 0 at a = 0."""
    place = of_overlap(m, target)
    size = min(0.0, math.log(place.a_size / max(1.0, place.r_size))) if place.sign else 0.0
    finish, known = partial(_signed, place.sign), None if place.sign else Fraction(0)
    return SeriesRequest("complement", place, size, finish, known)


def psi_prime_request(m: Exactable, target: BimodalTarget) -> SeriesRequest:
    """psi'."""
    return _plain("psi_prime", of_overlap(m, target))


def phi_request(m: Exactable, target: BimodalTarget) -> SeriesRequest:
    """phi."""
    return _plain("phi", of_overlap(m, target))


def mmse_request(distance: Exactable, weight: Exactable = 0.5) -> SeriesRequest:
    """G(D; w); exactly w (1-w) at D = 0."""
    length, share = exact(distance, "distance"), exact(weight, "weight")
    if length < 0:
        raise DomainError.of("distance", "zero or positive", distance, "give the length of mu_1 - mu_2")
    if not 0 < share < 1:
        raise DomainError.of("weight", "strictly between 0 and 1", weight, "give the share of the first component")
    if length == 0:
        return SeriesRequest("complement", of_distance(Fraction(1), share), 0.0, _unchanged, share * (1 - share))
    heavy, place = max(share, 1 - share), of_distance(length, share)
    size = log_size("complement", place.a_size, place.r_size)
    return SeriesRequest("complement", place, size, partial(_shared, heavy))


def _plain(quantity: Quantity, place: ShiftedArgument) -> SeriesRequest:
    return SeriesRequest(quantity, place, log_size(quantity, place.a_size, place.r_size), _unchanged)


def _signed(sign: int, arithmetic: Arithmetic[Num], plan: SeriesPlan, complement: Num) -> Num:
    arithmetic.set_bits(math.ceil(plan.nats / LN2) + 8)  # a tiny 1 - psi may come with few bits
    return sign * (1 - complement)


def _shared(heavy: Fraction, arithmetic: Arithmetic[Num], plan: SeriesPlan, complement: Num) -> Num:
    return arithmetic.rational(heavy) / 2 * complement


def _unchanged(arithmetic: Arithmetic[Num], plan: SeriesPlan, value: Num) -> Num:
    return value


def summed(arithmetic: Arithmetic[Num], point: Point[Num], plan: SeriesPlan, quantity: Quantity) -> tuple[Num, Num]:
    """The quantity by the planned series, with a bound of its truncation error."""
    if plan.series == "appell-lerch":
        return appell_lerch.evaluate(arithmetic, point, plan, quantity == "psi_prime")
    if plan.series == "fourier":
        return fourier.fourier(arithmetic, point, plan, quantity)
    return fourier.exponentials(arithmetic, point, plan, quantity)


def solve(
    request: SeriesRequest, digits: int, attempt: Callable[[SeriesRequest, SeriesPlan], tuple[Value, int]]
) -> Value:
    """The result with `digits` correct digits.

    Args:
        request: What to find.
        digits: Correct relative digits, checked already.
        attempt: Gives the result by one plan, and the relative bits it is good for.

    Raises:
        PrecisionError: the digits are out of reach; the message says how many were reached.
        DomainError: the sums would be too long.
    """
    place, wanted = request.argument, bits_of(digits) + 2
    base = log_size(request.quantity, place.a_size, place.r_size)
    extra, reached, choice = 0, 0, 0
    for number in range(_ATTEMPTS):
        nats = (wanted + extra) * LN2 - request.size
        ways = plans(request.quantity, place.a_size, place.r_size, nats, base)
        try:
            value, good = attempt(request, ways[choice % len(ways)])
        except PrecisionError:
            good = 0
        if good >= wanted:
            return value
        reached = max(reached, good)
        extra += wanted - max(good, -64) + 8  # a ball that holds zero says little of what is missing
        choice += good <= 0 and number >= 1  # this series does not deliver here, so try the next
    raise PrecisionError(f"{digits} digits were asked for and {int(reached / 3.3219281)} reached; ask for fewer")


@dataclass(frozen=True)
class Averages(Generic[Value, Result]):
    """psi, psi', phi and G in one arithmetic, with `digits` correct relative digits.

    They are relative digits, in the tails (psi' = e^-2000000) and near the zero of psi too. Parameters are exact
    rationals (a float stands for its shortest decimal), so the answer is for the numbers as written.

    Attributes:
        attempt: Gives the result by one plan, and the relative bits it is good for.
        known: A rational in this arithmetic, to so many digits.
        finished: The result as it is returned, to so many digits.
    """

    attempt: Callable[[SeriesRequest, SeriesPlan], tuple[Value, int]]
    known: Callable[[Fraction, int], Value]
    finished: Callable[[Value, int], Result]

    def psi(self, m: Exactable, target: BimodalTarget, digits: int) -> Result:
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
            >>> import mpmath
            >>> from anneal_theory.averages import ball, multiprecision
            >>> mpmath.nstr(ball.psi(0, BimodalTarget(3, 0.8), 30).value, 30)
            '0.175202104520091681393665687872'
            >>> mpmath.nstr(multiprecision.psi(-3, BimodalTarget(2.5, 0.6), 25), 25)
            '-0.7077104362882683980593896'
        """
        return self._answer(psi_request(m, target), digits)

    def psi_prime(self, m: Exactable, target: BimodalTarget, digits: int) -> Result:
        """``E sech^2(m + h + R z)``. Arguments and errors as for `psi`.

        Source:
            theory section 2; docs/derivations/mordell.md.

        Example:
            >>> import mpmath
            >>> from anneal_theory.averages import ball, multiprecision
            >>> place, digits = (0, BimodalTarget(3, 0.8)), 20
            >>> mpmath.nstr(9 * ball.psi_prime(*place, digits).value, 15)
            '2.23788120969891'
            >>> mpmath.nstr(9 * multiprecision.psi_prime(*place, digits), 15)
            '2.23788120969891'
        """
        return self._answer(psi_prime_request(m, target), digits)

    def phi(self, m: Exactable, target: BimodalTarget, digits: int) -> Result:
        """``E log cosh(m + h + R z)``. Arguments and errors as for `psi`.

        Source:
            theory section 2; docs/derivations/fourier_residues.md.

        Example:
            >>> import mpmath
            >>> from anneal_theory.averages import ball, multiprecision
            >>> proven = ball.phi(0, BimodalTarget(3, 0.5), 30)
            >>> bool(proven.error <= 1e-30 * proven.value)
            True
            >>> mpmath.nstr(multiprecision.phi("1e6", BimodalTarget(3, 0.5), 15), 15)
            '999999.306852819'
        """
        return self._answer(phi_request(m, target), digits)

    def mmse(self, distance: Exactable, weight: Exactable = 0.5, *, digits: int) -> Result:
        """G(D; w), the mean-square error of the label of a two-point mixture. Errors as for `psi`.

        Args:
            distance: D >= 0.
            weight: w in (0, 1).
            digits: Correct relative digits, 1 to 10^6.

        Source:
            theory section 2; docs/derivations/mordell.md.

        Example:
            >>> import mpmath
            >>> from anneal_theory.averages import ball, multiprecision
            >>> mpmath.nstr(ball.mmse(1.3, 0.5, digits=30).value, 30)
            '0.172696117552238840304368129046'
            >>> mpmath.nstr(multiprecision.mmse(1.3, 0.5, digits=25), 25)
            '0.1726961175522388403043681'
        """
        return self._answer(mmse_request(distance, weight), digits)

    def _answer(self, request: SeriesRequest, digits: int) -> Result:
        count = checked_digits(digits)
        if request.known is not None:
            return self.finished(self.known(request.known, count), count)
        return self.finished(solve(request, count, self.attempt), count)
