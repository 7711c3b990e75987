"""Flows, targets, verdicts and schedule of the paper's recipe."""

import math

import numpy as np
import pytest
import torch

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant
from anneal_theory.training import realnvp_outcome as outcome
from anneal_theory.training.checkpoint import read_checkpoint, save_checkpoint
from anneal_theory.training.noise import TRAINING, Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_training import load_flow, train_realnvp
from anneal_theory.training.recipes import paper_recipe
from anneal_theory.training.rules import TrainingRules
from tests.training.flow_runs import TARGET, TINY

SMALL = {"dim": 3, "hidden": (6, 6, 6), "batch_size": 8, "record_samples": 10, "evaluation_samples": 20,
         "most_undecided": 1, "replicas": 2}  # fmt: skip
SIX = 6.2  # a normal leaves six standard errors and a bit with probability 1e-9


class TorchCoupling(torch.nn.Module):
    """A coupling of torch's own layers: masked points, a normalisation, a network each for scale and shift."""

    def __init__(self, mask: torch.Tensor, hidden: int) -> None:
        super().__init__()
        self.mask, dim = mask, len(mask)
        self.scale, self.shift = (self.network(dim, hidden) for _ in range(2))

    @staticmethod
    def network(dim: int, hidden: int) -> torch.nn.Sequential:
        linear, relu = torch.nn.Linear, torch.nn.ReLU
        layers = (linear(dim, hidden), relu(), linear(hidden, hidden), relu(), linear(hidden, dim))
        return torch.nn.Sequential(torch.nn.BatchNorm1d(dim), *layers).double()

    def forward(self, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        still, moved = self.mask * points, 1 - self.mask
        log_scale = moved * torch.tanh(self.scale(still))
        return still + moved * (points * log_scale.exp() + self.shift(still)), log_scale.sum(-1)


def with_our_weights(flow: RealNVP, replica: int) -> list[TorchCoupling]:
    """Couplings of torch's layers with one replica's weights in the rows and columns that the mask lets through."""
    found = []
    for place, layer in enumerate(flow.layers()):
        mask = torch.zeros(flow.dim, dtype=torch.float64)
        mask[place % 2 :: 2] = 1
        kept = mask.bool()
        coupling = TorchCoupling(mask, flow.hidden[0])
        half = len(layer) // 2
        for network, part in ((coupling.shift, layer[:half]), (coupling.scale, layer[half:])):
            gain, offset, *linear = (tensor[replica].detach() for tensor in part)
            norm, *others = [module for module in network if hasattr(module, "weight")]
            norm.weight.data[kept], norm.bias.data[kept] = gain[0], offset[0]
            for module, weight, bias in zip(others, linear[0::2], linear[1::2], strict=True):
                rows = ~kept if module is others[-1] else slice(None)
                columns = kept if module is others[0] else slice(None)
                module.weight.data[rows] = torch.zeros_like(module.weight.data[rows])
                module.weight.data[np.ix_(*_places(module, rows, columns))] = weight.T
                module.bias.data[rows] = bias[0]
        found.append(coupling)
    return found


def _places(module: torch.nn.Linear, rows, columns) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(module.out_features)[rows], np.arange(module.in_features)[columns]


def through(couplings: list[TorchCoupling], points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    total = torch.zeros(len(points), dtype=torch.float64)
    for coupling in couplings:
        points, log_det = coupling(points)
        total = total + log_det
    return points, total


def test_the_papers_couplings_are_those_of_torchs_layers_in_training_and_in_evaluation():
    # Torch's own BatchNorm1d on masked vectors, as the authors have it; roundings of order 1e-13 apart.
    shape = {"couplings": 4, "hidden": (7, 7), "networks": "separate", "scale": "tanh", "batch_norm": True}
    flow = RealNVP(5, Noise(1, 2), **shape, log_scale_bound=1.0, perturbation=3.0, dtype="float64")
    with torch.no_grad():  # gains and offsets that are not 1 and 0
        flow.weights.mul_(1 + 0.1 * torch.randn(flow.weights.shape, generator=torch.Generator().manual_seed(0)))
        flow.weights.add_(0.05)
    theirs = [with_our_weights(flow, replica) for replica in range(2)]
    for step in range(3):
        base, samples, log_q = flow.draw(flow.noise, TRAINING, step, 6)
        normal = torch.distributions.Normal(0.0, 1.0).log_prob(base).sum(-1)
        for replica, couplings in enumerate(theirs):
            points, log_det = through(couplings, base[replica])
            torch.testing.assert_close(samples[replica], points, rtol=1e-11, atol=1e-11)
            torch.testing.assert_close(log_q[replica], normal[replica] - log_det, rtol=1e-11, atol=1e-11)
    samples, log_det = flow(base)
    for replica, couplings in enumerate(theirs):
        points, their_log_det = through([coupling.eval() for coupling in couplings], base[replica])
        torch.testing.assert_close(samples[replica], points, rtol=1e-11, atol=1e-11)
        torch.testing.assert_close(log_det[replica], their_log_det, rtol=1e-11, atol=1e-11)


def test_the_first_weights_are_uniform_as_torch_draws_those_of_masked_vectors():
    # 64 inputs, half of them masked. The greatest of n = 32*50 uniform numbers is within 1 - 1e-9^(1/n) of its bound.
    flow = RealNVP(64, Noise(0, 1), hidden=(50,), networks="separate", batch_norm=True, perturbation=1.0)
    gain, offset, first, _, last, bias = flow.layers()[0][:6]
    assert torch.equal(gain, torch.ones_like(gain))
    assert not offset.any()
    for tensor, fan_in in ((first, 64), (last, 50), (bias, 50)):
        least = 1e-9 ** (1 / tensor.numel())
        assert least < tensor.abs().max().item() * math.sqrt(fan_in) <= 1 + 1e-6


def test_a_run_is_taken_up_bit_for_bit_with_its_running_moments(tmp_path):
    words = paper_recipe(9, 10, 2) | SMALL | {"record_every": 3}
    whole = train_realnvp(TARGET, **words)
    short = words | {"steps": 7, "highest_final_temperature": float("inf")}
    endless = words | {"highest_final_temperature": float("inf")}
    path = tmp_path / "run"
    train_realnvp(TARGET, **short, checkpoint=path)
    _, before = read_checkpoint(path)
    assert not torch.equal(before["flow"]["running_mean"], torch.zeros_like(before["flow"]["running_mean"]))
    resumed = train_realnvp(TARGET, **endless, checkpoint=path)
    assert resumed.history.keys() == whole.history.keys()
    for name, values in whole.history.items():
        np.testing.assert_array_equal(resumed.history[name], values)
    for name, values in whole.statistics.items():
        np.testing.assert_array_equal(resumed.statistics[name], values)
    flow, (_, state) = load_flow(path), read_checkpoint(path)
    assert torch.equal(flow.running_variance, state["flow"]["running_variance"])
    samples, log_det = flow(torch.ones(2, 4, 3))
    torch.testing.assert_close(flow.inverse(samples)[1], -log_det, rtol=1e-4, atol=1e-4)


def test_a_negative_running_variance_is_refused(tmp_path):
    path = tmp_path / "run"
    words = paper_recipe(9, 4, 2) | SMALL
    train_realnvp(TARGET, **words, checkpoint=path)
    settings, state = read_checkpoint(path)
    state["flow"]["running_variance"][0, 1] = -1
    save_checkpoint(path, settings, state)
    for read in (lambda: train_realnvp(TARGET, **words, checkpoint=path), lambda: load_flow(path)):
        with pytest.raises(DomainError, match="non-negative numbers in flow running_variance"):
            read()


def test_random_directions_are_unit_vectors_of_a_stream_for_each_replica():
    axes = outcome.mode_axis("random", Noise(3, 4), 6, torch.zeros(1, dtype=torch.float64))
    alone = outcome.mode_axis("random", Noise(3, 1, first=2), 6, torch.zeros(1, dtype=torch.float64))
    torch.testing.assert_close(axes.norm(dim=1), torch.ones(4, dtype=torch.float64), rtol=1e-14, atol=0)
    assert torch.equal(axes[2], alone[0])
    assert (axes @ axes.T - torch.eye(4)).abs().max() < 0.999
    found = train_realnvp(TARGET, Constant(1), **TINY, steps=2, mode_direction="random", dtype="float64")
    told = torch.tensor(found.settings["mode_axes"], dtype=torch.float64)
    assert torch.equal(told, outcome.mode_axis("random", Noise(0, 2), 3, told))


def test_the_law_of_the_target_turns_with_its_direction():
    # Reflected points, one reflection a replica: the density and all that is measured along mu* stay as they are.
    noise, rng = Noise(0, 3), np.random.default_rng(0)
    axes = outcome.mode_axis("random", noise, 5, torch.zeros(1, dtype=torch.float64))
    points = torch.from_numpy(3 * rng.normal(size=(3, 40, 5)))
    turned = outcome.mirrored(points, axes)
    torch.testing.assert_close(outcome.mirrored(turned, axes), points, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close((turned * turned).sum(-1), (points * points).sum(-1), rtol=1e-12, atol=0)
    torch.testing.assert_close(outcome.coordinate_along(turned, axes), points[..., 0], rtol=1e-12, atol=1e-12)
    densities = outcome.target_log_density(TARGET, turned, axes)
    torch.testing.assert_close(densities, outcome.target_log_density(TARGET, points), rtol=1e-12, atol=1e-12)
    base, way = torch.from_numpy(rng.normal(size=(3, 40, 5))), axes.flip(0)
    plain, there = (
        outcome.half_statistics(base, one, 3.0, way, axis) for one, axis in ((points, None), (turned, axes))
    )
    for name, values in plain.items():
        np.testing.assert_allclose(there[name], values, rtol=1e-11, atol=1e-11)


def test_along_the_first_axis_itself_nothing_is_reflected():
    points = torch.ones(1, 2, 3)
    assert torch.equal(outcome.mirrored(points, torch.tensor([[1.0, 0.0, 0.0]])), points)


@pytest.mark.parametrize(("separation", "weight"), [(3, 0.8), (2, 0.5), (5, 0.1)])
def test_the_spread_of_both_modes_is_kept_and_that_of_one_is_lost(separation, weight):
    # The variance of n samples has the error sqrt((m4 - m2^2)/n), and 20000 see 5 % of it; the label c adds its moments
    # E c^2 = 4 R^2 w (1 - w) and E c^4 = 16 R^4 w (1 - w) (w^3 + (1 - w)^3) to those of a normal, 1 and 3.
    target, count, mass = BimodalTarget(separation, weight), 20_000, weight * (1 - weight)
    one = np.random.default_rng(1).normal(size=(count, 2)) + np.array([separation, 0])
    spreads = outcome.spread(torch.from_numpy(np.stack([target.sample(count, 2, np.random.default_rng(0)), one])))
    square, fourth = 4 * separation**2 * mass, 16 * separation**4 * mass * (weight**3 + (1 - weight) ** 3)
    for spread, (second, last) in zip(spreads, ((square, fourth), (0, 0)), strict=True):
        error = math.sqrt((last + 6 * second + 3 - (1 + second) ** 2) / count)
        assert abs(spread**2 - (1 + second)) < SIX * error
    assert outcome.target_spread(target) == pytest.approx(math.sqrt(1 + square), rel=1e-12)
    assert outcome.spread_verdict(spreads, target).tolist() == [False, True]


def test_the_papers_cut_of_the_spread_lies_at_1_6():
    spreads = np.array([1.599, 1.601])
    assert outcome.spread_verdict(spreads, BimodalTarget(3, "0.8")).tolist() == [True, False]


def test_a_flow_that_has_not_settled_counts_as_neither_whatever_its_spread():
    words = TINY | {"evaluation_samples": 2000}
    found = train_realnvp(TARGET, Constant(1), **words, steps=2, verdict="spread")  # a standard normal still
    assert (found.statistics["spread"] < 1.6).all()
    assert found.undecided.all()
    assert found.count == 0
    assert (found.settings["verdict"], found.settings["lost_share"]) == ("spread", 0.375)


def test_a_flow_that_follows_a_falling_temperature_to_the_end_has_settled():
    # From T = 1.5 to 1 the share of the mode goes from 0.716 to 0.8; a flow that moves 0.15 more than that is too fast.
    step = np.arange(0.0, 101.0)[:, None] * np.ones((1, 3))
    temperature = np.where(step <= 90, 1.5, 1.0)
    share = np.where(temperature > 1, 0.8 ** (1 / 1.5) / (0.8 ** (1 / 1.5) + 0.2 ** (1 / 1.5)), 0.8)
    weight = np.stack([share[:, 0], share[:, 0] + 0.15 * (temperature[:, 0] == 1), np.full(101, 0.99)], axis=1)
    history = {"step": step, "temperature": temperature, "mode_weight": weight}
    fates = outcome.flow_fates({"distance": np.full(3, 3.0)}, history, TARGET)
    assert fates.tolist() == [outcome.DECIDED, outcome.UNSETTLED, outcome.DECIDED]


def test_the_recipes_temperature_is_a_power_of_the_first_and_then_one():
    recipe = paper_recipe(90, 400)
    rules = TrainingRules(**{name: one for name, one in recipe.items() if name in TrainingRules.__dataclass_fields__})
    steps = np.arange(500)
    expected = np.where(steps < 400, 90.0 ** (1 - steps / 400), 1)
    np.testing.assert_allclose(rules.temperatures(recipe["schedule"]), expected, rtol=1e-12)
    assert paper_recipe(1, 400)["schedule"] == Constant(1)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"initial_temperature": 0.5}, "initial_temperature"),
        ({"annealing_steps": 0}, "annealing_steps"),
        ({"settling_steps": -1}, "settling_steps"),
        ({"settling_steps": 1.5}, "settling_steps"),
    ],
)
def test_a_bad_argument_of_the_recipe_is_named(words, named):
    with pytest.raises((DomainError, TypeError), match=named):
        paper_recipe(**words)
