"""Verdicts and measures of quality against their definitions."""

import numpy as np
import pytest

from anneal_theory.errors import DomainError
from anneal_theory.training import outcome


def test_the_effective_sample_sizes_are_their_definitions():
    logs = np.random.default_rng(1).normal(size=(3, 50))
    weights = np.exp(logs)
    assert outcome.reverse_ess(logs) == pytest.approx(weights.sum(1) ** 2 / (weights**2).sum(1) / 50, rel=1e-12)
    assert outcome.forward_relative_ess(logs) == pytest.approx(1 / weights.mean(1), rel=1e-12)


def test_a_shift_of_a_thousand_changes_no_reverse_sample_size():
    logs = np.random.default_rng(2).normal(size=50)
    assert outcome.reverse_ess(logs + 1000) == pytest.approx(outcome.reverse_ess(logs), rel=1e-10)


def test_the_mode_weights_are_shares_of_nearest_points():
    points = np.array([[1.0, 0.1], [0.9, 0.0], [-2.0, 0.0], [0.0, 5.0]])
    assert outcome.mode_weights(points, np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 4.0]])).tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("bad", [[], [np.nan, 0.0], [np.inf, 0.0]])
def test_log_weights_that_are_not_numbers_are_refused(bad):
    with pytest.raises(DomainError, match="log_weights"):
        outcome.reverse_ess(np.array(bad))
