"""Runs that tell nothing of where training ends: diverged and unsettled ones, in counts, intervals and results."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from anneal_theory.cli.app import run
from anneal_theory.compare import ChosenSchedule, baselines, compare_baselines, compare_training, interval
from anneal_theory.compare.bias import _bias
from anneal_theory.errors import SolveError
from anneal_theory.problem import BimodalTarget, GaussianInit, GaussianMixture
from anneal_theory.results import Estimate, Outcomes
from anneal_theory.schedules import Constant, Exponential, LinearBeta
from anneal_theory.training import train_mixture, train_mixture_torch
from anneal_theory.training.adaptive import AdaAnn
from anneal_theory.training.fates import DECIDED, DIVERGED, UNSETTLED, Watch, require_decided, surroundings
from anneal_theory.training.sample_sizes import effective_sample_sizes
from tests.exploration import examples

TARGET = BimodalTarget(3, "0.8")
FEW = {"replicas": 20, "batch_size": 20}
ROUTES = [{"route": "reduced"}, {"route": "plain"}, {"route": "exact"}]


def trained(**rules):
    few = {name: FEW[name] for name in FEW if name != "batch_size" or rules.get("route") != "exact"}
    return train_mixture(TARGET, Constant(1), GaussianInit(4), **(few | {"threads": 1} | rules))


@pytest.mark.slow
@pytest.mark.parametrize("words", ROUTES)
@pytest.mark.parametrize("step", [4.2, 5.0])
def test_steps_beyond_two_over_the_weight_diverge_and_stop_with_advice(words, step):
    """A mean far from all others is multiplied by 1 - w e, and w e > 2 makes that grow."""
    with pytest.raises(SolveError, match=rf"runs are undecided.*diverged.*use step_size={step / 2:g} or less"):
        trained(step_size=step, end_time=500, **words)


@pytest.mark.slow
@pytest.mark.parametrize("words", ROUTES)
@pytest.mark.parametrize("end", [0.1, 8, 19.9])
def test_runs_that_are_stopped_before_they_settle_stop_with_advice(words, end):
    with pytest.raises(
        SolveError, match=rf"20 of 20 runs are undecided.*had not settled.*use end_time={max(20, 2 * end):g} or more"
    ):
        trained(step_size=0.1, end_time=end, **words)


@pytest.mark.slow
def test_the_torch_route_tells_the_same():
    words = {"replicas": 4, "batch_size": 20}
    with pytest.raises(SolveError, match="diverged"):
        train_mixture_torch(TARGET, Constant(1), GaussianInit(4), step_size=5.0, end_time=2000, **words)
    with pytest.raises(SolveError, match="had not settled"):
        train_mixture_torch(TARGET, Constant(1), GaussianInit(4), end_time=1, **words)
    found = train_mixture_torch(TARGET, Constant(1), GaussianInit(4), step_size=0.2, end_time=60, **words)
    assert found.decided == 4


@pytest.mark.parametrize("words", ROUTES[:2])
def test_undecided_runs_are_no_collapses_and_are_told(words):
    found = trained(end_time=5, step_size=0.1, most_undecided=1, **words)
    assert (found.count, found.decided, found.replicas) == (0, 0, 20)
    assert found.undecided.all()
    assert math.isnan(found.fraction)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert (plain["undecided"], plain["decided"]) == ([True] * 20, 0)
    assert found.to_xarray()["undecided"].values.all()


def test_one_undecided_run_is_let_pass_and_a_share_of_many():
    one = np.array([UNSETTLED] + [DECIDED] * 19)
    require_decided(one, 0.01, 0.05, "")
    with pytest.raises(SolveError, match="2 of 20"):
        require_decided(np.roll(one, 1) + one, 0.01, 0.05, "")
    require_decided(np.roll(one, 1) + one, 0.1, 0.05, "")
    require_decided(np.repeat(one, [5, *[5] * 19])[np.arange(100) % 97 > 1], 0.05, 0.05, "")
    with pytest.raises(SolveError, match="all that there are"):
        require_decided(np.array([DIVERGED]), 0.01, 0.05, "")
    require_decided(np.array([DIVERGED]), 1, 0.05, "")


@pytest.mark.parametrize(
    ("target", "schedule", "init", "rules", "end"),
    [
        (TARGET, Constant(1), GaussianInit(8), {"batch_size": 20, "step_size": 0.2}, 30),
        pytest.param(
            TARGET, LinearBeta(10, 48), GaussianInit(128), {"batch_size": 50, "step_size": 0.2}, 50,
            marks=pytest.mark.slow,
        ),
        (TARGET, Exponential(10, 12), GaussianInit(128), {"batch_size": 50, "step_size": 0.2}, 50),
        pytest.param(
            TARGET, Exponential(5, 3), GaussianInit(5), {"batch_size": 10, "step_size": 0.4}, 30,
            marks=pytest.mark.slow,
        ),
        (BimodalTarget("2.4", "0.5"), Constant(1), GaussianInit(16), {"batch_size": 100, "step_size": 0.2}, 30),
        (BimodalTarget(3, "0.9"), AdaAnn(5, 0.5, 5, 50), GaussianInit(48), {"batch_size": 4, "step_size": 0.2}, 30),
    ],
)  # fmt: skip
def test_decided_runs_have_the_verdict_of_training_that_goes_on(target, schedule, init, rules, end):
    """200 runs that are stopped in the middle of their settling, and the same runs 200 units of time long.

    Of the decided ones none may turn (a share of 4 % would be seen but for a chance of 1e-3), and most are decided.
    """
    words = rules | {"replicas": 200, "most_undecided": 1, "stop_at_rest": False, "highest_final_temperature": 100}
    short, long = (train_mixture(target, schedule, init, end_time=time, threads=1, **words) for time in (end, 200))
    assert long.decided == 200
    assert short.decided > 150
    assert np.array_equal(short.collapsed[~short.undecided], long.collapsed[~short.undecided])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "schedule", "dim", "rules"),
    [
        (TARGET, Constant(1), 128, {}),
        (TARGET, Exponential(10, 10), 128, {"batch_size": 1000}),
        (TARGET, Exponential(4, 5), 10**6, {"step_size": 0.125}),
        (TARGET, Exponential(4, 3), 128, {"metric": "natural", "family_weight": "0.3"}),
        (BimodalTarget("2.2", "0.95"), Constant(1), 16, {}),
        (BimodalTarget("1.3", "0.8"), Constant(1), 16, {"route": "exact", "batch_size": None}),
        (BimodalTarget(3, "0.5"), Constant(1), 16, {"step_size": 0.25, "route": "exact", "batch_size": None}),
    ],
)
def test_training_at_its_default_end_is_decided(target, schedule, dim, rules):
    found = train_mixture(target, schedule, GaussianInit(dim), **({"replicas": 30, "batch_size": 100} | rules))
    assert found.decided == 30


def test_recorded_runs_are_judged_like_others():
    bare, recorded = (
        trained(end_time=60, step_size=0.2, stop_at_rest=False, record_every=every, most_undecided=1)
        for every in (None, 7)
    )
    assert np.array_equal(bare.undecided, recorded.undecided)
    assert bare.decided > 15


def test_a_run_that_ends_hot_is_undecided():
    with pytest.raises(SolveError, match=r"temperature of at most 1\.15"):
        train_mixture(TARGET, Constant(1.2), GaussianInit(8), **FEW, end_time=100, highest_final_temperature=2)


def test_a_mean_within_the_noise_of_the_boundary_is_undecided():
    """A symmetric target with one mode in the middle: noise alone decides the signs of means that stay there."""
    around = surroundings(np.array([[3.0], [-3.0]]), 1.0, np.full(2, 0.5), np.full(2, 0.05), 100, 4)
    for overlap, fate in ((2.9, DECIDED), (0.31, DECIDED), (0.29, UNSETTLED), (-0.31, UNSETTLED)):
        # the last values are 0.31 and 2.9 with a standard deviation of 0.1 in the window
        last = np.array([[abs(overlap), -abs(overlap)], [2.9, -2.9]])
        now = last * np.array([[np.sign(overlap)], [1.0]])
        found = around.fates(now, np.full(2, 3.0), 1.0, last, np.full((2, 2), 0.1), last)
        assert found == fate


def test_a_watch_knows_the_averages_and_deviations_of_its_windows():
    values = np.random.default_rng(1).normal(size=(11, 2, 3))
    watch = Watch(4, 3.0)
    for one in values:
        watch.note(one, np.zeros(1))
    np.testing.assert_allclose(watch.last, values[4:8].mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(watch.before, values[:4].mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(watch.spread, values[4:8].std(axis=0), rtol=1e-9)


@pytest.mark.slow
def test_a_general_mixture_is_judged_by_its_nearest_modes():
    target = GaussianMixture([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.5]], [0.3, 0.3, 0.4])
    rules = {"route": "plain", "family_weights": [0.5, 0.5], "step_size": 0.2, "batch_size": 50, "replicas": 6}
    with pytest.raises(SolveError, match="had not settled"):
        train_mixture(target, Constant(1), GaussianInit(2), end_time=5, **rules)
    assert train_mixture(target, Constant(1), GaussianInit(2), end_time=100, **rules).decided >= 5


@examples(30)
@given(trials=st.integers(1, 50), share=st.floats(0, 1), part=st.floats(0, 1))
def test_the_interval_covers_every_fate_of_the_undecided(trials, share, part):
    count = round(share * trials)
    undecided = round(part * (trials - count))
    low, high = interval(count, trials, 0.99, undecided)
    for more in range(undecided + 1):
        least, most = interval(count + more, trials, 0.99)
        assert low <= least <= most <= high


@examples(20)
@given(seed=st.integers(0, 10**6))
def test_the_bias_interval_covers_every_fate_of_the_undecided(seed):
    rng = np.random.default_rng(seed)
    coarse, fine, unknown = (rng.random(12) < share for share in (0.6, 0.5, 0.2))
    found = _bias("step_size", coarse & ~unknown, fine & ~unknown, 0.01, unknown)
    assert found.undecided == unknown.sum()
    for _ in range(8):
        drawn = rng.random((2, 12)) < 0.5
        one = _bias("step_size", np.where(unknown, drawn[0], coarse), np.where(unknown, drawn[1], fine), 0.01)
        assert found.low <= one.low <= one.high <= found.high


def test_a_comparison_tells_its_undecided_runs_and_widens_its_interval(monkeypatch):
    from anneal_theory.compare import bias as module

    def one_undecided(*args, **words):
        found = train_mixture(*args, **words)
        unknown = np.arange(found.replicas) == 2
        return Outcomes(found.collapsed & ~unknown, found.mode_weight, undecided=unknown, settings=found.settings)

    monkeypatch.setattr(module, "train_mixture", one_undecided)
    theory = Estimate(0.6, 1e-5, math.log(0.6), "exact")
    found = compare_training(
        TARGET, Constant(1), GaussianInit(8), replicas=20, bias_replicas=10, batch_size=20, step_size=0.2, theory=theory
    )
    count = found.count
    assert (count.undecided, count.replicas, [one.undecided for one in found.biases]) == (1, 20, [1, 1])
    assert count.share == count.collapsed / 19
    assert (count.low, count.high) == interval(count.collapsed, 20, 0.999, 1)
    assert found.to_dict()["count"]["undecided"] == 1


def test_baselines_that_do_not_settle_stop(monkeypatch):
    known = Estimate(0.6, 1e-5, math.log(0.6), "exact", log_complement=math.log(0.4))
    monkeypatch.setattr(
        baselines, "choose_schedule", lambda *args, **words: ChosenSchedule(Constant(1), known, known, 1)
    )
    with pytest.raises(SolveError, match="undecided"):
        compare_baselines(TARGET, GaussianInit(4), budget=12, replicas=8, batch_size=10, step_size=0.2)


def test_sample_sizes_are_those_of_the_decided_runs():
    found = trained(end_time=60, step_size=0.2)
    first = np.arange(20) == 0
    statistics = {name: np.where(first, np.nan, values) for name, values in found.statistics.items()}
    holed = Outcomes(found.collapsed & ~first, found.mode_weight, statistics, undecided=first)
    whole, rest = (effective_sample_sizes(one, TARGET, 0.5, 8) for one in (found, holed))
    for name in ("ess", "forward_ess"):
        assert math.isnan(rest[name][0])
        np.testing.assert_array_equal(rest[name][1:], whole[name][1:])


LINE = ["train-mixture", "--replicas", "20", "--batch-size", "50", "--schedule", "constant"]


def test_the_command_line_stops_where_training_diverges_or_is_cut_short(capsys):
    assert run([*LINE, "--step-size", "5"]) == 2
    assert "use --step-size 2.5 or less" in capsys.readouterr().err
    assert run([*LINE, "--end-time", ".1"]) == 2
    assert "use --end-time 20 or more" in capsys.readouterr().err


def test_the_command_line_tells_undecided_runs_where_they_are_accepted(capsys, tmp_path):
    line = [*LINE, "--end-time", "30", "--most-undecided", "1", "--step-size", "0.2"]
    assert run(line) == 0
    told = capsys.readouterr().out
    path = tmp_path / "found.json"
    assert run([*line, "--json", "--out", str(path)]) == 0
    result = json.loads(path.read_text("utf-8"))["result"]
    undecided = sum(result["undecided"])
    assert result["decided"] == 20 - undecided
    assert ("undecided (diverged, or not settled)" in told) == (undecided > 0)
    assert run([*LINE, "--end-time", "1", "--most-undecided", "1"]) == 0
    assert "undecided (diverged, or not settled): 20 of 20" in capsys.readouterr().out
    assert result["interval"][1] >= binom.isf(0.5, 20, result["count"] / 20) / 20 - 1e-9
