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
