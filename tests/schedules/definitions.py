"""The temperatures as theory section 8 states them, in mpmath, and random schedules to try them on."""

from fractions import Fraction

import mpmath as mp
from hypothesis import strategies as st

from anneal_theory.schedules import (
    Constant,
    Exponential,
    ExponentialToOne,
    Hold,
    Linear,
    LinearBeta,
    Power,
    Schedule,
)

EPS = 2.0**-52


def real(value: Fraction) -> mp.mpf:
    return mp.mpf(value.numerator) / value.denominator


def temperature(schedule: Schedule, t: mp.mpf) -> mp.mpf:
    """T(t) from the words of the specification."""
    p = {name: real(value) for name, value in schedule.parameters.items() if isinstance(value, Fraction)}
    match schedule:
        case Constant():
            return p["temperature"]
        case Exponential():
            return 1 + (p["initial_temperature"] - 1) * mp.exp(-t / p["decay_time"])
        case ExponentialToOne():
            return max(mp.mpf(1), p["initial_temperature"] * mp.exp(-t / p["decay_time"]))
        case Linear():
            return 1 + (p["initial_temperature"] - 1) * max(mp.mpf(0), 1 - t / p["duration"])
        case LinearBeta():
            cold = 1 / p["initial_temperature"]
            return 1 / (cold + (1 - cold) * min(mp.mpf(1), t / p["duration"]))
        case Power():
            return 1 + (p["initial_temperature"] - 1) * (1 + t / p["decay_time"]) ** -p["exponent"]
        case Hold():
            return p["initial_temperature"] if t < p["hold_time"] else mp.mpf(1)
    raise NotImplementedError(type(schedule).__name__)


def integral_of_beta(schedule: Schedule, end: float) -> mp.mpf:
    """int_0^end dt/T by Gauss-Legendre on panels shorter than the distance to the nearest pole of 1/T."""
    panels = [mp.mpf(0)]
    while panels[-1] < end and len(panels) < 400:
        x = panels[-1] / unit(schedule)
        panels.append(panels[-1] + unit(schedule) * min(max(mp.mpf(1), x / 8), (1 + x) / 8))
    for time in schedule.breakpoints:
        panels += [mp.mpf(time) * (1 - mp.mpf(2) ** -k) for k in range(1, 28)] + [mp.mpf(time)]
    edges = sorted({edge for edge in panels if edge < end} | {mp.mpf(end)})
    return mp.quad(lambda t: 1 / temperature(schedule, t), edges, method="gauss-legendre", maxdegree=4)


def decimals(low: float, high: float) -> st.SearchStrategy[Fraction]:
    """Rationals m 10^e with a few digits, log-uniform between two powers of ten."""
    exponents = st.integers(int(low), int(high) - 1)
    return st.builds(lambda m, e: Fraction(m, 1000) * Fraction(10) ** e, st.integers(1000, 9999), exponents)


hot = st.one_of(st.just(Fraction(1)), decimals(-12, 6).map(lambda excess: 1 + excess))
units = decimals(-6, 12)
coolings = st.one_of(
    st.builds(Exponential, hot, units),
    st.builds(ExponentialToOne, hot, units),
    st.builds(Linear, hot, units),
    st.builds(LinearBeta, hot, units),
    st.builds(Power, hot, units, decimals(-1, 1)),
    st.builds(Hold, hot, units),
    st.builds(Constant, hot),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Fraction], list[Fraction]]:
    """Times and temperatures for `Piecewise` (built in the test: run-time type checks draw random numbers)."""
    gaps = draw(st.lists(decimals(-3, 3), min_size=0, max_size=6))
    values = draw(st.lists(decimals(-2, 4), min_size=len(gaps), max_size=len(gaps)))
    times = [sum(gaps[:row], Fraction(0)) for row in range(len(gaps) + 1)]
    return times, [*values, draw(hot)]


def unit(schedule: Schedule) -> float:
    """The schedule's own unit of time."""
    names = ("decay_time", "duration", "hold_time")
    return next((float(schedule.parameters[name]) for name in names if name in schedule.parameters), 1.0)
