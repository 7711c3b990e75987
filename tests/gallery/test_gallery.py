"""Each figure draws what the functions of the package give, says of which model it is, and refuses what it cannot."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import anneal_theory as at
from anneal_theory import plots
from anneal_theory.cli.app import run
from anneal_theory.design import schedule_cost
from anneal_theory.errors import DomainError
from anneal_theory.gallery import FIGURES, FigureSetting, command_of, cost_law, density, draw_figure
from anneal_theory.plots.animation import density_frames
from anneal_theory.report import cost, realnvp
from anneal_theory.report.paper_cells import stored
from docs.studies import paper_realnvp

TARGET = at.BimodalTarget(3, 0.8)
PAPER = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}


def lines(axes):
    return {line.get_label(): line.get_xydata() for line in axes.get_lines()}


def told(figure):
    return (figure.get_suptitle() + " " + figure.axes[0].get_title()).lower()


def test_the_thresholds_are_the_exact_ones_of_either_model():
    figure = draw_figure("thresholds", initial_temperatures=["2", 10], decay_times=[10, 100])
    assert "free means" in told(figure)
    for temperature, label in ((2, "$T_0 = 2$"), (10, "$T_0 = 10$")):
        exact = [
            at.collapse_threshold(TARGET, at.Exponential(temperature, time), s0=0, distance_squared=2).value
            for time in (10, 100)
        ]
        np.testing.assert_allclose(lines(figure.axes[0])[label], np.transpose([(10, 100), exact]), rtol=1e-12)
    figure = draw_figure("thresholds", constraint="sphere", initial_temperatures=[90], durations=[15])
    assert "means on the sphere" in told(figure)
    exact = at.collapse_threshold(TARGET, at.ExponentialToOne(90, duration=15), **PAPER).value
    np.testing.assert_allclose(lines(figure.axes[0])["$T_0 = 90$"], [[15, exact]], rtol=1e-12)


@pytest.mark.slow
def test_the_probabilities_are_those_of_both_models(monkeypatch):
    """Against T0, t0 and d, at one point that the three figures share."""
    monkeypatch.setattr("anneal_theory.gallery.dims._DIMS", (128,))
    schedules = at.Exponential(9, 10), at.ExponentialToOne(9, duration=15)
    free = at.collapse_probability(TARGET, schedules[0], at.GaussianInit(128), relative_error=1e-3).value
    sphere = at.collapse_probability(TARGET, schedules[1], at.SphereInit(128), relative_error=1e-3, **PAPER).value
    setting = {"initial_temperatures": [9], "decay_times": [10], "durations": [15]}
    labels = "$t_0 = 10$", "$t_0 = 15$"
    for name, more, named, across in (
        ("probability", {"dim": 128}, labels, (9, 9)),
        ("times", {"dim": 128}, ("$T_0 = 9$",) * 2, (10, 15)),
        ("dims", {}, labels, (128, 128)),
    ):
        figure = draw_figure(name, **setting, **more)
        for axes, label, place, chance in zip(figure.axes, named, across, (free, sphere), strict=True):
            np.testing.assert_allclose(lines(axes)[label], [[place, chance]], rtol=1e-12, err_msg=name)
        assert "Free means" in figure.axes[0].get_title()
        assert "sphere" in figure.axes[1].get_title()


def test_the_rate_of_cooling_is_that_of_the_paper(monkeypatch):
    monkeypatch.setattr("anneal_theory.gallery.rates._RATES", ("0.2",))
    figure = draw_figure("rates", dim=16, initial_temperatures=[9])
    schedule = at.ExponentialToOne(9, duration=np.log(9) / 0.2)
    chance = at.collapse_probability(TARGET, schedule, at.SphereInit(16), relative_error=1e-3, **PAPER).value
    np.testing.assert_allclose(lines(figure.axes[0])["$T_0 = 9$"], [[0.2, chance]], rtol=1e-9)
    assert "means on the sphere" in told(figure)


@pytest.mark.slow
def test_the_line_of_critical_temperatures_ends_at_the_cusp():
    axes = draw_figure("critical", weight="0.8").axes[0]
    found = lines(axes)
    across, temperatures = next(xy for label, xy in found.items() if label.startswith("free means")).T
    assert 1.6222 < across[0] < 1.6222 + 1e-3  # the cusp of docs/theory.md, as near as the docstring says
    middle = len(across) // 2
    assert temperatures[middle] == at.critical_temperature(at.BimodalTarget(float(across[middle]), "0.8"))
    np.testing.assert_array_equal(found["cusp, where $T_c$ ends"][0], [across[0], temperatures[0]])
    assert any(xy[0, 0] == at.critical_separation("0.8") for label, xy in found.items() if label.startswith("$R_c"))
    assert axes.get_ylim()[0] == 1  # no training is colder


def test_the_cost_is_that_of_the_report(monkeypatch):
    times = {0.1: np.array([10.0, 100.0]), 0.01: np.array([20.0, 200.0])}
    known = cost.Cost(np.array([2.0, 3.0]), 64, 100.0, times, times, times)
    monkeypatch.setattr("anneal_theory.gallery.cost.cost_curves", lambda weight, dim: replace(known, dim=dim))
    figure = draw_figure("cost", dim=32)
    assert "d = 32" in figure.axes[0].get_title()
    drawn = [line.get_xydata() for line in figure.axes[0].get_lines()]
    np.testing.assert_array_equal(drawn[1], [[2, 20], [3, 200]])
    assert len(drawn) == 6


def test_the_cells_are_the_stored_ones():
    figure = draw_figure("cells", initial_temperatures=[9, 9000])
    curve = [one for one in stored()["curves"] if one["initial_temperature"] == 9]
    assert lines(figure.axes[0])["exact, variance trained"].tolist() == [
        [one["duration"], one["trained"]] for one in curve
    ]
    with pytest.raises(DomainError, match=r"^initial_temperatures\[0\] must be one at which the authors"):
        draw_figure("cells", initial_temperatures=[10])


def test_one_start_collapses_without_annealing_and_is_saved_with_it():
    figure = draw_figure("density")
    first, second = (
        np.array([axes.get_lines()[0].get_xydata() for axes in row]) for row in np.split(_panels(figure), 2)
    )
    np.testing.assert_array_equal(first[0], second[0])
    assert np.hypot(*(first[0][0] - first[0][1])) == pytest.approx(np.sqrt(2))
    assert (first[-1][:, 0] > 2.5).all()
    assert sorted(np.round(second[-1][:, 0])) == [-3, 3]


@pytest.mark.slow
def test_one_start_on_the_sphere_collapses_without_annealing_and_is_saved_with_it():
    figure = draw_figure("density", constraint="sphere")
    assert "means on the sphere" in told(figure)
    first, second = (
        np.array([axes.get_lines()[0].get_xydata() for axes in row]) for row in np.split(_panels(figure), 2)
    )
    np.testing.assert_array_equal(first[0], second[0])
    assert np.hypot(*(first[0][0] - first[0][1])) == pytest.approx(3 * np.sqrt(2))  # at right angles, of length R
    points = at.attractors(TARGET, constraint="sphere", variance="trained")
    ends = [sorted(m / 3 for m in (one.m1, one.m2)) for one in points if one.m1 > 0 or one.m2 > 0]
    for frames, collapsed in ((first, True), (second, False)):
        along = sorted(frames[-1][:, 0])
        assert min(np.abs(np.subtract(along, end)).max() for end in ends) < 1e-7  # as in the plane: a run at its rest
        assert (along[0] > 0) == collapsed


def test_the_flows_are_the_stored_ones_and_those_the_study_s():
    temperatures, groups = realnvp.counted()
    assert json.loads(realnvp.COUNTS.read_text("utf-8")) == json.loads(paper_realnvp.counts())
    figure = draw_figure("flows")
    assert [float(text.get_text()) for text in figure.axes[1].texts] == pytest.approx(
        realnvp.theory_map().ravel(), abs=0.0051
    )
    drawn = [line.get_ydata() for line in figure.axes[2].get_lines() if len(line.get_xdata()) == len(temperatures)]
    bars = [np.array(one.get_segments())[:, :, 1] for one in figure.axes[2].collections]
    for label, (shares, ends) in groups.items():
        assert any(np.array_equal(one, shares) for one in drawn), label
        assert any(np.allclose(one, ends, rtol=0, atol=1e-15) for one in bars), label
        assert (ends[:, 0] <= shares).all()
        assert (shares <= ends[:, 1]).all()


def test_every_figure_has_a_test_of_its_numbers():
    """Here and in `test_landscapes`: what is drawn is what the package says."""
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    named = re.findall(r'draw_figure\("([a-z-]+)"', text) + re.findall(r'\("([a-z]+)", \{.*\}, labels, ', text)
    named += re.findall(r'\("([a-z]+)", \{"dim": 128\}', text)
    assert set(FIGURES) <= set(named)


@pytest.mark.slow
def test_the_moving_density_goes_from_one_start_to_the_ends_of_the_frames(monkeypatch, tmp_path):
    monkeypatch.setattr("anneal_theory.gallery.density._FRAMES", 3)
    file = tmp_path / "x.gif"
    assert run(["figure", "density", "--out", str(file)]) == 0
    with Image.open(file) as film:
        assert film.n_frames == 3
        assert film.info["comment"].startswith(b"anneal-theory figure density (anneal-theory ")
    story = density.story_of(FigureSetting(), 3)
    shots = [
        np.array([axes.get_lines()[0].get_xydata() for axes in one.axes])
        for one in density_frames(3.0, 0.8, story.frames, "")
    ]
    still = [axes.get_lines()[0].get_xydata() for axes in draw_figure("density").axes]
    np.testing.assert_array_equal(shots[0], [still[0], still[4]])
    np.testing.assert_allclose(shots[-1], [still[3], still[7]], atol=1e-6)


def _panels(figure):
    return np.array(figure.axes, dtype=object)


@pytest.mark.slow
def test_a_picture_keeps_the_command_that_made_it(tmp_path, capsys):
    for form in plots.FORMS:
        file = tmp_path / f"x.{form}"
        assert run(["figure", "cells", "--initial-temperature", "9,90", "--out", str(file)]) == 0
        told = b"anneal-theory figure cells --initial-temperature 9,90"
        assert told in file.read_bytes()
    first = file.read_bytes()
    assert run(["figure", "cells", "--initial-temperature", "9,90", "--out", str(file)]) == 0
    assert file.read_bytes() == first  # no date in it
    assert command_of("cells", {"initial_temperatures": [9, 90]}).encode() == told
    assert capsys.readouterr().out == ""


def test_the_list_has_every_figure_in_one_line(capsys):
    assert run(["figure", "--list"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == list(FIGURES)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("densty --out x.svg", "did you mean 'density'?"),
        ("--out x.svg", "NAME must be one of thresholds, "),
        ("plane", "--out must be the file of the picture"),
        ("plane --out x.gif", "NAME must be a figure that moves, density, for a GIF, but was 'plane'"),
        ("plane --out x.txt", "--out must be a file name that ends in .svg, .png or .pdf"),
        ("density --out x.txt", "--out must be a file name that ends in .svg, .png, .pdf or .gif"),
        ("plane --duration 4 --out {x}", "--duration must be left out with --constraint free"),
        ("density --duration 4 --out {x}", "--duration must be left out with --constraint free"),
        ("rates --duration 4 --out {x}", "--duration must be left out for the figure rates"),
        ("thresholds --constraint sphere --decay-time 4 --out {x}", "--decay-time must be left out with --constraint"),
        ("plane --decay-time 4,8 --out {x}", "--decay-time must be a list of at most 1 value "),
        ("plane --decay-time -4 --out {x}", "--decay-time[0] must be positive"),
        ("plane --separation 1.5 --out {x}", "--separation must be of a target where some pairs collapse"),
        ("density --initial-temperature 1 --out {x}", "--initial-temperature must be of a schedule that saves"),
        ("thresholds --weight 1/2 --initial-temperature 2 --decay-time 10 --out {x}", "--weight must be such that"),
        ("landscape --initial-temperature 3,2 --out {x}", "--initial-temperature must be a list of"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(tmp_path, capsys, line, named):
    file = tmp_path / "x.svg"
    assert run(["figure", *line.format(x=file).split()]) == 2
    found = capsys.readouterr().err
    assert named in found
    assert found.count("\n") == 1
    assert not file.exists()


@pytest.mark.slow
def test_the_cost_law_is_drawn_with_designs_beside_it(monkeypatch):
    """One family and one probability: a design takes a second."""
    monkeypatch.setattr(cost_law, "FAMILIES", ("hold",))
    monkeypatch.setattr(cost_law, "CHANCES", (0.05,))
    axes = draw_figure("cost-law", dim=64).axes[0]
    law, designed = (line.get_xydata() for line in axes.get_lines())
    init = at.GaussianInit(64)
    np.testing.assert_allclose(law, [[0.05, schedule_cost(TARGET, init, 0.05, family="hold")]], rtol=1e-12)
    shorter = [at.Hold(temperature, 0.98 * designed[0, 1]) for temperature in (6, 6.5, 7, 8)]
    assert min(at.collapse_probability(TARGET, one, init, relative_error=1e-2).value for one in shorter) > 0.05
