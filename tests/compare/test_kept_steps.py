"""Baselines in a file: what an end cuts short goes on to the same table, and another's file is refused and left."""

import functools
import json
from dataclasses import asdict

import pytest

from anneal_theory.cli.app import run
from anneal_theory.compare import baselines, compare_baselines, compare_flow_baselines
from anneal_theory.compare.kept_steps import _FORMAT
from anneal_theory.errors import DomainError, Interrupted
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.sealed import read_sealed_json, write_sealed
from anneal_theory.sweeps.locks import Lock
from anneal_theory.training.baselines import _PILOTS as PILOTS

TARGET, INIT = BimodalTarget("2.5", "0.8"), GaussianInit(8)
FEW = {"budget": 60, "replicas": 8, "batch_size": 20, "step_size": 0.2, "most_undecided": 1}
FLOWS = {"dim": 8, "steps": 60, "replicas": 2, "batch_size": 16, "step_size": 0.03, "couplings": 2, "hidden": (8,)}
FLOWS |= {"most_undecided": 1, "evaluation_samples": 100, "initial_temperature": 3}
LINE = "compare --baselines --separation 2.5 --dim 8 --replicas 8 --batch-size 20 --step-size 0.2 --end-time 60"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished file, and its table."""
    path = tmp_path_factory.mktemp("kept") / "rows"
    return path, compare_baselines(TARGET, INIT, checkpoint=path, **FEW)


def stops_at(monkeypatch, module, name, count):
    """Ctrl-C in a training; what was trained before it."""
    real, trained = getattr(module, name), []

    @functools.wraps(real)
    def stops(target, rule, *given, **words):
        if words["replicas"] == PILOTS:
            return real(target, rule, *given, **words)
        if len(trained) == count:
            raise Interrupted("interrupted at step 3 of 9; nothing is kept")  # as trainings have it
        trained.append(type(rule).__name__)
        return real(target, rule, *given, **words)

    monkeypatch.setattr(module, name, stops)
    return trained


@pytest.mark.slow
def test_rows_that_were_trained_are_not_trained_again_and_the_table_is_the_same(whole, tmp_path, monkeypatch):
    path = tmp_path / "rows"
    with monkeypatch.context() as patch:
        trained = stops_at(patch, baselines, "train_mixture", 2)
        with pytest.raises(Interrupted, match=rf"^interrupted with 4 of 7 cells finished and kept; .*{path} goes on"):
            compare_baselines(TARGET, INIT, checkpoint=path, **FEW)
        assert trained == ["Constant", "LinearBeta"]
    trained = stops_at(monkeypatch, baselines, "train_mixture", 9)
    assert compare_baselines(TARGET, INIT, checkpoint=path, threads=1, **FEW).rows == whole[1].rows
    assert trained == ["AdaAnn", "ConstantESS", "Exponential"]
    assert compare_baselines(TARGET, INIT, checkpoint=path, **FEW) == whole[1]
    assert len(trained) == 3


@pytest.mark.slow
def test_without_a_file_the_table_is_the_same_and_an_end_keeps_nothing(whole, monkeypatch):
    assert compare_baselines(TARGET, INIT, **FEW) == whole[1]
    stops_at(monkeypatch, baselines, "train_mixture", 0)
    with pytest.raises(Interrupted, match=r"^interrupted; nothing is kept$"):
        compare_baselines(TARGET, INIT, **FEW)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"replicas": 5}, r"one of the same parameters, .* which has others: settings.replicas \(8 there, 5 here\);"),
        ({"seed": 3}, r"one of the same parameters, .* which has others: settings.seed \(0 there, 3 here\);"),
        ({"false_alarm": 0.01}, "one of the same parameters, .* settings.false_alarm"),
        ({"objective": "free-energy"}, "one of the same parameters, .* settings.objective"),
    ],
)
def test_a_file_of_other_settings_is_refused_and_left(whole, change, told):
    path, before = whole[0], whole[0].read_bytes()
    with pytest.raises(DomainError, match=rf"^checkpoint must be {told}"):
        compare_baselines(TARGET, INIT, checkpoint=path, **FEW | change)
    assert path.read_bytes() == before


def test_a_damaged_or_crafted_file_and_one_in_use_are_refused(whole, tmp_path):
    path = tmp_path / "rows"
    kept = read_sealed_json(whole[0], baselines._KIND, _FORMAT)
    steps = kept["steps"]
    crafted = [
        {"steps": 3}, {"steps": {"mine": {}}}, {"steps": {"AdaAnn": {"name": "AdaAnn"}}}, {"steps": {"AdaAnn": 3}},
        {"steps": steps | {"AdaAnn": steps["AdaAnn"] | {"ess": "none"}}}, {"steps": steps | {"ways": {}}},
        {"steps": steps | {"choice": steps["choice"] | {"schedule": {"kind": "Mine"}}}},
    ]  # fmt: skip
    for one in crafted:
        write_sealed(path, baselines._KIND, _FORMAT, json.dumps(kept | one).encode())
        with pytest.raises(DomainError, match=r"^checkpoint must be whole \("):
            compare_baselines(TARGET, INIT, checkpoint=path, **FEW)
    path.write_bytes(whole[0].read_bytes()[:-9])
    with pytest.raises(DomainError, match=r"^checkpoint must be undamaged"):
        compare_baselines(TARGET, INIT, checkpoint=path, **FEW)
    path.write_bytes(whole[0].read_bytes())
    with Lock(path, "checkpoint"), pytest.raises(DomainError, match=r"^checkpoint must be free: process"):
        compare_baselines(TARGET, INIT, checkpoint=path, **FEW)


@pytest.mark.slow
def test_the_command_line_goes_on_from_its_file(tmp_path, capsys, monkeypatch):
    line = [*LINE.split(), "--most-undecided", "1", "--checkpoint", str(tmp_path / "rows"), "--json"]
    with monkeypatch.context() as patch:
        stops_at(patch, baselines, "train_mixture", 1)
        assert run(line) == 130
        told = capsys.readouterr().err
        assert told.startswith(
            "anneal-theory: interrupted with 3 of 7 cells finished and kept; the same comparison with"
        )
    trained = stops_at(monkeypatch, baselines, "train_mixture", 9)
    assert run(line) == 0
    found = json.loads(capsys.readouterr().out)["result"]["baselines"]
    assert len(trained) == 4
    assert [row["name"] for row in found["rows"]] == list(baselines.NAMES)
    assert run([*line[:-3], "--checkpoint", str(tmp_path)]) == 2
    assert "--checkpoint must be" in capsys.readouterr().err


@pytest.mark.slow
def test_flows_go_on_to_the_same_table_in_the_same_clock(tmp_path, monkeypatch):
    from anneal_theory.training import realnvp_training

    path, target = tmp_path / "rows", BimodalTarget(3, "0.8")

    def table(**kept):
        """As text, in which what is undecided equals itself."""
        return repr(asdict(compare_flow_baselines(target, **kept, **FLOWS)))

    whole = table()
    with monkeypatch.context() as patch:
        stops_at(patch, realnvp_training, "train_realnvp", 2)
        with pytest.raises(Interrupted, match=r"^interrupted with 4 of 7 cells finished and kept"):
            table(checkpoint=path)
    assert table(checkpoint=path) == whole
    trained = stops_at(monkeypatch, realnvp_training, "train_realnvp", 0)
    assert table(checkpoint=path) == whole
    assert trained == []
    with pytest.raises(DomainError, match=r"^checkpoint must be one of the same parameters, .* settings.dim"):
        compare_flow_baselines(target, checkpoint=path, **FLOWS | {"dim": 16})
