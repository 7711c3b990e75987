"""What is measured on a flow, against definitions and quadrature."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant
from anneal_theory.training import realnvp_outcome as outcome
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_training import final_statistics, train_realnvp

TARGET = BimodalTarget(3, 0.8)
SIX = 6.2  # a normal leaves six standard errors and a bit with probability 1e-9


def test_the_torch_density_of_the_target_is_that_of_the_problem():
    points = np.random.default_rng(0).normal(size=(2, 50, 5)) * 4
    found = outcome.target_log_density(BimodalTarget(2.5, 0.3), torch.from_numpy(points))
    np.testing.assert_allclose(found.numpy(), BimodalTarget(2.5, 0.3).log_prob(points), rtol=1e-12)


@pytest.mark.parametrize(
    ("weight", "kept", "lost"), [(0.8, (0.41, 0.8, 0.89), (0.39, 0.91, 0.0, 1.0)), (0.1, (0.06, 0.5), (0.04, 0.56))]
)
def test_a_mode_is_lost_below_half_of_its_weight(weight, kept, lost):
    target = BimodalTarget(3, weight)
    assert not outcome.collapse_verdict(np.array(kept), target).any()
    assert outcome.collapse_verdict(np.array(lost), target).all()


def test_the_threshold_of_the_verdict_can_be_set():
    assert outcome.collapse_verdict(np.array([0.89]), TARGET, 0.6).tolist() == [True]
    with pytest.raises(DomainError, match="lost_share"):
        outcome.collapse_verdict(np.array([0.89]), TARGET, 0.0)


def test_half_statistics_are_products_of_the_means_of_both_halves():
    rng = np.random.default_rng(1)
    base, samples = rng.normal(size=(1, 200, 3)), rng.normal(size=(1, 200, 3)) + 1
    way = np.array([[0.6, -0.8, 0.0]])
    found = outcome.half_statistics(torch.from_numpy(base), torch.from_numpy(samples), 3.0, torch.from_numpy(way))
    first = base[0] @ way[0] > 0
    means = [samples[0][first].mean(axis=0), samples[0][~first].mean(axis=0)]
    expected = {"m1": 3 * means[0][0], "m2": 3 * means[1][0], "s12": means[0] @ means[1]}
    expected |= {"s11": means[0] @ means[0], "s22": means[1] @ means[1]}
    assert {name: value[0] for name, value in found.items()} == pytest.approx(expected, rel=1e-12)


def test_the_label_direction_is_the_one_that_moves_the_overlap():
    # Samples follow their base along one direction; noise of 40000 points turns it by about 1/200.
    base = torch.randn(1, 40_000, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    way = torch.tensor([0.0, 0.6, 0.0, -0.8], dtype=torch.float64)
    samples = torch.zeros_like(base)
    samples[..., 0] = 3 * torch.sign(base @ way)
    assert (outcome.label_direction(base, samples)[0] @ way).item() > 0.999


def test_final_statistics_of_the_identity_are_those_of_a_standard_normal():
    # Means of 20000 points, bounds of six standard errors: they see a relative error of about 3 % in the divergences.
    count, flow = 20_000, RealNVP(3, Noise(0, 2), perturbation=0.0)
    found = final_statistics(flow, flow.noise, TARGET, 0, count)

    def ratio(x: float) -> float:  # log p - log q; the other coordinates cancel
        modes = 0.8 * math.exp(-((x - 3) ** 2) / 2) + 0.2 * math.exp(-((x + 3) ** 2) / 2)
        return math.log(modes) + x**2 / 2

    def normal(x: float) -> float:
        return math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)

    def target(x: float) -> float:
        return 0.8 * normal(x - 3) + 0.2 * normal(x + 3)

    for name, density, sign in (("reverse_kl", normal, -1), ("forward_kl", target, 1)):
        mean, square = (
            quad(lambda x, k=k, f=density: f(x) * ratio(x) ** k, -14, 14, points=[-3, 0, 3])[0] for k in (1, 2)
        )
        error = SIX * math.sqrt((square - mean**2) / count)
        assert np.abs(found[name] - sign * mean).max() < error
    assert np.abs(found["mode_weight"] - 0.5).max() < SIX * 0.5 / math.sqrt(count)
    # Halves of a normal along the target's axis: means +-sqrt(2/pi), standard error 0.6/sqrt(10^4).
    assert np.abs(found["m1"] - 3 * math.sqrt(2 / math.pi)).max() < 3 * SIX * 0.61 / 100
    assert np.abs(found["m2"] + 3 * math.sqrt(2 / math.pi)).max() < 3 * SIX * 0.61 / 100


def test_the_initial_law_is_measured_and_kept_with_the_result():
    settings = {"dim": 3, "replicas": 3, "steps": 2, "couplings": 2, "hidden": (4,), "evaluation_samples": 200}
    settings["most_undecided"] = 1
    exact, moved = (train_realnvp(TARGET, Constant(1), **settings, perturbation=size) for size in (0.0, 1.0))
    assert exact.statistics["initial_displacement"].tolist() == [0.0] * 3
    assert (moved.statistics["initial_displacement"] > 0.01).all()
    law = moved.settings["initial_overlaps"]["m1"]
    assert law["mean"] == pytest.approx(moved.statistics["initial_m1"].mean())
    assert law["standard_deviation"] == pytest.approx(moved.statistics["initial_m1"].std())
    assert set(exact.history) >= {"step", "temperature", "loss", "ess", "mode_weight", "m1", "m2", "s11", "s12", "s22"}


@pytest.mark.parametrize("dim", [2, 5])
def test_along_the_diagonal_all_is_as_along_the_first_axis_after_a_reflection(dim):
    # The identity flow is rotation invariant, so the same measures come out from other samples: six standard errors of
    # differences of means over 20000 points, the standard deviations being below 4.5, 4.5 and 0.5.
    flow = RealNVP(dim, Noise(0, 1), perturbation=0.0, dtype="float64")
    axis = outcome.mode_axis("diagonal", flow.noise, dim, flow.weights)
    first, turned = (final_statistics(flow, flow.noise, TARGET, 0, 20_000, way) for way in (None, axis))
    for name, spread in (("reverse_kl", 4.5), ("forward_kl", 4.5), ("mode_weight", 0.5)):
        assert abs(first[name] - turned[name]).max() < SIX * spread * math.sqrt(2 / 20_000)
    assert abs(first["m1"] - turned["m1"]).max() < 3 * SIX * 0.61 * math.sqrt(2 / 10_000)


def test_an_unknown_direction_is_refused():
    with pytest.raises(DomainError, match="mode_direction"):
        outcome.mode_axis("sideways", Noise(0, 1), 3, torch.zeros(1))


@pytest.mark.slow
def test_halves_of_an_untrained_flow_are_those_of_its_base():
    """Of the identity: halves of a normal law stand 2 sqrt(2/pi) apart, and shifts are 0. Training is the same.

    The tolerance is six standard deviations of a mean of half of the samples, twice.
    """
    words = {"dim": 4, "replicas": 6, "steps": 2, "couplings": 2, "hidden": (6,), "batch_size": 8, "perturbation": 0}
    words |= {"record_samples": 20_000, "record_every": 1, "evaluation_samples": 20, "most_undecided": 1}
    kinds = "label", "fixed", "shifts"
    runs = {halves: train_realnvp(TARGET, Constant(1), halves=halves, **words) for halves in kinds}
    first = {name: {key: rows[0] for key, rows in run.history.items()} for name, run in runs.items()}
    apart, reach = 2 * math.sqrt(2 / math.pi), 12 * math.sqrt(2 / words["record_samples"])
    for name in ("label", "fixed"):
        distance = np.sqrt(first[name]["s11"] - 2 * first[name]["s12"] + first[name]["s22"])
        np.testing.assert_allclose(distance, apart, atol=reach)
    np.testing.assert_allclose(first["label"]["m1"] - first["label"]["m2"], 3 * apart, atol=3 * reach)
    angles = (first["fixed"]["m1"] - first["fixed"]["m2"]) / (3 * apart)
    assert np.ptp(angles) > 0.2  # a direction for each flow
    for column in ("m1", "m2", "s11", "s12", "s22"):
        np.testing.assert_array_equal(first["shifts"][column], 0)
    for name in ("fixed", "shifts"):
        np.testing.assert_array_equal(runs[name].mode_weight, runs["label"].mode_weight)
        assert not np.array_equal(runs[name].history["m1"], runs["label"].history["m1"])
    with pytest.raises(DomainError, match="halves must be 'label' or 'fixed' or 'shifts'"):
        train_realnvp(TARGET, Constant(1), halves="both", **words)
