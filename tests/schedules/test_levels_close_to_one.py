"""Times above levels that are 1 to many digits: from T - 1 of the decimal that a float stands for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.schedules import Exponential, Piecewise
from tests.exploration import examples
from tests.schedules.definitions import FALLING, typical

SCHEDULES = [
    *(typical(name) for name in FALLING),
    Exponential("1.000001", 3),
    Piecewise([0, 3, 5, 6, 9], [10, 1, "1.00001", "0.5", 1]),
    Piecewise([0, 3, 5, 6], [1, "1.00001", "1.0000000001", 1]),
]
digits = st.integers(1, 9999)


@pytest.mark.slow
@examples(200, deadline=None)
@given(st.sampled_from(SCHEDULES), st.lists(st.tuples(digits, st.integers(2, 13)), min_size=1, max_size=4))
def test_times_above_levels_close_to_one_are_those_of_their_decimals(schedule, parts):
    levels = np.array([float(f"1.{'0' * zeros}{number:04d}"[:18]) for number, zeros in parts])
    levels = np.where(levels == 1, 1.0000000000001, levels)
    for name in ("time_above", "clock_above"):
        found = getattr(schedule, name)(levels)
        for level, value in zip(levels.tolist(), found.tolist(), strict=True):
            truth = float(getattr(schedule, name)(level, digits=20))
            assert value == pytest.approx(truth, rel=2e-14)
            assert getattr(schedule, name)(level) == pytest.approx(value, rel=9e-16)  # NumPy's two ways: 4 ulp


def test_the_reported_level_has_all_its_digits():
    schedule = Exponential(10, 100)
    assert schedule.time_above(1.00000000012) == pytest.approx(100 * np.log(9 / 1.2e-10), rel=4e-16)
    assert schedule.clock_above(1.00000000012) == pytest.approx(
        float(schedule.clock_above("1.00000000012", digits=20)), rel=4e-16
    )
