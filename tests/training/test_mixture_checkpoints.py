"""Finished replicas kept in a file: the same results, more of them later, and no belief in damaged files."""

import hashlib
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from anneal_theory.errors import DomainError, Interrupted
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant
from anneal_theory.training import replicas as module
from anneal_theory.training import train_mixture
from tests.exploration import examples

TARGET = BimodalTarget(3, "0.8")
FEW = {"replicas": 12, "batch_size": 20, "step_size": 0.2, "end_time": 60, "threads": 1}


def trained(path=None, **rules):
    return train_mixture(TARGET, Constant(1), GaussianInit(4), checkpoint=path, **(FEW | rules))


def same(one, other) -> bool:
    return json.dumps(one.to_dict()) == json.dumps(other.to_dict())


@pytest.mark.slow
@pytest.mark.parametrize("words", [{}, {"record_every": 20}, {"route": "plain"}])
def test_a_finished_file_gives_the_same_bytes_without_training(tmp_path, monkeypatch, words):
    whole, first = trained(**words), trained(tmp_path / "runs", **words)
    monkeypatch.setattr(module, "_train", lambda run, kept, *rest: [][len(np.flatnonzero(~kept.finished))])
    with pytest.raises(IndexError):  # nothing is left to train
        trained(tmp_path / "runs", **words)
    monkeypatch.setattr(module, "_train", lambda run, kept, *rest: None)
    assert same(whole, first)
    assert same(whole, trained(tmp_path / "runs", **words))


def test_more_replicas_of_the_same_training_go_on_from_the_file_and_fewer_leave_it_whole(tmp_path):
    path = tmp_path / "runs"
    trained(path)
    more = trained(path, replicas=20)
    assert same(more, trained(replicas=20))
    content = path.read_bytes()
    assert same(trained(path, replicas=5), trained(replicas=5))
    assert path.read_bytes() == content


def test_an_interrupted_training_keeps_what_is_finished_and_goes_on(tmp_path, monkeypatch):
    """The interruption comes while the 8th replica runs; one chunk of eight is under way, seven of it are finished."""
    path, calls, original = tmp_path / "runs", 0, module._train

    def interrupted(run, kept, threads, shown, stop):
        def stops(replica, check):
            nonlocal calls
            calls += 1
            if calls == 8:
                stop.set()
            return run(replica, check)

        original(stops, kept, threads, shown, stop)

    monkeypatch.setattr(module, "_train", interrupted)
    with pytest.raises(
        Interrupted, match=rf"7 of 12 replicas finished and kept, the one in progress starts again; .*{path} goes on"
    ) as stopped:
        trained(path)
    assert stopped.value.checkpoint == path
    monkeypatch.setattr(module, "_train", original)
    assert same(trained(path), trained())


def test_without_a_file_an_interruption_says_that_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(module, "_train", lambda run, kept, threads, shown, stop: stop.set())
    with pytest.raises(Interrupted, match="0 of 12 replicas finished; nothing is kept without a checkpoint"):
        trained()


def test_an_interruption_before_the_first_replica_is_finished_writes_no_file_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_train", lambda run, kept, threads, shown, stop: stop.set())
    with pytest.raises(Interrupted, match="0 of 12 replicas finished: nothing is kept"):
        trained(tmp_path / "runs")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"seed": 1}, r"seed \(0 there, 1 here\)"),
        ({"step_size": 0.1}, "step_size"),
        ({"end_time": 80}, r"end_time \(60 there, 80 here\)"),
        ({"record_every": 10}, "record_every"),
        ({"metric": "natural"}, "metric"),
        ({"family_weight": 0.3}, "weights"),
    ],
)
def test_a_file_of_another_training_is_refused_by_name_and_left_alone(tmp_path, changed, named):
    path = tmp_path / "runs"
    trained(path)
    content = path.read_bytes()
    with pytest.raises(DomainError, match=named):
        trained(path, **changed)
    assert path.read_bytes() == content


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "runs"
    trained(path)
    return path, path.read_bytes()


def refused(path, content):
    path.write_bytes(content)
    with pytest.raises(DomainError, match=r"^checkpoint must be .*runs"):
        trained(path)
    assert path.read_bytes() == content


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_are_refused(finished, data):
    path, content = finished
    damaged = bytearray(content)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4, unique=True)):
        damaged[place] ^= data.draw(st.integers(1, 255))
    refused(path, bytes(damaged[: data.draw(st.integers(0, len(content)))]) if data.draw(st.booleans()) else damaged)


HEADER = f"{module._KIND} {module._FORMAT}\n".encode()


def sealed(head, numbers: bytes) -> bytes:
    """A file with the right digest of crafted content."""
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    payload = text + b"\n" + numbers
    return HEADER + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


def taken_apart(content: bytes):
    payload = content[len(HEADER) + 65 :]
    head, _, numbers = payload.partition(b"\n")
    found = json.loads(head)
    return found, np.frombuffer(numbers).reshape(found["shape"])


@pytest.mark.parametrize(
    "craft",
    [
        lambda head, table: ({}, table),
        lambda head, table: (head | {"shape": [3, 3]}, table),
        lambda head, table: (head | {"shape": [-1, 8]}, table),
        lambda head, table: (head | {"shape": "abc"}, table),
        lambda head, table: (head | {"shape": [10**30, 8]}, table),
        lambda head, table: (head | {"settings": 3}, table),
        lambda head, table: (head | {"settings": {}}, table),
        lambda head, table: ([], table),
        lambda head, table: (head | {"shape": [12, table.shape[1] - 1]}, table[:, :-1]),
        lambda head, table: (head, np.where(np.arange(12)[:, None] == 3, table[2], table)),  # a replica twice
        lambda head, table: (head, table - 1),  # a replica below 0
        lambda head, table: (head, table + 0.5),
        lambda head, table: (head, table * np.nan),
        lambda head, table: (head, np.where(np.arange(table.shape[1]) == table.shape[1] - 1, 7.0, table)),  # a fate 7
        lambda head, table: (head, np.where(np.arange(table.shape[1]) == table.shape[1] - 2, 1e9, table)),  # steps
    ],
)
def test_crafted_files_with_the_right_digest_are_refused(finished, craft):
    path, content = finished
    head, table = craft(*taken_apart(content))
    refused(path, sealed(head, np.ascontiguousarray(table).tobytes()))


def test_a_head_that_is_no_text_is_refused(finished):
    refused(finished[0], sealed(b"\xff\xfe", b""))
    refused(finished[0], sealed(b"[" * 100_000, b""))


def test_a_folder_that_is_not_there_is_refused_before_the_training(tmp_path):
    with pytest.raises(DomainError, match="checkpoint must be a file in a folder that exists"):
        trained(tmp_path / "none" / "runs")
