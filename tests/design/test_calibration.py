"""Pilot runs tell the training that made them: step, law of the start and batch, within what is stated."""

import numpy as np
import pytest
from scipy.stats import norm

import anneal_theory as at
from tests.budgets import FALSE_ALARM

TARGET = at.BimodalTarget(3, "0.8")
PILOT = {"record_every": 1, "most_undecided": 1, "end_time": 8}


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


def test_a_design_takes_what_is_found():
    pilot = at.train_mixture(TARGET, at.Constant(1), at.GaussianInit(64), replicas=10, batch_size=90, **PILOT)
    found = at.calibrate_training(TARGET, pilot.history, dim=64)
    told = at.noisy_collapse_probability(TARGET, at.Hold(8, 20), found.init, method="leading-order", **found.noise)
    near = at.noisy_collapse_probability(
        TARGET, at.Hold(8, 20), at.GaussianInit(64), batch_size=90, method="leading-order"
    )
    assert told.value == pytest.approx(near.value, abs=0.05)
    assert "GaussianInit" in found.to_dict()["init"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: {name: one for name, one in rows.items() if name != "s12"}, "add s12"),
        (lambda rows: {name: one[::2] for name, one in rows.items()}, "record_every=1"),
        (lambda rows: {name: one[:2] for name, one in rows.items()}, "record more steps"),
    ],
)
def test_a_record_that_tells_too_little_is_refused(change, told):
    rng = np.random.default_rng(1)
    rows = {name: rng.random((6, 5)) for name in ("m1", "m2", "s11", "s12", "s22")}
    rows |= {"step": np.tile(np.arange(6.0)[:, None], 5), "temperature": np.ones((6, 5))}
    with pytest.raises(at.DomainError, match=told):
        at.calibrate_training(TARGET, change(rows), dim=4)
