"""The figure of a phase diagram shows the numbers, the line of the temperature, and what has no number."""

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.special import expit

import anneal_theory as at
from anneal_theory import plots
from anneal_theory.errors import DomainError

TARGET, INIT = at.BimodalTarget(3, "0.8"), at.GaussianInit(128)


def drawn(**axes):
    found = at.phase_diagram(TARGET, INIT, at.Exponential(30, 3000), method="leading-order", **axes)
    return found, plots.diagram_figure(found).axes[0]


def test_the_figure_has_the_numbers_the_scales_and_the_line_of_the_critical_temperature():
    found, axes = drawn(initial_temperatures=[2, 8, 30, 90], decay_times=[100, 1000, 3000])
    mesh = axes.collections[0]
    shown = np.ma.asarray(mesh.get_array()).reshape(3, 4)
    assert np.array_equal(shown.filled(np.nan), found.value.values.T, equal_nan=True)
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert (mesh.norm.vmin, mesh.norm.vmax, mesh.cmap.name) == (0.0, 1.0, "cividis")
    lines = [line for line in axes.get_lines() if line.get_linestyle() == "--"]
    assert lines[0].get_xdata().tolist() == [at.critical_temperature(TARGET)] * 3
    assert lines[0].get_ydata().tolist() == [100, 1000, 3000]
    assert "leading-order" in axes.get_title()
    assert "free means" in axes.get_title()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["no number"]  # T0 = 2 is below T_c


def test_the_line_bends_where_the_separation_varies_and_the_other_axis_is_even():
    found, axes = drawn(initial_temperatures=[2, 10, 60], separations=[2.8, 3, 3.2])
    (line,) = (line for line in axes.get_lines() if line.get_linestyle() == "--")
    assert line.get_xdata().tolist() == found.critical_temperature.values.tolist()
    assert axes.get_yscale() == "linear"


def test_contours_lie_where_the_probability_has_their_level_and_are_read_on_their_ground():
    """Of a probability whose log-odds rise evenly along x: contours lie where they do between any two cells."""
    x, y = plots.MapAxis("x", np.linspace(-5, 5, 4)), plots.MapAxis("y", np.linspace(2, 3, 5))
    axes = plots.map_figure(x, y, np.tile(expit(x.values), (5, 1)), "log-odds x").axes[0]
    contours = next(one for one in axes.collections if hasattr(one, "levels"))
    for level in (0.01, 0.1, 0.5, 0.9, 0.99):
        assert np.abs(expit(contours.levels) - level).min() < 1e-12
    for odds, pieces in zip(contours.levels, contours.allsegs, strict=True):
        assert np.allclose(np.concatenate(pieces)[:, 0], odds, atol=1e-12)
    labels = {text.get_text(): text.get_color() for text in contours.labelTexts}
    assert (tuple(labels["0.1"][:3]), tuple(labels["0.9"][:3])) == ((1, 1, 1), (0, 0, 0))
    for text in contours.labelTexts:
        assert abs(text.get_position()[0]) < 0.9 * 5  # away from the frame, which would cut them


@pytest.mark.slow
def test_numbers_on_contours_are_clear_of_the_line_across_the_map_and_of_its_label():
    """Where the line is, contours are dense in this map: those in its way have their number elsewhere."""
    x, y = plots.MapAxis("x", np.geomspace(1, 100, 16)), plots.MapAxis("y", np.geomspace(1, 1000, 16))
    shares = np.meshgrid(x.share(x.values), y.share(y.values))
    chances = np.clip(1 - shares[0] * (0.2 + 0.8 * shares[1]), 0.01, 0.99)
    for temperature in np.geomspace(2, 50, 9):
        figure = plots.map_figure(x, y, chances, "A map", ("$T_c$", np.full(2, temperature), y.values[[0, -1]]))
        figure.draw_without_rendering()
        axes = figure.axes[0]
        contours = next(one for one in axes.collections if hasattr(one, "levels"))
        numbers = [text.get_window_extent() for text in contours.labelTexts]
        assert len(numbers) > 3
        (label,) = (text for text in axes.texts if text.get_text() == "$T_c$")
        (line,) = (line for line in axes.get_lines() if line.get_linestyle() == "--")
        ends = axes.transData.transform(line.get_xydata())
        for box in numbers:
            assert not box.overlaps(label.get_window_extent())
            assert not box.x0 < ends[0, 0] < box.x1


@pytest.mark.parametrize("corner", ["upper right", "upper left", "lower right"])
@pytest.mark.parametrize("steep", [0.6, 1.0, 1.4])
def test_every_contour_has_its_number_and_those_of_contours_at_the_frame_point_to_them(steep, corner):
    """Some contours cut off a corner or run beside the frame, where a number on them would not be whole."""
    x, y = plots.MapAxis("x", np.geomspace(1, 100, 16)), plots.MapAxis("y", np.linspace(1, 3, 16))
    across, up = np.meshgrid(x.share(x.values), y.share(y.values))
    across, up = (1 - across if "left" in corner else across), (1 - up if "lower" in corner else up)
    chances = np.clip(1 - steep * across * (0.3 + 0.7 * up) ** steep, 0.02, 1)
    figure = plots.map_figure(x, y, chances, "A map")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    contours = next(one for one in axes.collections if hasattr(one, "levels"))
    numbers = list(axes.texts)
    assert {float(text.get_text()) for text in numbers} == {float(f"{level:.6g}") for level in expit(contours.levels)}
    boxes = [Text.get_window_extent(text) for text in numbers]  # of the number without its pointer
    for index, box in enumerate(boxes):
        assert all(axes.bbox.contains(*place) for place in box.corners())
        assert not any(box.overlaps(other) for other in boxes[:index])
    lines = {f"{expit(level):g}": np.concatenate(pieces)
             for level, pieces in zip(contours.levels, contours.allsegs, strict=True)}  # fmt: skip
    beside = [text for text in numbers if text not in contours.labelTexts]
    assert beside
    for text in beside:  # with a pointer to its contour
        points = axes.transData.transform(lines[text.get_text()])
        assert np.abs(points - axes.transData.transform(text.xy)).max(axis=1).min() < 10
        assert text.arrow_patch is not None
        dark = float(text.get_text()) < 0.6
        assert text.get_color() == ("white" if dark else "black")


def test_the_ends_of_cells_are_half_way_as_they_are_drawn():
    assert np.allclose(plots.MapAxis("x", np.array([1.0, 10, 100])).edges, 10 ** np.array([-0.5, 0.5, 1.5, 2.5]))
    assert np.allclose(plots.MapAxis("x", np.array([1.0, 2, 4])).edges, [0.5, 1.5, 3, 5])


@pytest.mark.parametrize("values", [[1.0, 10, 100], [1.0, 2, 4]])
def test_a_place_along_an_axis_is_that_of_its_value(values):
    axis = plots.MapAxis("x", np.array(values))
    assert np.allclose(axis.at(axis.share(axis.values)), values)


@pytest.mark.parametrize("temperatures", [[1, 2], [30]])
def test_a_map_without_numbers_and_one_of_a_single_value_have_no_figure(temperatures):
    with pytest.raises(DomainError, match="to draw"):
        drawn(initial_temperatures=temperatures, decay_times=[10, 20])
