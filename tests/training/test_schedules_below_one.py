"""Training along schedules that go below T = 1 goes on until they are back."""

import math

import pytest

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Piecewise
from anneal_theory.training import train_mixture
from anneal_theory.training.mixture_rules import MixtureRules
from anneal_theory.training.rules import TrainingRules

SCHEDULE = Piecewise([0, 2, 502], [1, "0.5", 1])
TOO_COLD = r"at least 0\.85 in temperature at the last of "


def test_a_mixture_is_trained_until_the_temperature_is_back_at_1():
    assert MixtureRules(step_size=0.5).steps(SCHEDULE) == round((2 + 500 * 0.98 + 200) / 0.5)


def test_a_training_that_ends_too_cold_is_refused_with_the_steps_that_do():
    settled = SCHEDULE.settling_time(1.15 - 1)
    with pytest.raises(DomainError, match=TOO_COLD + rf"1000 steps.* {math.ceil(settled / 0.05) + 1} steps"):
        train_mixture(BimodalTarget(3, 0.8), SCHEDULE, GaussianInit(8), end_time=50)
    needed = math.ceil(settled) + 1
    with pytest.raises(DomainError, match=TOO_COLD + rf"100 steps.* {needed} steps"):
        TrainingRules(steps=100).temperatures(SCHEDULE)
    assert 0.85 <= TrainingRules(steps=needed).temperatures(SCHEDULE)[-1] <= 1.15
