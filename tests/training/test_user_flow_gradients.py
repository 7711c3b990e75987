"""Gradients of a user's own flow: whose is not finite, and what an optimiser gets that asks for them several times."""

import pytest
import torch

import anneal_theory as at
from anneal_theory.training.stops import TrainingStopped
from tests.training.user_flows import SMALL, STILL, Affine, bowl, small_flow, weights_of


def test_a_gradient_of_log_prob_that_is_not_finite_is_told_from_the_loss():
    """|x| by its square root is 0 at 0 and its slope 0/0; so it is at three samples of the fourth question, step 2."""
    asked = []

    def log_prob(x):
        asked.append(len(x))
        bad = (torch.arange(len(x)) < 3) & (len(asked) > 3)
        return bowl(x) - torch.where(bad[:, None], x - x.detach(), x).square().sum(1).sqrt()

    told = r"^the gradient of log_prob must be finite, as its value is, .*nan at 3 of 16 .*at step 2, temperature 1;"
    flow = small_flow()
    with pytest.raises(TrainingStopped, match=told) as stopped:
        at.train_flow(flow, log_prob, STILL, **SMALL)
    assert stopped.value.step == 2
    assert bool(weights_of(flow).isfinite().all())


class BrokenSlope(Affine):
    """Its log-density is right and has no slope: a fault of the flow, not of log_prob."""

    def rsample_and_log_prob(self, n):
        samples, log_density = super().rsample_and_log_prob(n)
        return samples, log_density + (self.shift - self.shift.detach()).square().sum().sqrt()


def test_a_gradient_of_the_flow_that_is_not_finite_stops_before_the_step():
    flow = BrokenSlope()
    with pytest.raises(TrainingStopped, match=r"^the gradient of the loss is not finite at step 0, temperature 1"):
        at.train_flow(flow, bowl, STILL, **SMALL)
    assert bool(weights_of(flow).isfinite().all())


def test_an_optimiser_that_asks_for_the_loss_anew_gets_that_of_the_same_batch():
    """With noise that is the same at each question LBFGS ends at the minimum of the batch.

    x = shift + z, log p = -x^2/2: the loss of a batch is least where shift is minus the mean of its z. It is a parabola
    of one curvature, whose minimum LBFGS knows after two questions; it stops at slopes below 1e-12.
    """

    class Moved(Affine):
        def __init__(self):
            super().__init__()
            self.drawn = []

        def parameters(self):
            return [self.shift]

        def rsample_and_log_prob(self, n):
            samples, log_density = super().rsample_and_log_prob(n)
            self.drawn.append((samples - self.shift).detach())
            return samples, log_density

    flow = Moved()
    once = SMALL | {"steps": 1, "evaluation_samples": 3, "record_samples": 5}
    at.train_flow(flow, bowl, STILL, optimiser=lambda p: torch.optim.LBFGS(p, tolerance_grad=1e-12), **once)
    batches = [drawn for drawn in flow.drawn if len(drawn) == 16]
    assert len(batches) > 1
    for other in batches:
        torch.testing.assert_close(other, batches[0], rtol=0, atol=1e-14)  # of the subtraction of the shift
    torch.testing.assert_close(flow.shift.detach(), -batches[0].mean(0), rtol=0, atol=1e-12)
