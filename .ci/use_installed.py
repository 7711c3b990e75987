"""Use the package that is installed beside this Python, alone and without extras, as its first user would.

Used are: the help of commands, a probability of both models, digits, and what is said where an extra is missing.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import mpmath

import anneal_theory as at

PROGRAM = str(Path(sys.executable).with_name("anneal-theory"))
# Simulated runs of these settings, three standard deviations to either side: 3000 of free means, the authors' 100.
FREE, SPHERE = (0.64, 0.70), (0.31, 0.61)
# What each command says without its extra, and the extra.
LACKING = {"figure thresholds --out a.pdf": "plot", "train-realnvp --steps 9": "train", "report": "plot"}


def told(line: str, code: int = 0) -> str:
    """What a command writes, which ends with that exit code."""
    done = subprocess.run([PROGRAM, *line.split()], capture_output=True, text=True, cwd=FOLDER)
    assert done.returncode == code, (line, done.returncode, done.stderr)
    assert code or not done.stderr, (line, done.stderr)
    return done.stderr if code else done.stdout


def value(line: str) -> float:
    """The number of a command."""
    return float(json.loads(told(f"{line} --json"))["result"]["value"])


FOLDER = tempfile.mkdtemp()
os.chdir(FOLDER)
assert Path(at.__file__).is_relative_to(sys.prefix), at.__file__
for name in ("sympy", "matplotlib", "torch", "zarr", "dask", "pytest", "docs", "tests", "derivations"):
    assert importlib.util.find_spec(name) is None, f"{name} comes with the core"

assert told("--version").strip() == f"anneal-theory {at.__version__}"
for command in ("--help", *(f"{name} --help" for name in ("probability", "map", "figure", "sweep", "train-mixture"))):
    assert "Usage: anneal-theory" in told(command), command

free = value("probability --separation 3 --weight 0.8 --dim 128 --initial-temperature 10 --decay-time 10")
assert FREE[0] < free < FREE[1], free
paper = "--objective free-energy --constraint sphere --variance-rule trained"
sphere = value(f"probability {paper} --schedule exponential-to-one --initial-temperature 90 --duration 15 --dim 512")
assert SPHERE[0] < sphere < SPHERE[1], sphere

target, schedule = at.BimodalTarget(3, 0.8), at.Exponential(10, 10)
double, digits = (at.collapse_threshold(target, schedule, digits=many) for many in (None, 30))
assert abs(digits.value - double.value) <= double.error + digits.error, (double, digits)
assert digits.error < 1e-30 * digits.value
assert len(told("critical --digits 40 --certified").split("critical temperature")[-1]) > 40

for line, extra in LACKING.items():
    said = told(line, 2)
    assert said.count("\n") == 1, said
    assert f"anneal-theory[{extra}]" in said, said
assert os.listdir(FOLDER) == [], os.listdir(FOLDER)
shown = mpmath.nstr(digits.value, 30)
print(f"installed alone: P = {free:.6f} of free means, {sphere:.6f} on the sphere, rho_c = {shown}")
