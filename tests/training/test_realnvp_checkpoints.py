"""Checkpoints of flows: resumed to the same bytes, refused where damaged or another run's; kept at a stop."""

import numpy as np
import pytest
import torch
import zuko

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.training.adapters import SeparateFlows
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.annealed import AnnealedRun, TrainingStopped
from anneal_theory.training.checkpoint import read_checkpoint
from anneal_theory.training.flow_training import load_flow, train_realnvp
from anneal_theory.training.noise import Noise
from anneal_theory.training.rules import TrainingRules
from tests.training.flow_runs import TARGET, TINY, log_density, run_of


class Killed(Exception):
    pass


@pytest.mark.parametrize("schedule", [Exponential(10, 5), AdaAnn(10, 0.5, every=3, samples=10)])
@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_a_resumed_run_gives_the_bytes_of_an_uninterrupted_one(tmp_path, schedule, optimiser):
    rules = {"optimiser": optimiser, "final_step_size": 1e-4}
    whole = run_of(schedule, **rules)
    histories = [whole.run(checkpoint=tmp_path / "whole", checkpoint_every=5)]
    calls = 0

    def dies(samples):
        nonlocal calls
        calls += 1
        if calls == 12:  # after step 5, before step 10
            raise Killed
        return log_density(samples)

    with pytest.raises(Killed):
        run_of(schedule, density=dies, **rules).run(checkpoint=tmp_path / "parts", checkpoint_every=5)
    resumed = run_of(schedule, **rules)
    assert (tmp_path / "parts").read_bytes() != (tmp_path / "whole").read_bytes()
    histories.append(resumed.run(checkpoint=tmp_path / "parts", checkpoint_every=5))
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()
    assert torch.equal(whole.flow.weights, resumed.flow.weights)
    assert all(histories[0][name].tobytes() == histories[1][name].tobytes() for name in histories[0])


def test_a_finished_checkpoint_gives_the_same_outcome_again(tmp_path):
    settings = TINY | {"steps": 6, "checkpoint": tmp_path / "run"}
    first, again = (train_realnvp(TARGET, Constant(1), **settings) for _ in range(2))
    assert first.to_dict() == again.to_dict()


def refused(path, content: bytes, match: str, **changed):
    path.write_bytes(content)
    with pytest.raises(DomainError, match=match):
        train_realnvp(TARGET, Constant(1), **(TINY | {"steps": 6, "checkpoint": path} | changed))
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.fixture
def finished(tmp_path):
    """Bytes of a checkpoint, and a path for another."""
    path = tmp_path / "run"
    train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
    return path, path.read_bytes()


@pytest.mark.parametrize("place", [30, 200, -1])
def test_a_damaged_checkpoint_is_refused_and_left_alone(finished, place):
    path, content = finished
    damaged = bytearray(content)
    damaged[place] ^= 1
    refused(path, bytes(damaged), "undamaged")


def test_a_cut_checkpoint_is_refused_and_left_alone(finished):
    path, content = finished
    refused(path, content[: len(content) // 2], "undamaged")


def test_a_file_that_is_no_checkpoint_is_refused_and_left_alone(finished):
    refused(finished[0], b"weights", "a checkpoint of anneal-theory")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"seed": 1}, r"noise\.seed \(0 there, 1 here\)"),
        ({"step_size": 0.5}, r"rules\.step_size"),
        ({"hidden": (7,)}, r"flow\.hidden"),
        ({"dtype": "float64"}, r"flow\.dtype"),
    ],
)
def test_a_checkpoint_of_other_parameters_is_refused_by_name_and_left_alone(finished, changed, named):
    refused(*finished, named, **changed)


def test_the_flows_of_a_checkpoint_are_those_that_were_trained(finished, tmp_path):
    path, _ = finished
    flow, samples = load_flow(path), torch.ones(2, 4, 3)
    _, state = read_checkpoint(path)
    torch.testing.assert_close(flow.weights.detach(), state["flow"]["weights"], rtol=0, atol=0)
    assert flow.log_prob(samples).shape == (2, 4)
    other = SeparateFlows([zuko.flows.RealNVP(3)], dim=3)
    run = AnnealedRun(other, log_density, Constant(1), TrainingRules(steps=1, batch_size=4), Noise(0, 1))
    run.run(checkpoint=tmp_path / "separate")
    with pytest.raises(DomainError, match="train_realnvp"):
        load_flow(tmp_path / "separate")


def test_a_checkpoint_of_another_target_is_refused(finished):
    with pytest.raises(DomainError, match=r"target .*0\.8.* there, .*0\.7.* here"):
        train_realnvp(BimodalTarget(3, 0.7), Constant(1), **TINY, steps=6, checkpoint=finished[0])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_stops_and_keeps_history_and_checkpoint(tmp_path, bad):
    calls = 0

    def breaks(samples):
        nonlocal calls
        calls += 1
        found = log_density(samples)
        # Records before steps 0 and 4 take a call each, so the tenth call is that of step 7.
        return found if calls < 10 else torch.stack([found[0], found[1] * bad])

    run = run_of(Exponential(10, 5), density=breaks)
    temperature = 1 + 9 * np.exp(-7 / 5)
    with pytest.raises(TrainingStopped, match=rf"replica \[1\] .* step 7, temperature {temperature:.6g}") as stopped:
        run.run(checkpoint=tmp_path / "run", checkpoint_every=3)
    assert stopped.value.step == 7
    assert stopped.value.temperature == pytest.approx([temperature] * 2)
    assert stopped.value.history["step"][:, 0].tolist() == [0, 4]
    assert stopped.value.checkpoint == tmp_path / "run"
    resumed = run_of(Exponential(10, 5))
    resumed.run(checkpoint=tmp_path / "run")
    assert torch.equal(resumed.flow.weights, run_after(Exponential(10, 5)))


def run_after(schedule) -> torch.Tensor:
    run = run_of(schedule)
    run.run()
    return run.flow.weights


def test_parameters_that_have_gone_bad_do_not_replace_the_last_good_checkpoint(tmp_path):
    run = run_of(Constant(1))
    run.run(checkpoint=tmp_path / "run")
    good = (tmp_path / "run").read_bytes()
    with torch.no_grad():
        run.flow.weights[0, 0] = float("nan")
    run._save(tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == good
