"""The README's commands are what .ci/run runs, and citation and versions agree."""

import ast
import inspect
import re
import tomllib
from pathlib import Path

import anneal_theory

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*?)\n```", README, re.DOTALL))


def test_the_readme_has_the_two_commands_that_ci_runs():
    called = re.findall(r"^readme (\w+) ", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert sorted(COMMANDS) == sorted(called) == ["report", "tests"]


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


def test_every_call_in_a_page_s_python_has_a_function_and_arguments_of_these_names():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    blocks = [
        block for page in pages for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    ]
    calls = [
        node
        for block in blocks
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "at"
    ]
    assert len(calls) > 15
    for call in calls:
        signature = inspect.signature(getattr(anneal_theory, call.func.attr))
        named = {keyword.arg: None for keyword in call.keywords if keyword.arg is not None}
        signature.bind_partial(*call.args, **named)  # a TypeError names what does not fit
