"""Every figure can be drawn on axes that are given: the same lines as those of the whole figure."""

import inspect
import json

import numpy as np
import pytest
from matplotlib.figure import Figure

import anneal_theory as at
from anneal_theory import plots
from anneal_theory.averages import mmse
from anneal_theory.errors import DomainError
from anneal_theory.gallery import FIGURES, FigureSetting, cost_law, draw_figure, draw_on
from anneal_theory.gallery.critical import held_below
from anneal_theory.report import realnvp
from anneal_theory.report.cost import Cost
from anneal_theory.threshold.sphere.antipodal import antipodal_temperature

# What makes each cheap, and how many axes it then has.
CHEAP = {
    "thresholds": ({"initial_temperatures": [10], "decay_times": [10, 100]}, 1),
    "probability": ({"initial_temperatures": [9], "decay_times": [10], "durations": [15]}, 2),
    "times": ({"initial_temperatures": [9], "decay_times": [10], "durations": [15]}, 2),
    "dims": ({"decay_times": [10], "durations": [15]}, 2),
    "rates": ({"initial_temperatures": [9]}, 1),
    "critical": ({}, 1),
    "plane": ({}, 1),
    "landscape": ({"initial_temperatures": [1, 4]}, 2),
    "cost": ({}, 1),
    "cost-law": ({}, 1),
    "cells": ({"initial_temperatures": [9, 9000]}, 2),
    "flows": ({}, 3),
    "density": ({}, 8),
}


def drawn(axes):
    """Lines and words in axes."""
    return [line.get_xydata() for line in axes.get_lines()], [text.get_text() for text in axes.texts], axes.get_xlabel()


@pytest.fixture
def cheap(monkeypatch):
    monkeypatch.setattr("anneal_theory.gallery.dims._DIMS", (128,))
    monkeypatch.setattr("anneal_theory.gallery.rates._RATES", ("0.2",))
    monkeypatch.setattr("anneal_theory.gallery.starts._CENTRES", 3)
    times = {0.1: np.array([10.0, 100.0]), 0.01: np.array([20.0, 200.0])}
    known = Cost(np.array([2.0, 3.0]), 128, 9.0, times, times, times)
    monkeypatch.setattr("anneal_theory.gallery.cost.cost_curves", lambda weight, dim: known)
    monkeypatch.setattr(cost_law, "CHANCES", (0.05,))
    monkeypatch.setattr(cost_law, "FAMILIES", ("hold",))
    priced = cost_law.Priced("hold", 0.05, 7.0, 6.0)
    monkeypatch.setattr(cost_law, "cost_law", lambda *given: [priced])


def test_every_figure_is_among_those_that_are_drawn_here():
    assert list(CHEAP) == list(FIGURES)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEAP)
def test_a_figure_is_drawn_on_given_axes_as_it_is_on_its_own(cheap, name):
    setting, count = CHEAP[name]
    given = Figure().subplots(1, count, squeeze=False)[0]
    draw_on(given[0] if count == 1 else given, name, **setting)
    whole = [axes for axes in draw_figure(name, **setting).axes if axes.get_label() != "<colorbar>"]
    assert len(whole) == count
    for own, other in zip(given, whole, strict=True):
        (lines, words, _), (expected, said, _) = drawn(own), drawn(other)
        assert words == said
        assert len(lines) == len(expected)
        for line, theirs in zip(lines, expected, strict=True):
            np.testing.assert_array_equal(line, theirs)
        assert own.get_xlabel()
    assert len(given[0].figure.axes) == count  # no axes of its own, as those of a colour bar


@pytest.mark.parametrize("name", CHEAP)
def test_other_axes_than_panels_are_refused(name):
    setting, count = CHEAP[name]
    axes = Figure().subplots(1, count + 1)
    with pytest.raises(DomainError, match=rf"^panels must be a sequence of {count} axes, but was .{count + 1} of them"):
        draw_on(axes, name, **setting)


def arguments(function):
    return [name for name in inspect.signature(function).parameters if name not in ("title", "upright")]


def test_every_figure_of_given_numbers_has_a_form_on_axes_that_takes_the_same():
    forms = [arguments(getattr(plots, name)) for name in plots.__all__ if name.startswith("draw_")]
    kept = [one[1:] for one in forms if one[0] in ("axes", "panels")]
    assert len(kept) == len(forms)
    for name in plots.__all__:
        if name.endswith("_figure") and name != "new_figure":
            assert arguments(getattr(plots, name)) in kept, name


def test_a_design_is_drawn_on_three_axes():
    with pytest.raises(DomainError, match="panels must be a sequence of 3 axes"):
        plots.draw_design(Figure().subplots(1, 2), None)


def test_a_map_is_drawn_on_given_axes():
    x, y = plots.MapAxis("a", np.array([1.0, 2.0])), plots.MapAxis("b", np.array([3.0, 4.0]))
    axes = Figure().add_subplot()
    mesh = plots.draw_map(axes, x, y, np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert mesh.get_array().ravel().tolist() == [0.1, 0.2, 0.3, 0.4]
    assert axes.figure.axes == [axes]


@pytest.mark.slow
def test_the_lines_of_the_sphere_are_where_an_antipodal_pair_is_held():
    axes = draw_figure("critical").axes[0]
    (held,) = (line.get_xydata() for line in axes.get_lines() if "held antipodal" in line.get_label())
    (limit,) = (line.get_xydata() for line in axes.get_lines() if r"R^2/\alpha" in line.get_label())
    shown = held[np.isfinite(held[:, 1])]
    assert len(shown) > 30
    for separation, temperature in shown[:: len(shown) // 6]:
        assert temperature == antipodal_temperature(at.BimodalTarget(separation, 0.8))
    # Of the limit the definition: 2 G(2 q) = q/sqrt(2 pi) at q = R/sqrt(T).
    for separation, temperature in limit[::10]:
        q = separation / np.sqrt(temperature)
        assert 2 * mmse(2 * q) == pytest.approx(q / np.sqrt(2 * np.pi), rel=1e-9)
    np.testing.assert_array_equal(limit[:, 1], held_below(limit[:, 0]))
    far = held[-1]
    assert far[1] == pytest.approx(limit[-1, 1], rel=0.01)  # R = 4: they come together as R grows


def test_the_map_of_trained_flows_is_that_of_the_stored_counts():
    store = json.loads(realnvp.STORE.read_text("utf-8"))["map"]
    axes = draw_figure("flows").axes[0]
    across, up = (
        [float(one.get_text()) for one in labels] for labels in (axes.get_xticklabels(), axes.get_yticklabels())
    )
    shown = {text.get_position(): text.get_text() for text in axes.texts}
    assert len(shown) == len(store["cells"])
    for cell in store["cells"]:
        place = across.index(cell["initial_temperature"]), up.index(cell["decay_time"])
        share = cell["collapsed"] / store["replicas"]
        assert shown[place] == f"{share:.2f}".removeprefix("0")
        assert axes.images[0].get_array()[place[1], place[0]] == share


def test_the_setting_of_axes_is_refused_as_that_of_a_figure():
    with pytest.raises(DomainError, match="NAME must be one of"):
        draw_on(Figure().add_subplot(), "denisty")
    with pytest.raises(DomainError, match="dim must be left out for the figure critical"):
        draw_on(Figure().add_subplot(), "critical", dim=FigureSetting().dim)
