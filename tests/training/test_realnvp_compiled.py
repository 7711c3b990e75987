"""Flows whose map and gradient torch compiles train as those that it does not."""

import shutil

import numpy as np
import pytest

from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import Exponential
from anneal_theory.training.realnvp_training import train_realnvp

SHAPES = [
    {"scale": "soft-clip", "networks": "joint", "batch_norm": False},
    {"scale": "tanh", "networks": "separate", "batch_norm": True},
]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch compiles by a C++ compiler")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's own parts, which its compiler imports
@pytest.mark.parametrize("shape", SHAPES)
def test_a_compiled_flow_trains_like_a_plain_one(shape):
    """Drawn targets, schedules and shapes, in double precision: the order of sums alone differs, and Adam's steps of size
    1e-3 turn that into 1e-3 times what rounding is of a gradient, in each of some ten steps."""
    rng = np.random.default_rng(len(shape["networks"]))
    target = BimodalTarget(rng.uniform(1.5, 4), rng.uniform(0.3, 0.9))
    schedule = Exponential(rng.uniform(2, 6), rng.uniform(1, 2))
    rules = {
        "dim": int(rng.integers(2, 6)), "replicas": 2, "steps": 12, "batch_size": 16, "hidden": (int(rng.integers(4, 9)),),
        "couplings": 2, "record_every": 4, "record_samples": 10, "evaluation_samples": 40, "most_undecided": 1,
        "dtype": "float64", "seed": int(rng.integers(1000)),
    }  # fmt: skip
    plain, compiled = (train_realnvp(target, schedule, compiled=how, **rules, **shape) for how in (False, True))
    assert plain.history.keys() == compiled.history.keys()
    for name, values in plain.history.items():
        np.testing.assert_allclose(compiled.history[name], values, rtol=1e-9, atol=1e-9, err_msg=name)
    for name, values in plain.statistics.items():
        np.testing.assert_allclose(compiled.statistics[name], values, rtol=1e-9, atol=1e-9, err_msg=name)
    start, end = (plain.history["loss"][place] for place in (0, -1))
    assert np.all(start != end)  # it trained
