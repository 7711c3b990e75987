"""`anneal-theory map`: ranges become axes, and the numbers are those of `phase_diagram`."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import anneal_theory as at
from anneal_theory.cli.app import run
from anneal_theory.cli.axes import values_of

QUICK = ["map", "--method", "leading-order", "--initial-temperature", "10:40:3log", "--decay-time", "100,1000/3,2000"]

SPHERE = "map --constraint sphere --variance-rule trained --objective free-energy --schedule exponential-to-one"
HUNG = """
import sys, time
from anneal_theory.phase_diagrams.grid import Grid
real = Grid.cell
Grid.cell = lambda grid, place: real(grid, place) if place[0] == 0 else time.sleep(3)
from anneal_theory.cli import main
main(sys.argv[1:])
"""
GUARD = 60.0


@pytest.mark.slow
def test_the_json_has_every_cell_of_the_phase_diagram_and_the_figure_is_drawn(tmp_path):
    out, figure = tmp_path / "map.json", tmp_path / "map.svg"
    assert run([*QUICK, "--json", "--out", str(out), "--figure", str(figure)]) == 0
    document = json.loads(out.read_text())
    axes = {"initial_temperatures": [10, 20, 40], "decay_times": [100, "1000/3", 2000]}
    found = at.phase_diagram(at.BimodalTarget(3, "0.8"), at.GaussianInit(128), method="leading-order", **axes)
    result = document["result"]
    assert result["axes"] == {name: found[name].values.tolist() for name in found.value.dims}
    for name in ("value", "log_value", "log_complement"):
        assert result[name] == {"over": list(found.value.dims), "values": found[name].values.tolist()}
    assert result["critical_temperature"] == {"over": [], "values": at.critical_temperature(at.BimodalTarget(3, 0.8))}
    assert document["settings"]["method"] == "leading-order"
    assert figure.read_text().startswith("<?xml")


@pytest.mark.slow
def test_the_text_has_the_cells_the_line_and_the_reason_of_what_is_missing(capsys):
    assert run(["map", "--method", "leading-order", "--initial-temperature", "2,20", "--separation", "2.5:3:2"]) == 0
    told = capsys.readouterr().out
    assert "P(collapse), initial_temperature across and separation down" in told
    assert "2 of 4 cells have no number; the first says: DomainError: schedule must be hotter" in told
    assert run([*SPHERE.split(), "--method", "sharp", "--initial-temperature", "9,90", "--decay-time", "3,7"]) == 0
    assert "T_a = 15.349676" in capsys.readouterr().out


def test_ranges_end_where_they_say_and_numbers_are_as_typed():
    values = values_of("1:1000:50log", "decay_time")
    assert (values[0], values[-1], len(values)) == (1.0, 1000.0, 50)
    assert np.allclose(values, np.geomspace(1, 1000, 50), rtol=1e-11, atol=0)  # they have twelve digits
    assert [str(one) for one in values_of("0.1:0.3:3", "weight")] == ["1/10", "1/5", "3/10"]
    assert values_of("8,1e3", "dim") == [8, 1000]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "the map must be over two ranges, but was over none"),
        ("--dim 8,16", "the map must be over two ranges, but was over --dim alone"),
        ("--dim 8,16 --weight .5,.6 --decay-time 1,2", "the map must be over two ranges"),
        ("--dim 8:16 --weight .5,.6", "--dim must be a number, a range FROM:TO:COUNT"),
        ("--dim 16:8:3 --weight .5,.6", "--dim must be a rising range"),
        ("--dim 8:9:5 --weight .5,.6", "--dim must be a list of 1 to 100000 rising values"),
        ("--decay-time 0:9:5log --weight .5,.6", "--decay-time must be a rising range"),
        ("--dim 8,16 --weight .5,1.5", "--weight[1] must be strictly between 0 and 1"),
        ("--dim 8,8.5 --weight .5,.6", "--dim must be a whole number"),
        ("--duration 1,2 --weight .5,.6", "--duration must be left out for the schedule exponential"),
        ("--dim 8,16 --weight .5,.6 --workers 0", "--workers must be an integer from 1 to 1024"),
        ("--dim 8,16 --weight .5,.6 --method sharp", "--method must be a route of free means"),
        ("--dim 8,16 --weight .5,.6 --figure map.gif", "--figure must be a file name that ends in .svg"),
        ("--constraint sphere --dim 8,16 --variance 1,2", "--variance must be left out with --constraint sphere"),
    ],
)
def test_bad_input_is_one_line(capsys, line, told):
    assert run(["map", *line.split()]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"anneal-theory: {told}")
    assert said.count("\n") == 1


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path):
    path = tmp_path / "kept.map"
    process = subprocess.Popen(
        [sys.executable, "-c", HUNG, *QUICK, "--workers", "1", "--checkpoint", str(path)],
        stderr=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    begun = time.monotonic()
    try:
        while not path.exists() or path.read_bytes().count(b"\n") < 5:
            assert process.poll() is None
            assert time.monotonic() - begun < GUARD
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=GUARD)[1]
    finally:
        process.kill()
    assert process.returncode == 130
    assert "interrupted with 3 of 9 cells finished and kept" in said
    assert str(path) in said
    assert said.count("\n") == 1
