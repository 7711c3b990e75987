"""Commands of each kind stay below 2 GB, whatever the process of the tests has come to itself."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from docs.studies.memory import COMMANDS

BOUND = 2e9
# A process of its own starts the command: what a process is told of its child's peak is at least its own size.
MEASURE = "import json, sys; from docs.studies.memory import measured; print(json.dumps(measured(sys.argv[1])))"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "exact probability, sphere, d = 512",
        "a map of 8 x 8, sphere",
        "training on the sphere, batch 8192",
        pytest.param(
            "RealNVP of the paper, d = 128, 1 flow",
            marks=[pytest.mark.nightly, pytest.mark.skipif(find_spec("torch") is None, reason="flows need torch")],
        ),
    ],
)
def test_commands_need_less_than_two_gigabytes(name):
    done = subprocess.run([sys.executable, "-c", MEASURE, COMMANDS[name]], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["code"] == 0
    assert 1e7 < found["bytes"] < BOUND
