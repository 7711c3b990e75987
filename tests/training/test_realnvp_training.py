"""The annealed loop: temperatures, objectives, stops, other libraries' flows, and what annealing does."""

import re
from contextlib import contextmanager
from dataclasses import replace

import normflows
import numpy as np
import pytest
import torch
import zuko
from scipy.stats import fisher_exact

from anneal_theory.errors import DomainError
from anneal_theory.problem import GaussianInit
from anneal_theory.schedules import Constant, Exponential, LinearBeta
from anneal_theory.training import annealed, realnvp_training
from anneal_theory.training.adapters import SeparateFlows
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.annealed import AnnealedRun, TrainingStopped
from anneal_theory.training.mixture_torch import train_mixture_torch
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_training import load_flow, train_realnvp
from anneal_theory.training.rules import TrainingRules, steps_for
from tests.training.flow_runs import ANY_END, TARGET, TINY, log_density, run_of


def test_the_temperature_of_a_step_is_the_schedules_at_that_step():
    history = run_of(LinearBeta(10, 6)).run()
    assert history["step"][:, 0].tolist() == [0, 4, 8, 12]
    # The last record tells the temperature of the last step taken, step 11.
    np.testing.assert_allclose(1 / history["temperature"][:, 0], [0.1, 0.1 + 0.9 * 4 / 6, 1, 1], rtol=1e-12)


def test_in_flow_time_the_schedule_sees_the_sum_of_the_learning_rates():
    rules = TrainingRules(steps=4, step_size=0.5, final_step_size=4.0, clock="flow", **ANY_END)
    np.testing.assert_allclose(rules.times, [0, 0.5, 1.5, 3.5], rtol=1e-12)
    np.testing.assert_allclose(
        rules.temperatures(Exponential(10, 1)), 1 + 9 * np.exp([0, -0.5, -1.5, -3.5]), rtol=1e-12
    )


def test_the_learning_rate_is_level_until_its_last_share_of_the_steps():
    rules = TrainingRules(steps=8, step_size=0.1, final_step_size=0.001, falling_share=0.375)
    np.testing.assert_allclose(rules.step_sizes, [0.1] * 6 + [0.01, 0.001], rtol=1e-12)
    assert (TrainingRules(steps=8, step_size=0.1, falling_share=0.375).step_sizes == 0.1).all()
    assert TrainingRules(steps=3, final_step_size=1e-4, falling_share=0.01).step_sizes[-1] == pytest.approx(1e-4)


def test_the_free_energy_is_the_temperature_times_the_other_loss():
    # Constant T = 4: SGD on T L with rate eta moves as SGD on L with rate T eta, up to 12 steps of roundings.
    free, tempered = (
        run_of(Constant(4), objective="free-energy", step_size=0.01, optimiser="sgd"),
        run_of(Constant(4), objective="tempered-target", step_size=0.04, optimiser="sgd"),
    )
    start = free.flow.weights.detach().clone()
    histories = free.run(), tempered.run()
    torch.testing.assert_close(free.flow.weights, tempered.flow.weights, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(histories[0]["loss"], 4 * histories[1]["loss"], rtol=1e-10)
    assert (free.flow.weights - start).abs().max() > 1e-3


def test_a_step_descends_the_tempered_loss_of_its_own_batch():
    run = run_of(Constant(2), steps=1, optimiser="sgd", step_size=0.1)
    before = run.flow.weights.detach().clone()
    run.run()
    moved = (before - run.flow.weights.detach()) / 0.1
    flow = RealNVP(3, Noise(0, 2), couplings=2, hidden=(6,), dtype="float64")
    way = torch.randn(before.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    losses = []
    for side in (1e-5, -1e-5):  # a central difference of the loss along a random way, error about 1e-9
        with torch.no_grad():
            flow.weights.copy_(before + side * way)
            _, samples, log_q = flow.draw(flow.noise, annealed.TRAINING, 0, 8)
            losses.append((log_q.double() - log_density(samples) / 2).mean(dim=1).sum().item())
    assert (moved * way).sum().item() == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-6)


def test_a_schedule_that_ends_too_hot_is_told_how_many_steps_it_needs():
    with pytest.raises(DomainError, match=r"at most 1.15 in temperature.*was 4\.3.*use at least \d+ steps") as refusal:
        run_of(Exponential(10, 100), steps=101, highest_final_temperature=1.15)
    needed = int(re.search(r"at least (\d+) steps", str(refusal.value)).group(1))
    run_of(Exponential(10, 100), steps=needed, highest_final_temperature=1.15)
    with pytest.raises(DomainError):
        run_of(Exponential(10, 100), steps=needed - 2, highest_final_temperature=1.15)


def test_an_adaptive_rule_that_ends_too_hot_says_so_and_keeps_the_history():
    with pytest.raises(TrainingStopped, match="ends at temperature") as stopped:
        run_of(AdaAnn(10, 1e-6), highest_final_temperature=1.15).run()
    assert stopped.value.history["step"][-1, 0] == 12


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"batch_size": 1}, "batch_size"),
        ({"steps": 0}, "steps"),
        ({"step_size": 0.0}, "step_size"),
        ({"step_size": -1.0}, "step_size"),
        ({"step_size": float("nan")}, "step_size"),
        ({"final_step_size": 0.0}, "final_step_size"),
        ({"falling_share": 0.0}, "falling_share"),
        ({"falling_share": 1.01}, "falling_share"),
        ({"falling_share": float("nan")}, "falling_share"),
        ({"gradient_limit": 0.0}, "gradient_limit"),
        ({"highest_final_temperature": 0.5}, "highest_final_temperature"),
        ({"record_every": 0}, "record_every"),
        ({"lost_share": 1.5}, "lost_share"),
        ({"evaluation_samples": 0}, "evaluation_samples"),
        ({"checkpoint_every": 0}, "checkpoint_every"),
        ({"device": "cuda:77"}, "device"),
    ],
)
def test_a_bad_training_argument_is_named(changed, named):
    with pytest.raises(DomainError, match=f"^{named} must be"):
        train_realnvp(TARGET, Constant(1), **(TINY | changed))


def their_flows(library: str) -> list[torch.nn.Module]:
    torch.manual_seed(0)
    if library == "zuko":
        return [zuko.flows.RealNVP(3, transforms=2, hidden_features=(8,)) for _ in range(2)]
    couplings = [
        [normflows.flows.MaskedAffineFlow(torch.tensor(mask), *(normflows.nets.MLP([3, 8, 3]) for _ in "ts"))
         for mask in ([1.0, 0.0, 1.0], [0.0, 1.0, 0.0])]
        for _ in range(2)
    ]  # fmt: skip
    return [normflows.NormalizingFlow(normflows.distributions.DiagGaussian(3), one) for one in couplings]


@pytest.mark.slow
@pytest.mark.parametrize("library", ["zuko", "normflows"])
def test_flows_of_other_libraries_train_in_the_same_loop(library, tmp_path):
    rules = TrainingRules(steps=60, batch_size=32, step_size=0.01, record_every=60, record_samples=200)
    weights = []
    for _ in range(2):
        family = SeparateFlows(their_flows(library), dim=3)
        before = torch.random.get_rng_state()
        history = AnnealedRun(family, log_density, Constant(1), rules, Noise(0, 2)).run()
        assert torch.equal(before, torch.random.get_rng_state())
        # The untrained flows are 2.4 to 10 nats from the target, two means of 200 samples within 0.3 of that.
        assert (history["loss"][-1] < history["loss"][0] - 1).all()
        weights.append(torch.cat([tensor.flatten() for tensor in family.parameters()]))
        _, samples, log_q = family.draw(Noise(0, 2), 0, 0, 5)
        torch.testing.assert_close(family.log_prob(samples), log_q, rtol=1e-3, atol=1e-3)
    assert torch.equal(*weights)


def test_flows_that_do_not_fit_in_memory_are_refused():
    with pytest.raises(DomainError, match=r"^dim must be small enough"):
        train_realnvp(TARGET, Constant(1), dim=10**9)


def test_a_flow_that_cannot_sample_is_refused():
    with pytest.raises(DomainError, match="rsample_and_log_prob"):
        SeparateFlows([torch.nn.Linear(2, 2)], dim=2)


def test_flows_of_another_dimension_are_refused():
    with pytest.raises(DomainError, match=r"^dim must be the dimension of the flows' samples, but was 4.*\(2, 3\)"):
        SeparateFlows(their_flows("zuko"), dim=4)


SURROUNDINGS = {
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "device": lambda: torch.device("meta"),
}


@contextmanager
def default_dtype():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        assert torch.get_default_dtype() == torch.float64
        torch.set_default_dtype(before)


@pytest.mark.parametrize("surroundings", [*SURROUNDINGS.values(), default_dtype], ids=[*SURROUNDINGS, "default_dtype"])
@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_training_is_the_same_whatever_the_settings_of_torch_around_it(surroundings, optimiser, tmp_path):
    settings = TINY | {"steps": 12, "record_every": 5, "optimiser": optimiser}
    path = tmp_path / "run"
    words = {"replicas": 2, "batch_size": 10, "end_time": 2, "most_undecided": 1}
    plain = train_realnvp(TARGET, Exponential(10, 2), **settings, checkpoint=path)
    mixture = train_mixture_torch(TARGET, Constant(1), GaussianInit(3), **words)
    with surroundings():
        assert train_realnvp(TARGET, Exponential(10, 2), **settings).to_dict() == plain.to_dict()
        assert train_mixture_torch(TARGET, Constant(1), GaussianInit(3), **words).to_dict() == mixture.to_dict()
        flow = load_flow(path)
    points = torch.ones(2, 4, 3)
    torch.testing.assert_close(flow.log_prob(points), load_flow(path).log_prob(points), rtol=0, atol=0)
    assert flow.weights.requires_grad
    assert not flow.weights.is_inference()


def test_flows_made_in_inference_mode_are_refused():
    with torch.inference_mode(), pytest.raises(DomainError, match="inference_mode"):
        run_of(Constant(1))


def test_the_number_of_threads_is_left_alone_and_nothing_is_shown(capfd):
    before = torch.get_num_threads()
    train_realnvp(TARGET, Constant(1), **TINY, steps=3)
    assert torch.get_num_threads() == before
    assert capfd.readouterr() == ("", "")


def test_a_progress_bar_is_shown_where_asked_for(capfd, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    train_realnvp(TARGET, Constant(1), **TINY, steps=3, progress=True)
    told = capfd.readouterr()
    assert told.out == ""
    assert "T = 1.000, loss =" in told.err


def test_the_needed_steps_are_the_least_that_reach_the_final_temperature():
    for rules in (
        TrainingRules(),
        TrainingRules(clock="flow", step_size=0.003, final_step_size=0.0003),
        TrainingRules(clock="flow", step_size=0.003, final_step_size=0.0003, falling_share=0.5),
        TrainingRules(clock="flow", step_size=0.01, final_step_size=0.1, falling_share=0.01),
    ):
        schedule = Exponential(10, 100 if rules.clock == "steps" else 0.4)
        needed = rules.steps_needed(schedule)
        for steps, last in ((needed, True), (needed - 1, False)):
            at_last = schedule.temperature(replace(rules, steps=steps).times[-1])
            assert (at_last <= rules.highest_final_temperature) == last


def test_one_step_is_enough_where_any_final_temperature_is_accepted():
    rules = TrainingRules(highest_final_temperature=float("inf"))
    assert rules.steps_needed(Exponential(10, 10**6)) == 1
    assert len(replace(rules, steps=1).temperatures(Exponential(10, 10**6))) == 1


@pytest.mark.slow
def test_a_schedule_that_never_cools_needs_no_number_of_steps():
    assert TrainingRules().steps_needed(Constant(2)) is None
    assert TrainingRules(clock="flow").steps_needed(Constant(2)) is None


@pytest.mark.parametrize("share", [pytest.param(1.0, marks=pytest.mark.slow), 0.5])
def test_in_flow_time_with_a_falling_rate_the_steps_are_found_and_the_advice_holds(share):
    """The steps that the message asks for are enough, and what is left out is found."""
    schedule = Exponential(10, 0.3)
    rules = {"clock": "flow", "step_size": 0.003, "final_step_size": 0.0003, "falling_share": share}
    with pytest.raises(DomainError, match=r"use at least \d+ steps") as refusal:
        train_realnvp(TARGET, schedule, **TINY, steps=100, **rules)
    needed = int(re.search(r"at least (\d+) steps", str(refusal.value)).group(1))
    small = TINY | {"record_every": 10_000}
    assert train_realnvp(TARGET, schedule, **small, steps=needed, **rules).settings["rules"]["steps"] == needed
    assert steps_for(schedule, rules) == max(3000, needed)


def test_a_huge_step_is_one_sentence_of_replica_step_temperature_and_step_size():
    settings = TINY | {"steps": 60, "dim": 8, "couplings": 6, "hidden": (16, 16), "record_every": 10, "step_size": 1e3}
    with pytest.raises(TrainingStopped) as stopped:
        train_realnvp(TARGET, Constant(1), **settings)
    which = r"the loss of (replica [01]|replicas 0, 1) is not finite"
    pattern = which + r" at step \d+, temperature 1, step size 1000; use a smaller .*"
    assert re.fullmatch(pattern, str(stopped.value))


def test_a_message_names_a_few_replicas_of_many():
    run = run_of(Constant(1))
    assert "replicas 0, 1, 2, 3, 4 and 95 more is" in str(run.stopped(np.arange(100)))


@pytest.mark.parametrize("count", [20, 20_000])
def test_the_measures_of_a_flow_without_finite_densities_stop_the_training(monkeypatch, count):
    real = realnvp_training.final_statistics
    monkeypatch.setattr(
        realnvp_training, "final_statistics", lambda *args: real(*args) | {"reverse_kl": np.array([0.1, np.inf])}
    )
    with pytest.raises(TrainingStopped, match=r"replica 1 .* step 3"):
        train_realnvp(TARGET, Constant(1), **TINY, steps=3)


@pytest.mark.slow
def test_collapse_is_rarer_with_slow_annealing_than_without():
    # 16 flows each; Fisher's exact test at a false-alarm rate of 1e-6 sees a difference of 14 out of 16 to 2 out of 16.
    settings = {"dim": 4, "replicas": 16, "couplings": 4, "hidden": (16,), "batch_size": 64, "step_size": 0.005}
    settings |= {"steps": 700, "record_every": 700, "evaluation_samples": 2000, "gradient_limit": 10.0}
    plain = train_realnvp(TARGET, Constant(1), **settings)
    slow = train_realnvp(TARGET, Exponential(10, 160), **settings)
    table = [[plain.count, plain.replicas - plain.count], [slow.count, slow.replicas - slow.count]]
    assert fisher_exact(table, alternative="greater").pvalue < 1e-6
