"""One flow of the user's in the annealed loop: what it finds, its errors, and what is refused by name."""

import math
import re

import normflows
import numpy as np
import pytest
import torch
import zuko
from scipy.stats import binom

import anneal_theory as at
from anneal_theory.errors import DomainError
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.flow_outcome import weighed
from anneal_theory.training.stops import TrainingStopped
from tests.training.user_flows import SMALL, STILL, Affine, bowl, small_flow, weights_of

CENTRES = np.array([[2.2, 2.2], [-2.2, -2.2]])
WEIGHTS = np.array([0.7, 0.3])


def two_modes(x):
    logs = [math.log(w) - 0.5 * ((x - torch.tensor(c, dtype=x.dtype)) ** 2).sum(1)
            for w, c in zip(WEIGHTS, CENTRES, strict=True)]  # fmt: skip
    return torch.logaddexp(*logs) - math.log(2 * math.pi)


class Scored(Affine):
    def log_prob(self, x):
        return self._at(x, self.shift, self.factor)

    def _at(self, x, shift, factor):
        base = torch.linalg.solve_triangular(factor.tril(), (x - shift).T, upper=False)
        return -0.5 * (base**2).sum(0) - math.log(2 * math.pi) - factor.diagonal().abs().log().sum()


class Path(Scored):
    """The same with the path gradient, whose noise is gone where q = p."""

    def rsample_and_log_prob(self, n):
        samples, _ = super().rsample_and_log_prob(n)
        return samples, self._at(samples, self.shift.detach(), self.factor.detach())


@pytest.mark.slow
def test_in_an_exact_family_the_gaussian_target_is_reached():
    """ESS, evidence bound and cross-entropy against their closed forms: at p = q the weights p/q are all one number."""
    mean, factor = torch.tensor([1.0, -2.0]).double(), torch.tensor([[2.0, 0.0], [0.9, 0.5]]).double()
    target = torch.distributions.MultivariateNormal(mean, scale_tril=factor)
    samples = np.random.default_rng(0).normal(size=(4000, 2)) @ factor.numpy().T + mean.numpy()
    flow = Path()
    rules = {"steps": 600, "step_size": 0.05, "final_step_size": 1e-4, "falling_share": 0.6, "batch_size": 64}
    # 3.5 nats: the target is not normalised, which moves the bound alone
    found = at.train_flow(flow, lambda x: target.log_prob(x) + 3.5, at.LinearBeta(5, 200), **rules,
                          reference_samples=samples)  # fmt: skip
    # The gradient's noise falls with the distance, so q goes to p itself, to within the last steps of Adam: 1e-4 at the
    # most in each of five numbers, on a scale of 0.5 and more. 1 - ESS is chi^2(p|q), of second order in the distance.
    assert found.ess == pytest.approx(1, abs=5 * (1e-4 / 0.5) ** 2)
    # The 10000 samples tell chi^2 to 3.7 % (a square of a normal number has kurtosis 15), here to 6 of its errors.
    chi = math.sqrt((1 / found.ess - 1) * (1 + 6 * math.sqrt(14 / 10_000)))
    assert abs(found.elbo - 3.5) < chi**2 / 2 + 6 * chi / math.sqrt(10_000)  # KL, and log p/q has the spread chi
    entropy = float(target.entropy())
    assert abs(found.cross_entropy - entropy) < 4 * found.cross_entropy_error  # the error of 4000 samples is 0.016
    assert found.cross_entropy_error == pytest.approx(1 / math.sqrt(4000), rel=0.1)  # -log p has variance d/2 = 1
    # q = N(m, L L') off by dm = L a and dL = L A: chi^2 = |a|^2 + 2 A11^2 + 2 A22^2 + A21^2, whence Cauchy and Schwarz.
    lengths = chi * factor.norm(dim=1).numpy()
    assert (abs(flow.shift.detach() - mean).numpy() < lengths).all()
    assert (abs(flow.factor.detach().tril() - factor).numpy() < lengths[:, None]).all()


@pytest.mark.parametrize("annealed", [pytest.param(True, marks=pytest.mark.slow), False])
def test_annealing_finds_both_modes_and_without_it_one_is_lost(annealed):
    torch.manual_seed(0)
    flow = zuko.flows.RealNVP(2, transforms=4, hidden_features=(32, 32))
    schedule = at.LinearBeta(10, 400) if annealed else STILL
    if not annealed:  # a start at the heavy mode
        start = {"steps": 150, "step_size": 0.01, "record_every": 150}
        at.train_flow(flow, lambda x: bowl(x - 2.2), STILL, **start, evaluation_samples=100)
    found = at.train_flow(
        flow, two_modes, schedule, steps=500 if annealed else 100, step_size=5e-3, final_step_size=2e-4,
        record_every=250, modes=CENTRES, target_weights=[0.7, 0.3], evaluation_samples=5000,
    )  # fmt: skip
    assert found.modes.lost_modes == ([] if annealed else [1])
    assert found.modes.target_weights.tolist() == [0.7, 0.3]
    np.testing.assert_allclose(found.modes.weights.sum(), 1, rtol=1e-12)
    if annealed:
        assert found.ess > 0.8
        # Cauchy and Schwarz: a set's masses in p and q differ by at most sqrt(chi^2(p|q) w (1 - w)), chi^2 = 1/ESS - 1.
        weights, errors = found.modes.weights, found.modes.errors
        limit = np.sqrt((1 / found.ess - 1) * weights * (1 - weights)) + 4 * errors
        assert (abs(weights - WEIGHTS) < limit).all()


@pytest.mark.parametrize("weight", [0.9, 0.08, 0.02])
def test_the_error_of_a_mode_weight_is_that_of_the_counts(weight):
    """The mean of what is told over all counts of 300 samples, against their spread sqrt(w (1 - w)/n).

    What is told is the spread of the weight given the count, above the other by a part of order 1/(n w (1 - w)).
    """
    counts, total = np.arange(301.0), 300
    told = [weighed(np.array([count, total - count]), None, None).errors[0] for count in counts]
    ratio = binom.pmf(counts, total, weight) @ told / math.sqrt(weight * (1 - weight) / total)
    assert 1 < ratio < 1 + 0.5 / (total * weight * (1 - weight))
    none = weighed(np.array([300.0, 0.0]), None, None)
    assert none.errors[1] > 0.003
    assert none.lost_modes == [1]


def test_modes_without_weights_take_those_of_the_reference_samples():
    points = np.concatenate([np.tile(CENTRES[0], (9, 1)), CENTRES[1:]])
    found = at.train_flow(small_flow(), two_modes, STILL, modes=CENTRES, reference_samples=points, **SMALL)
    assert found.modes.target_weights.tolist() == [0.9, 0.1]
    np.testing.assert_allclose(found.modes.cuts, [0.45, 0.05], rtol=1e-12)


OPTIMISERS = {
    "adam": "adam",
    "adamw": lambda parameters: torch.optim.AdamW(parameters, lr=0.01),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    "class": torch.optim.RMSprop,
    "closure": lambda parameters: torch.optim.LBFGS(parameters, max_iter=4, line_search_fn="strong_wolfe"),
}


@pytest.mark.slow
@pytest.mark.parametrize("optimiser", OPTIMISERS.values(), ids=OPTIMISERS)
@pytest.mark.parametrize("schedule", [at.LinearBeta(4, 8), AdaAnn(4, 0.8, every=2, samples=10)], ids=["plan", "rule"])
def test_a_resumed_run_gives_the_bytes_of_the_uninterrupted_one(optimiser, schedule, tmp_path):
    settings = SMALL | {"optimiser": optimiser, "modes": CENTRES, "highest_final_temperature": math.inf}
    whole, path = small_flow(), tmp_path / "run"
    found = at.train_flow(whole, two_modes, schedule, **settings, checkpoint=tmp_path / "whole")
    at.train_flow(small_flow(), two_modes, schedule, **(settings | {"steps": 7}), checkpoint=path)
    resumed = small_flow(seed=1)  # whatever it is, the checkpoint says what it was
    again = at.train_flow(resumed, two_modes, schedule, **settings, checkpoint=path)
    assert torch.equal(weights_of(whole), weights_of(resumed))
    assert again.to_dict() == found.to_dict()
    assert path.read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("other", [torch.optim.RMSprop, lambda p: torch.optim.AdamW(p, lr=0.02), "sgd"])
def test_a_checkpoint_of_another_optimiser_is_refused(other, tmp_path):
    path = tmp_path / "run"
    at.train_flow(small_flow(), bowl, STILL, optimiser=OPTIMISERS["adamw"], **SMALL, checkpoint=path)
    content = path.read_bytes()
    with pytest.raises(DomainError, match=r"^checkpoint must be one of the same parameters, .*rules\.optimiser"):
        at.train_flow(small_flow(), bowl, STILL, optimiser=other, **SMALL, checkpoint=path)
    assert path.read_bytes() == content


def test_an_optimiser_of_ones_own_keeps_its_learning_rate_and_may_be_given_made():
    flow = small_flow()
    own = torch.optim.SGD(flow.parameters(), lr=0.125)
    found = at.train_flow(flow, bowl, STILL, optimiser=own, **SMALL)
    assert own.param_groups[0]["lr"] == 0.125
    assert found.settings["rules"]["optimiser"]["groups"][0]["lr"] == 0.125
    made = small_flow()
    at.train_flow(made, bowl, STILL, optimiser=lambda p: torch.optim.SGD(p, lr=0.125), **SMALL)
    assert torch.equal(weights_of(flow), weights_of(made))


def normflow():
    masks = [torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])]
    nets = normflows.nets.MLP
    couplings = [normflows.flows.MaskedAffineFlow(m, nets([2, 8, 2]), nets([2, 8, 2])) for m in masks]
    return normflows.NormalizingFlow(normflows.distributions.DiagGaussian(2), couplings)


class Shaped(torch.nn.Module):
    """A module whose `rsample_and_log_prob` takes a shape, without `log_prob`."""

    def __init__(self):
        super().__init__()
        self.shift = torch.nn.Parameter(torch.zeros(2))

    def rsample_and_log_prob(self, shape):
        base = torch.distributions.Normal(torch.zeros(2), torch.ones(2)).sample(shape)
        return base + self.shift, bowl(base)


KINDS = {"zuko": lambda: zuko.flows.NSF(2, transforms=1, hidden_features=(4,)), "normflows": normflow,
         "module": Shaped, "object": Affine, "float32": lambda: Scored(torch.float32)}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_of_flow_trains_and_leaves_torch_as_it_was(kind):
    torch.manual_seed(0)
    flow, state = kind(), torch.random.get_rng_state()
    before = weights_of(flow)
    found = at.train_flow(flow, lambda x: bowl(x - 1), STILL, **SMALL)
    assert torch.equal(state, torch.random.get_rng_state())
    assert not torch.equal(before, weights_of(flow))
    assert found.history["step"].tolist() == [0, 5, 10, 12]


class NoGradient(Affine):
    def rsample_and_log_prob(self, n):
        samples, log_density = super().rsample_and_log_prob(n)
        return samples.detach(), log_density


class Flat(Affine):
    def rsample_and_log_prob(self, n):
        samples, log_density = super().rsample_and_log_prob(n)
        return samples[:, 0], log_density


class Tensors(Affine):
    def parameters(self):
        return [torch.zeros(2, requires_grad=True)]


OTHERS = torch.optim.Adam(small_flow().parameters())
PART = lambda p: torch.optim.Adam(list(p)[:2])  # noqa: E731
REFUSED = {
    "no sampling": ({"flow": torch.nn.Linear(2, 2)}, "flow must be .*rsample_and_log_prob.*, but was 'Linear'"),
    "no parameters": ({"flow": zuko.distributions.DiagNormal(torch.zeros(2), torch.ones(2))},
                      "flow must be .*it has no `parameters`.*lazy flow"),
    "held parameters": ({"flow": small_flow().requires_grad_(False)}, "flow must be with parameters that can be train"),
    "no gradient": ({"flow": NoGradient()}, "flow must be one whose samples are differentiable"),
    "one axis": ({"flow": Flat()}, r"flow must be .*\(n, d\).*, but was .*\(2,\) and \(2,\)"),
    "plain tensors": ({"flow": Tensors()}, "flow must be an object whose parameters are torch.nn.Parameter"),
    "no log_prob": ({"flow": Affine(), "reference_samples": CENTRES}, "reference_samples .*without `log_prob`"),
    "summed": ({"log_prob": lambda x: bowl(x).sum()}, r"log_prob must be .*\(20, 2\).*\(20,.*\(\) at step 0, .* 4';"),
    "no tensor": ({"log_prob": lambda x: 3.0}, "log_prob must be .*, but was .*a float at step 0"),
    "cut off": ({"log_prob": lambda x: bowl(x).detach()}, "log_prob must be differentiable.*at step 0, .* 4';"),
    "others' optimiser": ({"optimiser": OTHERS}, "optimiser must be over .* are not the flow's"),
    "part": ({"optimiser": PART}, "optimiser must be over .* of the flow's are missing"),
    "no optimiser": ({"optimiser": lambda p: 3}, "optimiser must be a function that returns"),
    "word": ({"optimiser": "adan"}, "optimiser must be .*did you mean 'adam'"),
    "own rate": ({"optimiser": torch.optim.AdamW, "step_size": 0.1}, "step_size must be left out"),
    "a mode twice": ({"modes": [[3, 0], [-3, 0], [3, 0]]}, "modes must be centres of which no two are equal.*row 0"),
    "modes": ({"modes": np.ones((2, 3))}, r"modes must be of shape \(K, 2\).*\(2, 3\)"),
    "samples": ({"reference_samples": np.ones((1, 2))}, r"reference_samples must be .*at least 2 rows"),
    "weights": ({"modes": CENTRES, "target_weights": [1, 1, 1]}, "target_weights must be 2 numbers"),
    "weights of another sum": ({"modes": CENTRES, "target_weights": [0.5, 0.6]},
                               "target_weights must be shares whose sum is 1, but was of sum 1.1; divide"),
    "weights alone": ({"target_weights": [1, 1]}, "target_weights must be left out except with modes"),
    "share alone": ({"lost_share": 0.2}, "lost_share must be left out except with modes"),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "told"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_by_name(changed, told):
    words = {"flow": small_flow(), "log_prob": bowl, "schedule": at.LinearBeta(4, 8)} | SMALL | changed
    with pytest.raises(DomainError, match=re.compile(f"^{told}", re.DOTALL)):
        at.train_flow(**words)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_log_prob_that_is_not_finite_stops_with_step_and_temperature(value, tmp_path):
    """It goes bad at the fourth question: record, step 0, step 1, step 2."""
    asked, path = [], tmp_path / "run"

    def log_prob(x):
        asked.append(len(x))
        bad = (torch.arange(len(x)) < 3) & (len(asked) > 3)
        return bowl(x) + torch.where(bad, value, 0.0)

    told = rf"^log_prob must be finite .*{value} at 3 of 16 finite samples, the first \[.*at step 2, temperature 1;"
    with pytest.raises(TrainingStopped, match=told) as stopped:
        at.train_flow(small_flow(), log_prob, STILL, **SMALL, checkpoint=path, checkpoint_every=1)
    assert stopped.value.step == 2
    assert stopped.value.checkpoint == path
    assert stopped.value.history["step"].tolist() == [[0.0]]


@pytest.mark.parametrize("count", [2, 7, 1000])
def test_weights_in_single_precision_sum_to_one_by_their_rounding(count):
    """As torch.softmax gives them in single precision, with many modes too."""
    torch.manual_seed(count)
    shares = torch.softmax(torch.randn(count), 0)
    found = at.train_flow(small_flow(), bowl, STILL, modes=torch.randn(count, 2), target_weights=shares, **SMALL)
    assert found.modes.target_weights.sum() == pytest.approx(1, abs=1e-15 * count)


@pytest.mark.parametrize("schedule", [STILL, AdaAnn(4, 0.1, every=1)], ids=["plan", "rule"])
def test_a_flow_that_runs_away_is_not_counted(schedule):
    told = r"^the loss is not finite at step 1, temperature \d; use a smaller learning rate in the optimiser"
    with pytest.raises(TrainingStopped, match=told):
        at.train_flow(Affine(), lambda x: -(x**4).sum(1), schedule, **SMALL,
                      optimiser=lambda p: torch.optim.SGD(p, lr=math.inf))  # fmt: skip
