"""Pilot runs tell the training that made them: step, law of the start and batch, within what is stated."""

import numpy as np
import pytest
from scipy.stats import norm

import anneal_theory as at
from tests.budgets import FALSE_ALARM

TARGET = at.BimodalTarget(3, "0.8")
PILOT = {"record_every": 1, "most_undecided": 1, "end_time": 8}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "init", "words", "rules"),
    [
        (at.Constant(1), at.GaussianInit(16), {"batch_size": 60, "step_size": 0.05}, {}),
        (at.Exponential(6, 2), at.GaussianInit(64, variance="0.05"), {"batch_size": 20, "gradient": "path"}, {}),
        (at.Hold(3, 4), at.GaussianInit(32), {"batch_size": 40}, {"objective": "free-energy", "metric": "natural"}),
    ],
)
def test_a_training_is_recovered(schedule, init, words, rules):
    """40 runs of about 160 steps; of each of the three numbers a right interval is missed once in a thousand times."""
    pilot = at.train_mixture(TARGET, schedule, init, replicas=40, seed=3, **PILOT, **words, **rules)
    found = at.calibrate_training(TARGET, pilot.history, dim=init.dim, gradient=words.get("gradient", "plain"), **rules)
    reach = norm.isf(FALSE_ALARM / 6)
    assert abs(found.step_size - words.get("step_size", 0.05)) < reach * found.step_size_error
    assert abs(found.batch_size - words["batch_size"]) < reach * found.batch_size_error
    assert abs(found.init.variance - init.variance) < reach * found.variance_error
    assert found.step_size_error < 0.1 * found.step_size
    assert found.batch_size_error < 0.1 * found.batch_size
    assert found.variance_error < 0.1 * float(found.init.variance)


SPHERE = {"constraint": "sphere"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schedule", "dim", "words", "rules"),
    [
        (at.Constant(1), 16, {"batch_size": 60, "step_size": 0.05}, {"variance": "fixed"}),
        (at.ExponentialToOne(6, 4), 64, {"batch_size": 20, "gradient": "path"}, {"variance": "trained"}),
        (at.ExponentialToOne(3, 4), 8, {"batch_size": 40},
         {"variance": "follows-temperature", "objective": "free-energy"}),
        (at.ExponentialToOne(6, 4), 128, {"batch_size": 30, "step_size": 0.02},
         {"variance": "trained", "objective": "free-energy"}),
    ],
)  # fmt: skip
def test_a_training_on_the_sphere_is_recovered(schedule, dim, words, rules):
    """As above, of two numbers: the law of the starts has none to find."""
    rules, init = SPHERE | rules, at.SphereInit(dim)
    pilot = at.train_mixture(TARGET, schedule, init, replicas=40, seed=3, **PILOT, **words, **rules)
    found = at.calibrate_training(TARGET, pilot.history, dim=dim, gradient=words.get("gradient", "plain"), **rules)
    reach = norm.isf(FALSE_ALARM / 4)
    assert abs(found.step_size - words.get("step_size", 0.05)) < reach * found.step_size_error
    assert abs(found.batch_size - words["batch_size"]) < reach * found.batch_size_error
    assert found.step_size_error < 0.02 * found.step_size
    assert found.batch_size_error < 0.05 * found.batch_size
    assert (found.init, found.variance_error) == (init, 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows | {"m1": 3 * rows["m1"]}, "of means of the length R"),
        (lambda rows: rows | {"v1": -rows["v1"]}, "of positive variances"),
        (lambda rows: {name: one for name, one in rows.items() if name != "v2"}, "add v2"),
        (
            lambda rows: {name: one if name == "step" else one[::-1] for name, one in rows.items()},
            "follow the gradient",
        ),
    ],
)
def test_a_record_on_the_sphere_that_tells_too_little_is_refused(change, told):
    rules = SPHERE | {"variance": "trained"}
    few = {"replicas": 20, "batch_size": 50, "record_every": 1, "most_undecided": 1, "end_time": 5}
    rows = dict(at.train_mixture(TARGET, at.Constant(1), at.SphereInit(16), **few, **rules).history)
    with pytest.raises(at.DomainError, match=told):
        at.calibrate_training(TARGET, change(rows), dim=16, **rules)
    with pytest.raises(at.DomainError, match='say constraint="sphere" for means on the sphere'):
        at.calibrate_training(TARGET, rows, dim=16)


def test_a_natural_training_taken_for_a_euclidean_one_has_steps_of_twice_the_length():
    """As the docstring says: a record tells their product alone, to the interval of either."""
    rules = {"metric": "natural", "batch_size": 60, "step_size": 0.05}
    pilot = at.train_mixture(TARGET, at.Constant(1), at.GaussianInit(16), replicas=40, **PILOT, **rules)
    found = at.calibrate_training(TARGET, pilot.history, dim=16)
    assert abs(found.step_size - 0.1) < norm.isf(FALSE_ALARM / 2) * found.step_size_error < 0.01


@pytest.mark.slow
def test_a_design_takes_what_is_found():
    pilot = at.train_mixture(TARGET, at.Constant(1), at.GaussianInit(64), replicas=10, batch_size=90, **PILOT)
    found = at.calibrate_training(TARGET, pilot.history, dim=64)
    told = at.noisy_collapse_probability(TARGET, at.Hold(8, 20), found.init, method="leading-order", **found.noise)
    near = at.noisy_collapse_probability(
        TARGET, at.Hold(8, 20), at.GaussianInit(64), batch_size=90, method="leading-order"
    )
    assert told.value == pytest.approx(near.value, abs=0.05)
    assert "GaussianInit" in found.to_dict()["init"]


@pytest.fixture(scope="module")
def record():
    """Of a training that tells its step to a per cent."""
    rules = {"replicas": 20, "batch_size": 50, "record_every": 1, "most_undecided": 1, "end_time": 5}
    return dict(at.train_mixture(TARGET, at.Constant(1), at.GaussianInit(16), **rules).history)


def _with_one(rows, name, value):
    changed = rows[name].copy()
    changed[3, 2] = value
    return rows | {name: changed}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: {name: one for name, one in rows.items() if name != "s12"}, "add s12"),
        (lambda rows: {name: one[::2] for name, one in rows.items()}, "record_every=1"),
        (lambda rows: {name: one[:2] for name, one in rows.items()}, "record more steps"),
        (lambda rows: {name: one[:, :1] for name, one in rows.items()}, "train more replicas"),
        (lambda _: {}, "add step, temperature, m1"),
        (lambda _: None, "history must be a mapping of names to arrays, but was None; train with"),
        (lambda rows: _with_one(rows, "m1", np.nan), r"m1\[3, 2\] = nan"),
        (lambda rows: _with_one(rows, "s22", np.inf), r"s22\[3, 2\] = inf"),
        (lambda rows: _with_one(rows, "temperature", 0.5), "temperatures of at least 1, but was '0.5'"),
        (lambda rows: _with_one(rows, "s11", -5.0), "at least as long as their overlaps"),
        (lambda rows: rows | {"m2": rows["m2"][:, :1]}, r"m2 of shape \(101, 1\) beside m1 of \(101, 20\)"),
        (lambda rows: rows | {"m2": rows["m2"][:-1]}, r"m2 of shape \(100, 20\)"),
        (lambda rows: rows | {"temperature": np.ones(7)}, r"temperature of shape \(7,\)"),
        (lambda rows: rows | {"m1": rows["m1"].astype(str)}, "m1 of <U"),
        (lambda rows: rows | {"m1": [[1.0], [1.0, 2.0]]}, "rows of different length"),
        (lambda rows: {name: one if name == "step" else one[::-1] for name, one in rows.items()}, "a step of -0.05"),
    ],
)
def test_a_record_that_tells_too_little_is_refused(record, change, told):
    with pytest.raises(at.DomainError, match=told):
        at.calibrate_training(TARGET, change(record), dim=16)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (at.BimodalTarget("0.5", "0.8"), "give the target of these runs"),
        (at.BimodalTarget(12, "0.8"), "second'; check"),
    ],
)
def test_a_record_of_another_target_gives_no_number(record, target, told):
    with pytest.raises(at.DomainError, match=told):
        at.calibrate_training(target, record, dim=16)


def test_temperatures_may_be_given_once_for_all_runs(record):
    once = record | {"step": record["step"][:, 0], "temperature": record["temperature"][:, :1]}
    assert at.calibrate_training(TARGET, once, dim=16) == at.calibrate_training(TARGET, record, dim=16)


@pytest.mark.slow
def test_path_gradients_of_means_far_apart_seem_to_have_larger_batches():
    """What the docstring says, 60 ± 1 for 50, of other runs: within the reach of both errors, which leaves 50 out."""
    found = []
    for seed in range(10, 18):
        words = {"replicas": 30, "batch_size": 50, "step_size": 0.05, "gradient": "path", "seed": seed}
        pilot = at.train_mixture(TARGET, at.Constant(1), at.GaussianInit(8), **(PILOT | words | {"end_time": 12}))
        found.append(at.calibrate_training(TARGET, pilot.history, dim=8, gradient="path"))
    mean = np.mean([one.batch_size for one in found])
    error = np.hypot(1, np.sqrt(np.mean([one.batch_size_error**2 for one in found]) / len(found)))
    assert abs(mean - 60) < norm.isf(FALSE_ALARM / 2) * error < 10
    assert "path (whose noise is known where delta = 0" in repr(found[0])
