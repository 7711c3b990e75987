"""Ctrl-C on the command line: what there is is kept, the message says how to go on, the exit code is 130.

Each command runs in a process of its own and is interrupted when it is at work; 60 seconds are a guard against a
process that hangs, on a machine that does other things.
"""

import json
import re
import signal
import subprocess
import sys
import time

import pytest

from anneal_theory.cli.app import run

GUARD = 60.0
# Runs a command after a change to the package that makes the work show itself in a file.
SHOWS_STEPS = """
import sys
from anneal_theory.training import mixture_plain
real = mixture_plain.mixture_gradient
def shown(*given):
    open(sys.argv[1], "w").close()
    return real(*given)
mixture_plain.mixture_gradient = shown
"""
SAVES_AT_ONCE = """
import sys
from anneal_theory.training import replicas
replicas._SAVE_EVERY = 0.0
"""
COMMAND = """
from anneal_theory.cli import main
main(sys.argv[2:])
"""
MIXTURE = ["train-mixture", "--schedule", "constant", "--batch-size", "20", "--step-size", "0.2", "--end-time", "60"]
MIXTURE += ["--dim", "8", "--json"]
FLOWS = ["train-realnvp", "--dim", "3", "--replicas", "2", "--batch-size", "8", "--couplings", "2", "--hidden", "4"]
FLOWS += ["--schedule", "constant", "--json", "--most-undecided", "1", "--record-every", "50"]


def interrupted(code: str, shown, line) -> subprocess.CompletedProcess:
    """The end of a command that was interrupted as soon as the file was there."""
    process = subprocess.Popen(
        [sys.executable, "-c", code + COMMAND, str(shown), *line],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        begun = time.monotonic()
        while not shown.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() - begun < GUARD
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=GUARD)
    finally:
        process.kill()
    return subprocess.CompletedProcess(line, process.returncode, out, err)


def result_of(line, path) -> dict:
    assert run([*line, "--out", str(path)]) == 0
    return json.loads(path.read_text("utf-8"))["result"]


@pytest.mark.slow
@pytest.mark.parametrize("replicas", ["1", "2"])
def test_a_long_training_in_all_dimensions_ends_at_once(tmp_path, replicas):
    """Replicas of 40000 steps on 2 x 1000 samples of 64 coordinates; minutes, where the guard allows one."""
    line = ["train-mixture", "--route", "plain", "--replicas", replicas, "--dim", "64", "--end-time", "2000"]
    ended = interrupted(SHOWS_STEPS, tmp_path / "begun", line)
    assert ended.returncode == 130, ended.stderr
    assert ended.stdout == ""
    assert "0 of " in ended.stderr
    assert "nothing is kept without a checkpoint" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
def test_an_interrupted_mixture_keeps_its_replicas_and_goes_on_to_the_same_result(tmp_path):
    path = tmp_path / "runs"
    line = [*MIXTURE, "--replicas", "200"]
    ended = interrupted(SAVES_AT_ONCE, path, [*line, "--checkpoint", str(path)])
    assert ended.returncode == 130, ended.stderr
    assert re.search(
        r"of 200 replicas finished and kept(, the .* in progress starts? again)?; the same call", ended.stderr
    )
    assert f"with the checkpoint {path} goes on" in ended.stderr
    resumed = result_of([*line, "--checkpoint", str(path)], tmp_path / "resumed.json")
    assert resumed == result_of(line, tmp_path / "whole.json")


@pytest.mark.slow
def test_interrupted_flows_keep_their_step_and_go_on_to_the_same_bytes(tmp_path):
    path = tmp_path / "flows"
    line = [*FLOWS, "--steps", "300"]
    ended = interrupted("import sys", path, [*line, "--checkpoint", str(path), "--checkpoint-every", "5"])
    assert ended.returncode == 130, ended.stderr
    stopped = json.loads(ended.stdout)["result"]["stopped"]
    assert stopped["checkpoint"] == str(path)
    assert 0 < stopped["step"] < 300
    assert f"at step {stopped['step']} of 300; the same call goes on from the checkpoint {path}" in ended.stderr
    files = tmp_path / "resumed.json", tmp_path / "whole.json"
    result_of([*line, "--checkpoint", str(path)], files[0])
    result_of(line, files[1])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_checkpoints_of_flows_come_as_often_as_asked_for(tmp_path, capsys):
    path = tmp_path / "flows"
    assert run([*FLOWS, "--steps", "5", "--checkpoint", str(path), "--checkpoint-every", "2"]) == 0
    assert run([*FLOWS, "--steps", "5", "--checkpoint", str(path), "--checkpoint-every", "0"]) == 2
    assert "--checkpoint-every must be a positive integer" in capsys.readouterr().err
    assert run([*FLOWS, "--steps", "5", "--checkpoint-every", "2"]) == 2
    assert "--checkpoint-every must be left out without a checkpoint" in capsys.readouterr().err


@pytest.mark.slow
def test_flows_can_be_prolonged_on_the_command_line(tmp_path):
    path, files = tmp_path / "flows", (tmp_path / "long.json", tmp_path / "whole.json")
    result_of([*FLOWS, "--steps", "40", "--checkpoint", str(path)], tmp_path / "short.json")
    result_of([*FLOWS, "--steps", "80", "--checkpoint", str(path)], files[0])
    result_of([*FLOWS, "--steps", "80"], files[1])
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.slow
def test_an_interrupted_comparison_keeps_its_finished_cells(tmp_path):
    """The file comes after the first cell, when the second one (cooled over ten times as long) begins."""
    path = tmp_path / "cells"
    line = ["compare", "--replicas", "500", "--batch-size", "20", "--step-size", "0.2", "--dim", "8"]
    line += ["--bias-replicas", "0", "--cells", "1,-;4,400"]
    ended = interrupted("import sys", path, [*line, "--checkpoint", str(path)])
    assert ended.returncode == 130, ended.stderr
    kept = "interrupted with 1 of 2 cells finished and kept"
    assert f"{kept}; the same comparison with checkpoint {path} goes on from there" in ended.stderr
    assert len(json.loads(path.read_bytes().split(b"\n", 2)[2])["result"]) == 1  # after the kind and the digest
