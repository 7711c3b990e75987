"""Flows that memory does not hold together: the groups, and that a flow's numbers do not depend on its group."""

import json

import numpy as np
import pytest
import torch

from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Exponential
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.flow_memory import bytes_of_a_flow, groups
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp_training import load_flow, train_realnvp
from anneal_theory.training.rules import FlowShape, TrainingRules
from anneal_theory.training.stops import TrainingStopped
from docs.studies.memory import STORED
from tests.exploration import scaled

COUNTS = ("1 flow", "3 flows", "8 flows")
TARGET = BimodalTarget(3, "0.8")
FLOWS = {"dim": 5, "replicas": 5, "couplings": 2, "hidden": (7, 9), "batch_size": 16, "record_samples": 20,
         "record_every": 4, "evaluation_samples": 50, "most_undecided": 1, "dtype": "float64", "steps": 10,
         "highest_final_temperature": float("inf")}  # fmt: skip


def trained(monkeypatch, sizes, rule, **options):
    """The flows, trained in groups of these sizes."""
    firsts = [sum(sizes[:place]) for place in range(len(sizes))]
    parts = [Noise(3, size, first) for size, first in zip(sizes, firsts, strict=True)]
    monkeypatch.setattr("anneal_theory.training.realnvp_training.groups", lambda noise, each, device: parts)
    return train_realnvp(TARGET, rule, seed=3, **(FLOWS | options))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("batch_norm", "rule"),
    [(False, Exponential(5, 3)), (True, AdaAnn(3, 0.3, every=2, samples=30)), (True, Exponential(5, 3))][: scaled(2)],
)
def test_a_flows_numbers_do_not_depend_on_its_group(monkeypatch, rule, batch_norm):
    """But for rounding: the ends of arrays are summed and multiplied by other instructions than their middles.

    Ten steps of doubles carry 1e-16 on; another sample, start or direction would miss 1e-9 by far.
    """
    options = {"batch_norm": batch_norm, "mode_direction": "random", "gradient_limit": 1.0}
    whole = trained(monkeypatch, [5], rule, **options)
    for sizes in ([3, 2], [1] * 5):
        parts = trained(monkeypatch, sizes, rule, **options)
        assert parts.settings.keys() == whole.settings.keys()
        assert parts.settings["noise"] == whole.settings["noise"] == {"seed": 3, "replicas": 5, "first": 0}
        assert parts.settings["mode_axes"] == whole.settings["mode_axes"]
        np.testing.assert_array_equal(parts.collapsed, whole.collapsed)
        np.testing.assert_array_equal(parts.undecided, whole.undecided)
        for found, wanted in ((parts.statistics, whole.statistics), (parts.history, whole.history)):
            assert found.keys() == wanted.keys()
            for name, values in wanted.items():
                np.testing.assert_allclose(found[name], values, rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.slow
def test_each_group_has_a_checkpoint_of_its_own_from_which_the_same_call_goes_on(monkeypatch, tmp_path):
    whole = trained(monkeypatch, [3, 2], Exponential(5, 3))
    trained(monkeypatch, [3, 2], Exponential(5, 3), checkpoint=tmp_path / "flows", steps=4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flows.0-2", "flows.3-4"]
    assert [load_flow(tmp_path / name).replicas for name in ("flows.0-2", "flows.3-4")] == [3, 2]
    on = trained(monkeypatch, [3, 2], Exponential(5, 3), checkpoint=tmp_path / "flows")
    for name, values in whole.history.items():
        np.testing.assert_array_equal(on.history[name], values, err_msg=name)


def test_a_checkpoint_of_all_flows_goes_on_as_one_batch(monkeypatch, tmp_path):
    whole = trained(monkeypatch, [5], Exponential(5, 3), checkpoint=tmp_path / "flows")
    on = trained(monkeypatch, [3, 2], Exponential(5, 3), checkpoint=tmp_path / "flows")
    assert [path.name for path in tmp_path.iterdir()] == ["flows"]
    assert load_flow(tmp_path / "flows").replicas == on.replicas == 5
    np.testing.assert_array_equal(on.history["loss"], whole.history["loss"])


def test_a_flow_that_breaks_in_a_later_group_has_its_own_number(monkeypatch):
    wild = {"step_size": 1e9, "optimiser": "sgd", "steps": 30}
    monkeypatch.setattr("anneal_theory.training.realnvp_training.groups", lambda *given: [Noise(3, 2, first=3)])
    with pytest.raises(TrainingStopped, match="replicas 3, 4 is not finite"):
        train_realnvp(TARGET, Exponential(5, 3), seed=3, **(FLOWS | wild))


def test_a_gpu_takes_all_flows_unless_its_free_memory_does_not(monkeypatch):
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: 30e9)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: 10e9)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (60e9, 80e9))
    gpu = torch.device("cuda")
    assert groups(Noise(1, 160), 0.4e9, gpu) == [Noise(1, 160)]  # 64 of the 80 GB
    assert groups(Noise(1, 161), 0.4e9, gpu) == [Noise(1, 81), Noise(1, 80, first=81)]
    assert groups(Noise(1, 3), 1e12, gpu) == [Noise(1, 1), Noise(1, 1, 1), Noise(1, 1, 2)]  # one is never cut
    assert groups(Noise(1, 1000), 1e9, torch.device("meta")) == [Noise(1, 1000)]  # nothing is known of it


def test_a_processor_has_groups_that_stay_below_two_gigabytes_as_measured():
    """The stored sizes are those of docs/benchmarks.md: of one flow, of three as one group, and of eight."""
    shape = FlowShape(8, (512, 512, 512), "separate", "tanh", batch_norm=True)
    each = bytes_of_a_flow(128, shape, TrainingRules(batch_size=1024), 1000)
    sizes = {count: [part.replicas for part in groups(Noise(0, count), each, torch.device("cpu"))] for count in (3, 8)}
    assert sizes == {3: [3], 8: [3, 3, 2]}
    rows = json.loads(STORED.read_text(encoding="utf-8"))["rows"]
    one, three, eight = (rows[f"RealNVP of the paper, d = 128, {count}"]["bytes"] for count in COUNTS)
    assert (three - one) / 2 == pytest.approx(each, rel=0.15)
    assert max(three, eight) < 2e9
