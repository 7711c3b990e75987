"""Checkpoints of flows that are damaged, crafted or of another run: refused by name and left alone."""

import copy
import io
import re

import numpy as np
import pytest
import torch
import zuko
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Constant
from anneal_theory.sealed import write_sealed
from anneal_theory.training import checkpoint
from anneal_theory.training.adapters import SeparateFlows
from anneal_theory.training.annealed import AnnealedRun, TrainingStopped
from anneal_theory.training.checkpoint import read_checkpoint, save_checkpoint
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp_training import load_flow, train_realnvp
from anneal_theory.training.rules import TrainingRules
from tests.exploration import examples
from tests.training.flow_runs import TARGET, TINY, log_density

KEPT = checkpoint._KIND, checkpoint._FORMAT
START = len("{} {}\n".format(*KEPT)) + 65  # of the content, after the header and the digest's line


def refused(path, content: bytes, match: str, **changed):
    path.write_bytes(content)
    with pytest.raises(DomainError, match=match):
        train_realnvp(TARGET, Constant(1), **(TINY | {"steps": 6, "checkpoint": path} | changed))
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Bytes of the checkpoint of a run."""
    path = tmp_path_factory.mktemp("trained") / "run"
    train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path)
    return path.read_bytes()


@pytest.fixture
def finished(trained, tmp_path):
    """A checkpoint of its own for each test, and its bytes."""
    path = tmp_path / "run"
    path.write_bytes(trained)
    return path, trained


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


def outcome_of(read):
    try:
        return read(), None
    except (DomainError, TrainingStopped) as error:
        return None, error


def goes_on(path) -> tuple[Exception | None, ...]:
    """A crafted file is refused by name and left alone by both readers, or gives a finite result: how training and
    loading refuse it."""
    content, refusals = path.read_bytes(), []
    for read in (
        lambda: train_realnvp(TARGET, Constant(1), **TINY, steps=6, checkpoint=path).mode_weight,
        lambda: load_flow(path).weights.detach().numpy(),
    ):
        found, refusal = outcome_of(read)
        assert found is None or np.isfinite(found).all()
        if isinstance(refusal, DomainError):
            assert str(path) in str(refusal)
            assert path.read_bytes() == content
        refusals.append(refusal)
    return tuple(refusals)


def refused_by_training(path, match: str) -> None:
    training, _ = goes_on(path)
    assert isinstance(training, DomainError)
    assert re.match(match, str(training))


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


@pytest.mark.slow
@pytest.mark.parametrize("place", PATHS, ids=lambda place: ".".join(map(str, place)))
def test_a_crafted_state_with_the_right_digest_is_refused(finished, place):
    """Each part gone, and each part of another value, kind or shape."""
    path, _ = finished
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
        refused_by_training(path, r"checkpoint must be .*run")


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
    path, _ = finished
    save_checkpoint(path, *craft(*read_checkpoint(path)))
    refused_by_training(path, "checkpoint must be")


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


@pytest.mark.slow
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
