"""Temperatures as power series in time, at flint's working precision and length, piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from anneal_theory.balls import exact_ball
from anneal_theory.errors import DomainError
from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.constant import Constant
from anneal_theory.schedules.exponential import Exponential
from anneal_theory.schedules.exponential_to_one import ExponentialToOne
from anneal_theory.schedules.hold import Hold
from anneal_theory.schedules.linear import Linear
from anneal_theory.schedules.linear_beta import LinearBeta
from anneal_theory.schedules.piecewise import Piecewise
from anneal_theory.schedules.power import Power

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
        >>> with flint_precision(100):
        ...     print(pieces(Exponential(10, 100))[0].local(flint.arb(0))[1].str(10, radius=False))
        -0.09000000000
    """
    for kind, maker in _MAKERS.items():
        if type(schedule) is kind:
            found: list[Piece] = maker(schedule)
            return found
    raise DomainError.of(
        "schedule", "one with a closed form, where digits are asked for", schedule, "use doubles, or a Piecewise table"
    )


def _variable(start: Any, slope: Any) -> Any:
    return flint.arb_series([start, slope])


def _flat(temperature: Fraction) -> Piece:
    return Piece(None, lambda t: flint.arb_series([exact_ball(temperature)]))


def _until(end: Callable[[], Any], local: Local) -> list[Piece]:
    return [Piece(end, local), _flat(Fraction(1))]


def _constant(schedule: Constant) -> list[Piece]:
    return [_flat(schedule.exact_initial_temperature)]


def _exponential(schedule: Exponential) -> list[Piece]:
    excess, time = schedule.exact_initial_temperature - 1, schedule.exact_decay_time
    return [Piece(None, lambda t: 1 + exact_ball(excess) * (-_variable(t, 1) / exact_ball(time)).exp())]


def _exponential_to_one(schedule: ExponentialToOne) -> list[Piece]:
    heat, time = schedule.exact_initial_temperature, schedule.exact_decay_time
    return _until(
        lambda: exact_ball(time) * exact_ball(heat).log(),
        lambda t: exact_ball(heat) * (-_variable(t, 1) / exact_ball(time)).exp(),
    )


def _hold(schedule: Hold) -> list[Piece]:
    return _until(lambda: exact_ball(schedule.exact_hold_time), _flat(schedule.exact_initial_temperature).local)


def _linear(schedule: Linear) -> list[Piece]:
    heat, span = schedule.exact_initial_temperature, schedule.exact_duration
    return _until(lambda: exact_ball(span), _line(Fraction(0), heat, (1 - heat) / span))


def _linear_beta(schedule: LinearBeta) -> list[Piece]:
    beta, span = 1 / schedule.exact_initial_temperature, schedule.exact_duration
    line = _line(Fraction(0), beta, (1 - beta) / span)
    return _until(lambda: exact_ball(span), lambda t: 1 / line(t))


def _line(begin: Fraction, value: Fraction, slope: Fraction) -> Local:
    return lambda t: _variable(exact_ball(value) + exact_ball(slope) * (t - exact_ball(begin)), exact_ball(slope))


def _power(schedule: Power) -> list[Piece]:
    excess, time = schedule.exact_initial_temperature - 1, schedule.exact_decay_time
    exponent = schedule.exact_exponent

    def local(t: Any) -> Any:
        age = _variable(1 + t / exact_ball(time), exact_ball(1 / time))
        return 1 + exact_ball(excess) * (-exact_ball(exponent) * age.log()).exp()

    return [Piece(None, local)]


def _piecewise(schedule: Piecewise) -> list[Piece]:
    times, heats = schedule.exact_times, schedule.exact_temperatures
    found = []
    for begin, end, first, last in zip(times[:-1], times[1:], heats[:-1], heats[1:], strict=True):
        line = _line(begin, first, (last - first) / (end - begin))
        found.append(Piece(lambda end=end: exact_ball(end), line))  # type: ignore[misc]
    return [*found, _flat(heats[-1])]


_MAKERS: dict[type[Schedule], Any] = {
    Constant: _constant,
    Exponential: _exponential,
    ExponentialToOne: _exponential_to_one,
    Hold: _hold,
    Linear: _linear,
    LinearBeta: _linear_beta,
    Piecewise: _piecewise,
    Power: _power,
}
