"""Gradient flow from the starts of trained mixtures."""

import numpy as np
import pytest

from anneal_theory.compare import flows_beside
from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Exponential
from anneal_theory.training import train_mixture

TARGET, SCHEDULE, INIT = BimodalTarget(3, "0.8"), Exponential(4, 3), GaussianInit(20)
RULES = {"replicas": 4, "route": "exact", "end_time": 20, "family_weight": "0.4", "objective": "free-energy",
         "most_undecided": 1}  # fmt: skip
DYNAMICS = {"family_weight": "0.4", "objective": "free-energy"}


def test_training_without_noise_comes_to_the_flow_like_its_step():
    """Steps of 0.02 and 0.01: the distance halves within a tenth, so the flow is that of these starts and dynamics."""
    distances = []
    for step in (0.02, 0.01):
        found = train_mixture(TARGET, SCHEDULE, INIT, step_size=step, record_every=round(0.5 / step), **RULES)
        flow = flows_beside(found, TARGET, SCHEDULE, replicas=3, **DYNAMICS)
        assert flow["m1"].shape == (41, 3)
        np.testing.assert_allclose(flow.times, 0.5 * np.arange(41), atol=1e-12)
        distances.append(max(np.abs(found.history[name][:, :3] - flow[name]).max() for name in ("m1", "m2", "s12")))
    assert distances[0] / distances[1] == pytest.approx(2, rel=0.1)


def test_training_that_was_not_recorded_is_refused():
    found = train_mixture(TARGET, SCHEDULE, INIT, **RULES)
    with pytest.raises(DomainError, match="record_every"):
        flows_beside(found, TARGET, SCHEDULE, **DYNAMICS)
