"""The theory's constants, read off training without noise at constant temperature (theory sections 4, 6 and 7)."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anneal_theory.fixed_points import collapsed_state, critical_temperature, hot_separation, transient_gain
from anneal_theory.fixed_points.constants import target_constants
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Constant
from tests.agreement.training_runs import Setting, extrapolated, follow, reduced
from tests.exploration import examples

HOT = Dynamics("free-energy")
EARLY, LATE = 40.0, 48.0
RHO = 1e-6  # so the run stays linear in rho, and rounding of m1 - m2 costs 1e-7


@lru_cache(maxsize=32)
def hot_run(target, temperature, s0, rho=RHO):
    """(s, log rho, log D) at both times of a pair that starts across the axis, at step 0, and the bias that is left.

    From s0 = 0 a pair comes to a mode by the clock 15, time 30, for the targets drawn here.
    """
    setting, c, tilt = Setting(target, Constant(temperature), HOT), s0 / target.separation, 0.5 * rho
    start = (c + tilt, c - tilt, 0.5, -0.5, 0.0)
    runs = [reduced(follow(setting, start, (EARLY, LATE), 4 * setting.step / k), setting) for k in (1, 2, 4)]
    return extrapolated(runs)


def constants_gap(target, temperature, s0):
    """Distances of s*, log D_T, kappa* and log C(s0) from training, and what is allowed of each."""
    (early, late), bias = hot_run(target, temperature, s0)
    state = collapsed_state(target)
    gain = np.log(transient_gain(target, s0)) + np.log(RHO) + state.escape_rate * LATE / 2
    slope = 2 * (late[1] - early[1]) / (LATE - EARLY)
    expected = np.array([state.overlap, np.log(hot_separation(temperature)), state.escape_rate, gain])
    found = np.array([abs(late[0]), late[2], slope, late[1]])
    return np.abs(found - expected), np.array([2e-5, 1e-5, 1e-5, bias[1, 1] + 2e-5])


hot_settings = {
    "separation": st.floats(2.6, 3.2).map(lambda x: str(round(x, 2))),
    "weight": st.floats(0.5, 0.85).map(lambda x: str(round(x, 2))),
    "temperature": st.integers(2, 6),
    "s0": st.floats(0.2, 2).map(lambda x: round(x, 2)),
}


@pytest.mark.slow
@examples(2)
@given(**hot_settings)
@example("3", "0.8", 5, 0.0)
def test_hot_training_has_the_rest_state_the_rate_and_the_gain_of_the_theory(separation, weight, temperature, s0):
    """Sees errors of 2e-5 in s*, 1e-5 in D_T and kappa*, 5e-4 in the transient gain."""
    found, allowed = constants_gap(BimodalTarget(separation, weight), temperature, s0)
    assert np.all(found <= allowed)
    assert np.all(allowed < 5e-4)


def split_at(target, temperature, end=250.0):
    """Whether an aligned pair that starts at the collapsed state splits at a temperature."""
    setting = Setting(target, Constant(temperature), HOT)
    c = collapsed_state(target).overlap / target.separation
    m1, m2 = follow(setting, (c + 0.1, c - 0.1, 0.0, 0.0, 0.0), [end], 2 * setting.step)[0, :2]
    return m1 * m2 < 0


@pytest.mark.slow
@pytest.mark.parametrize(("separation", "weight"), [("3", "0.8"), ("2.5", "0.7"), ("2.8", "0.5")])
def test_the_collapsed_state_of_an_aligned_pair_ends_at_the_critical_temperature(separation, weight):
    """T_c goes as 1/G: sees an error of 1 % in either."""
    target = BimodalTarget(separation, weight)
    critical = critical_temperature(target)
    assert not split_at(target, 0.99 * critical)
    assert split_at(target, 1.01 * critical)


@pytest.mark.slow
def test_the_gain_of_a_symmetric_target_is_the_power_of_the_start_that_makes_collapse_rarer_with_dimension():
    """C(s0) ~ |s0|^-p, whence P ~ d^((1 - p)/2), exponent (1 - kappa*)/(kappa_0 - 1) over 2: sees an error of 1e-3."""
    target = BimodalTarget(3, "0.5")
    constants = target_constants(target)
    power = (constants["central_rate"] - constants["escape_rate"]) / (constants["central_rate"] - 1)
    gains = [hot_run(target, 5, s0, rho)[0][1, 1] - np.log(rho) for s0, rho in ((1e-2, 1e-10), (1e-4, 1e-13))]
    assert (gains[1] - gains[0]) / np.log(100) == pytest.approx(power, abs=1e-3)
