"""The stored RealNVP runs: what they must show, and that the numbers drawn follow from what is stored."""

import itertools
import json
import math
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import fisher_exact, norm

from anneal_theory.problem import BimodalTarget
from anneal_theory.report import realnvp, realnvp_figures
from docs.studies import realnvp_study as study
from docs.studies import realnvp_summary
from docs.studies.paper_realnvp import paper_flows_full

STORE = json.loads(study.STORE.read_text("utf-8"))
CELLS = STORE["map"]["cells"]


def collapsed(shares: list[float]) -> int:
    """By the definition of the verdict: w* = 0.8, and a mode with less than half of its weight is lost."""
    return sum(share < 0.4 or 1 - share < 0.1 for share in shares)


def test_every_flow_collapses_without_annealing_in_128_dimensions_and_none_with_it():
    # Exact binomial bounds at 95 %: eight of eight mean a rate above 0.69, none of eight one below 0.31.
    runs = {name: STORE["headline"][name] for name in ("unannealed", "annealed")}
    for name, expected in (("unannealed", 8), ("annealed", 0)):
        assert runs[name]["settings"]["flow"]["dim"] == 128
        assert len(runs[name]["mode_weight"]) == 8
        assert collapsed(runs[name]["mode_weight"]) == runs[name]["collapsed"] == expected
    cooling = runs["annealed"]["settings"]["schedule"]
    assert (cooling["initial_temperature"], cooling["decay_time"]) == (10, 3000)


def test_the_verdicts_in_128_dimensions_hold_for_every_cut_between_0_9_and_0_99():
    assert max(STORE["headline"]["annealed"]["mode_weight"]) < 0.9
    assert min(STORE["headline"]["unannealed"]["mode_weight"]) > 0.99


def test_the_map_has_every_cell_once_with_sixteen_seeds_and_its_own_seed():
    temperatures, spans, fractions = realnvp.trained_map()
    assert len(temperatures) >= 5
    assert len(spans) >= 5
    assert np.isfinite(fractions).all()
    assert len(CELLS) == fractions.size
    assert len({cell["seed"] for cell in CELLS}) == len(CELLS)
    assert {len(cell["mode_weight"]) for cell in CELLS} == {16}


def test_the_counts_of_the_map_follow_from_the_mode_weights():
    for cell in [*CELLS, STORE["map"]["unannealed"]]:
        assert cell["collapsed"] == collapsed(cell["mode_weight"])
    temperatures, spans, fractions = realnvp.trained_map()
    for cell in CELLS:
        row, column = list(temperatures).index(cell["initial_temperature"]), list(spans).index(cell["decay_time"])
        assert fractions[row, column] == cell["collapsed"] / 16


def test_the_rank_correlation_with_the_theory_is_positive():
    # One-sided permutation test at 1e-3; over 42 cells it sees a correlation of 0.48 (0.48 sqrt(41) = 3.1 deviations).
    fractions, theory = realnvp.trained_map()[2], realnvp.theory_map()
    assert realnvp.rank_correlation() > 0
    assert realnvp.permutation_p_value(fractions, theory, 30_000) < 1e-3


def test_at_every_temperature_slower_cooling_collapses_less_as_in_the_theory():
    # Six cells a temperature in decreasing order, ties allowed: sees one cell out of order by one flow in sixteen.
    assert (np.diff(realnvp.trained_map()[2], axis=1) <= 0).all()
    assert (np.diff(realnvp.theory_map(), axis=1) < 0).all()


def test_without_annealing_flows_collapse_more_than_with_each_way_to_anneal():
    # Fisher's exact test at 1e-5 a way: sixteen of sixteen against five of sixteen would fail.
    rows = {row["name"]: row for row in STORE["baselines"]["rows"]}
    bare = rows.pop("no annealing")
    assert set(rows) == {"linear beta", "AdaAnn", "constant ESS", "theory-chosen"}
    for row in rows.values():
        counts = [[one["collapsed"], one["replicas"] - one["collapsed"]] for one in (bare, row)]
        assert fisher_exact(counts, alternative="greater").pvalue < 1e-5


def test_the_ways_to_anneal_are_those_of_flows_like_the_map_at_its_clock():
    table, rules = STORE["baselines"], STORE["map"]["settings"]["rules"]
    assert table["steps"] == rules["steps"]
    assert all(table["settings"][name] == rules[name] for name in ("batch_size", "step_size", "final_step_size"))
    assert table["settings"]["clock"] == pytest.approx(STORE["map"]["clock"], rel=1e-3)  # from 5 digits
    assert all(row["cooling_time"] <= table["steps"] for row in table["rows"])


def test_the_permutation_p_value_is_the_share_of_orders():
    fractions, theory = np.array([0.1, 0.3, 0.3, 0.2, 0.9, 0.6]), np.array([1.0, 3.0, 2.0, 0.5, 4.0, 2.0])
    ranks = [[sum(b < a for b in one) + (sum(b == a for b in one) + 1) / 2 for a in one] for one in (fractions, theory)]
    products = [math.fsum(np.multiply(ranks[0], order)) for order in itertools.permutations(ranks[1])]
    exact = np.mean([product >= np.dot(*ranks) - 1e-9 for product in products])
    assert realnvp.permutation_p_value(fractions, theory) == pytest.approx(exact, rel=1e-12)  # all 720 of them
    count = 500
    error = 6.2 * math.sqrt(exact * (1 - exact) / count) + 1 / count  # false alarm 1e-9
    assert realnvp.permutation_p_value(fractions, theory, count) == pytest.approx(exact, abs=error)


def test_the_clock_is_the_ratio_of_the_times_to_half_of_the_collapsed_overlap():
    # Means that follow the aligned mixture at T = 1, ds/dt = (R^2 E tanh(s + h + R z) - s)/2, seen every step of 0.25:
    # linear interpolation over a step leaves an error below 1e-3.
    nodes, weights = np.polynomial.legendre.leggauss(200)
    z, mass = 8 * nodes, 8 * weights * norm.pdf(8 * nodes)
    run = solve_ivp(
        lambda t, s: 0.5 * (9 * (mass @ np.tanh(s[0] + 0.5 * math.log(4) + 3 * z)) - s), (0, 20), [0.0],
        t_eval=np.arange(0, 20, 0.25), rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    history = {"step": list(range(len(run.t))), "m1": [run.y[0] + 1], "m2": [run.y[0] - 1]}
    assert study.clock_of(history) == pytest.approx(0.25, rel=2e-3)


def test_the_theory_beside_the_map_is_the_formula_in_the_clock_of_the_map():
    from anneal_theory.probability import collapse_probability
    from anneal_theory.problem import GaussianInit
    from anneal_theory.schedules import Exponential

    target, clock = BimodalTarget(3, "0.8"), STORE["map"]["clock"]
    assert STORE["theory"]["clock"] == clock
    temperatures, spans, _ = realnvp.trained_map()
    for row, column in ((0, 0), (4, 3)):
        schedule = Exponential(float(temperatures[row]), float(spans[column] * clock))
        found = collapse_probability(target, schedule, GaussianInit(8), relative_error=1e-3)
        stored = STORE["theory"]["probability"][row][column]
        assert abs(stored - found.value) <= found.error + 1e-3 * stored  # which the study aimed at
        assert realnvp.theory_map()[row, column] == pytest.approx(stored, rel=1e-5)  # to five digits


@pytest.mark.parametrize(("name", "sign"), [("collapsed", 1), ("saved", -1)])
def test_the_two_mixtures_start_alike_and_end_apart(name, sign):
    runs = STORE["theory"]["runs"]
    assert [runs[one]["m1"][0] for one in ("collapsed", "saved")] == [runs["collapsed"]["m1"][0]] * 2
    assert runs[name]["m1"][-1] * runs[name]["m2"][-1] * sign > 0


def test_the_two_flows_end_as_their_titles_say():
    ends = {cell["decay_time"]: cell["history"]["mode_weight"][0][-1] for cell in CELLS if cell["history"]}
    fast, slow = min(ends), max(ends)
    assert collapsed([ends[fast], ends[slow]]) == 1 == collapsed([ends[fast]])


@pytest.mark.slow
def test_the_section_and_its_figures_need_no_torch():
    code = "import sys; from anneal_theory.report import realnvp, realnvp_figures; realnvp.section(); "
    code += "realnvp_figures.figures(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_report_draws_the_summary_of_the_study_that_its_command_writes(tmp_path):
    study.main(["--only", "summary", "--out", str(study.STORE), "--summary", str(tmp_path / "made")])
    assert (tmp_path / "made").read_text("utf-8") == realnvp.STORE.read_text("utf-8")
    assert len((tmp_path / "made").read_bytes()) < 20_000
    assert realnvp.section()["command"].endswith(study.__name__)


def test_a_curve_of_the_summary_has_the_ends_and_every_so_many_points_of_the_whole():
    whole, short = STORE["headline"]["annealed"]["history"], realnvp.stored()["headline"]["annealed"]["history"]
    assert (short["step"][0], short["step"][-1], len(short["step"])) == (0, 16_000, realnvp_summary.POINTS)
    for replica, curve in enumerate(short["mode_weight"]):
        points = [whole["step"].index(step) for step in short["step"]]
        expected = [whole["mode_weight"][replica][point] for point in points]
        assert curve == pytest.approx(expected, rel=6e-3)  # half of the third digit


def test_the_section_shows_each_arm_and_each_figure():
    section, figures = realnvp.section(), realnvp_figures.figures()
    assert [row["collapsed"] for row in section["headline"]] == [8, 0]
    assert section["cut"] == pytest.approx(0.9)
    assert set(figures) == {"counts", "weights", "map", "theory", "collapsed", "saved"}
    assert len(figures["map"].axes[0].texts) == len(CELLS)


def test_the_flows_by_the_paper_s_recipe_stand_beside_the_authors_counts_with_intervals():
    counts = realnvp.section()["counts"]
    told = paper_flows_full()
    assert f"apart in {counts['apart']} of {len(counts['cells'])} cells" in told
    for cell in counts["cells"]:
        spans = [
            f"{cell[who][0]} of {cell[who][1]} | {low:.2f} to {high:.2f}"
            for who in ("ours", "authors")
            for low, high in [cell[f"{who}_usual"]]
        ]
        assert f"| {cell['told']} | {cell['annealing_steps']} | {' | '.join(spans)} |" in told
    assert counts["recipe"] == {"dim": 128, "couplings": 8, "hidden": (512,) * 3, "batch_size": 1024, "step_size": 1e-3}


def test_the_command_of_the_tutorial_is_the_run_that_is_stored():
    from anneal_theory.cli.app import app
    from anneal_theory.quantities.keywords import keywords_for
    from anneal_theory.training.rules import FlowVerdict, TrainingRules

    page = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "realnvp.md"
    line = re.search(r"```sh\n(anneal-theory train-realnvp .*?)```", page.read_text("utf-8"), re.DOTALL).group(1)
    _, bound, _ = app.parse_args(shlex.split(line.replace("\\\n", " "))[1:], exit_on_error=False, print_error=False)
    given = bound.arguments
    rules, flow = given["training"].keywords, given["flow"].keywords
    stored = STORE["headline"]["annealed"]["settings"]
    assert (rules["replicas"], rules["seed"]) == (8, stored["noise"]["seed"])
    assert vars(TrainingRules(**keywords_for(TrainingRules, rules))) == stored["rules"]
    assert vars(FlowVerdict(**keywords_for(FlowVerdict, rules))) == vars(FlowVerdict())
    assert (given["dim"], flow["mode_direction"], list(flow["hidden"])) == ("128", "diagonal", stored["flow"]["hidden"])
    assert all(stored["flow"][name] == flow[name] for name in ("couplings", "perturbation", "dtype"))
    assert given["schedule"].build().to_dict() == stored["schedule"]
    assert given["unannealed"]


@pytest.mark.parametrize("option", ["--out", "--summary", "--checkpoint"])
def test_files_that_cannot_be_written_are_noticed_before_the_training(tmp_path, monkeypatch, option):
    from anneal_theory.errors import DomainError

    for work in ("run_map", "run_headline", "run_baselines"):
        monkeypatch.setattr(study, work, lambda *given: pytest.fail("the training began"))
    with pytest.raises(DomainError, match=f"{option} must be a file in a folder that exists"):
        study.main([option, str(tmp_path / "none" / "store.json")])
