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
from anneal_theory.averages.plan import LN2, SeriesPlan, SeriesQuantity, log_size, plans
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
    """A number to find: ``finish(series)`` of one of the three series' quantities at a place."""

    quantity: SeriesQuantity  # what the series give: 1 - psi, psi' or phi
    argument: ShiftedArgument  # where
    size: float  # estimated natural logarithm of the result
    finish: Finish  # from the series' value to the result
    known: Fraction | None = None  # the result where it is a rational, else None


def psi_request(m: Exactable, target: BimodalTarget) -> SeriesRequest:
    """psi; exactly 0 at a = 0."""
    argument = of_overlap(m, target)
    size = min(0.0, math.log(argument.a_size / max(1.0, argument.r_size))) if argument.sign else 0.0
    finish, value = partial(_signed, argument.sign), None if argument.sign else Fraction(0)
    return SeriesRequest("complement", argument, size, finish, value)


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
    heavy, argument = max(share, 1 - share), of_distance(length, share)
    size = log_size("complement", argument.a_size, argument.r_size)
    return SeriesRequest("complement", argument, size, partial(_shared, heavy))


def _plain(quantity: SeriesQuantity, argument: ShiftedArgument) -> SeriesRequest:
    return SeriesRequest(quantity, argument, log_size(quantity, argument.a_size, argument.r_size), _unchanged)


def _signed(sign: int, arithmetic: Arithmetic[Num], plan: SeriesPlan, complement: Num) -> Num:
    arithmetic.set_bits(math.ceil(plan.nats / LN2) + 8)  # a tiny 1 - psi may come with few bits
    return sign * (1 - complement)


def _shared(heavy: Fraction, arithmetic: Arithmetic[Num], plan: SeriesPlan, complement: Num) -> Num:
    return arithmetic.rational(heavy) / 2 * complement


def _unchanged(arithmetic: Arithmetic[Num], plan: SeriesPlan, value: Num) -> Num:
    return value


def summed(
    arithmetic: Arithmetic[Num], point: Point[Num], plan: SeriesPlan, quantity: SeriesQuantity
) -> tuple[Num, Num]:
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

    `attempt` gives the result by one plan, and the relative bits it is good for. Where the digits are out of reach the
    message says how many were reached.
    """
    argument, wanted = request.argument, bits_of(digits) + 2
    base = log_size(request.quantity, argument.a_size, argument.r_size)
    extra, reached, choice = 0, 0, 0
    for number in range(_ATTEMPTS):
        nats = (wanted + extra) * LN2 - request.size
        ways = plans(request.quantity, argument.a_size, argument.r_size, nats, base)
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
class SeriesAverages(Generic[Value, Result]):
    """psi, psi', phi and G in one arithmetic, with `digits` correct relative digits.

    They are relative digits, in the tails (psi' = e^-2000000) and near the zero of psi too. Parameters are exact
    rationals (a float stands for its shortest decimal), so the answer is for the numbers as written.
    """

    # gives the result by one plan, and the relative bits it is good for
    attempt: Callable[[SeriesRequest, SeriesPlan], tuple[Value, int]]
    known: Callable[[Fraction, int], Value]  # a rational in this arithmetic, to so many digits
    finished: Callable[[Value, int], Result]  # the result as it is returned, to so many digits

    def psi(self, m: Exactable, target: BimodalTarget, digits: int) -> Result:
        """Mean label ``E tanh(m + h + R z)``; exactly 0 where m + h = 0. Source: docs/derivations/mordell.md."""
        return self._answer(psi_request(m, target), digits)

    def psi_prime(self, m: Exactable, target: BimodalTarget, digits: int) -> Result:
        """``E sech^2(m + h + R z)``. Source: docs/derivations/mordell.md."""
        return self._answer(psi_prime_request(m, target), digits)

    def phi(self, m: Exactable, target: BimodalTarget, digits: int) -> Result:
        """``E log cosh(m + h + R z)``. Source: docs/derivations/fourier_residues.md."""
        return self._answer(phi_request(m, target), digits)

    def mmse(self, distance: Exactable, weight: Exactable = 0.5, *, digits: int) -> Result:
        """G(D; w), the mean-square error of the label of a two-point mixture. Source: docs/derivations/mordell.md."""
        return self._answer(mmse_request(distance, weight), digits)

    def _answer(self, request: SeriesRequest, digits: int) -> Result:
        count = checked_digits(digits)
        if request.known is not None:
            return self.finished(self.known(request.known, count), count)
        return self.finished(solve(request, count, self.attempt), count)
