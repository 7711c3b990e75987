"""The flow itself: exact inverse, exact density, replicas that do not mix, and agreement with zuko."""

import hashlib

import numpy as np
import pytest
import torch
import zuko
from hypothesis import given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Exponential
from anneal_theory.training import train_realnvp
from anneal_theory.training.annealed import AnnealedRun
from anneal_theory.training.noise import INITIAL, TRAINING, Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_outcome import target_log_density
from anneal_theory.training.rules import TrainingRules
from tests.exploration import examples

TARGET = BimodalTarget(3, 0.8)


PAPER = {"networks": "separate", "scale": "tanh", "batch_norm": True}
FORMS = st.sampled_from([{}, {"scale": "tanh"}, {"networks": "separate"}, {"batch_norm": True}, PAPER])


def far_from_identity(dim: int, noise: Noise, **options) -> RealNVP:
    """A flow in double precision whose shifts and log-scales are of order one; its running moments have moved."""
    flow = RealNVP(dim, noise, perturbation=4.0, dtype="float64", **options)
    flow.draw(noise, TRAINING, 0, 20)
    return flow


def normals(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


SHAPES = {
    "dim": st.integers(2, 9),
    "replicas": st.integers(1, 3),
    "couplings": st.integers(1, 6),
    "hidden": st.lists(st.integers(1, 12), max_size=3),
    "seed": st.integers(0, 2**32),
    "form": FORMS,
}


@examples(25)
@given(**SHAPES)
def test_the_inverse_undoes_the_flow(dim, replicas, couplings, hidden, seed, form):
    # Six couplings, each of slope at most about e (1 + 4 |z|): their product times a rounding stays below 1e-8.
    flow = far_from_identity(
        dim, Noise(seed, replicas), couplings=couplings, hidden=hidden, log_scale_bound=1.0, **form
    )
    base = normals(replicas, 7, dim, seed=seed % 1000)
    samples, log_det = flow(base)
    back, inverse_log_det = flow.inverse(samples)
    torch.testing.assert_close(back, base, rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(inverse_log_det, -log_det, rtol=1e-8, atol=1e-8)


@examples(25)
@given(
    dim=st.integers(2, 8),
    couplings=st.integers(1, 6),
    hidden=st.lists(st.integers(1, 12), max_size=2),
    seed=st.integers(0, 2**32),
    form=FORMS,
)
def test_the_log_determinant_is_that_of_autograds_jacobian(dim, couplings, hidden, seed, form):
    # In double precision the two differ by roundings of the Jacobian times its condition number, exp(2 * 6 * 0.5) at
    # most from the scales: it sees an absolute error of 1e-9.
    flow = far_from_identity(dim, Noise(seed, 1), couplings=couplings, hidden=hidden, log_scale_bound=0.5, **form)
    base = normals(3, dim, seed=seed % 1000)
    _, log_det = flow(base[None])
    jacobians = torch.func.vmap(torch.func.jacrev(lambda z: flow(z[None, None])[0][0, 0]))(base)
    torch.testing.assert_close(torch.linalg.slogdet(jacobians).logabsdet, log_det[0], rtol=0, atol=1e-9)


@examples(25)
@given(**SHAPES)
def test_the_density_is_the_bases_over_the_jacobian(dim, replicas, couplings, hidden, seed, form):
    # The density at x(z) is that of a standard normal at z over |dx/dz|; roundings as in the inverse, so 1e-7 is seen.
    flow = far_from_identity(
        dim, Noise(seed, replicas), couplings=couplings, hidden=hidden, log_scale_bound=1.0, **form
    )
    base = normals(replicas, 5, dim, seed=seed % 1000)
    samples, log_det = flow(base)
    normal = torch.distributions.Normal(0.0, 1.0).log_prob(base).sum(-1)
    torch.testing.assert_close(flow.log_prob(samples), normal - log_det, rtol=1e-7, atol=1e-7)
    assert log_det.abs().max() > 1e-6  # the flows are not the identity


def with_weights_of(flow: RealNVP, replica: int) -> zuko.distributions.NormalizingFlow:
    """zuko's RealNVP with one replica's weights; zuko maps samples to base, ours base to samples, hence the inverse."""
    theirs = zuko.flows.RealNVP(flow.dim, transforms=flow.couplings, hidden_features=flow.hidden).double()
    for transform, layer in zip(theirs.transform.transforms, flow.layers(), strict=True):
        linears = [module for module in transform.hyper if hasattr(module, "weight")]
        for linear, weight, bias in zip(linears, layer[0::2], layer[1::2], strict=True):
            rows, offsets = weight[replica].T, bias[replica, 0]
            if linear is linears[-1]:  # zuko interleaves shift and log-scale, here they follow each other
                rows, offsets = (part.unflatten(0, (2, -1)).transpose(0, 1).flatten(0, 1) for part in (rows, offsets))
            linear.weight.data, linear.bias.data = rows.detach().clone(), offsets.detach().clone()
    lazy = theirs()
    return zuko.distributions.NormalizingFlow(lazy.transform.inv, lazy.base)


@pytest.mark.parametrize("dim", [3, 6])
def test_samples_and_density_are_those_of_zukos_flow_with_the_same_weights(dim):
    flow = far_from_identity(dim, Noise(2, 2), couplings=4, hidden=(10, 11))
    base = normals(2, 6, dim)
    samples, log_det = flow(base)
    for replica in range(2):
        theirs = with_weights_of(flow, replica)
        their_samples, their_log_det = theirs.transform.inv.call_and_ladj(base[replica])
        torch.testing.assert_close(samples[replica], their_samples, rtol=1e-11, atol=1e-11)
        torch.testing.assert_close(log_det[replica], their_log_det, rtol=1e-11, atol=1e-11)
        density = theirs.log_prob(samples[replica])
        torch.testing.assert_close(flow.log_prob(samples)[replica], density.double(), rtol=1e-10, atol=1e-10)


def test_the_density_of_drawn_samples_is_the_density_at_the_samples():
    flow = far_from_identity(4, Noise(3, 2), log_scale_bound=2.0)
    _, samples, log_density = flow.draw(flow.noise, TRAINING, 0, 50)
    torch.testing.assert_close(flow.log_prob(samples), log_density, rtol=1e-9, atol=1e-9)


def test_without_perturbation_the_flow_is_the_identity():
    flow = RealNVP(7, Noise(0, 2), perturbation=0.0, dtype="float64")
    base = normals(2, 5, 7)
    samples, log_det = flow(base)
    assert torch.equal(samples, base)
    assert torch.equal(log_det, torch.zeros(2, 5, dtype=torch.float64))


@pytest.mark.parametrize("scale", ["soft-clip", "tanh"])
def test_a_log_scale_stays_within_its_bound_and_is_unclipped_to_first_order(scale):
    flow = RealNVP(2, Noise(0, 1), couplings=1, hidden=(), dtype="float64", log_scale_bound=0.5, scale=scale)
    base = torch.tensor([[[1e9, 0.3], [1e-6, 0.3]]], dtype=torch.float64)
    with torch.no_grad():
        flow.weights.copy_(torch.tensor([[0.0, 1.0, 0.0, 0.0]]))  # shift 0, raw log-scale = the still coordinate
    log_det = flow(base)[1][0]
    assert 0.499999 < log_det[0] <= 0.5
    assert log_det[1].item() == pytest.approx(1e-6, rel=1e-5)


def trained(noise: Noise, dtype: str, steps: int, **form) -> torch.Tensor:
    """All that training has changed, one row a replica."""
    flow = RealNVP(4, noise, couplings=3, hidden=(8,), dtype=dtype, **form)
    rules = TrainingRules(
        steps=steps, batch_size=16, gradient_limit=0.5, highest_final_temperature=100, record_samples=20
    )
    AnnealedRun(flow, lambda x: target_log_density(TARGET, x), Exponential(10, 5), rules, noise).run()
    return torch.cat(list(flow.state_dict().values()), dim=1)


# Adam divides a gradient by its own size, so a rounding of the smallest gradients shows in full: the bound is the
# spacing of numbers times a few hundred; a replica that feels its neighbours differs by the step size, 1e-3.
@pytest.mark.parametrize("form", [{}, PAPER], ids=["plain", "paper"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-12)])
def test_a_replica_trains_alike_alone_and_in_a_batch(dtype, tolerance, form):
    batch = trained(Noise(5, 3), dtype, steps=8, **form)
    for replica in range(3):
        alone = trained(Noise(5, 1, first=replica), dtype, steps=8, **form)
        torch.testing.assert_close(batch[replica], alone[0], rtol=0, atol=tolerance)


def test_replicas_seeds_and_streams_start_and_draw_differently():
    drawn = [
        Noise(seed, 1, first=first).normals(stream, step, (8,), np.float64).tobytes()
        for seed, first, stream, step in ((0, 0, 1, 0), (1, 0, 1, 0), (0, 1, 1, 0), (0, 0, 2, 0), (0, 0, 1, 1))
    ]
    assert len({hashlib.sha256(one).hexdigest() for one in drawn}) == 5
    assert not torch.equal(*RealNVP(3, Noise(0, 2)).weights.detach())
    assert INITIAL != TRAINING


def test_gradients_are_clipped_replica_by_replica():
    flow = RealNVP(3, Noise(0, 2), couplings=2, hidden=(4,), dtype="float64")
    small = torch.full_like(flow.weights[0], 1e-4)
    flow.weights.grad = torch.stack([small, 1e6 * small])
    flow.clip_gradients(0.5)
    assert torch.equal(flow.weights.grad[0], small)
    assert flow.weights.grad[1].norm().item() == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"dim": 1}, "dim"),
        ({"couplings": 0}, "couplings"),
        ({"hidden": (4, 0)}, "hidden"),
        ({"dtype": "float16"}, "dtype"),
        ({"products": "float16"}, "products"),
        ({"perturbation": -1.0}, "perturbation"),
        ({"log_scale_bound": 0.0}, "log_scale_bound"),
        ({"networks": "three"}, "networks"),
        ({"scale": "sigmoid"}, "scale"),
        ({"batch_norm": 1}, "batch_norm"),
        ({"device": "cuda:77"}, "device"),
        ({"device": "nowhere"}, "device"),
        ({"device": "meta"}, "device"),
    ],
)
def test_a_bad_argument_is_named(options, named):
    with pytest.raises(DomainError, match=rf"^{named}(\[1\])? must be"):
        RealNVP(**({"dim": 4, "noise": Noise(0, 1)} | options))


@pytest.mark.parametrize(("seed", "replicas"), [(-1, 1), (0, 0), (0.5, 1)])
def test_a_bad_seed_or_number_of_replicas_is_refused(seed, replicas):
    with pytest.raises((DomainError, TypeError)):
        Noise(seed, replicas)


@pytest.mark.parametrize("form", [{}, PAPER], ids=["plain", "paper"])
def test_rounded_products_change_the_map_a_little(form):
    """Factors of eight bits: networks of three sums move by about 1 %, and all else keeps its precision.

    The inverse puts the same numbers into the networks but for a rounding of single precision. Where that turns one of
    bfloat16, the outputs differ by the sum of two such roundings, so by twice what they move at the most.
    """
    points = torch.randn(2, 50, 6, generator=torch.Generator().manual_seed(1))
    rounded, full = (RealNVP(6, Noise(3, 2), hidden=(32, 32), products=one, **form) for one in ("bfloat16", "full"))
    with torch.no_grad():
        samples, log_det = rounded(points)
        back, log_inverse = rounded.inverse(samples)
        moved = float((samples - full(points)[0]).abs().max())
    assert samples.dtype == log_det.dtype == rounded.weights.dtype == torch.float32
    assert 1e-5 < moved < 3 * 2 * 2**-9 * float(samples.abs().max())  # three sums, two factors, half a unit of each
    torch.testing.assert_close(back, points, rtol=0, atol=2 * moved)
    torch.testing.assert_close(log_inverse, -log_det, rtol=0, atol=2 * moved)


@pytest.mark.slow
def test_flows_with_rounded_products_train_like_the_others():
    """The same starts, batches and steps: after 200 steps both have come equally far.

    No bound of the rounding's part in 200 steps is known; it must stay below the error of the divergence that is told,
    of 2000 samples of log q/p, whose variance is 2 KL to leading order (measured: a quarter of it, 0.005).
    """
    losses = []
    for products in ("full", "bfloat16"):
        found = train_realnvp(
            TARGET, Exponential(10, 40), dim=4, couplings=2, hidden=(16,), steps=200, batch_size=64, step_size=5e-3,
            replicas=4, evaluation_samples=2000, most_undecided=1, products=products,
        )  # fmt: skip
        losses.append(found.statistics["reverse_kl"])
    assert losses[0].max() < 2.0
    assert (abs(losses[1] - losses[0]) < np.sqrt(2 * losses[0] / 2000)).all()
