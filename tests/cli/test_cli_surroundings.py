"""Closed streams, pipes that nobody reads, full disks, narrow terminals, missing libraries: never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anneal_theory.cli.app import run
from anneal_theory.errors import MissingExtra

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = f"{sys.executable} -W error -m anneal_theory.cli"
# How the streams 0, 1, 2 are ("-" closed, "full" a full disk, "gone" a pipe that nobody reads), the exit code, and
# what the standard error says.
STREAMS = [
    ("critical", {1: "-"}, 0, ""),
    ("critical --json", {2: "-"}, 0, ""),
    ("critical", {0: "-"}, 0, ""),
    ("critical --json", {0: "-", 1: "-", 2: "-"}, 0, ""),
    ("--help", {1: "-"}, 0, ""),
    ("critical --weight 2", {2: "-"}, 2, ""),
    ("critical --weight 2", {2: "full"}, 2, ""),
    ("critical --weight 2", {2: "gone"}, 2, ""),
    ("critical", {1: "full"}, 2, "anneal-theory: No space left on device\n"),
    ("critical --json", {1: "full"}, 2, "anneal-theory: No space left on device\n"),
    ("critical --out /dev/full", {}, 2, "anneal-theory: /dev/full: No space left on device\n"),
    ("probability --help", {1: "full"}, 2, "anneal-theory: No space left on device\n"),
    ("critical", {1: "gone"}, 141, ""),
    ("critical --json", {1: "gone"}, 141, ""),
    ("critical --out /dev/stdout", {1: "gone"}, 141, ""),
    ("probability --help", {1: "gone"}, 141, ""),
    ("--version", {1: "gone"}, 141, ""),
    ("nonsense", {1: "gone"}, 2, "anneal-theory: there is no command nonsense; they are report, "),
]
# One interpreter loads the package, and a fork of it runs each line.
RUNNER = """
import json, os, sys
from anneal_theory.cli import main
from anneal_theory.cli.app import run
run(["critical", "--out", "/dev/null"])  # so that the forks find its results
for line, streams in json.loads(sys.argv[1]):
    heard, told = os.pipe()
    if (child := os.fork()) == 0:
        os.dup2(told, 2)
        for number, state in streams.items():
            if state == "-":
                os.close(int(number))
            elif state == "full":
                os.dup2(os.open("/dev/full", os.O_WRONLY), int(number))
            else:
                reader, writer = os.pipe()
                os.dup2(writer, int(number))
                os.close(reader)
                os.close(writer)
        main(line.split())
    os.close(told)
    with os.fdopen(heard) as stream:
        words = stream.read()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words]), flush=True)
"""


@pytest.fixture(scope="module")
def ends() -> list[tuple[int, str]]:
    """Exit code and standard error of every line of `STREAMS`."""
    lines = json.dumps([(line, streams) for line, streams, _, _ in STREAMS])
    given = {"cwd": ROOT, "stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    found = subprocess.run([sys.executable, "-W", "error", "-c", RUNNER, lines], check=True, **given)
    assert found.stderr == ""
    return [tuple(json.loads(line)) for line in found.stdout.splitlines() if line.startswith("[")]


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(STREAMS)), ids=[f"{line} {streams}" for line, streams, _, _ in STREAMS])
def test_streams_that_are_closed_or_full_or_unread_end_in_a_sentence_at_most(ends, place):
    _, _, code, told = STREAMS[place]
    assert ends[place][0] == code
    assert ends[place][1].startswith(told)
    assert ends[place][1].count("\n") == bool(told)


@pytest.mark.slow
def test_an_interpreter_that_starts_with_closed_streams_runs_too(tmp_path):
    found = shell(f"{COMMAND} critical --json --out {tmp_path}/found.json >&- 2>&- <&-")
    assert found.returncode == 0
    assert json.loads((tmp_path / "found.json").read_text())["command"] == "critical"


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {"cwd": ROOT, "env": os.environ | variables, "capture_output": True, "text": True}
    return subprocess.run(["bash", "-c", line], check=False, **given)


@pytest.mark.slow
def test_help_fits_a_narrow_terminal_without_letters_beyond_ascii():
    code = "from anneal_theory.cli import main; main(['probability', '--help'])"
    lines = "; ".join(
        f'{sys.executable} -W error -c "{code.format(name)}" || exit 1' for name in ("probability", "report")
    )
    found = shell(lines, LC_ALL="C", PYTHONIOENCODING="ascii", COLUMNS="20")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.isascii()
    assert "\\u" not in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 20


@pytest.mark.slow
def test_names_beyond_the_stream_s_letters_are_spelled(tmp_path):
    name = tmp_path / os.fsdecode(b"\xff \xcf\x81.json")
    lines = (
        f"{COMMAND} critical {rest}"
        for rest in (f"--json --out $'{tmp_path}/\\xff \\xcf\\x81.json'", "--out $'/none/\\xff'")
    )
    found = shell(" && ".join(lines), LC_ALL="C", PYTHONIOENCODING="ascii")
    assert found.returncode == 2
    assert "/none/" in found.stderr
    assert "Traceback" not in found.stderr
    assert json.loads(name.read_bytes())["command"] == "critical"


# In an interpreter that has not got the libraries; each line is tried there.
BLOCKED = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("matplotlib", "torch", "sympy", "xarray"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
import numpy as np
import anneal_theory as at
from anneal_theory.plots import style
from anneal_theory.cli.app import run
import anneal_theory.probability, anneal_theory.report.data, anneal_theory.training.mixture
def work(*given, **more):
    raise AssertionError("the work began")
anneal_theory.report.compute = anneal_theory.training.mixture.train_mixture = work
target = at.BimodalTarget(3, 0.8)
trajectory = at.Trajectory(np.zeros(2), np.ones(2), {}, "finished", "")
for attempt in (
    lambda: at.train_realnvp, lambda: at.train_mixture_torch, lambda: at.training.train_realnvp,
    lambda: at.compare.compare_flow_baselines(target, steps=10, replicas=2), trajectory.to_xarray,
    lambda: at.phase_diagram(target, at.GaussianInit(8), initial_temperatures=[2], decay_times=[1]), style.new_figure,
):
    try:
        attempt()
    except at.MissingExtra as error:
        print(error)
figure = "train-mixture --record-every 1 --figure x.svg"
for line in ("report", "derive", "train-realnvp", "train-realnvp --baselines", figure):
    print(run(line.split()))
print(run(["critical"]))
"""


@pytest.mark.slow
def test_what_a_missing_library_needs_is_one_sentence_before_the_work():
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", BLOCKED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    torch, plot, derive = (
        f'{library} must be installed; run `pip install "anneal-theory[{extra}]"`.'
        for library, extra in (("torch", "train"), ("matplotlib", "plot"), ("sympy", "derive"))
    )
    xarray = 'xarray must be installed; run `pip install "anneal-theory"`.'
    assert lines[:7] == [torch] * 4 + [xarray] * 2 + [plot]
    assert [line for line in lines[7:] if line.isdigit()] == ["2"] * 5 + ["0"]
    assert found.stderr.splitlines() == [f"anneal-theory: {told}" for told in (plot, derive, torch, torch, plot)]


def test_a_module_of_the_package_that_is_not_there_is_not_blamed_on_the_user():
    from anneal_theory.extras import load

    with pytest.raises(ModuleNotFoundError) as caught:
        load("anneal_theory.nonsense")
    assert not isinstance(caught.value, MissingExtra)


# Each command with the function that does its work: it must not have been called.
WORK = [
    ("report", "anneal_theory.report.compute"),
    ("critical", "anneal_theory.fixed_points.critical_temperature"),
    ("constants", "anneal_theory.fixed_points.constants.target_constants"),
    ("trajectory", "anneal_theory.gradient_flow.solve_flow"),
    ("threshold", "anneal_theory.threshold.collapse_threshold"),
    ("probability", "anneal_theory.probability.collapse_probability"),
    ("train-mixture", "anneal_theory.training.mixture.train_mixture"),
    ("train-mixture --record-every 10 --figure", "anneal_theory.training.mixture.train_mixture"),
    ("map --dim 8,16 --weight .7,.8", "anneal_theory.phase_diagrams.phase_diagram"),
    ("map --dim 8,16 --weight .7,.8 --figure", "anneal_theory.phase_diagrams.phase_diagram"),
    ("map --dim 8,16 --weight .7,.8 --checkpoint", "anneal_theory.phase_diagrams.fill_map"),
    ("sweep threshold --separation 2,3", "anneal_theory.sweeps.run.run_sweep"),
    ("compare", "anneal_theory.compare.compare_training"),
    ("compare --checkpoint", "anneal_theory.compare.compare_training"),
    ("train-realnvp --figure", "anneal_theory.training.realnvp_training.train_realnvp"),
    ("probability --method large-dim --digits 3 --checkpoint", "anneal_theory.probability.large_dim.digits._found"),
]


@pytest.mark.parametrize(("line", "work"), WORK)
@pytest.mark.parametrize("place", ["missing/x.svg", "file/x.svg", "folder.svg"])
def test_a_file_that_cannot_be_written_is_noticed_before_the_work(tmp_path, monkeypatch, capsys, line, work, place):
    called = []
    monkeypatch.setattr(work, lambda *given, **more: called.append(work))
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder.svg").mkdir()
    option = [] if line.split()[-1].startswith("--") else ["--out"]
    assert run([*line.split(), *option, str(tmp_path / place)]) == 2
    assert called == []
    assert capsys.readouterr().err.count("\n") == 1


def test_the_report_s_own_page_is_checked_before_the_work(tmp_path, monkeypatch, capsys):
    called = []
    monkeypatch.setattr("anneal_theory.report.compute", lambda *given: called.append(1))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.html").mkdir()
    assert run(["report"]) == 2
    assert called == []
    assert "report.html" in capsys.readouterr().err


def test_the_pages_that_reproduce_writes_are_checked_before_their_numbers(tmp_path, monkeypatch, capsys):
    (tmp_path / "README.md").write_text("<!-- reproduce: thresholds -->\n<!-- end of reproduce -->")
    monkeypatch.setattr(os, "access", lambda *given: False)  # the superuser has access to all
    monkeypatch.setattr("anneal_theory.cli.reproduce.checkout", lambda command: tmp_path)
    monkeypatch.setattr("anneal_theory.cli.reproduce.block", lambda what: pytest.fail("the numbers were computed"))
    assert run(["reproduce"]) == 2
    assert "the page must be a file that can be written (Permission denied)" in capsys.readouterr().err


def test_a_page_is_written_when_its_last_block_is_there_and_no_block_is_computed_twice(tmp_path, monkeypatch, capsys):
    (tmp_path / "docs").mkdir()
    pages = {"README.md": ("thresholds", "memory"), "docs/a.md": ("memory",), "docs/b.md": ()}
    for name, blocks in pages.items():
        text = "".join(f"<!-- reproduce: {one} -->\nold\n<!-- end of reproduce -->\n" for one in blocks)
        (tmp_path / name).write_text(f"about\n{text}")
    computed = []

    def block(what):
        computed.append(what)
        if what == "statements":
            raise KeyboardInterrupt
        return f"{what}, anew\n"

    monkeypatch.setattr("anneal_theory.cli.reproduce.checkout", lambda command: tmp_path)
    monkeypatch.setattr("anneal_theory.cli.reproduce.block", block)
    assert run(["reproduce", "--check", "--workers", "1"]) == 1
    assert "differs from what the package computes: README.md, docs/a.md" in capsys.readouterr().err
    assert "old" in (tmp_path / "README.md").read_text()
    (tmp_path / "docs" / "c.md").write_text("<!-- reproduce: statements -->\n<!-- end of reproduce -->\n")
    assert run(["reproduce", "--workers", "1"]) == 130
    assert computed == ["thresholds", "memory"] * 2 + ["statements"]
    assert (tmp_path / "README.md").read_text().count(", anew") == 2
    assert (tmp_path / "docs" / "a.md").read_text().count("memory, anew") == 1
    assert "interrupted with 2 of 3 cells finished" in capsys.readouterr().err


def test_a_figure_that_fails_leaves_the_old_one(tmp_path, monkeypatch):
    from anneal_theory.cli.output import drawing
    from anneal_theory.plots import style

    file = tmp_path / "curves.svg"
    draw = drawing(str(file))
    draw(style.new_figure()[0])
    before = file.read_bytes()
    assert before.startswith(b"<?xml")
    monkeypatch.setattr(os, "write", lambda *given: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        draw(style.new_figure()[0])
    monkeypatch.undo()
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["curves.svg"]
