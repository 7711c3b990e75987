"""`train-realnvp`: what it prints and what it refuses."""

import json

import pytest

from anneal_theory.cli.app import run

LINE = "train-realnvp --dim 3 --replicas 2 --steps 5 --batch-size 8 --couplings 2 --hidden 4,4 --schedule constant"


def test_both_arms_are_printed_as_json(capsys):
    assert run([*LINE.split(), "--unannealed", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["result"]
    assert found["annealed"]["replicas"] == 2
    assert found["annealed"]["settings"]["flow"]["hidden"] == [4, 4]
    # At a constant temperature of 1 the arms are one run twice.
    assert found["annealed"]["mode_weight"] == found["unannealed"]["mode_weight"]


def test_the_text_tells_each_flow(capsys):
    assert run(LINE.split()) == 0
    assert capsys.readouterr().out.startswith("annealed: ")


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ("--batch-size 1 --schedule constant", "batch_size"),
        ("--step-size 0 --schedule constant", "step_size"),
        ("--device cuda:77 --schedule constant", "device"),
        ("--schedule exponential --decay-time 3000", "1.15"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(capsys, option, named):
    line = LINE.replace("--batch-size 8 ", "").replace("--schedule constant", "")
    assert run([*line.split(), *option.split()]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert named in told.err
