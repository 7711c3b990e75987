"""Temperatures as power series in time, at flint's working precision and length, piece by piece."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint

from anneal_theory.balls import BallContext, exact_ball
from anneal_theory.schedules.analytic import AnalyticPiece
from anneal_theory.schedules.any_digits import AnalyticContext
from anneal_theory.schedules.base import Schedule


def pieces(schedule: Schedule) -> list[AnalyticPiece]:
    """The analytic stretches of a schedule, in order of time."""
    return schedule._pieces()


_CONTEXT = AnalyticContext()


def pieces_of(form: Callable[[BallContext, str], Any], unit: Callable[[BallContext], flint.arb]) -> list[AnalyticPiece]:
    """The pieces of a schedule that is analytic until it ends at T = 1, if it does."""

    def local(t: flint.arb) -> flint.arb_series:
        length = unit(_CONTEXT)
        x = flint.arb_series([t / length, 1 / length])
        excess: flint.arb_series = form(_CONTEXT, "excess")(elapsed=x)
        return flint.arb_series([1]) + excess

    if form(_CONTEXT, "end") is None:
        return [AnalyticPiece(None, local)]
    return [AnalyticPiece(lambda: unit(_CONTEXT) * form(_CONTEXT, "end")(), local), flat(Fraction(1))]


def flat(temperature: Fraction) -> AnalyticPiece:
    """A constant temperature from some time on."""
    return AnalyticPiece(None, lambda t: flint.arb_series([exact_ball(temperature)]))


def line(begin: Fraction, end: Fraction, temperature: Fraction, slope: Fraction) -> AnalyticPiece:
    """A temperature that changes linearly between two times."""

    def local(t: flint.arb) -> flint.arb_series:
        rise = exact_ball(slope)
        return flint.arb_series([exact_ball(temperature) + rise * (t - exact_ball(begin)), rise])

    return AnalyticPiece(lambda: exact_ball(end), local)
