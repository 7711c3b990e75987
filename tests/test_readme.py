"""The README's commands are what .ci/run runs, and citation and versions agree."""

import re
import tomllib
from pathlib import Path

import pytest

import anneal_theory
from docs.studies.fresh_clone import fresh_clone, times_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*?)\n```", README, re.DOTALL))


def test_the_readme_has_the_two_commands_that_ci_runs():
    called = re.findall(r"^readme (\w+) ", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert sorted(COMMANDS) == sorted(called) == ["report", "tests"]


def test_the_times_of_the_commands_are_those_that_ci_printed():
    assert f"<!-- reproduce: fresh clone -->\n{fresh_clone()}\n<!-- end of reproduce -->" in README
    (step,) = re.findall(r'^step "(\$\(date .*?)"', (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert step == "$(date -u +%F), $(getconf _NPROCESSORS_ONLN) cores, $(uname -sm)"  # the first line that is read
    with pytest.raises(SystemExit, match="whole"):
        times_of("=== [   0 s] 2026-01-31, 2 cores\n=== [   1 s] README, tests: stopped\n")


def test_every_command_installs_under_the_constraints_and_without_torch():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for command in COMMANDS.values():
        assert "pip install -c constraints.txt" in command
        for extra in re.search(r'-e "\.\[([\w,]+)\]"', command)[1].split(","):
            assert not any(name.startswith("torch") for name in project["optional-dependencies"][extra])


def test_one_version_is_told_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1]
    assert {project["version"], cited, anneal_theory.__version__} == {anneal_theory.__version__}


def test_the_constraints_pin_every_direct_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines if "==" in line}
    needed = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.match(r"[\w-]+", one)[0].lower() for one in needed} - {"anneal-theory"}
    assert names - pinned == set()


def test_the_readme_has_a_figure_and_a_table_of_each_model_and_ten_lines_of_python():
    """Pictures that a command draws, tables and a quick start that a reader takes in at once."""
    pictures = re.findall(
        r"<!-- picture: \$ anneal-theory figure (\w+) --out (\S+) -->\n!\[[^\]]{60,}\]\((\S+)\)", README
    )
    assert [(name, file == shown) for name, file, shown in pictures] == [("density", True), ("cells", True)]
    assert all((ROOT / file).stat().st_size > 0 for _, file, _ in pictures)
    assert README.count("![") == len(pictures)
    for heading, table in (("free means", "probabilities"), ("the paper's own setting", "paper cells")):
        section = README.split(f"## What comes out: {heading}\n")[1].split("\n## ")[0]
        assert re.findall(r"^<!-- reproduce: (.+) -->$", section, re.MULTILINE) == [table]
    quick = README.split("## Ten lines of Python\n")[1].split("```python\n")[1].split("```")[0]
    assert len([line for line in quick.splitlines() if line]) == 10


def test_what_is_minimised_and_every_letter_are_told_before_they_are_used():
    """The objectives' words stand in the text for the first time where they are defined."""
    for word in ("tempered target", "free energy", "gradient-flow time"):
        first = README.index(word)
        assert README[first - 2 : first] in ("**", " *"), word
    for letter in ("R", "T0", "t0", "P", "d"):
        defined = README.index(f"**{letter}**")
        earlier = re.search(rf"(?<![\w*/.-]){letter}(?![\w*/.'-])", README[:defined])
        assert earlier is None, letter
