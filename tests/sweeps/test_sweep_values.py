"""Sweeps of adaptive rules, of digits beyond doubles, and along axes whose values are lists."""

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.errors import DomainError
from anneal_theory.numerals import read_mpf
from anneal_theory.sweeps.setting import sweep_from, sweep_of
from anneal_theory.training.adaptive import AdaAnn, ConstantESS

TARGET, SCHEDULE, INIT = at.BimodalTarget(3, "0.8"), at.Exponential(10, 100), at.GaussianInit(8)
SHORT = {"replicas": 3, "step_size": 0.2, "end_time": 40, "batch_size": 8}
HOT, QUICK = at.Exponential(30, 1000), {"method": "leading-order"}
DIGITS = ["value_digits", "log_value_digits"]


@pytest.mark.parametrize(
    ("rule", "axes"),
    [
        (AdaAnn(10, 0.2, samples=50), {"tolerance": [0.2, 0.4], "initial_temperature": [5]}),
        (ConstantESS(10, 0.9, samples=50), {"ess": [0.9, 0.95], "samples": [40]}),
        (at.LinearBeta(10, 20), {"duration": [20, 30], "dim": [4]}),
    ],
)  # fmt: skip
def test_cells_of_a_rule_are_trainings_by_it_with_the_values_of_the_cell(tmp_path, rule, axes):
    store = tmp_path / "runs.zarr"
    found = at.sweep("mixture", axes, TARGET, rule, INIT, store=store, workers=1, **SHORT)
    assert found.attrs["schedule"] == type(rule).__name__
    (first, values), (second, (other,)) = axes.items()
    own = {first: values[1]} | ({second: other} if second != "dim" else {})
    kept = dict(vars(rule) if isinstance(rule, AdaAnn | ConstantESS) else rule.parameters)
    cell = found.isel({first: 1, second: 0})
    init = at.GaussianInit(4) if second == "dim" else INIT
    one = at.train_mixture(TARGET, type(rule)(**kept | own), init, seed=cell.seed.item(), most_undecided=1, **SHORT)
    assert (cell.collapsed.item(), cell.decided.item()) == (one.count, one.decided)
    assert at.rerun_sweep(store).identical(found)


def test_a_rule_has_no_theory_and_its_parameters_are_the_axes():
    with pytest.raises(DomainError, match=r"^schedule must be a Schedule for 'threshold', .*; rules that adapt"):
        at.sweep("threshold", {"separation": [2, 3]}, TARGET, AdaAnn(10, 0.2))
    with pytest.raises(DomainError, match=r"^axes must be over parameters of 'mixture' with this schedule and start"):
        at.sweep("mixture", {"decay_time": [2, 3]}, TARGET, AdaAnn(10, 0.2), INIT)
    with pytest.raises(DomainError, match=r"^ess must be strictly between 1/samples and 1"):
        at.sweep("mixture", {"ess": [0.9, 0.001]}, TARGET, ConstantESS(10, 0.9), INIT)
    one = sweep_of("mixture", {"tolerance": ["1/3", 1]}, TARGET, AdaAnn("10.5", "0.2", 5), INIT, {"seed": 3})
    assert sweep_from(one.plain) == one


def test_digits_are_texts_that_lose_nothing_and_the_store_keeps_them(tmp_path):
    axes, store = {"decay_time": [1000], "digits": [18, 25]}, tmp_path / "runs.zarr"
    found = at.sweep("threshold", axes, TARGET, HOT, store=store, workers=1, **QUICK)
    assert [name for name in found.data_vars if name.endswith("_digits")] == DIGITS
    for digits in axes["digits"]:
        one = at.collapse_threshold(TARGET, HOT, digits=digits, **QUICK)
        cell = found.sel(decay_time=1000, digits=digits)
        for name, number in zip(DIGITS, (one.value, one.log_value), strict=True):
            text = cell[name].item()
            assert read_mpf(text) == number
            assert len(text) > digits
        assert cell.value.item() == float(one.value)
    assert at.rerun_sweep(store).identical(found)
    plain = at.sweep("threshold", {"decay_time": [1000]}, TARGET, HOT, workers=1, **QUICK)
    assert not set(DIGITS) & set(plain)


def test_digits_that_take_long_end_the_sweep_unless_that_is_accepted(tmp_path):
    with pytest.raises(DomainError, match=r"^digits must be at most .* pass allow_slow=True"):
        at.sweep("threshold", {"digits": [100_000]}, TARGET, SCHEDULE, store=tmp_path / "runs.zarr", workers=1)
    assert (tmp_path / "runs.zarr").is_dir()
    one = sweep_of("threshold", {"digits": [10**5]}, TARGET, SCHEDULE, None, {"method": "leading-order"})
    assert one.variables.keys() >= set(DIGITS)


def test_lists_are_values_of_an_axis_and_stand_in_the_dataset_as_texts(tmp_path):
    axes, store = {"temperatures": [[9, 1], ("13/2", 1)]}, tmp_path / "runs.zarr"
    table = at.Piecewise([0, 100], [5, 1])
    found = at.sweep("threshold", axes, TARGET, table, store=store, workers=1)
    assert found.temperatures.values.tolist() == ["9, 1", "6.5, 1"]
    one = at.collapse_threshold(TARGET, at.Piecewise([0, 100], ["6.5", 1]))
    assert found.value.sel(temperatures="6.5, 1").item() == one.value
    assert at.rerun_sweep(store).identical(found)
    with pytest.raises(DomainError, match=r"^temperatures must be a list of distinct values"):
        at.sweep("threshold", {"temperatures": [[9, 1], ["9.0", 1]]}, TARGET, table)
    with pytest.raises(DomainError, match=r"^hidden\[0\] must be a list of positive integers, but was 4"):
        at.sweep("realnvp", {"hidden": [4, 5]}, TARGET, SCHEDULE)
    one = sweep_of("realnvp", {"hidden": [[4], (4, 4)]}, TARGET, SCHEDULE, None, {})
    assert one.call_at((1,))[1]["hidden"] == [4, 4]


def test_lists_and_digits_on_the_command_line(capsys):
    line = (
        "sweep threshold --schedule piecewise --times 0,100 --temperatures 9,1;6.5,1 --workers 1 --method leading-order"
    )
    assert run(line.split()) == 0
    assert "6.5, 1" in capsys.readouterr().out
    line = "sweep threshold --method leading-order --initial-temperature 30 --decay-time 1000,2000 --digits 18"
    assert run([*line.split(), "--workers", "1"]) == 0
    told = capsys.readouterr().out
    one = at.collapse_threshold(TARGET, HOT, digits=18, **QUICK)
    assert "value_digits" in told.splitlines()[0]
    assert read_mpf(told.splitlines()[1].split()[-1]) == one.value


@pytest.mark.parametrize("dims", [[8.0, 64.0], np.array([8.0, 64.0])])
def test_floats_are_no_dimensions_and_the_refusal_says_what_to_write(dims):
    with pytest.raises(DomainError, match=r"^dim\[0\] must be an integer .* write 8, or use astype\(int\)"):
        at.sweep("probability", {"dim": dims}, TARGET, SCHEDULE, INIT)
    with pytest.raises(DomainError, match=r"^dims\[0\] must be an integer .* write 8, or use astype\(int\)"):
        at.phase_diagram(TARGET, INIT, SCHEDULE, dims=dims, weights=[0.8])
