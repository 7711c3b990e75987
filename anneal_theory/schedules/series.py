"""Temperatures as power series in time, at flint's working precision and length, piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from anneal_theory.balls import BallContext, exact_ball
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.forms import Form

Local = Callable[[Any], Any]
"""From a time (an Arb ball) to the series of T in the time after it."""


@dataclass(frozen=True)
class Piece:
    """A stretch of time on which the temperature is analytic.

    Attributes:
        end: Where it ends, from an Arb ball at flint's working precision; None for never.
        local: The series of T at a time in it.
    """

    end: Callable[[], Any] | None
    local: Local


def pieces(schedule: Schedule) -> list[Piece]:
    """The analytic stretches of a schedule, in order of time.

    Raises:
        DomainError: the schedule is a function of the user's, known in doubles only.

    Example:
        >>> from anneal_theory.precision import flint_precision
        >>> from anneal_theory.schedules import Exponential
        >>> with flint_precision(100):
        ...     print(pieces(Exponential(10, 100))[0].local(flint.arb(0))[1].str(10, radius=False))
        -0.09000000000
    """
    return schedule._pieces()


class _SeriesContext(BallContext):
    """Elementary functions of power series (and of balls) that python-flint does not have."""

    def expm1(self, x: Any) -> Any:
        """e^x - 1."""
        return x.exp() - 1

    def log1p(self, x: Any) -> Any:
        """log(1 + x)."""
        return (1 + x).log()


_CONTEXT = _SeriesContext()


def pieces_of(
    excess: Callable[[BallContext], Form], end: Callable[[BallContext], Form | None], unit: Fraction
) -> list[Piece]:
    """The pieces of a schedule that is analytic until it ends at T = 1, if it does.

    Args:
        excess: From elementary functions to T - 1 of the elapsed time.
        end: From elementary functions to where T is 1, if there is such a time.
        unit: The schedule's own time.
    """

    def local(t: Any) -> Any:
        length = exact_ball(unit)
        x = flint.arb_series([t / length, 1 / length])
        return flint.arb_series([1]) + excess(_CONTEXT)(elapsed=x)

    def last() -> Any:
        form = end(_CONTEXT)
        return None if form is None else exact_ball(unit) * form()

    return [Piece(None, local)] if last() is None else [Piece(last, local), flat(Fraction(1))]


def flat(temperature: Fraction) -> Piece:
    """A constant temperature from some time on."""
    return Piece(None, lambda t: flint.arb_series([exact_ball(temperature)]))


def line(begin: Fraction, end: Fraction, temperature: Fraction, slope: Fraction) -> Piece:
    """A temperature that changes linearly between two times."""

    def local(t: Any) -> Any:
        rise = exact_ball(slope)
        return flint.arb_series([exact_ball(temperature) + rise * (t - exact_ball(begin)), rise])

    return Piece(lambda: exact_ball(end), local)
