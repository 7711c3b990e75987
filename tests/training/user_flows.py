"""Small flows of a user's own, for the tests of `train_flow`."""

import math

import torch
import zuko

import anneal_theory as at

SMALL = {"steps": 12, "batch_size": 16, "record_every": 5, "record_samples": 20, "evaluation_samples": 50}
STILL = at.Constant(1)


def bowl(x):
    return -0.5 * (x**2).sum(1)


class Affine:
    """The Gaussian family, as an object that is no module: x = shift + L z, exact for every Gaussian."""

    def __init__(self, dtype=torch.float64):
        self.shift = torch.nn.Parameter(torch.zeros(2, dtype=dtype))
        self.factor = torch.nn.Parameter(torch.eye(2, dtype=dtype))

    def parameters(self):
        return [self.shift, self.factor]

    def rsample_and_log_prob(self, n):
        base = torch.randn(n, 2)  # of the default precision: the loop makes that the parameters'
        lower = self.factor.tril()
        log_density = -0.5 * (base**2).sum(1) - math.log(2 * math.pi) - lower.diagonal().abs().log().sum()
        return self.shift + base @ lower.T, log_density


def small_flow(seed=0):
    torch.manual_seed(seed)
    return zuko.flows.RealNVP(2, transforms=2, hidden_features=(8,))


def weights_of(flow):
    return torch.cat([one.detach().flatten() for one in flow.parameters()])
