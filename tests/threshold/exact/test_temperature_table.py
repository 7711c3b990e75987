"""The polynomials that compiled runs read, against the temperatures they stand for."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import Dynamics
from anneal_theory.schedules import Piecewise, Power, from_callable
from anneal_theory.threshold.exact.collapse_kernels import heat_at
from anneal_theory.threshold.exact.temperature_table import heat_table
from tests.schedules.definitions import tables

TEMPERED, FREE = Dynamics(), Dynamics("free-energy")


def joints(heat):
    """Rows of the panels between joints, in turn."""
    return np.split(np.arange(len(heat.lows)), np.flatnonzero(heat.ends)[:-1] + 1)


@settings(max_examples=60, deadline=None)
@given(tables(), st.floats(0, 1), st.booleans())
def test_each_line_of_a_table_is_read_in_a_clock_of_its_own(table, share, free):
    (times, heats), heats[-1] = table, Fraction(1)
    schedule = Piecewise(times, heats)
    heat = heat_table(schedule, FREE if free else TEMPERED, 0.5)
    if schedule.settling_time(1e-14) == 0:
        assert heat_at(0.0, 0, heat.arrays)[0] == 1
        return
    for row, panels in enumerate(joints(heat)):
        width, low, high = (float(v) for v in (times[row + 1] - times[row], heats[row], heats[row + 1]))
        ratio, slope = np.log(high / low), float(heats[row + 1] - heats[row]) / width
        length = width if free else ratio / slope if slope else width / low
        assert heat.highs[panels[-1]] == pytest.approx(0.5 * length, rel=1e-13)
        truth = low + slope * share * length if free else low * np.exp(share * ratio)
        panel = panels[np.searchsorted(heat.highs[panels[:-1]], 0.5 * share * length)]
        found = heat_at(0.5 * share * length, int(panels[0]), heat.arrays)[0]
        assert found == pytest.approx(truth, rel=1e-12, abs=2 * heat.errors[panel])
    widths = 2 * (heat.highs - heat.lows)
    assert np.all(heat.errors * widths <= 3e-14 * heat.ceilings * widths + 1e-16)


@pytest.mark.parametrize("place", [0.7, 300.0, 90_000.0])
def test_a_function_is_read_within_the_errors_that_its_table_states(place):
    def temperature(t):
        return 1 + 40 * np.exp(-(((t - place) / 0.5) ** 2)) + 9 * np.exp(-t / 5)

    schedule = from_callable(temperature, 1e5)
    heat = heat_table(schedule, FREE, 1.0)
    times = np.concatenate([place + np.linspace(-0.69, 3, 2001), np.linspace(0, 30, 1001)])
    found = np.array([heat_at(t, 0, heat.arrays)[0] for t in times.tolist()])
    panel = np.searchsorted(heat.highs, times)
    assert np.all(np.abs(found - temperature(times)) <= 2 * heat.errors[panel] + 4 * np.spacing(times) * 100)
    # In all what the times' rounding, four spacings, makes of a rise and a fall of 40: a fit may miss by four times it.
    assert np.sum(heat.errors * (heat.highs - heat.lows)) <= 1e-11 + 4 * 4 * np.spacing(place) * 80
    shortest = (heat.highs - heat.lows)[panel]
    assert np.all(heat.reaches[panel] - times <= 4 * shortest + 1e-12)


def test_a_schedule_that_never_settles_is_refused():
    with pytest.raises(DomainError, match=r"settled by the time 1e\+150"):
        heat_table(Power(10, 1, "0.01"), TEMPERED, 0.5)
