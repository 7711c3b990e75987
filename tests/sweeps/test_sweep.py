"""A sweep is what its functions say cell by cell, whoever works at it, and refuses what it cannot mean."""

import math
from fractions import Fraction

import numpy as np
import pytest
import xarray

import anneal_theory as at
from anneal_theory.errors import DomainError, Interrupted, SolveError
from anneal_theory.sweeps import cells, crews, running
from anneal_theory.sweeps.cells import computed_cell
from anneal_theory.sweeps.kinds import KINDS
from anneal_theory.sweeps.setting import sweep_from, sweep_of

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Exponential(30, 1000), at.GaussianInit(8)
SHORT = {"replicas": 3, "step_size": 0.2, "end_time": 25, "batch_size": 8}
LONGER = SHORT | {"end_time": 60}
QUICK = {"method": "leading-order"}


def quick(axes, **given):
    return at.sweep("threshold", axes, TARGET, SCHEDULE, **{"workers": 1} | QUICK | given)


def test_cells_of_theory_are_those_of_the_functions_over_any_parameters():
    axes = {
        "objective": ["free-energy", "tempered-target"],
        "separation": ["2.8", 3],
        "decay_time": [Fraction(2000, 3)],
    }
    found = quick(axes)
    assert found.value.dims == ("objective", "separation", "decay_time")
    for i, objective in enumerate(axes["objective"]):
        for j, separation in enumerate(axes["separation"]):
            target, schedule = at.BimodalTarget(separation, "0.8"), at.Exponential(30, Fraction(2000, 3))
            one = at.collapse_threshold(target, schedule, objective=objective, **QUICK)
            cell = found.isel(objective=i, separation=j, decay_time=0)
            assert (cell.value.item(), cell.log_value.item()) == (one.value, one.log_value)
            assert (cell.note.item(), cell.refusal.item()) == (one.note, "")


def test_dimensions_of_a_usual_variance_and_rules_of_the_variance_are_axes():
    paper = {"objective": "free-energy", "constraint": "sphere", "method": "sharp"}
    schedule = at.ExponentialToOne(90, 7)
    axes = {"variance_rule": ["trained", "follows-temperature"], "dim": [64, 512]}
    found = at.sweep("probability", axes, TARGET, schedule, at.SphereInit(8), workers=1, **paper)
    one = at.collapse_probability(TARGET, schedule, at.SphereInit(512), variance="trained", **paper)
    assert found.value.sel(variance_rule="trained", dim=512).item() == one.value
    setting = sweep_of("mixture", {"dim": [4, 16]}, TARGET, SCHEDULE, INIT, {})
    assert setting.call_at((1,))[0][2] == at.GaussianInit(16)


def test_cells_of_training_are_those_of_the_seed_that_they_tell():
    axes = {"batch_size": [8, 32], "separation": [3]}
    found = at.sweep("mixture", axes, TARGET, at.Constant(1), INIT, workers=1, **LONGER | {"batch_size": None})
    cell = found.sel(batch_size=32, separation=3)
    words = LONGER | {"batch_size": 32, "seed": cell.seed.item(), "most_undecided": 1}
    one = at.train_mixture(TARGET, at.Constant(1), INIT, **words)
    assert (cell.collapsed.item(), cell.decided.item(), cell.replicas.item()) == (one.count, one.decided, 3)
    assert one.decided > 0
    assert cell.mode_weight.item() == one.mode_weight[~one.undecided].mean()
    assert len(set(found.seed.values.ravel().tolist())) == 2


def test_cells_with_seeds_are_written_to_a_netcdf_file_and_read_as_they_were(tmp_path):
    axes = {"batch_size": [8, 32]}
    found = at.sweep("mixture", axes, TARGET, at.Constant(1), INIT, workers=1, **SHORT | {"batch_size": None})
    found.to_netcdf(tmp_path / "cells.nc", engine="scipy")
    with xarray.open_dataset(tmp_path / "cells.nc", engine="scipy") as read:
        assert read.seed.values.tolist() == found.seed.values.tolist()
        assert read.collapsed.values.tolist() == found.collapsed.values.tolist()
        assert read.attrs == found.attrs


def test_the_seed_of_a_cell_depends_on_its_own_values_alone():
    def seeds(axes, **given):
        one = sweep_of("mixture", axes, TARGET, SCHEDULE, INIT, given)
        return {tuple(one.values_at(place).items()): one.seed_at(place) for place in np.ndindex(one.shape)}

    few, many = seeds({"weight": [0.6], "dim": [8]}), seeds({"weight": [0.7, "3/5"], "dim": [4, 8]})
    assert few.items() <= many.items()
    assert len(set(many.values())) == 4
    assert seeds({"weight": [0.6], "dim": [8]}, seed=1) != few
    own = sweep_of("mixture", {"seed": [3, 4]}, TARGET, SCHEDULE, INIT, {})
    assert [own.seed_at((0,)), own.seed_at((1,))] == [3, 4]


def test_runs_that_diverge_are_told_and_are_no_verdicts():
    found = at.sweep("mixture", {"step_size": [0.2, 50]}, TARGET, at.Constant(1), INIT, workers=1,
                     **SHORT | {"step_size": None, "end_time": 1000})  # fmt: skip
    assert found.diverged.values.tolist() == [0, 3]
    assert found.decided.values.tolist() == [3, 0]
    assert found.collapsed.values[1] == 0
    assert math.isnan(found.mode_weight.values[1])


@pytest.mark.slow
def test_flows_are_trained_with_every_argument_as_an_axis():
    few = {"steps": 20, "hidden": (8,), "evaluation_samples": 50, "replicas": 2, "highest_final_temperature": math.inf}
    axes = {"couplings": [1, 2], "batch_norm": [True, False], "dim": [2]}
    found = at.sweep("realnvp", axes, TARGET, at.Constant(1), workers=1, **few)
    assert found.replicas.values.tolist() == [[[2], [2]], [[2], [2]]]
    assert not any(found.refusal.values.ravel())
    assert found.batch_norm.dtype == bool


@pytest.mark.slow
def test_no_number_depends_on_who_works():
    axes = {"separation": [2.5, 3], "dim": [4, 8]}
    one, two = (at.sweep("mixture", axes, TARGET, at.Constant(1), INIT, workers=n, **SHORT) for n in (1, 2))
    assert one.drop_vars("seconds").identical(two.drop_vars("seconds"))


def test_an_axis_of_seeds_or_replicas_is_no_number_of_the_cells_too(tmp_path):
    axes, rest = {"seed": [3, 4], "replicas": [2, 3]}, {"step_size": 0.2, "end_time": 25, "batch_size": 8}
    found = at.sweep("mixture", axes, TARGET, at.Constant(1), INIT, store=tmp_path / "runs.zarr", workers=1, **rest)
    assert dict(found.sizes) == {"seed": 2, "replicas": 2}
    assert found.attrs["seeds"] == "those of the axis seed"
    one = at.train_mixture(TARGET, at.Constant(1), INIT, seed=4, replicas=3, most_undecided=1, **rest)
    cell = found.sel(seed=4, replicas=3)
    assert (cell.collapsed.item(), cell.decided.item()) == (one.count, one.decided)
    assert at.rerun_sweep(tmp_path / "runs.zarr").identical(found)


def test_an_argument_that_unequal_weights_do_not_use_refuses_their_cells_alone():
    rules = {"objective": "free-energy", "constraint": "sphere", "relative_error": 0.1, "method": "large-dim"}
    found = at.sweep("probability", {"family_weight": ["1/2", "0.6"]}, TARGET, at.ExponentialToOne(9, 5),
                     at.SphereInit(8), workers=1, **rules)  # fmt: skip
    assert [text.split(" must")[0] for text in found.refusal.values] == ["", "DomainError: family_weight"]


@pytest.mark.slow
def test_cells_of_equal_weights_go_without_what_unequal_ones_take():
    """The dimension of a threshold, where no variance is trained, and the draws of a probability; where no cell takes
    one, it is refused at once."""
    paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
    schedule, axes = at.ExponentialToOne(9, duration=20), {"family_weight": ["0.5", "0.6"]}
    found = at.sweep("threshold", axes, TARGET, schedule, dim=64, workers=1, **paper)
    alone = [at.collapse_threshold(TARGET, schedule, family_weight=weight, dim=64, **paper).value
             for weight in ("0.5", "0.6")]  # fmt: skip
    assert found.value.values.tolist() == alone
    rules = at.sweep("threshold", {"variance_rule": ["trained", "fixed"]}, TARGET, schedule, dim=64, workers=1,
                     objective="free-energy", constraint="sphere")  # fmt: skip
    fixed = at.collapse_threshold(TARGET, schedule, **(paper | {"variance": "fixed"})).value
    assert rules.value.values.tolist() == [alone[0], fixed]
    problem, own = (TARGET, schedule, at.SphereInit(64)), {"variance_law": "large-dim"}
    laws = at.sweep("probability", {"method": ["exact", "sharp"]}, *problem, workers=1, **own, **paper)
    exact = at.collapse_probability(*problem, **own, **paper).value
    assert laws.value.values.tolist() == [exact, at.collapse_probability(*problem, method="sharp", **paper).value]
    assert exact != at.collapse_probability(*problem, **paper).value
    drawn = at.sweep("probability", axes, TARGET, schedule, at.SphereInit(64), replicas=16, workers=1, **paper)
    assert drawn.refusal.values.tolist() == ["", ""]
    assert drawn.seed.values[0] == -1 < drawn.seed.values[1]
    with pytest.raises(DomainError, match=r"^dim must be left out where no cell takes it"):
        at.sweep("threshold", {"family_weight": ["0.5"]}, TARGET, schedule, dim=64, workers=1,
                 **(paper | {"variance": "fixed"}))  # fmt: skip


def test_a_cell_without_an_answer_says_why_and_an_argument_of_all_ends_the_sweep():
    found = quick({"initial_temperature": [3, 30]})
    assert np.isnan(found.value.values).tolist() == [True, False]
    assert found.refusal.values[0].startswith("DomainError: schedule must be hotter")
    with pytest.raises(DomainError, match=r"^distance must be left out except with"):
        quick({"separation": [2.8, 3]}, distance=2)
    mixed = quick({"separation": [3], "method": ["exact", "leading-order"]}, method=None, distance=2)
    assert [bool(text) for text in mixed.refusal.values[0]] == [False, True]


def test_the_attributes_tell_the_call_and_plain_data_give_the_sweep_again():
    found = quick({"separation": [3]})
    names = {"at": at, "sweep": at.sweep, **{name: getattr(at, name) for name in ("BimodalTarget", "Exponential")}}
    assert eval(found.command, names).drop_vars("seconds").identical(found.drop_vars("seconds"))
    assert {
        "weight": "0.8",
        "kind": "threshold",
        "schedule": "Exponential",
        "seeds": "none",
    }.items() <= found.attrs.items()
    paper = sweep_of(
        "mixture", {"dim": [8], "highest_final_temperature": [math.inf, 2]}, TARGET, at.Piecewise([0, 9], [5, 1]),
        at.GaussianInit(8, "1/3"), {"seed": 3},
    )  # fmt: skip
    assert sweep_from(paper.plain) == paper


@pytest.mark.parametrize(
    ("kind", "axes", "given", "sentence"),
    [
        ("threshold", {}, {}, "^axes must be one parameter with its values, or more, but was {}; such as"),
        ("threshold", {"separation": []}, {}, "^separation must be a list of 1 to 100000 values"),
        ("threshold", {"separation": [3, "3.0"]}, {}, "^separation must be a list of distinct values .* was '3'"),
        ("threshold", {"separation": 3}, {}, r"^axes\['separation'\] must be a list of values, but was 3; one value"),
        ("threshold", {"separation": [3, -1]}, {}, r"^separation\[1\] must be positive and finite, but was -1"),
        ("threshold", {"seperation": [3]}, {}, "^axes must be over parameters .* did you mean 'separation'"),
        ("threshold", {"duration": [3]}, {}, "^axes must be over parameters of 'threshold' with this schedule"),
        ("threshold", {"method": ["exat"]}, {}, r"^method\[0\] must be .* did you mean 'exact'"),
        ("threshold", {"s0": [0]}, {"s0": 1}, "^s0 must be given once"),
        ("threshold", {"s0": [0]}, {"certified": True}, "^certified must be left out of a sweep, but was True; a cell"),
        ("threshold", {"s0": [0]}, {"init": INIT}, "^init must be left out for 'threshold'"),
        ("threshold", {"s0": [0]}, {"workers": 0}, "^workers must be an integer from 1"),
        ("threshold", {"s0": [0]}, {"scheduler": " "}, "^scheduler must be the address of a Dask scheduler, or"),
        ("probability", {"dim": [8]}, {}, "^init must be given for 'probability'"),
        ("probability", {"dim": [8]}, {"init": INIT, "seed": 1}, "^seed must be left out where nothing is drawn"),
        ("mixture", {"hidden": [[3]]}, {"init": INIT}, "^axes must be over parameters of 'mixture'"),
        ("mixtures", {"dim": [8]}, {}, "^kind must be .* did you mean 'mixture'"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(kind, axes, given, sentence):
    with pytest.raises(DomainError, match=sentence):
        at.sweep(kind, axes, TARGET, SCHEDULE, **given)


def test_unknown_keywords_and_schedules_made_of_functions_are_refused():
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'objectve'; did you mean 'objective'"):
        quick({"s0": [0]}, objectve="free-energy")
    with pytest.raises(DomainError, match=r"^schedule must be made of numbers, .* no file can tell one function"):
        at.sweep("threshold", {"s0": [0]}, TARGET, at.from_callable(lambda t: 1 + 9 / (1 + t), 50))


def test_a_sweep_that_takes_long_is_refused_with_its_time_unless_that_is_accepted(monkeypatch):
    monkeypatch.setattr(running, "PRACTICAL_SECONDS", 0.0)
    told = r"^separation must be fewer values, unless the cost is accepted, but was 2; the 1 cell left would take about"
    with pytest.raises(DomainError, match=told):
        quick({"separation": [2.8, 3]})
    assert not np.isnan(quick({"separation": [2.8, 3]}, allow_slow=True).value).any()
    monkeypatch.setattr(running, "_LONG", 0.0)  # a first cell that takes long is not followed by others that do
    with pytest.raises(DomainError, match=r"but was 20; the 19 cells left would take about"):
        quick({"separation": np.linspace(2.8, 3, 20).tolist()})


def test_a_plan_tells_cells_time_memory_and_disk(monkeypatch):
    monkeypatch.setattr(cells, "peak_memory", lambda: 2**20)
    plan = at.plan_sweep(
        "threshold", {"separation": [2.8, 3, 3.2], "s0": [0, "0.1"]}, TARGET, SCHEDULE, workers=1, **QUICK
    )
    assert (plan.cells, plan.missing, plan.workers, plan.worker_memory) == (6, 6, 1, 2**20)
    assert plan.seconds == pytest.approx(6 * plan.seconds_a_cell)
    assert plan.disk > plan.memory > 6 * 8
    assert plan.text.startswith("6 of 6 cells missing, 1 at once, ")


def test_an_interruption_says_that_nothing_is_kept_without_a_store(monkeypatch):
    def ends(threads, sweep):
        if sweep.axes == {"separation": ["3"]}:
            raise KeyboardInterrupt
        return computed_cell(threads, sweep)

    monkeypatch.setattr("anneal_theory.sweeps.run.computed_cell", ends)
    with pytest.raises(Interrupted, match=r"^interrupted with 1 of 3 cells finished; nothing is kept without a store"):
        quick({"separation": [2.8, 3, 3.2]})


def test_workers_that_are_gone_or_of_another_version_end_the_sweep_in_a_sentence(monkeypatch):
    from concurrent.futures.process import BrokenProcessPool

    def broken(*given):
        raise BrokenProcessPool

    monkeypatch.setattr(crews, "submit_all", broken)
    with pytest.raises(SolveError, match=r"^a worker was ended from outside, .* goes on with what is kept"):
        quick({"separation": [2.8, 3]}, workers=2)
    monkeypatch.setattr(cells, "__version__", "0.0.1")
    with pytest.raises(SolveError, match=r"^a worker has version 0.0.1 of anneal_theory, and this process"):
        quick({"separation": [2.8, 3]})


def test_thresholds_to_digits_keep_their_dimension():
    rules = {"constraint": "sphere", "variance": "trained", "dim": 64}
    for more in ({}, {"digits": 9}):
        assert "dim" not in KINDS["threshold"].spare(rules | more)
    assert "dim" in KINDS["threshold"].spare(rules | {"method": "sharp"})
