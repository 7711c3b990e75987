"""Autograd against the written-out gradient, on equal noise."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianInit, GaussianMixture
from anneal_theory.schedules import Constant
from anneal_theory.training.mixture_plain import mixture_gradient
from anneal_theory.training.mixture_torch import torch_gradient, train_mixture_torch
from tests.exploration import examples

pytestmark = pytest.mark.usefixtures("one_thread")


@examples(30)
@given(
    components=st.integers(1, 4), modes=st.integers(1, 4), dim=st.integers(1, 6), batch=st.integers(2, 9),
    beta=st.floats(0.01, 1), variance=st.floats(0.3, 3), gradient=st.sampled_from(["plain", "path"]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_autograd_and_numpy_agree_to_rounding(components, modes, dim, batch, beta, variance, gradient, seed):
    rng = np.random.default_rng(seed)
    target = GaussianMixture(rng.normal(size=(modes, dim)), rng.dirichlet(np.full(modes, 9.0)), variance)
    weights, means = rng.dirichlet(np.full(components, 9.0)), rng.normal(size=(2, components, dim))
    noise = rng.normal(size=(2, components, batch, dim))
    found = torch_gradient(*map(torch.tensor, (means, weights)), target, beta, torch.tensor(noise), gradient)
    expected = [mixture_gradient(m, weights, target, beta, n, gradient) for m, n in zip(means, noise, strict=True)]
    np.testing.assert_allclose(
        found.numpy(), expected, rtol=0, atol=1e-13 * (1 + np.abs(noise).max()) / min(variance, 1)
    )


def test_a_path_gradient_vanishes_where_the_family_is_the_target():
    means, weights = np.array([[2.0, 0.0], [-2.0, 0.0]]), np.array([0.3, 0.7])
    noise = torch.randn(1, 2, 5, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    words = torch.tensor(means[None]), torch.tensor(weights), GaussianMixture(means, weights), 1.0, noise
    assert torch_gradient(*words, "path").abs().max() < 1e-14
    assert torch_gradient(*words, "plain").abs().max() > 1e-2


def test_a_run_is_the_same_from_the_same_seed_and_settles_at_a_mode():
    runs = [
        train_mixture_torch(
            BimodalTarget(3, 0.8), Constant(1), GaussianInit(4), replicas=6, step_size=0.2, batch_size=20, end_time=30
        )
        for _ in range(2)
    ]
    assert np.array_equal(runs[0].statistics["s11"], runs[1].statistics["s11"])
    assert np.all(np.abs(runs[0].statistics["m1"]) > 4)


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(DomainError, match="device"):
        train_mixture_torch(BimodalTarget(3, 0.8), Constant(1), GaussianInit(4), device="cuda:7", end_time=1)


def test_an_unknown_precision_is_named():
    with pytest.raises(DomainError, match="dtype"):
        train_mixture_torch(BimodalTarget(3, 0.8), Constant(1), GaussianInit(4), dtype="float16", end_time=1)
