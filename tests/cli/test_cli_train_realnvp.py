"""`train-realnvp`: what it prints and what it refuses."""

import json

import pytest

from anneal_theory.cli.app import run
from tests.advice import refused

LINE = "train-realnvp --dim 3 --replicas 2 --steps 5 --batch-size 8 --couplings 2 --hidden 4,4 --schedule constant"
LINE += " --most-undecided 1"


def test_both_arms_are_printed_as_json(capsys):
    assert run([*LINE.split(), "--unannealed", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["result"]
    assert found["annealed"]["replicas"] == 2
    assert found["annealed"]["settings"]["flow"]["hidden"] == [4, 4]
    # At a constant temperature of 1 both are one run twice.
    assert found["annealed"]["mode_weight"] == found["unannealed"]["mode_weight"]


def test_the_text_tells_each_flow(capsys):
    assert run(LINE.split()) == 0
    assert capsys.readouterr().out.startswith("annealed: ")


def test_the_mode_weights_are_drawn_into_a_file(capsys, tmp_path):
    path = tmp_path / "curves.svg"
    assert run([*LINE.split(), "--unannealed", "--figure", str(path)]) == 0
    assert path.read_text().lstrip().startswith("<?xml")


def test_the_falling_learning_rate_and_the_samples_of_a_record_are_passed_on(capsys):
    line = [*LINE.split(), "--final-step-size", "0.0001", "--falling-share", "0.4", "--record-samples", "20", "--json"]
    assert run(line) == 0
    rules = json.loads(capsys.readouterr().out)["result"]["annealed"]["settings"]["rules"]
    assert (rules["final_step_size"], rules["falling_share"], rules["record_samples"]) == (0.0001, 0.4, 20)


def test_a_training_that_stops_tells_what_it_recorded_until_then(capsys, tmp_path):
    line = [*LINE.replace("--steps 5", "--steps 40").split(), "--step-size", "1e30", "--record-every", "1"]
    path = tmp_path / "stopped.json"
    assert run([*line, "--json", "--out", str(path)]) == 2
    assert "is not finite at step" in capsys.readouterr().err
    kept = json.loads(path.read_text("utf-8"))["result"]["stopped"]
    assert kept["step"] >= 1
    assert kept["temperature"] == [1.0, 1.0]
    assert kept["checkpoint"] is None
    assert len(kept["history"]["loss"]) == kept["step"]
    assert run(line) == 2
    assert "recorded until it stopped" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--out", "--checkpoint", "--figure"])
def test_files_in_folders_that_are_not_there_are_refused_before_the_training(capsys, tmp_path, option):
    assert run([*LINE.split(), option, str(tmp_path / "none" / ("x.svg" if option == "--figure" else "x.txt"))]) == 2
    assert "a folder that exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ("--batch-size 1 --schedule constant", "--batch-size must"),
        ("--step-size 0 --schedule constant", "--step-size must"),
        ("--device cuda:77 --schedule constant", "--device must"),
        ("--figure curves.txt --schedule constant", "--figure must"),
        ("--falling-share 2 --schedule constant", "--falling-share must"),
        ("--schedule exponential --decay-time 3000", "1.15"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(capsys, option, named):
    line = LINE.replace("--batch-size 8 ", "").replace("--schedule constant", "")
    assert named in refused(capsys, [*line.split(), *option.split()])


RECIPE = "train-realnvp --recipe paper --dim 3 --hidden 4,4,4 --batch-size 8 --replicas 2 --most-undecided 1"
RECIPE += " --annealing-steps 6 --initial-temperature 4 --evaluation-samples 50"


@pytest.mark.slow
def test_a_recipe_is_that_of_the_package_with_what_was_typed(capsys):
    from anneal_theory.problem import BimodalTarget
    from anneal_theory.training import paper_recipe, train_realnvp

    assert run([*RECIPE.split(), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["result"]["annealed"]
    change = {"dim": 3, "hidden": (4, 4, 4), "batch_size": 8, "evaluation_samples": 50, "most_undecided": 1}
    own = train_realnvp(BimodalTarget("3", "0.8"), **(paper_recipe(4, 6) | change), replicas=2)
    assert found["settings"] == json.loads(json.dumps(own.to_dict()["settings"]))
    assert found["statistics"]["spread"] == own.statistics["spread"].tolist()


@pytest.mark.slow
def test_a_default_that_is_typed_changes_the_recipe(capsys):
    line = RECIPE.replace("--batch-size 8", "--batch-size 256 --scale soft-clip")  # the defaults without a recipe
    assert run([*line.split(), "--json"]) == 0
    settings = json.loads(capsys.readouterr().out)["result"]["annealed"]["settings"]
    assert (settings["rules"]["batch_size"], settings["flow"]["scale"]) == (256, "soft-clip")
    assert settings["flow"]["batch_norm"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"{RECIPE} --decay-time 5", "--decay-time must be left out with --recipe"),
        (f"{RECIPE} --schedule exponential", "--schedule must be left out with --recipe"),
        (f"{RECIPE} --baselines", "--recipe must be left out with --baselines"),
        (f"{LINE} --annealing-steps 5", "--annealing-steps must be left out without --recipe"),
        (RECIPE.replace("--annealing-steps 6", "--annealing-steps 0"), "--annealing-steps must be an integer from 1"),
    ],
)
def test_what_does_not_go_with_a_recipe_is_refused(capsys, line, told):
    assert run(line.split()) == 2
    assert told in capsys.readouterr().err
