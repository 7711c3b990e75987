"""What the commands print: the numbers of the package, as text and as JSON, and nothing else when piped."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.compare import interval
from anneal_theory.threshold.sphere.antipodal import antipodal_temperature
from tests.advice import refused


def document(capsys, line: str) -> dict:
    """The JSON that a command prints."""
    assert run([*line.split(), "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_threshold_prints_the_reference_value(capsys):
    assert run(["threshold", "--initial-temperature", "10", "--decay-time", "100"]) == 0
    shown = capsys.readouterr().out.removeprefix("rho_c = ").split()[0]
    assert round(float(shown), 8) == 0.05404872


def test_threshold_takes_the_dynamics(capsys):
    found = document(capsys, "threshold --initial-temperature 10 --decay-time 10 --objective free-energy")
    assert found["result"]["value"] == pytest.approx(0.05612275, abs=2e-8)
    assert found["settings"]["dynamics"]["objective"] == "free-energy"


def test_distance_and_its_square_are_the_same_start(capsys):
    long = document(capsys, "threshold --schedule constant --distance 2")
    square = document(capsys, "threshold --schedule constant --distance-squared 4")
    assert long["result"] == square["result"]


def test_an_infinite_threshold_is_valid_json(capsys):
    found = document(capsys, "threshold --separation 2.2 --weight 0.95 --schedule constant")
    assert found["result"]["value"] == "inf"


def test_critical_prints_the_reference_values(capsys):
    found = document(capsys, "critical")["result"]
    assert found["critical_temperature"] == pytest.approx(5.58355, abs=5e-6)
    # Runs integrated from a collapsed start end split at R = 2.259 and collapsed at 2.260 (tests/fixed_points).
    assert 2.259 < document(capsys, "critical --weight 0.5")["result"]["critical_separation"] < 2.260


def test_a_target_without_a_fold_is_one_line_and_exit_code_2(capsys):
    refused(capsys, ["critical", "--separation", "2", "--weight", "0.5"])


def test_constants_on_the_sphere_are_those_of_the_library(capsys):
    line = "constants --constraint sphere --temperature 4 --variance-rule follows-temperature --dim 6"
    found = document(capsys, line)["result"]
    assert found["antipodal_alpha"] == pytest.approx(0.5834295148, abs=1e-10)  # theory section 11
    target = at.BimodalTarget(3, "0.8")
    assert found["antipodal_temperature"] == antipodal_temperature(target)
    points = at.attractors(target, temperature=4, constraint="sphere", variance="follows-temperature")
    assert found["attractors"] == [vars(point) | {"divergence": point.loss_in(6)} for point in points]
    assert min(one["divergence"] for one in found["attractors"]) > 0
    assert {point.variance for point in points} == {4.0}
    exact = document(capsys, f"{line} --digits 30")["result"]
    assert exact["antipodal_alpha"].startswith("0.5834295147909804324389659283")


@pytest.mark.parametrize(
    ("options", "said"),
    [("--temperature 4,5", "one number"), ("--initial-temperature 9", "--schedule must be left out")],
)
def test_constants_on_the_sphere_refuse_what_they_do_not_use(capsys, options, said):
    assert run(["constants", "--constraint", "sphere", *options.split()]) == 2
    assert said in capsys.readouterr().err


def test_constants_on_the_sphere_are_there_for_modes_far_apart(capsys):
    found = document(capsys, "constants --constraint sphere --separation 9")["result"]
    assert [(round(one["m1"]), round(one["m2"])) for one in found["attractors"]] == [(81, 81), (81, -81), (-81, -81)]
    assert found["growth_of_cosine"] > 0
    assert "antipodal_temperature" not in found  # which is of a variance that goes after the temperature


@pytest.mark.parametrize("command", ["threshold", "probability"])
@pytest.mark.parametrize("method", ["sharp", "closed-form"])
def test_formulas_of_a_typical_start_refuse_a_target_without_bias(capsys, command, method):
    paper = "--constraint sphere --variance-rule trained --objective free-energy --schedule exponential-to-one"
    assert run([command, "--weight", "0.5", "--method", method, *paper.split()]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "--weight must be other than 1/2" in told
    assert "--method exact" in told


def test_a_rule_of_the_variance_is_not_taken_for_that_of_the_start(capsys):
    line = "probability --constraint sphere --method closed-form --objective free-energy --schedule exponential-to-one"
    assert run(line.split()) == 2
    told = capsys.readouterr().err
    assert "--variance-rule must be 'trained' or 'follows-temperature'" in told
    assert "use --variance-rule follows-temperature" in told


def test_constants_print_the_reference_values(capsys):
    found = document(capsys, "constants")["result"]
    assert found["overlap"] == pytest.approx(8.981355632864873633, rel=1e-12)
    assert found["escape_rate"] == pytest.approx(0.01978001076914032750, rel=1e-9)
    assert [one["collapsed"] for one in found["attractors"]].count(False) == 1


def test_probability_is_that_of_the_package(capsys):
    found = document(capsys, "probability --dim 8 --schedule constant --method large-dim")
    expected = at.collapse_probability(at.BimodalTarget(3, 0.8), at.Constant(1), at.GaussianInit(8), method="large-dim")
    assert found["result"] == expected.to_dict()


def test_a_simulated_probability_repeats_with_its_seed(capsys):
    line = "probability --dim 8 --schedule constant --method simulated --replicas 200 --seed"
    first, again, other = (document(capsys, f"{line} {seed}")["result"]["value"] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(("options", "runs"), [("--dim 8 --replicas 200", 200), ("--constraint sphere --dim 16", 1000)])
def test_a_simulated_probability_has_its_exact_interval_beside_it(capsys, options, runs):
    line = f"probability --method simulated {options}"
    found = document(capsys, line)["result"]
    usual = interval(round(found["value"] * runs), runs, 0.95)
    assert found["interval_95"] == list(usual)
    assert usual[0] < found["value"] < usual[1]
    assert run(line.split()) == 0
    assert f"exact 95 % interval: [{usual[0]:.4f}, {usual[1]:.4f}]\n" in capsys.readouterr().out
    assert "interval_95" not in document(capsys, "probability --dim 8 --method large-dim")["result"]


def test_a_trajectory_starts_where_it_is_told_and_settles_at_an_attractor(capsys):
    found = document(capsys, "trajectory --rho0 2 --s0 1 --until 2000 --points 3 --schedule constant")["result"]
    statistics = found["statistics"]
    assert (statistics["s"][0], statistics["rho"][0]) == (pytest.approx(1), pytest.approx(2))
    assert (found["times"][0], found["times"][-1], len(found["times"])) == (0, 2000, 3)
    assert statistics["m2"][-1] == pytest.approx(-8.96192805, abs=1e-6)


def test_a_pair_that_lies_along_the_axis_is_called_aligned_and_its_cotangent_kept(capsys):
    line = "trajectory --rho0 0.1 --until 1000 --points 21"
    assert run(line.split()) == 0
    *_, last, _ = capsys.readouterr().out.splitlines()
    assert last.split()[4] == "aligned"
    assert document(capsys, line)["result"]["statistics"]["rho"][-1] > 1e200


def test_a_trajectory_reports_times_at_which_something_happens(capsys):
    """Of 1000 units of time the run needs about 60: most times lie there, and no step is large."""
    found = document(capsys, "trajectory --rho0 0.1 --until 1000 --points 21")["result"]
    times, m2 = np.array(found["times"]), np.array(found["statistics"]["m2"])
    assert len(times) == 21
    assert (np.diff(times) > 0).all()
    assert np.sum(times < 60) > 12
    assert np.abs(np.diff(m2)).max() < 0.3 * np.ptp(m2)  # evenly spaced, one step makes nearly all of it


def test_the_result_goes_to_a_file(capsys, tmp_path):
    assert run(["constants", "--out", str(tmp_path / "constants.txt")]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "constants.txt").read_text().startswith("s* = 8.98135563286\n")


@pytest.mark.slow
def test_a_piped_command_writes_neither_colour_nor_progress():
    line = [sys.executable, "-m", "anneal_theory.cli", "constants"]
    piped = subprocess.run(line, capture_output=True, text=True, check=True)
    assert "\x1b" not in piped.stdout + piped.stderr
    assert piped.stderr == ""


@pytest.mark.slow
def test_the_paper_setting_is_asked_for_by_its_constraint(capsys):
    paper = "--constraint sphere --variance-rule trained --objective free-energy"
    schedule = "--schedule exponential-to-one --initial-temperature 9 --decay-time 9.1024"
    found = document(capsys, f"probability --dim 512 --method large-dim {schedule} {paper}")
    assert found["result"]["value"] == pytest.approx(math.erf(16 * 0.0418692), rel=1e-4)
    assert found["settings"]["dynamics"]["variance"] == "trained"
    assert found["settings"]["init"] == {"dim": 512}
    assert run(["threshold", *schedule.split(), *paper.split()]) == 0
    assert capsys.readouterr().out.startswith("x_c = 0.041869")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("probability --variance-rule trained", "--variance-rule"),
        ("probability --constraint sphere --variance 2", "--variance"),
        ("threshold --constraint sphere --s0 1", "--s0"),
        ("threshold --pair-overlap 0", "--pair-overlap"),
        ("probability --constraint sphere --method leading-order", "--method"),
        ("probability --constraint sphere --dim 2", "--dim"),
    ],
)
def test_options_that_do_not_go_with_a_model_are_named(capsys, line, named):
    assert run(line.split()) == 2
    assert f"{named} must be" in capsys.readouterr().err
