"""The temperatures by the definitions that the derivation starts from, in mpmath, and random schedules to try them on.

Every schedule of `SCHEDULES` is here without a line of its own: its definition is the one in derivations/schedules.py,
which the package does not compute with, and its parameters are drawn by what they are.
"""

from fractions import Fraction
from functools import cache
from typing import Any

import mpmath as mp
import sympy as sp
from hypothesis import strategies as st

from anneal_theory import schedules
from anneal_theory.quantities import QUANTITIES
from anneal_theory.schedules import SCHEDULES, Schedule, form_of, own_time
from derivations.schedules import SCHEDULES as DERIVED
from derivations.schedules import T_0, a, x

EPS = 2.0**-52
FORMS = {forms.name: forms for forms in DERIVED}
NAMES = tuple(name for name in SCHEDULES if form_of(name) in FORMS)
"""The schedules that have a formula."""


def real(value: Fraction) -> mp.mpf:
    return mp.mpf(value.numerator) / value.denominator


@cache
def _definition(form: str):
    """T and its end as functions of (time, initial temperature, other parameters), in units of the own time."""
    forms = FORMS[form]
    letters = (x, T_0, *forms.parameters)
    end = sp.oo if forms.end is None else forms.end.subs(a, T_0 - 1)
    functions = [sp.lambdify(letters, value, "mpmath") for value in (forms.temperature, end)]
    return *functions, tuple(map(str, forms.parameters))


def temperature(schedule: Schedule, t: mp.mpf) -> mp.mpf:
    """T(t) from the definition."""
    cooling, end, others = _definition(form_of(type(schedule).__name__))
    given = {name: real(value) for name, value in schedule.parameters.items()}
    elapsed = t / given.get(own_time(given), mp.mpf(1))
    first = given["initial_temperature"] if "initial_temperature" in given else given["temperature"]
    letters = (elapsed, first, *(given[name] for name in others))
    return mp.mpf(cooling(*letters)) if elapsed < end(*letters) else mp.mpf(1)


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
hotter = decimals(-6, 6).map(lambda excess: 1 + excess)
units = decimals(-6, 12)


def values_of(name: str, temperatures: st.SearchStrategy[Fraction] = hot) -> st.SearchStrategy[Fraction]:
    """Values of a parameter: a temperature, a time, or a number of order one."""
    if "temperature" in name:
        return temperatures
    return units if QUANTITIES[name].time else decimals(-1, 1)


def built(names: tuple[str, ...], temperatures: st.SearchStrategy[Fraction] = hot) -> st.SearchStrategy[Schedule]:
    """Schedules of some classes."""
    return st.one_of(
        [
            st.builds(getattr(schedules, name), *(values_of(one, temperatures) for one in SCHEDULES[name]))
            for name in names
        ]
    )


coolings = built(NAMES)
FALLING = tuple(name for name in NAMES if name != "Constant")
falling = built(FALLING, hotter)
"""Those whose temperature falls, and by something."""


def typical(name: str) -> Schedule:
    """A schedule of a class at the values that the command line takes unless others are given."""
    return with_values(name)


def with_values(name: str, time: Any = None, **values: Any) -> Schedule:
    """A schedule of a class: its own time and other parameters as given (those that it takes), else as in `typical`."""
    values |= {own_time(SCHEDULES[name]): time} if time is not None else {}
    taken = {one: values.get(one, QUANTITIES[one].example) for one in SCHEDULES[name]}
    lists = {one: value.split(",") for one, value in taken.items() if QUANTITIES[one].is_list}
    return getattr(schedules, name)(**taken | lists)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Fraction], list[Fraction]]:
    """Times and temperatures for `Piecewise` (built in the test: run-time type checks draw random numbers)."""
    gaps = draw(st.lists(decimals(-3, 3), min_size=0, max_size=6))
    values = draw(st.lists(decimals(-2, 4), min_size=len(gaps), max_size=len(gaps)))
    times = [sum(gaps[:row], Fraction(0)) for row in range(len(gaps) + 1)]
    return times, [*values, draw(hot)]


def unit(schedule: Schedule) -> float:
    """The schedule's own unit of time."""
    return float(schedule.parameters.get(own_time(schedule.parameters), 1))
