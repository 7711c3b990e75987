"""The largest memory of commands of each kind, measured: ``python -m docs.studies.memory`` (some minutes).

Each command runs in a process of its own, whose largest resident set the system tells; it is stored beside this file,
and `anneal-theory reproduce` makes the table of it.
"""

import json
import os
import platform
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anneal_theory.storage import atomic_write
from anneal_theory.sweeps.rows import fill_rows
from docs.studies.cells import in_words, spelled

STORED = Path(__file__).with_name("memory.json")
_PAPER = "--objective free-energy --constraint sphere --variance-rule trained"
_COOLING = "--schedule exponential-to-one --initial-temperature 90 --duration 35"
COMMANDS = {
    "import and help": "--help",
    "exact probability, free means": "probability --dim 128",
    "exact probability, sphere, d = 512": f"probability {_COOLING} --dim 512 {_PAPER}",
    "exact probability, sphere, d = 1,000,000": f"probability {_COOLING} --dim 1000000 {_PAPER}",
    "the same, unequal weights": (
        f"probability {_COOLING} --dim 512 --objective free-energy --constraint sphere "
        "--variance-rule follows-temperature --family-weight 0.6"
    ),
    "20 digits of x_c": f"threshold --schedule constant --temperature 1 --digits 20 {_PAPER}",
    "least t0, d = 512": f"duration --dim 512 {_PAPER}",
    "a map of 8 x 8, sphere": (
        f"map --initial-temperature 10:1000:8log --duration 5:50:8 --schedule exponential-to-one --dim 128 {_PAPER}"
    ),
    "100,000 simulated starts": f"probability {_COOLING} --dim 512 --method simulated --replicas 100000 {_PAPER}",
    "training on the sphere, batch 8192": (
        "train-mixture --schedule exponential-to-one --initial-temperature 9 --duration 2 --dim 512 --replicas 2 "
        f"--batch-size 8192 --step-size 0.05 --end-time 20 --most-undecided 1 --quiet {_PAPER}"
    ),
} | {
    f"RealNVP of the paper, d = 128, {count} {'flow' if count == 1 else 'flows'}": (
        f"train-realnvp --recipe paper --annealing-steps 2 --steps 4 --replicas {count} --evaluation-samples 1000 "
        "--most-undecided 1"
    )
    for count in (1, 3, 8)
}


def measured(arguments: str) -> dict[str, Any]:
    """What one command took: the command, its largest resident set in bytes, and the exit code.

    Args:
        arguments: Of `anneal-theory`.
    """
    command = [sys.executable, "-m", "anneal_theory.cli", *shlex.split(arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
    return {"command": arguments, "bytes": used.ru_maxrss * unit, "code": process.returncode}


def main() -> None:
    """Measure all commands and store them."""
    rows = fill_rows(COMMANDS, measured, what="commands", keeper="file")
    about = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    about |= {name: version(name) for name in ("numpy", "numba", "torch")}
    atomic_write(STORED, spelled({"about": about, "rows": rows}).encode())


def memory() -> str:
    """The stored sizes as a table, and what they were measured with."""
    document: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    lines = ["| work | largest memory | `anneal-theory ...` |", "| --- | --- | --- |"]
    for name, row in document["rows"].items():
        lines.append(f"| {name} | {row['bytes'] / 1e9:.2f} GB | `{row['command']}` |")
    about = ", ".join(f"{name} {one}" for name, one in document["about"].items())
    largest = max(row["bytes"] for row in document["rows"].values()) / 1e9
    return "\n".join([*lines, "", f"The largest is {largest:.2f} GB. Measured with {about}."])


if __name__ == "__main__":
    in_words(main)
