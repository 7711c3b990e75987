"""P and 1 - P far below the smallest double: their logarithms, to a stated error and by little work."""

import math

import numpy as np
import pytest
from scipy import stats

from anneal_theory.probability import collapse_probability
from anneal_theory.probability.exact import quadrature_plan
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant
from anneal_theory.threshold import collapse_threshold


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "init"),
    [(BimodalTarget(6, 1e-12), GaussianInit(128, 4e-3)), (BimodalTarget(3, "0.8"), GaussianInit(40_000))],
)
def test_laplace_and_the_integral_agree_where_both_are_known(target, init, monkeypatch):
    """A thousand nats down. Differences over a nat know the curvatures to a few per cent, so the logarithm to 0.05."""
    integral = collapse_probability(target, Constant(1), init, relative_error=0.01)
    monkeypatch.setattr(quadrature_plan, "_DEEP", -100.0)
    peak = collapse_probability(target, Constant(1), init, relative_error=0.01)
    assert peak.log_complement != integral.log_complement < -1000
    assert abs(peak.log_complement - integral.log_complement) < 0.05
    assert peak.log_complement_error > 1 > 0.01 > integral.log_complement_error


@pytest.mark.slow
def test_millions_of_nats_take_few_runs():
    """Four million nats down: less than 30,000 runs, where the integral took a hundred times that."""
    target, init = BimodalTarget(6, 1e-12), GaussianInit(128, 1e-6)
    found = collapse_probability(target, Constant(1), init)
    assert found.work.runs < 30_000
    assert found.value == 1.0
    assert "is good to about" in found.note
    # the likeliest start that splits, by a search over s0 and D0 with thresholds of their own
    s0, distance, dim, scale = 9.075484986648533, math.exp(1.0446867891886806), 128, 1e-3
    edge = collapse_threshold(target, Constant(1), s0=s0, distance=distance).log_value
    deviation = 6 * scale / math.sqrt(2)
    density = stats.norm.logpdf(s0, scale=deviation) + stats.chi.logpdf(distance / (math.sqrt(2) * scale), dim)
    cap = -0.5 * (dim - 1) * float(np.logaddexp(0.0, 2 * edge))  # sin^(d-1) of the angle, but for its own prefactor
    assert found.log_complement == pytest.approx(density + cap, abs=40)


def test_the_limit_of_large_dimension_holds_its_logarithm_to_a_millionth():
    found = collapse_probability(
        BimodalTarget(3, "0.8"), Constant(1), GaussianInit(10**8), method="large-dim", relative_error=0.01
    )
    assert found.log_complement < -1e6
    assert found.log_complement_error < 1e-5 * abs(found.log_complement)
