"""The slow-annealing formula on the command line."""

import json

import pytest

from anneal_theory.cli.app import run

SLOW = ["--initial-temperature", "30", "--decay-time", "3000"]


def result(capsys, *words):
    assert run([*words, *SLOW, "--method", "slow-annealing", "--json"]) == 0
    return json.loads(capsys.readouterr().out)["result"]


@pytest.mark.slow
def test_threshold_and_probability_print_the_formula_with_its_error(capsys):
    found = result(capsys, "threshold", "--digits", "20")
    assert found["log_rho"].startswith("-7.402594156786589")
    assert 0 < found["log_error"] < 0.5
    chance = result(capsys, "probability", "--digits", "20")
    assert chance["value"].startswith("0.00554558716946019")
    assert chance["note"].startswith("asymptotic")


def test_proofs_of_the_formula_are_refused(capsys):
    assert run(["threshold", *SLOW, "--method", "slow-annealing", "--certified"]) == 2
    assert "leading-order" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["threshold", "probability"])
def test_a_start_below_the_critical_temperature_names_it(capsys, command):
    assert run([command, "--initial-temperature", "3", "--method", "slow-annealing"]) == 2
    told = capsys.readouterr().err
    assert "T_c = 5.5835" in told
    assert "--method exact" in told
