"""Checkpoints of flows: resumed to the same bytes, refused where damaged or another run's; kept at a stop."""

import copy
import io
import json
import signal

import numpy as np
import pytest
import torch
import zuko
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.sealed import write_sealed
from anneal_theory.training import checkpoint, realnvp_training
from anneal_theory.training.adapters import SeparateFlows
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.annealed import AnnealedRun, TrainingStopped
from anneal_theory.training.checkpoint import read_checkpoint, save_checkpoint
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp_training import load_flow, train_realnvp
from anneal_theory.training.rules import TrainingRules
from anneal_theory.training.stops import TrainingInterrupted
from tests.training.flow_runs import TARGET, TINY, log_density, run_of


@pytest.fixture(autouse=True)
def _interruptions_are_heard():
    """Also where the tests run in the background of a shell, which has its jobs ignore them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


KEPT = checkpoint._KIND, checkpoint._FORMAT
START = len("{} {}\n".format(*KEPT)) + 65  # of the content, after the header and the digest's line


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
    with pytest.raises(TrainingInterrupted, match=r"at step 8 of 12; the same call .* goes on from there") as stopped:
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
    with pytest.raises(TrainingInterrupted, match=r"measured, at step 6 of 6; the same call .* goes on") as stopped:
        train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
    assert stopped.value.checkpoint == path
    monkeypatch.undo()
    whole = train_realnvp(TARGET, Constant(1), **TINY, steps=6)
    assert train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path).to_dict() == whole.to_dict()


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
    refused(finished[0], b"weights", "a file that begins with 'anneal-theory checkpoint 1'")


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


def outcome_of(read):
    try:
        return read(), None
    except (DomainError, TrainingStopped) as error:
        return None, error


def goes_on(path) -> None:
    """A crafted file is refused by name and left alone by both readers, or gives a finite result."""
    content = path.read_bytes()
    for read in (
        lambda: train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path).mode_weight,
        lambda: load_flow(path).weights.detach().numpy(),
    ):
        found, refusal = outcome_of(read)
        assert found is None or np.isfinite(found).all()
        if isinstance(refusal, DomainError):
            assert str(path) in str(refusal)
            assert path.read_bytes() == content


def altered(state, name, change):
    return state | {"history": state["history"] | {name: change(state["history"][name])}}


PATHS = [
    ("step",), ("beta",), ("flow",), ("flow", "weights"), ("optimiser",), ("optimiser", "state"),
    ("optimiser", "state", 0), ("optimiser", "state", 0, "step"), ("optimiser", "state", 0, "exp_avg"),
    ("optimiser", "param_groups"), ("optimiser", "param_groups", 0), ("optimiser", "param_groups", 0, "lr"),
    ("optimiser", "param_groups", 0, "betas"), ("history",), ("history", "step"), ("history", "temperature"),
    ("history", "mode_weight"), ("history", "loss"),
]  # fmt: skip
BAD = [
    10**9, -1, 3, True, -2.0, "6", None, [], {}, [1], {"a": 1}, torch.zeros(0), torch.zeros(2), torch.zeros(2, 3),
    torch.zeros(2, dtype=torch.float64), torch.full((2,), float("nan"), dtype=torch.float64),
    torch.zeros((), dtype=int),
    torch.zeros(3, 2, dtype=torch.float64), torch.full((2, 66), float("inf")),
    torch.zeros(2, 2, dtype=torch.complex64), -torch.ones(2, 66),
]  # fmt: skip


@pytest.mark.parametrize("place", PATHS, ids=lambda place: ".".join(map(str, place)))
def test_a_crafted_state_with_the_right_digest_is_refused(finished, place):
    """Each part gone, and each part of another value, kind or shape."""
    path, content = finished
    path.write_bytes(content)
    settings_there, state = read_checkpoint(path)
    for bad in [*BAD, KeyError]:
        crafted = copy.deepcopy(state)
        above = crafted
        for name in place[:-1]:
            above = above[name]
        if bad is KeyError:
            del above[place[-1]]
        else:
            above[place[-1]] = bad
        save_checkpoint(path, settings_there, crafted)
        crafted_bytes = path.read_bytes()
        with pytest.raises(DomainError, match=r"^checkpoint must be .*run"):
            train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
        assert path.read_bytes() == crafted_bytes
        goes_on(path)


@pytest.mark.parametrize(
    "craft",
    [
        lambda settings, state: (settings, state | {"more": 1}),
        lambda settings, state: (settings, state | {"step": 5}),  # in the middle, with the records of the end
        lambda settings, state: (settings, state | {"beta": 0.5 * state["beta"]}),
        lambda settings, state: (settings, state | {"history": {n: v[:1] for n, v in state["history"].items()}}),
        lambda settings, state: (settings, state | {"history": state["history"] | {"more": state["history"]["loss"]}}),
        lambda settings, state: (settings, altered(state, "step", lambda values: 1 + values)),
        lambda settings, state: (settings, altered(state, "temperature", lambda values: 2 * values)),
        lambda settings, state: (settings | {"flow": 3}, state),
        lambda settings, state: (settings | {"flow": {}}, state),
        lambda settings, state: (settings | {"rules": None}, state),
        lambda settings, state: (settings | {"rules": settings["rules"] | {"steps": "6"}}, state),
        lambda settings, state: (settings | {"rules": settings["rules"] | {"steps": -6}}, state),
        lambda settings, state: (settings | {"flow": settings["flow"] | {"dim": 10**9}}, state),
        lambda settings, state: (settings | {"flow": settings["flow"] | {"hidden": "abc"}}, state),
        lambda settings, state: (settings | {"noise": {"seed": 0, "replicas": 10**12}}, state),
        lambda settings, state: (settings | {"noise": [1]}, state),
    ],
)  # fmt: skip
def test_crafted_settings_and_states_that_do_not_fit_together_are_refused(finished, craft):
    path, content = finished
    path.write_bytes(content)
    save_checkpoint(path, *craft(*read_checkpoint(path)))
    with pytest.raises(DomainError, match=r"^checkpoint must be"):
        train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
    goes_on(path)


@pytest.mark.parametrize(
    "change",
    [
        {"settings": "{"}, {"settings": "3"}, {"settings": 3}, {"structure": "[]"}, {"structure": "{"},
        {"tensors": []},
        {"structure": '{"tensor": 0}'}, {"structure": '{"tensor": -1}'}, {"structure": '{"tensor": "a"}'},
        {"structure": '{"items": [["step"]]}'}, {"structure": '{"items": 3}'}, {"structure": "[" * 100_000},
        {"tensors": 3}, {"more": 1}, {"tensors": ["a"] * 20}, {"tensors": [torch.zeros(2, 66).to_sparse()] * 20},
    ],
)  # fmt: skip
def test_crafted_parts_with_the_right_digest_are_refused(finished, change):
    path, content = finished
    stored = torch.load(io.BytesIO(content[START:]), weights_only=True)
    buffer = io.BytesIO()
    torch.save(stored | change, buffer)
    write_sealed(path, *KEPT, buffer.getvalue())
    for read in (
        lambda: train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path), lambda: load_flow(path)
    ):  # fmt: skip
        with pytest.raises(DomainError, match=r"^checkpoint must be .*run"):
            read()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_that_are_flipped_or_cut_are_refused_or_change_nothing_that_matters(finished, data):
    """Half of the files have the digest of what they hold, so that it is the reading that is tried."""
    path, content = finished
    body = bytearray(content[START:])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=6, unique=True)):
        body[place] ^= data.draw(st.integers(1, 255))
    body = bytes(body[: data.draw(st.one_of(st.just(len(body)), st.integers(0, len(body))))])
    if data.draw(st.booleans()):
        write_sealed(path, *KEPT, body)
    else:
        path.write_bytes(content[:START] + body)
    goes_on(path)


def test_a_checkpoint_of_a_later_kind_is_refused(finished):
    path, content = finished
    refused(path, content.replace(b"checkpoint 1", b"checkpoint 2", 1), "begins with 'anneal-theory checkpoint 1'")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(DomainError, match=r"none/flows.*"):
        load_flow("none/flows")
