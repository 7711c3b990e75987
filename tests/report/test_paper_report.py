"""The report of the paper's own setting: its numbers are the package's, and its page says what it shows."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory import plots
from anneal_theory.cli.app import run
from anneal_theory.errors import DomainError
from anneal_theory.report import PaperSetting, compute_paper, paper_setting, render_paper
from anneal_theory.report.paper import RULES, answer

SMALL = PaperSetting(at.BimodalTarget("2.5", "0.7"), at.ExponentialToOne(50, duration=30), at.SphereInit(64))


@pytest.fixture(scope="module")
def small():
    return compute_paper(SMALL, replicas=50, seed=1, grid=3)


@pytest.mark.slow
def test_the_page_shows_the_numbers_of_the_package(small):
    alone = at.collapse_probability(SMALL.target, SMALL.schedule, SMALL.init, **RULES)
    assert small.exact == alone
    limit = at.collapse_probability(SMALL.target, SMALL.schedule, SMALL.init, variance_law="large-dim", **RULES)
    assert limit.value == pytest.approx(0.02977, abs=1e-5)  # theory 11.6, by the law of large dimension
    assert small.exact.value == pytest.approx(0.02993, abs=1e-5)
    page = render_paper(small)
    for number in (f"{alone.value:.4g}", f"{small.threshold.value:.5g}", "0.58343", "32 of 32", "R = 2.5", "d = 64"):
        assert number in page
    images = re.findall(r'<img alt="([^"]*)"', page)
    assert sum(alt.startswith("Counts and theories") for alt in images) == 8
    for words in ("Collapse probability against initial", "One start, trained", "over initial temperature and duration",
                  "duration of slow annealing"):  # fmt: skip
        assert sum(words in alt for alt in images) == 1, words
    assert page.count("<details") == 7
    assert "derivation.letters" not in page
    bare = at.collapse_probability(SMALL.target, at.Constant(1), SMALL.init, **RULES)
    assert small.unannealed == bare
    text = re.sub(r"<[^>]+>", "", page)
    assert re.search(rf"a share of {bare.value:.4g} of all starts.*?fewer do: {alone.value:.4g}", text, re.DOTALL)
    assert not re.search(r'(src|href|srcset)="(?!data:)', page)  # loads nothing
    assert json.loads(json.dumps(small.to_dict()))["probability"]["exact"]["value"] == alone.value


@pytest.mark.slow
def test_what_the_page_shows_besides_is_that_of_the_package(small):
    """Map, slow annealing, the best initial temperature and the least time, each at one place."""
    study, rules = small.study, RULES | {"relative_error": 1e-3}
    cell = at.ExponentialToOne(study.temperatures[1], duration=study.durations[2])
    assert study.grid[2, 1] == at.collapse_probability(SMALL.target, cell, SMALL.init, **rules).value
    assert list(study.slow) == ["exact", "sharp", "slow-annealing"]
    for way, lines in study.slow.items():
        assert list(lines) == [50, 5000]
        slow = at.ExponentialToOne(5000, duration=float(study.slow_times[-1]))
        rough = {"relative_error": 1e-2} if way == "exact" else {}
        found = at.collapse_probability(SMALL.target, slow, SMALL.init, method=way, **rough, **RULES).value
        assert lines[5000][-1] == found
    ratio = [abs(np.log(study.slow[way][50][-1] / study.slow["exact"][50][-1])) for way in ("sharp", "slow-annealing")]
    assert ratio[1] < ratio[0]  # the slower, the better is the formula of slow annealing
    best = study.best[30]
    assert best.cost <= 30 * (1 + 1e-9)
    assert best.probability.value <= small.exact.value + small.exact.error
    for chance, one in study.least.items():
        assert one.schedule.initial_temperature == 50
        assert one.probability.value <= chance
        shorter = at.ExponentialToOne(50, duration=0.99 * one.cost)
        assert at.collapse_probability(SMALL.target, shorter, SMALL.init, **rules).value > chance
    ends = {one.collapsed: [] for one in at.attractors(SMALL.target, constraint="sphere", variance="trained")}
    for one in at.attractors(SMALL.target, constraint="sphere", variance="trained"):
        ends[one.collapsed].append(one.loss)
    assert (study.losses.collapsed, study.losses.split) == (min(ends[True]), min(ends[False]))


@pytest.mark.slow
def test_a_page_without_annealing_has_what_there_is():
    bare = PaperSetting(SMALL.target, at.ExponentialToOne(1, duration=30), SMALL.init)
    page = render_paper(compute_paper(bare, grid=3))
    assert "Of starts that are trained without annealing" in page
    assert "One start, trained" not in page


@pytest.mark.slow
def test_a_route_that_refuses_is_told_and_the_page_is_made_all_the_same():
    equal = PaperSetting(at.BimodalTarget(3, 0.5), SMALL.schedule, SMALL.init)
    refusal = answer(equal, method="sharp")
    data = compute_paper(SMALL)
    assert isinstance(refusal, str)
    data = replace(data, chances=data.chances | {"sharp": refusal})
    assert "without bias the starts off y = 0 decide" in render_paper(data)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--schedule linear", "--schedule must be exponential-to-one with --setting paper, but was 'linear'"),
        ("--objective tempered-target", "--objective must be left out with --setting paper"),
        ("--variance 0.1", "--variance must be left out with --setting paper"),
        ("--dim 2", "--dim must be an integer from 3"),
        ("--grid 1", "--grid must be from 3 to 200"),
        ("--replicas 0", "--replicas must be at least 1"),
    ],
)
def test_what_the_paper_s_setting_does_not_take_is_refused(line, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["report", "--setting", "paper", *line.split()]) == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_default_is_a_cell_of_the_authors():
    assert repr(paper_setting().schedule) == "ExponentialToOne(initial_temperature=90, duration=35)"


def test_counts_of_other_lengths_than_their_times_are_refused():
    times, line = np.array([1.0, 2.0]), {"exact": np.array([0.5, 0.4])}
    whole = plots.Counted(times, np.array([0.5, 0.4]), np.array([[0.4, 0.6], [0.3, 0.5]]))
    assert len(plots.counts_figure(times, line, whole, "").axes[0].lines) >= 2
    for counted in (
        plots.Counted(times, np.array([0.5]), whole.intervals),
        plots.Counted(times, whole.shares, whole.intervals.T[:1]),
    ):
        with pytest.raises(DomainError, match="counted"):
            plots.counts_figure(times, line, counted, "")


@pytest.mark.parametrize(
    ("options", "temperature", "duration"),
    [("", 90, 35), ("--initial-temperature 9", 9, 35), ("--initial-temperature 1", 1, 35), ("--duration 20", 90, 20)],
)
def test_what_is_left_out_is_that_of_the_usual_cell(monkeypatch, tmp_path, options, temperature, duration):
    seen = []

    def computed(setting, **_):
        seen.append(setting)
        raise at.SolveError("enough")

    monkeypatch.setattr("anneal_theory.report.compute_paper", computed)
    assert run(["report", "--setting", "paper", "--out", str(tmp_path / "page.html"), *options.split()]) == 2
    assert (seen[0].schedule.initial_temperature, seen[0].schedule.duration, seen[0].init.dim) == (
        temperature,
        duration,
        512,
    )
