"""Steps that carry means beyond a rest: the bound beside training and differences, and who refuses such steps."""

import math
import re

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.averages import mmse
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import sphere_attractors
from anneal_theory.probability.noisy.stable_steps import fastest_return

TARGET, INIT, COOLED = at.BimodalTarget(3, "0.8"), at.GaussianInit(8), at.Hold(8, 20)
SPHERE = {"constraint": "sphere", "objective": "free-energy", "variance": "trained"}
RULES = {"batch_size": 100, "step_size": 5}
TOO_LONG = r"^step_size must be at most 4: longer steps leap over the rest at T = 1, .* but was 5\.0; use 0\.4, say\.$"


@pytest.mark.parametrize(
    ("init", "words", "bound"),
    [(INIT, {}, 4.0), (INIT, {"metric": "natural"}, 2.0), (at.SphereInit(32), SPHERE, 2.0)],
)
def test_training_comes_to_rest_just_below_the_bound_and_not_just_above(init, words, bound):
    """By 5 % on either side; what is left of a deviation after n steps is 0.9^n below, and grows like 1.1^n above.

    A variance stays in some bounds above, and with it the means are at no mode for long; in few dimensions some are.
    """
    assert fastest_return(TARGET, COOLED, at.Dynamics(**words)).longest_step == pytest.approx(bound, rel=1e-12)
    rules = {"replicas": 10, "batch_size": 100, "end_time": 800}
    below = at.train_mixture(TARGET, COOLED, init, step_size=0.95 * bound, most_undecided=0.1, **rules, **words)
    assert below.decided >= 9
    with pytest.raises(SolveError, match="undecided"):
        at.train_mixture(TARGET, COOLED, init, step_size=1.05 * bound, most_undecided=0.5, **rules, **words)


@pytest.mark.parametrize("temperature", [4, 40])
def test_a_hot_pair_returns_as_differences_of_its_push_say(temperature):
    """(log D)' = (T G/(w1 w2) - 1)/2 in time; differences of h = 1e-4 are off by parts of h^2."""
    apart, h = at.hot_separation(temperature), 1e-4
    ahead, back = (0.5 * 4 * temperature * mmse(apart + way * h) for way in (1, -1))
    expected = -apart * (ahead - back) / (2 * h)
    found = fastest_return(TARGET, at.Hold(temperature, 20), at.Dynamics("free-energy"))
    assert found.rate == pytest.approx(expected, rel=1e-6)
    assert found.temperature == temperature


@pytest.mark.slow
def test_on_the_sphere_steps_of_the_flow_in_angles_come_to_rest_just_below_the_bound_and_not_just_above():
    """1e-6 beside the pair that heat holds apart at the heavy mode, T = 40: 0.96^n and 1.04^n of that, n = 200."""
    dynamics = at.Dynamics(**SPHERE | {"variance": "fixed"})
    fastest = fastest_return(TARGET, at.Hold(40, 20), dynamics)
    assert fastest.temperature == 40
    flow, angle = FrozenSphere(TARGET, 40.0, 1.0), math.acos(sphere_attractors(TARGET, 40.0, 1.0)[0].m1 / 9)
    rest = np.array([angle, -angle])
    for share, away in ((0.98, 1e-9), (1.02, 1e-4)):
        angles = rest + 1e-6 * np.array([1.0, -1.0])
        for _ in range(200):
            rates = flow.turning(angles[:1], angles[1:])
            angles = angles + share * fastest.longest_step * np.concatenate(rates)
        off = np.abs(angles - rest).max()
        assert off < away if share < 1 else off > away


def _asked(name):
    problem = TARGET, COOLED, INIT
    calls = {
        "quantiles": lambda: at.noisy_collapse_probability(*problem, **RULES),
        "leading-order": lambda: at.noisy_collapse_probability(*problem, method="leading-order", **RULES),
        "simulated": lambda: at.noisy_collapse_probability(*problem, method="simulated", **RULES),
        "runs": lambda: at.simulate_noisy_flow(*problem, **RULES),
        "batch": lambda: at.safe_batch_size(*problem, step_size=5),
        "threshold": lambda: at.noisy_threshold(TARGET, COOLED, dim=8, **RULES),
        "design": lambda: at.design_schedule(TARGET, INIT, budget=30, family="hold", **RULES),
    }
    return calls[name]()


@pytest.mark.parametrize("name", ["quantiles", "leading-order", "simulated", "runs", "batch", "threshold", "design"])
def test_all_that_have_steps_refuse_those_at_which_training_diverges(name):
    with pytest.raises(DomainError, match=TOO_LONG):
        _asked(name)


def test_a_heat_is_named():
    words = {"batch_size": 100, "step_size": 0.7, "objective": "free-energy"}
    told = re.compile(r"at most 0\.6149: .* at T = 40, .* the rate 3\.252, .*, or a cooler schedule\.$")
    with pytest.raises(DomainError, match=told):
        at.noisy_collapse_probability(TARGET, at.Hold(40, 20), INIT, **words)


@pytest.mark.slow
def test_a_design_is_no_hotter_than_its_steps_allow():
    """Holds up to T = 100 are looked at, which steps of 0.8 allow up to 17."""
    words = {"batch_size": 100, "step_size": 0.8, "objective": "free-energy"}
    found = at.design_schedule(TARGET, at.GaussianInit(128), budget=60, family="hold", **words)
    assert 1 < fastest_return(TARGET, found.schedule, at.Dynamics("free-energy")).rate <= 2 / 0.8
