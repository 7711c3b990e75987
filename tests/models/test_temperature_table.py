"""The polynomials that compiled runs read, against the temperatures they stand for."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory._compiled import kernel
from anneal_theory.errors import DomainError
from anneal_theory.models import temperature_kernels as temperature
from anneal_theory.models.temperature_table import temperature_table
from anneal_theory.numerics.lane_kernels import LANES, whole
from anneal_theory.numerics.lane_memory_kernels import lanes_of, put
from anneal_theory.problem import Dynamics
from anneal_theory.schedules import Piecewise, Power, from_callable
from tests.exploration import examples
from tests.schedules.definitions import tables

TEMPERED, FREE = Dynamics(), Dynamics("free-energy")


@kernel()
def read(clocks, first, panels, out):
    for k in range(out.shape[0] // LANES):
        clock, panel = lanes_of(clocks, k), whole(0.0 * lanes_of(clocks, k)) + first
        put(out, k, temperature.temperature(clock, temperature.row(panel, panels), panel, panels))


def temperatures_at(clocks, first, table):
    """Temperatures at clocks since the last joint, in the panel `first` or after it."""
    padded = np.resize(np.asarray(clocks, dtype=float), -(-len(clocks) // LANES) * LANES)
    out = np.empty_like(padded)
    read(padded, int(first), table.arrays[0], out)
    return out[: len(clocks)]


def joints(table):
    """Rows of the panels between joints, in turn."""
    return np.split(np.arange(len(table.lows)), np.flatnonzero(table.ends)[:-1] + 1)


@examples(60, deadline=None)
@given(tables(), st.floats(0, 1), st.booleans())
def test_each_line_of_a_table_is_read_in_a_clock_of_its_own(lines, share, free):
    (times, temperatures), temperatures[-1] = lines, Fraction(1)
    schedule = Piecewise(times, temperatures)
    table = temperature_table(schedule, FREE if free else TEMPERED, 0.5)
    if schedule.settling_time(1e-14) == 0:
        assert temperatures_at([0.0], 0, table)[0] == 1
        return
    for row, panels in enumerate(joints(table)):
        width, low = float(times[row + 1] - times[row]), float(temperatures[row])
        rise = temperatures[row + 1] - temperatures[row]
        ratio, slope = np.log1p(float(rise / temperatures[row])), float(rise) / width
        length = width if free else ratio / slope if slope else width / low
        assert table.highs[panels[-1]] == pytest.approx(0.5 * length, rel=1e-13)
        truth = low + slope * share * length if free else low * np.exp(share * ratio)
        panel = panels[np.searchsorted(table.highs[panels[:-1]], 0.5 * share * length)]
        found = temperatures_at([0.5 * share * length], panels[0], table)[0]
        assert found == pytest.approx(truth, rel=1e-12, abs=2 * table.errors[panel])
    widths = 2 * (table.highs - table.lows)
    assert np.all(table.errors * widths <= 3e-14 * table.ceilings * widths + 1e-16)


@pytest.mark.parametrize("place", [0.7, 300.0, 90_000.0])
def test_a_function_is_read_within_the_errors_that_its_table_states(place):
    def temperature(t):
        return 1 + 40 * np.exp(-(((t - place) / 0.5) ** 2)) + 9 * np.exp(-t / 5)

    schedule = from_callable(temperature, 1e5)
    table = temperature_table(schedule, FREE, 1.0)
    times = np.concatenate([place + np.linspace(-0.69, 3, 2001), np.linspace(0, 30, 1001)])
    found = temperatures_at(times, 0, table)
    panel = np.searchsorted(table.highs, times)
    assert np.all(np.abs(found - temperature(times)) <= 2 * table.errors[panel] + 4 * np.spacing(times) * 100)
    # In all what the times' rounding, four spacings, makes of a rise and a fall of 40: a fit may miss by four times it.
    assert np.sum(table.errors * (table.highs - table.lows)) <= 1e-11 + 4 * 4 * np.spacing(place) * 80
    shortest = (table.highs - table.lows)[panel]
    assert np.all(table.reaches[panel] - times <= 4 * shortest + 1e-12)


def test_a_schedule_that_never_settles_is_refused():
    with pytest.raises(DomainError, match=r"settled by the time 1e\+150"):
        temperature_table(Power(10, 1, "0.01"), TEMPERED, 0.5)
