"""Flows whose map and gradient torch compiles train as those that it does not."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tests.exploration import scaled

SHAPES = [
    {"scale": "soft-clip", "networks": "joint", "batch_norm": False},
    {"scale": "tanh", "networks": "separate", "batch_norm": True},
]
# In a process of its own: the checks of types that tests install are nothing that torch can compile.
TRAINED = """
import json, sys
import anneal_theory as at

given = json.loads(sys.argv[1])
found = at.train_realnvp(at.BimodalTarget(*given["target"]), at.Exponential(*given["schedule"]), **given["rules"])
print(json.dumps({name: values.tolist() for name, values in [*found.history.items(), *found.statistics.items()]}))
"""


def trained(given, *, compiled):
    """History and statistics of a training, by name."""
    given = given | {"rules": given["rules"] | {"compiled": compiled}}
    done = subprocess.run(
        [sys.executable, "-c", TRAINED, json.dumps(given)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch compiles by a C++ compiler")
@pytest.mark.parametrize("shape", SHAPES[-scaled(1) :])  # to compile one takes a quarter of a minute: both by night
def test_a_compiled_flow_trains_like_a_plain_one(shape):
    """Drawn targets, schedules and sizes, in double precision: the order of sums alone differs, by 1e-16 of a gradient,
    which twelve of Adam's steps hardly enlarge where no gradient is small."""
    rng = np.random.default_rng(len(shape["networks"]))
    rules = {
        "dim": int(rng.integers(2, 6)), "replicas": 2, "steps": 12, "batch_size": 16, "couplings": 2,
        "hidden": [int(rng.integers(4, 9))], "record_every": 4, "record_samples": 10, "evaluation_samples": 40,
        "most_undecided": 1, "dtype": "float64", "seed": int(rng.integers(1000)),
    }  # fmt: skip
    given = {"target": [rng.uniform(1.5, 4), rng.uniform(0.3, 0.9)], "schedule": [rng.uniform(2, 6), rng.uniform(1, 2)]}
    plain, compiled = (trained(given | {"rules": rules | shape}, compiled=how) for how in (False, True))
    assert plain.keys() == compiled.keys() >= {"loss"}
    for name, values in plain.items():
        np.testing.assert_allclose(compiled[name], values, rtol=1e-9, atol=1e-9, err_msg=name)
    assert np.all(np.array(plain["loss"][0]) != plain["loss"][-1])  # it trained
