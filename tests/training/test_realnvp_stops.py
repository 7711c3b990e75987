"""Flows that were stopped: resumed and prolonged to the same bytes, interrupted, and kept where a loss breaks."""

import json
import signal

import numpy as np
import pytest
import torch

from anneal_theory.errors import DomainError
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.training import realnvp_training
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.annealed import TrainingStopped
from anneal_theory.training.realnvp_training import train_realnvp
from anneal_theory.training.stops import TrainingInterrupted
from tests.training.flow_runs import TARGET, TINY, log_density, run_of


@pytest.fixture(autouse=True)
def _interruptions_are_heard():
    """Also where the tests run in the background of a shell, which has its jobs ignore them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


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
    assert list(histories[0]) == list(histories[1])


def test_a_finished_checkpoint_gives_the_same_outcome_again(tmp_path):
    settings = TINY | {"steps": 6, "checkpoint": tmp_path / "run"}
    first, again = (train_realnvp(TARGET, Constant(1), **settings) for _ in range(2))
    assert json.dumps(first.to_dict()) == json.dumps(again.to_dict())  # names in the same order, too


SAME = {"record_every": 4, "highest_final_temperature": float("inf")}


@pytest.mark.parametrize("schedule", [Exponential(10, 5), AdaAnn(10, 0.5, every=3, samples=10)])
@pytest.mark.parametrize(("short", "long"), [(8, 12), (7, 12), (1, 9)])
@pytest.mark.parametrize("rules", [{}, {"clock": "flow", "optimiser": "sgd"}])
def test_a_prolonged_run_gives_the_bytes_of_one_that_was_long_from_the_start(tmp_path, schedule, short, long, rules):
    words = TINY | SAME | rules
    train_realnvp(TARGET, schedule, **words, steps=short, checkpoint=tmp_path / "run")
    found = train_realnvp(TARGET, schedule, **words, steps=long, checkpoint=tmp_path / "run")
    whole = train_realnvp(TARGET, schedule, **words, steps=long, checkpoint=tmp_path / "whole")
    assert json.dumps(found.to_dict()) == json.dumps(whole.to_dict())
    assert (tmp_path / "run").read_bytes() == (tmp_path / "whole").read_bytes()


def test_a_run_whose_learning_rate_falls_is_not_prolonged_and_the_message_says_why(tmp_path):
    path = tmp_path / "run"
    words = TINY | SAME | {"final_step_size": 1e-4, "checkpoint": path}
    train_realnvp(TARGET, Constant(1), **words, steps=6)
    content = path.read_bytes()
    with pytest.raises(DomainError, match=r"\(6 there, 12 here\): the learning rate falls .* first 6 steps"):
        train_realnvp(TARGET, Constant(1), **words, steps=12)
    assert path.read_bytes() == content


def test_a_run_that_is_further_on_is_not_cut_short(tmp_path):
    path = tmp_path / "run"
    train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
    with pytest.raises(DomainError, match=r"at step 4 or before.* it is at step 6"):
        train_realnvp(TARGET, Constant(1), **TINY, steps=4, checkpoint=path)


def test_an_interrupted_run_keeps_its_step_and_goes_on_to_the_same_bytes(tmp_path):
    """A real SIGINT in the middle of step 7: the step is finished, and the checkpoint is of what comes after it."""
    calls = 0

    def interrupts(samples):
        nonlocal calls
        calls += 1
        if calls == 10:  # records before steps 0 and 4 take a call each
            signal.raise_signal(signal.SIGINT)
        return log_density(samples)

    run = run_of(Exponential(10, 5), density=interrupts)
    with pytest.raises(TrainingInterrupted, match="at step 8 of 12; the same call goes on from") as stopped:
        run.run(checkpoint=tmp_path / "run")
    assert (stopped.value.step, stopped.value.checkpoint) == (8, tmp_path / "run")
    assert stopped.value.history["step"][:, 0].tolist() == [0, 4]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    resumed = run_of(Exponential(10, 5))
    resumed.run(checkpoint=tmp_path / "run")
    assert torch.equal(resumed.flow.weights, run_after(Exponential(10, 5)))


def test_an_interruption_without_a_checkpoint_says_that_nothing_is_kept():
    calls = 0

    def interrupts(samples):
        nonlocal calls
        calls += 1
        if calls == 3:
            signal.raise_signal(signal.SIGINT)
        return log_density(samples)

    with pytest.raises(TrainingInterrupted, match="nothing is kept without a checkpoint") as stopped:
        run_of(Constant(1), density=interrupts, record_every=100, steps=1000).run()
    assert stopped.value.checkpoint is None
    assert calls == 3


def test_a_second_interruption_waits_for_nothing():
    calls = 0

    def interrupts(samples):
        nonlocal calls
        calls += 1
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return log_density(samples)

    with pytest.raises(KeyboardInterrupt):
        run_of(Constant(1), density=interrupts).run()
    assert calls == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interruption_while_the_flows_are_measured_says_what_there_is(tmp_path, monkeypatch):
    def interrupts(*args):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(realnvp_training, "final_statistics", interrupts)
    path = tmp_path / "run"
    with pytest.raises(TrainingInterrupted, match="measured, at step 6 of 6; the same call goes on from") as stopped:
        train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
    assert stopped.value.checkpoint == path
    monkeypatch.undo()
    whole = train_realnvp(TARGET, Constant(1), **TINY, steps=6)
    assert train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path).to_dict() == whole.to_dict()


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
    with pytest.raises(TrainingStopped, match=rf"replica 1 .* step 7, temperature {temperature:.6g}") as stopped:
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
